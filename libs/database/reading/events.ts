import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import { factOf, type Read } from '../ledger/entry.js';
import { prepared } from '../prepared.js';
import { Conditions } from './conditions.js';

/** An entry at its place in the feed of the organisation that reads. */
export interface PlacedEntry extends Read {
  readonly kind: string;
  readonly sequence: number;
  /** The organisation whose thing it is. */
  readonly organisation: Id;
  readonly programme: Id | null;
  readonly sandbox: boolean;
}

export interface WhichEvents {
  readonly after: number;
  readonly types?: readonly string[];
  readonly subject?: Id;
}

/** One reading of the feed: its entries, and the place from which to go on, however few there are. */
export interface FeedPage {
  readonly entries: readonly PlacedEntry[];
  readonly last: number;
}

/** The feed of the organisation that reads, in its order; an entry of what it may not see any more is passed over. */
export async function eventsOf(
  client: ClientBase,
  { after, types, subject }: WhichEvents,
  limit: number,
): Promise<FeedPage> {
  const { rows: ends } = await client.query<{ last: number }>(
    'select last::float8 as last from perennial.feed where seen_by = perennial.mine()',
  );
  const where = new Conditions();
  where.row('v.seen_by = perennial.mine() and v.sequence > ?', after);
  where.maybe('l.type = any (?)', types);
  where.maybe('l.stream = ?', subject);
  const { rows } = await client.query<Omit<PlacedEntry, keyof Read> & { kind: string; body: string }>(
    prepared(
      `select v.sequence::float8 as sequence, s.kind, s.organisation, s.programme, perennial.in_sandbox(s.organisation) as sandbox,
         convert_from(l.body, 'UTF8') as body
       from perennial.event v join perennial.ledger_entry l on l.position = v.position join perennial.stream s on s.id = l.stream
       where ${where.text} order by v.sequence limit ${String(limit)}`,
      where.values,
    ),
  );
  const entries = rows.map(({ body, ...row }) => ({ ...factOf(body), ...row }));
  const end = Math.max(after, ends[0]?.last ?? 0);
  return { entries, last: entries.length < limit ? end : (entries.at(-1)?.sequence ?? end) };
}
