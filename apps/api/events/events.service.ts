import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { collectionOf } from '#contract/routes/all.js';
import { eventsOf, type PlacedEntry } from '#database/reading/events.js';
import { viewAs } from '#database/reading/view.js';
import { Answer } from '../http/answer.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';

const USUAL = 100;
const DIGITS = 20;
const [BEFORE, BEHIND] = ['perennial.', '.v1'];

/** The feed of an organisation, as CloudEvents. */
@Injectable()
export class EventsService {
  constructor(private readonly source: DataSource) {}

  async list({ query }: Sent, { organisation }: Caller): Promise<Answer> {
    const { after = '0', type, subject, limit = String(USUAL) } = query;
    const which = {
      after: Number(after),
      ...(type === undefined ? {} : { types: type.split(',').map(factTypeOf) }),
      ...(subject === undefined ? {} : { subject }),
    };
    const { entries, last } = await viewAs(this.source, organisation, (client) =>
      eventsOf(client, which, Number(limit)),
    );
    return new Answer(200, { data: entries.map(eventOf), cursor: placeOf(last) });
  }
}

/** `perennial.nonconformity.raised.v1` is the fact `nonconformity.raised`. */
const factTypeOf = (type: string): string =>
  type.startsWith(BEFORE) && type.endsWith(BEHIND) ? type.slice(BEFORE.length, -BEHIND.length) : type;

const placeOf = (sequence: number): string => String(sequence).padStart(DIGITS, '0');

function eventOf({ id, fact, kind, sequence, organisation, programme, sandbox }: PlacedEntry): object {
  const { actor, at, command, data, effectiveAt, stream, type, version } = fact;
  const subject = `${collectionOf(kind)?.name ?? kind}/${stream}`;
  return {
    specversion: '1.0',
    id,
    source: `/organisations/${organisation}`,
    type: `${BEFORE}${type}${BEHIND}`,
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
