import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { factOf, type Read } from '../ledger/entry.js';
import { prepared } from '../prepared.js';
import { valueOf } from '../transaction.js';
import { Conditions } from './conditions.js';

/** An entry with the kind of its thing, and its place among all entries. */
export interface FeedEntry extends Read {
  readonly kind: string;
  readonly position: number;
}

export interface WhichEntries {
  readonly after: number;
  readonly programme?: Id | undefined;
  readonly sandbox?: Id | undefined;
}

/** The position up to which every look that begins after the answer sees all that there will ever be. */
export const settledPosition = async (source: DataSource): Promise<number> =>
  Number(await valueOf<string>(source, 'settled()', []));

/**
 * Entries of all things that are to be seen, in the order of their positions. What is committed late shows up behind a higher
 * position: whoever follows goes on from what was settled before the look.
 */
export async function feedOf(
  client: ClientBase,
  { after, programme, sandbox }: WhichEntries,
  limit: number,
): Promise<readonly FeedEntry[]> {
  const where = new Conditions();
  where.row('l.position > ?', after);
  where.maybe('s.programme = ?', programme);
  where.maybe(
    's.organisation in (select m.organisation from perennial.sandbox_member m where m.sandbox = ?)',
    sandbox,
  );
  const text = `select l.position::float8 as position, s.kind, convert_from(l.body, 'UTF8') as body
     from perennial.ledger_entry l join perennial.stream s on s.id = l.stream
     where ${where.text} order by l.position limit ${String(limit)}`;
  const { rows } = await client.query<{ position: number; kind: string; body: string }>(
    prepared(text, where.values),
  );
  return rows.map(({ position, kind, body }) => ({ ...factOf(body), position, kind }));
}
