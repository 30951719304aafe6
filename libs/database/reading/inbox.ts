import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { DueGroup, HeldRole, View } from '#domain/task/inbox.js';
import { Conditions } from './conditions.js';
import { columns, type Shown } from './things.js';

/** Whose inbox it is, and on which day. */
export interface Reader {
  readonly account: Id;
  readonly organisation: Id;
  readonly roles: readonly HeldRole[];
  readonly today: CivilDate;
}

/** Which tasks are asked for. */
export interface Narrowing {
  readonly view: View;
  readonly due?: DueGroup;
  readonly queues?: readonly string[];
}

/** A place in a view: the day of a task, or the end of one that is done. */
export interface PlaceInView {
  readonly at: string;
  readonly id: Id;
}

/** A task with the thing that it is about, as far as the reader may see that. */
export interface InboxRow extends Shown {
  readonly place: PlaceInView;
  readonly subject: Subject | null;
}

interface Subject {
  readonly id: Id;
  readonly object: string;
  readonly number: string | null;
  readonly state: string;
}

/** One page of an inbox: the earliest day first; of what is done, what was done last. */
export async function inboxOf(
  client: ClientBase,
  reader: Reader,
  which: Narrowing,
  { limit, behind }: { readonly limit: number; readonly behind?: PlaceInView },
): Promise<readonly InboxRow[]> {
  const values: unknown[] = [];
  const [at, direction, beyond] = which.view === 'done' ? ['ended_at', 'desc', '<'] : ['due', 'asc', '>'];
  const parts = partsOf(reader, which.view, values).map((where) => {
    where.maybe('t.queue = any (?)', which.queues);
    if (which.view !== 'done') byDue(where, which.due, reader.today);
    if (behind) where.row(`(t.${at}, t.id) ${beyond} (?, ?)`, behind.at, behind.id);
    return `(select t.id, t.${at} as at from perennial.task t where ${where.text}
      order by t.${at} ${direction}, t.id ${direction} limit ${String(limit)})`;
  });
  if (parts.length === 0) return [];
  const order = (of: string): string => `order by ${of}.at ${direction}, ${of}.id ${direction}`;
  const { rows } = await client.query<Omit<InboxRow, 'place'> & { at: string }>(
    `with page as materialized (select p.id, p.at from (${parts.join(' union all ')}) p ${order('p')} limit ${String(limit)})
     select ${columns}, page.at::text as at, case when a.id is not null then
       jsonb_build_object('id', a.id, 'object', a.kind, 'number', a.number, 'state', a.stage) end as subject
     from page join perennial.stream s on s.id = page.id left join perennial.stream a on a.id = s.about ${order('page')}`,
    values,
  );
  return rows.map(({ at: place, ...shown }) => ({ ...shown, place: { at: place, id: shown.thing.id } }));
}

/** The parts of a view, each of which an index gives in order; no task is in two of them. */
function partsOf(reader: Reader, view: View, values: unknown[]): readonly Conditions[] {
  const { account, organisation, roles } = reader;
  const part = (condition: string, ...given: readonly unknown[]): Conditions => {
    const where = new Conditions(values);
    where.row(condition, ...given);
    return where;
  };
  switch (view) {
    case 'mine':
      return [part('t.live and t.holder = ?', account)];
    case 'claimable':
      return roles.map(({ role, programme }) => {
        const where = part(
          't.live and t.holder is null and t.organisation = ? and t.queue = ?',
          organisation,
          role,
        );
        where.maybe('t.programme = ?', programme);
        return where;
      });
    case 'waiting': {
      const own = part(
        't.live and t.organisation = ? and t.holder is distinct from ?',
        organisation,
        account,
      );
      roles.forEach(({ role, programme }) => {
        if (programme === undefined) own.row('(t.holder is not null or t.queue <> ?)', role);
        else
          own.row(
            '(t.holder is not null or t.queue <> ? or t.programme is distinct from ?)',
            role,
            programme,
          );
      });
      return [own, part('t.live and t.shared_with = ?', organisation)];
    }
    case 'done':
      return [part('t.done_by = ?', account)];
  }
}

/** What was put off is out of sight until its day, wherever it is not asked for. */
function byDue(where: Conditions, due: DueGroup | undefined, today: CivilDate): void {
  if (due === 'snoozed') where.row('t.snoozed_until > ?::date', today);
  else where.row('(t.snoozed_until is null or t.snoozed_until <= ?::date)', today);
  if (due === 'overdue') where.row('t.due < ?::date', today);
  if (due === 'today') where.row('t.due = ?::date', today);
  if (due === 'week') where.row('t.due > ?::date and t.due <= ?::date + 7', today, today);
  if (due === 'later') where.row('t.due > ?::date + 7', today);
}

/** How many tasks there are of each group. */
export type Groups = Readonly<Record<DueGroup, number>>;

/** How many tasks there are in each view: exact, of one snapshot. */
export interface InboxCounts {
  readonly mine: Groups;
  readonly claimable: Groups;
  readonly waiting: number;
  readonly done: number;
}

const GROUP = `case when t.snoozed_until > $1::date then 'snoozed' when t.due < $1::date then 'overdue' when t.due = $1::date then 'today'
  when t.due <= $1::date + 7 then 'week' else 'later' end`;

/** Counts an inbox by its indexes alone. What waits for others is all that is live, less what is mine or claimable. */
export async function inboxCountsOf(client: ClientBase, reader: Reader): Promise<InboxCounts> {
  const values: unknown[] = [reader.today];
  const grouped = (view: View): string => {
    const parts = partsOf(reader, view, values).map(
      ({ text }) =>
        `select ${GROUP} as due, count(*)::integer as count from perennial.task t where ${text} group by 1`,
    );
    if (parts.length === 0) return "'{}'::jsonb";
    return `(select coalesce(jsonb_object_agg(due, count), '{}') from (select due, sum(count)::integer as count
      from (${parts.join(' union all ')}) p group by due) g)`;
  };
  const [mine, claimable] = [grouped('mine'), grouped('claimable')];
  const all = new Conditions(values);
  all.row('t.live and t.organisation = ?', reader.organisation);
  const shared = new Conditions(values);
  shared.row('t.live and t.shared_with = ?', reader.organisation);
  const [done] = partsOf(reader, 'done', values);
  const count = (where: Conditions | undefined): string =>
    `(select count(*)::integer from perennial.task t where ${where?.text ?? 'false'})`;
  const { rows } = await client.query<Omit<InboxCounts, 'waiting'> & { live: number }>(
    `select ${mine} as mine, ${claimable} as claimable, ${count(all)} + ${count(shared)} as live, ${count(done)} as done`,
    values,
  );
  const [row] = rows;
  if (!row) throw new Error('a query without a from has a row');
  const { live, done: finished } = row;
  const [held, open] = [
    { ...none, ...row.mine },
    { ...none, ...row.claimable },
  ];
  return { mine: held, claimable: open, waiting: live - sumOf(held) - sumOf(open), done: finished };
}

const none: Groups = { overdue: 0, today: 0, week: 0, later: 0, snoozed: 0 };

const sumOf = (groups: Groups): number => Object.values(groups).reduce((sum, count) => sum + count, 0);
