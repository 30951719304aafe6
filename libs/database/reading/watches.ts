import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { WatchReport } from '../watches.js';
import { Conditions } from './conditions.js';

/** A report of the watch, as it is kept. */
export interface WatchShown extends WatchReport {
  readonly id: Id;
}

/** Which rows, and behind which one a page begins: the newest come first. */
export interface Newest {
  readonly id?: Id;
  readonly behind?: Id | undefined;
  readonly limit: number;
}

/** Reports of the watch, the newest first. */
export async function watchesOf(client: ClientBase, which: Newest): Promise<readonly WatchShown[]> {
  const where = narrowed('w', which);
  const { rows } = await client.query<WatchShown>(
    `select w.id, w.because, perennial.iso(w.began_at) as "beganAt", perennial.iso(w.ended_at) as "endedAt",
       w.looked_at as "lookedAt", w.remarks
     from perennial.watch w where ${where.text} order by w.id desc limit ${String(which.limit)}`,
    where.values,
  );
  return rows;
}

/** A time in which processes stood still. */
export interface OutageShown {
  readonly id: Id;
  readonly beganAt: Instant;
  readonly endedAt: Instant;
  /** When nobody was behind any more and the report was complete. */
  readonly caughtUpAt: Instant | null;
  /** How many of each kind there are among what the reader may see; for whoever runs the installation, all. */
  readonly counts: Readonly<Record<OutageItem['kind'], number>>;
}

/** Outages, the newest first. */
export async function outagesOf(client: ClientBase, which: Newest): Promise<readonly OutageShown[]> {
  const where = narrowed('o', which);
  const count = (kind: OutageItem['kind']): string => `'${kind}', count(*) filter (where i.kind = '${kind}')`;
  const counts = (['late', 'withdrawn', 'failed', 'passed'] as const).map(count).join(', ');
  const { rows } = await client.query<OutageShown>(
    `select o.id, perennial.iso(o.began_at) as "beganAt", perennial.iso(o.ended_at) as "endedAt",
       perennial.iso(o.caught_up_at) as "caughtUpAt",
       (select jsonb_build_object(${counts}) from perennial.outage_item i where i.outage = o.id) as counts
     from perennial.outage o where ${where.text} order by o.id desc limit ${String(which.limit)}`,
    where.values,
  );
  return rows;
}

/** What came of an outage for one obligation. */
export interface OutageItem {
  /** `late`: reminded late. `withdrawn`: of no use any more. `failed`: the mail server will never take it. `passed`: a legal date. */
  readonly kind: 'late' | 'withdrawn' | 'failed' | 'passed';
  /** The notice; null for a date that passed. */
  readonly notice: Id | null;
  /** What it is about. */
  readonly thing: Id | null;
  readonly number: string | null;
  readonly obligation: string;
  readonly what: string | null;
  /** The day by which it is or was owed. */
  readonly due: string | null;
  /** The day of the first reminder that was missed. */
  readonly missedOn: string | null;
  readonly reminders: readonly string[];
}

/** What came of an outage, in the order of the original days. */
export async function outageItemsOf(
  client: ClientBase,
  outage: Id,
  limit: number,
): Promise<readonly OutageItem[]> {
  const { rows } = await client.query<OutageItem>(
    `select i.kind, case when s.kind = 'notice' then s.id end as notice, case when s.kind = 'notice' then s.about else s.id end as thing,
       t.number, i.obligation, i.what, case when i.kind = 'passed' then i.on_date::text else s.state->>'due' end as due,
       case when i.kind <> 'passed' then i.on_date::text end as "missedOn", coalesce(s.state->'rungs', '[]') as reminders
     from perennial.outage_item i
     join perennial.stream s on s.id = i.stream
     left join perennial.stream t on t.id = case when s.kind = 'notice' then s.about else s.id end
     where i.outage = $1 order by i.on_date, i.kind, i.stream, i.obligation limit ${String(limit)}`,
    [outage],
  );
  return rows;
}

function narrowed(table: string, { id, behind }: Newest): Conditions {
  const where = new Conditions();
  where.maybe(`${table}.id = ?`, id);
  where.maybe(`${table}.id < ?`, behind);
  return where;
}
