import type { ClientBase } from 'pg';
import { bodyRoles, clientRoles, type Id, type Role } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { Concern, DueGroup, HeldRole, View } from '#domain/task/inbox.js';
import { prepared } from '../prepared.js';
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
  readonly only?: Concern;
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
    if (which.only) where.row(concerning[which.only]);
    if (which.view !== 'done') byDue(where, which, reader.today);
    if (behind) where.row(`(t.${at}, t.id) ${beyond} (?, ?)`, behind.at, behind.id);
    return `(select t.id, t.${at} as at from perennial.task t where ${where.text}
      order by t.${at} ${direction}, t.id ${direction} limit ${String(limit)})`;
  });
  if (parts.length === 0) return [];
  const order = (of: string): string => `order by ${of}.at ${direction}, ${of}.id ${direction}`;
  const { rows } = await client.query<Omit<InboxRow, 'place'> & { at: string }>(
    prepared(
      `with page as materialized (select p.id, p.at from (${parts.join(' union all ')}) p ${order('p')} limit ${String(limit)})
     select ${columns}, page.at::text as at, case when a.id is not null then
       jsonb_build_object('id', a.id, 'object', a.kind, 'number', a.number, 'state', a.stage) end as subject
     from page join perennial.stream s on s.id = page.id left join perennial.stream a on a.id = s.about ${order('page')}`,
      values,
    ),
  );
  return rows.map(({ at: place, ...shown }) => ({ ...shown, place: { at: place, id: shown.thing.id } }));
}

/** The parts of a view, each of which an index gives in order; no task is in two of them. */
function partsOf(reader: Reader, view: View, values: unknown[]): readonly Conditions[] {
  const { account, organisation, roles } = reader;
  const part: Part = (condition, ...given) => {
    const where = new Conditions(values);
    where.row(condition, ...given);
    return where;
  };
  switch (view) {
    case 'mine':
      return [part('t.live and t.holder = ?', account)];
    case 'claimable':
      return roles.map(({ role, programme }) => {
        const where = part(OPEN, organisation, role);
        where.maybe('t.programme = ?', programme);
        return where;
      });
    case 'waiting':
      return [
        ...queues
          .filter((queue) => !holdsEverywhere(reader, queue))
          .map((queue) => ofOthers(queue, reader, part)),
        part(
          't.live and t.holder is not null and t.organisation = ? and t.holder <> ?',
          organisation,
          account,
        ),
        part('t.live and t.shared_with = ?', organisation),
      ];
    case 'done':
      return [part('t.done_by = ?', account)];
  }
}

/** Few tasks concern anybody so: they have an index of their own, found by the words of its condition. */
const RAISED = '(t.urgent or t.level > 0 or t.nobody_left)';
const concerning: Readonly<Record<Concern, string>> = {
  urgent: `${RAISED} and t.urgent`,
  escalated: `${RAISED} and t.level > 0`,
  'nobody-left': `${RAISED} and t.nobody_left`,
};

type Part = (condition: string, ...given: readonly unknown[]) => Conditions;

const OPEN = 't.live and t.holder is null and t.organisation = ? and t.queue = ?';
const queues: readonly Role[] = [...clientRoles, ...bodyRoles];

const holdsEverywhere = ({ roles }: Reader, queue: Role): boolean =>
  roles.some(({ role, programme }) => role === queue && programme === undefined);

/** What is open in a queue, but for the programmes in which the reader holds its role. */
function ofOthers(queue: Role, { organisation, roles }: Reader, part: Part): Conditions {
  const where = part(OPEN, organisation, queue);
  roles
    .filter(({ role }) => role === queue)
    .forEach(({ programme }) => {
      where.row('t.programme is distinct from ?', programme);
    });
  return where;
}

/** By its day. What its holder put off is out of their sight until then, where it is not asked for. */
function byDue(where: Conditions, { view, due }: Narrowing, today: CivilDate): void {
  if (due === 'snoozed') where.row('t.snoozed_until > ?::date', today);
  else if (view === 'mine') where.row('(t.snoozed_until is null or t.snoozed_until <= ?::date)', today);
  if (due === 'overdue') where.row('t.due < ?::date', today);
  if (due === 'today') where.row('t.due = ?::date', today);
  if (due === 'week') where.row('t.due > ?::date and t.due <= ?::date + 7', today, today);
  if (due === 'later') where.row('t.due > ?::date + 7', today);
}

/** How many tasks each of these accounts has in hand; those who have none are left out. */
export async function inHandsOf(
  client: ClientBase,
  accounts: readonly Id[],
): Promise<ReadonlyMap<Id, number>> {
  const { rows } = await client.query<{ holder: Id; count: number }>(
    'select holder, count(*)::integer as count from perennial.task where live and holder = any ($1) group by holder',
    [accounts],
  );
  return new Map(rows.map(({ holder, count }) => [holder, count]));
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

interface Counted {
  readonly mine: Partial<Groups>;
  /** Of the roles that are held everywhere, and of those held in some programmes. */
  readonly everywhere: Partial<Groups>;
  readonly named: Partial<Groups>;
  readonly live: number;
  readonly done: number;
}

/**
 * Counts an inbox. What waits with others is all that is live, less what is mine or claimable; for whoever sees some programmes
 * alone, all that is live in these.
 */
export async function inboxCountsOf(client: ClientBase, reader: Reader): Promise<InboxCounts> {
  const { organisation, today, roles } = reader;
  const values: unknown[] = [today, organisation, queues.filter((queue) => holdsEverywhere(reader, queue))];
  const parts = (view: View, held = roles): readonly string[] =>
    partsOf({ ...reader, roles: held }, view, values).map(({ text }) => text);
  const named = roles.filter(({ programme }) => programme !== undefined);
  const everywhere = roles.filter(({ programme }) => programme === undefined);
  const { rows } = await client.query<Counted>(
    prepared(
      `select ${grouped(parts('mine'), SNOOZABLE)} as mine, ${grouped(parts('claimable', named), GROUP)} as named,
       case when perennial.reaches('*') then perennial.open_in($3, $1)
         else ${grouped(parts('claimable', everywhere), GROUP)} end as everywhere,
       ${total(parts('done'))} as done,
       case when perennial.reaches('*')
         then (select coalesce(sum(c.open + c.held), 0)::integer from perennial.task_count c where c.seen_by = $2)
         else (select count(*)::integer from perennial.task t where t.live
           and (t.programme = any (perennial.reach()) or (t.programme is null and t.organisation = $2))) end as live`,
      values,
    ),
  );
  const [row] = rows;
  if (!row) throw new Error('a query without a from has a row');
  const mine = sumOf([row.mine]);
  const claimable = sumOf([row.everywhere, row.named]);
  return { mine, claimable, waiting: row.live - allOf(mine) - allOf(claimable), done: row.done };
}

const GROUP = `case when t.due < $1::date then 'overdue' when t.due = $1::date then 'today'
  when t.due <= $1::date + 7 then 'week' else 'later' end`;
const SNOOZABLE = GROUP.replace('case ', "case when t.snoozed_until > $1::date then 'snoozed' ");

const sumOf = (several: readonly Partial<Groups>[]): Groups => {
  const of = (group: DueGroup): number => several.reduce((sum, groups) => sum + (groups[group] ?? 0), 0);
  return {
    overdue: of('overdue'),
    today: of('today'),
    week: of('week'),
    later: of('later'),
    snoozed: of('snoozed'),
  };
};

const allOf = (groups: Groups): number => Object.values(groups).reduce((sum, count) => sum + count, 0);

function grouped(parts: readonly string[], group: string): string {
  if (parts.length === 0) return "'{}'::jsonb";
  const each = parts.map(
    (text) =>
      `select ${group} as due, count(*)::integer as count from perennial.task t where ${text} group by 1`,
  );
  return `(select coalesce(jsonb_object_agg(due, count), '{}') from (select due, sum(count)::integer as count
    from (${each.join(' union all ')}) p group by due) g)`;
}

const total = (parts: readonly string[]): string =>
  ['0', ...parts.map((text) => `(select count(*)::integer from perennial.task t where ${text})`)].join(' + ');
