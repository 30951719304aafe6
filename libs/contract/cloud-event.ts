import type { Id } from '#domain/actor.js';
import type { Fact } from '#domain/machine.js';
import { collectionOf } from './routes/all.js';

const DIGITS = 20;
const [BEFORE, BEHIND] = ['perennial.', '.v1'];

/** An entry at its place in a feed. */
export interface Placed {
  readonly id: Id;
  readonly fact: Fact;
  readonly kind: string;
  readonly sequence: number;
  /** The organisation whose thing it is. */
  readonly organisation: Id;
  readonly programme: Id | null;
  readonly sandbox: boolean;
}

/** `perennial.nonconformity.raised.v1` is the fact `nonconformity.raised`. */
export const factTypeOf = (type: string): string =>
  type.startsWith(BEFORE) && type.endsWith(BEHIND) ? type.slice(BEFORE.length, -BEHIND.length) : type;

/** The type of the event that tells of a fact. */
export const eventTypeOf = (fact: string): string => `${BEFORE}${fact}${BEHIND}`;

/** A place in a feed, written so that texts have the order of their places. */
export const placeOf = (sequence: number): string => String(sequence).padStart(DIGITS, '0');

/** A fact as others are told of it, by CloudEvents 1.0: the same in the feed and in a call. */
export function eventOf({ id, fact, kind, sequence, organisation, programme, sandbox }: Placed) {
  const { actor, at, command, data, effectiveAt, stream, type, version } = fact;
  const subject = `${collectionOf(kind)?.name ?? kind}/${stream}`;
  return {
    specversion: '1.0',
    id,
    source: `/organisations/${organisation}`,
    type: eventTypeOf(type),
    subject,
    time: effectiveAt,
    recordedtime: at,
    sequence: placeOf(sequence),
    streamversion: version,
    clock: sandbox ? 'sandbox' : 'real',
    command,
    datacontenttype: 'application/json',
    data: { programme, actor, fact: data, links: { self: `/v1/${subject}` } },
  };
}
