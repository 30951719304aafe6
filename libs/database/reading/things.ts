import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { Fact, Thing } from '#domain/machine.js';
import { factOf } from '../ledger/entry.js';
import { prepared } from '../prepared.js';
import { Conditions } from './conditions.js';

/** A thing as it stands, for whoever may see it. */
export interface Shown {
  readonly thing: Thing;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** True on a clock that is moved by hand. */
  readonly sandbox: boolean;
  /** Of a key: when it was used last, to the hour. */
  readonly lastUsedAt?: Instant | null;
}

/** What is read of a thing that is shown, from `perennial.stream s`. */
export const columns = `s.state as thing, s.version, perennial.iso(s.created_at) as "createdAt", perennial.iso(s.updated_at) as "updatedAt",
  perennial.in_sandbox(s.organisation) as sandbox,
  case when s.kind = 'apiKey' then (select perennial.iso(u.used_at) from perennial.key_use u where u.key = s.id) end as "lastUsedAt"`;

/** One thing by its id or by its number for people; nothing for a stranger. */
export async function thingOf(
  client: ClientBase,
  idOrNumber: string,
  kind?: string,
): Promise<Shown | undefined> {
  const text = `select ${columns} from perennial.stream s
    where (s.id = $1 or s.number = $1) and ($2::text is null or s.kind = $2) order by s.id limit 1`;
  const { rows } = await client.query<Shown>(prepared(text, [idOrNumber, kind ?? null]));
  return rows[0];
}

/** All that bear a number for people, as far as they are to be seen: each organisation counts for itself. */
export async function namesakesOf(client: ClientBase, number: string, kind: string): Promise<readonly Id[]> {
  const text =
    'select s.id from perennial.stream s where s.number = $1 and s.kind = $2 order by s.id limit 20';
  const { rows } = await client.query<{ id: Id }>(prepared(text, [number, kind]));
  return rows.map(({ id }) => id);
}

/** What a list is narrowed to; what is not named is not asked. */
export interface Which {
  readonly kind: string;
  readonly stages?: readonly string[];
  readonly programme?: Id;
  readonly organisation?: Id;
  readonly about?: Id;
  /** Members of the state and what they are. */
  readonly match?: object;
  /** Members of the state, with the civil date before or on which they lie. */
  readonly before?: Readonly<Record<string, string>>;
  readonly createdAfter?: Instant;
  readonly createdUntil?: Instant;
  readonly updatedAfter?: Instant;
}

/** Where a page begins: behind the last row of the page before. */
export interface Behind {
  readonly at: Instant;
  readonly id: Id;
}

export interface Page {
  readonly limit: number;
  readonly orderBy?: 'createdAt' | 'updatedAt';
  readonly newestFirst?: boolean;
  readonly behind?: Behind;
}

/** Things of a kind, page by page, in the order in which they were made or changed. */
export async function thingsOf(client: ClientBase, which: Which, page: Page): Promise<readonly Shown[]> {
  const { limit, orderBy = 'createdAt', newestFirst = false, behind } = page;
  const where = narrowed(which);
  const at = orderBy === 'createdAt' ? 's.created_at' : 's.updated_at';
  if (behind) where.row(`(${at}, s.id) ${newestFirst ? '<' : '>'} (?::timestamptz, ?)`, behind.at, behind.id);
  const direction = newestFirst ? 'desc' : 'asc';
  const { rows } = await client.query<Shown>(
    `select ${columns} from perennial.stream s where ${where.text} order by ${at} ${direction}, s.id ${direction}
     limit ${String(limit)}`,
    where.values,
  );
  return rows;
}

/** How many things of a kind there are in each stage. */
export async function countsOf(client: ClientBase, which: Which): Promise<Readonly<Record<string, number>>> {
  const where = narrowed(which);
  const { rows } = await client.query<{ stage: string; count: number }>(
    `select s.stage, count(*)::integer as count from perennial.stream s where ${where.text} group by s.stage order by s.stage`,
    where.values,
  );
  return Object.fromEntries(rows.map(({ stage, count }) => [stage, count]));
}

function narrowed(which: Which): Conditions {
  const where = new Conditions();
  where.row('s.kind = ?', which.kind);
  where.maybe('s.stage = any (?)', which.stages);
  where.maybe('s.programme = ?', which.programme);
  where.maybe('s.organisation = ?', which.organisation);
  where.maybe('s.about = ?', which.about);
  where.maybe('s.state @> ?', which.match);
  where.maybe('s.created_at >= ?', which.createdAfter);
  where.maybe('s.created_at <= ?', which.createdUntil);
  where.maybe('s.updated_at >= ?', which.updatedAfter);
  for (const [member, date] of Object.entries(which.before ?? {}))
    where.row(`coalesce(s.state->?->>'date', s.state->>?) <= ?`, member, member, date);
  return where;
}

/** The texts behind commitments, as far as the reader may see the things that they belong to. */
export async function textsBehind(
  client: ClientBase,
  commitments: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (commitments.length === 0) return {};
  const text = 'select commitment, content from perennial.private_content where commitment = any ($1)';
  const { rows } = await client.query<{ commitment: string; content: string }>(prepared(text, [commitments]));
  return Object.fromEntries(rows.map(({ commitment, content }) => [commitment, content]));
}

/** An entry of a thing: its id and its fact. */
export interface Entry {
  readonly id: Id;
  readonly fact: Fact;
}

/** The entries of a thing, from a version on. */
export async function entriesOf(
  client: ClientBase,
  stream: Id,
  { after, limit }: { after: number; limit: number },
): Promise<readonly Entry[]> {
  const { rows } = await client.query<{ body: string }>(
    `select convert_from(body, 'UTF8') as body from perennial.ledger_entry
     where stream = $1 and version > $2 order by version limit $3`,
    [stream, after, limit],
  );
  return rows.map(({ body }) => factOf(body));
}

/** One entry by the id of the command's answer; nothing for a stranger. */
export async function entryOf(client: ClientBase, stream: Id, version: number): Promise<Entry | undefined> {
  return (await entriesOf(client, stream, { after: version - 1, limit: 1 })).find(
    ({ fact }) => fact.version === version,
  );
}
