import { hash } from 'node:crypto';
import type { Id } from '#domain/actor.js';
import type { Fact } from '#domain/machine.js';
import { canonical } from './canonical.js';

/** As much as the length of an entry can say in two bytes. */
const LARGEST = 65_535;
const COMMITMENT = Buffer.from('perennial/commitment/v1\n');
const LEAF = Buffer.from([0]);

/** What the envelope of an entry says beside its fact. */
export interface Envelope {
  readonly id: Id;
  readonly log: string;
  readonly ordinal: number;
  /** The kind of the thing; told by its first entry, with its belongings. */
  readonly kind: string;
  /** The proof of sign-in, or the process. */
  readonly auth: string;
}

/** The canonical text of an entry: what is stored, hashed, and one day proved. */
export function entryText(fact: Fact, { id, log, ordinal, kind, auth }: Envelope): string {
  const text = canonical({
    v: 1,
    log,
    id,
    command: fact.command,
    ordinal,
    schema: `${fact.type}/1`,
    stream: fact.stream,
    version: fact.version,
    actor: { ...fact.actor, auth },
    mirrored: fact.mirrored,
    effectiveAt: fact.effectiveAt,
    recordedAt: fact.at,
    data: fact.data,
    ...(fact.opens ? { opens: { kind, ...fact.opens } } : {}),
    evidence: fact.evidence,
    commitments: committed(fact.texts),
  });
  const size = Buffer.byteLength(text);
  if (size > LARGEST) throw new EntryTooLarge(`an entry of ${size} bytes is larger than ${LARGEST}`);
  return text;
}

/** A fact that says more at once than an entry holds. */
export class EntryTooLarge extends Error {
  override readonly name = 'EntryTooLarge';
}

const committed = (texts: Fact['texts']): object =>
  Object.fromEntries(Object.entries(texts).map(([name, sha256]) => [name, { sha256, type: 'text/plain' }]));

/** RFC 6962: the hash of a leaf is told from that of a node by its first byte. */
export const leafHash = (text: string): string => hash('sha256', Buffer.concat([LEAF, Buffer.from(text)]));

/** What stands in the ledger in place of a text: nobody finds the text from it without the salt. */
export const commitment = (salt: Uint8Array, content: string): string =>
  hash('sha256', Buffer.concat([COMMITMENT, salt, Buffer.from(content)]));

interface Stored extends Omit<Fact, 'type' | 'texts' | 'at' | 'opens'> {
  readonly schema: string;
  readonly recordedAt: Fact['at'];
  readonly commitments: Readonly<Record<string, { readonly sha256: string }>>;
  readonly opens?: NonNullable<Fact['opens']> & { readonly kind: string };
}

/** The kind that the first entry of a thing tells, and nothing for its later ones. */
export interface Read {
  readonly id: Id;
  readonly kind?: string;
  readonly fact: Fact;
}

/** An entry's text as the fact that machines and processes read. */
export function factOf(text: string): Read {
  const { id, schema, recordedAt, commitments, opens, actor, ...entry } = parse(text);
  const { kind, ...belongings } = opens ?? {};
  return {
    id,
    ...(kind === undefined ? {} : { kind }),
    fact: {
      stream: entry.stream,
      version: entry.version,
      type: schema.slice(0, schema.lastIndexOf('/')),
      data: entry.data,
      ...(isOpening(belongings) ? { opens: belongings } : {}),
      texts: Object.fromEntries(Object.entries(commitments).map(([name, { sha256 }]) => [name, sha256])),
      evidence: entry.evidence,
      actor:
        actor.for === undefined
          ? { id: actor.id, role: actor.role }
          : { id: actor.id, role: actor.role, for: actor.for },
      ...(entry.mirrored === undefined ? {} : { mirrored: entry.mirrored }),
      at: recordedAt,
      effectiveAt: entry.effectiveAt,
      command: entry.command,
    },
  };
}

const isOpening = (belongings: object): belongings is NonNullable<Fact['opens']> =>
  'organisation' in belongings;

/** The ledger holds what `entryText` wrote and nothing else, so its shape is known. */
function parse(text: string): Stored & { readonly id: Id } {
  return JSON.parse(text) as Stored & { id: Id };
}
