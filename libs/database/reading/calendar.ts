import type { ClientBase } from 'pg';
import type { Id, Role } from '#domain/actor.js';
import { CANCELLED_DAYS } from '#domain/appointment/appointment.js';
import type { CivilDate, Instant } from '#domain/instant.js';
import type { Fact } from '#domain/machine.js';
import { roadmapKinds } from '#domain/roadmap/roadmap.js';
import type { HeldRole } from '#domain/task/inbox.js';
import { factOf } from '../ledger/entry.js';
import { prepared } from '../prepared.js';
import { Conditions } from './conditions.js';
import type { Reader } from './inbox.js';

/** A thing with all its facts, in the order of their versions. */
export interface Life {
  readonly kind: string;
  readonly number: string | null;
  readonly facts: readonly Fact[];
}

/** A programme and those of its things that have dates, with their facts, as far as the reader sees them. */
export async function livesOnTheWay(client: ClientBase, programme: Id): Promise<readonly Life[]> {
  const { rows } = await client.query<{ kind: string; number: string | null; bodies: readonly string[] }>(
    `select s.kind, s.number, array_agg(convert_from(l.body, 'UTF8') order by l.version) as bodies
     from perennial.stream s join perennial.ledger_entry l on l.stream = s.id
     where (s.id = $1 or s.programme = $1) and s.kind = any ($2) group by s.id order by s.id`,
    [programme, roadmapKinds],
  );
  return rows.map(({ bodies, ...life }) => ({ ...life, facts: bodies.map((body) => factOf(body).fact) }));
}

/** By which the events of this installation are told from those of others. */
export async function instanceOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ organisation: Id }>(
    'select organisation from perennial.installation',
  );
  return rows[0]?.organisation ?? 'perennial';
}

/** A task as a calendar shows it. */
export interface TaskInCalendar {
  readonly id: Id;
  readonly asks: string;
  readonly about: Id | null;
  /** The number of what it is about, else its own. */
  readonly number: string | null;
  readonly due: CivilDate;
  readonly version: number;
  readonly changedAt: Instant;
  readonly cancelled: boolean;
}

/** Of each part of a calendar so many at most: those that are due first, and those that ended last. */
const MOST = 1_000;

const LATELY = `?::date - ${String(CANCELLED_DAYS)}`;
const OF_OTHERS = `t.live and t.holder <> ? and exists (select from perennial.stream c where c.id = t.id and c.updated_at > ${LATELY})`;
const ENDED = `t.ended_at > ${LATELY}`;

/** The tasks of somebody, in their hands or open to a role of theirs; what others took, and what has ended lately, has fallen away. */
export function ownTasks(client: ClientBase, reader: Reader): Promise<readonly TaskInCalendar[]> {
  const values: unknown[] = [];
  const { account, roles, today } = reader;
  const [mine, done] = [new Conditions(values), new Conditions(values)];
  mine.row('t.live and t.holder = ?', account);
  done.row(`t.done_by = ? and ${ENDED}`, account, today);
  const parts = roles.flatMap((role) => [
    inQueue(reader, role, values, ['t.live and t.holder is null']),
    inQueue(reader, role, values, [OF_OTHERS, account, today]),
    inQueue(reader, role, values, [ENDED, today]),
  ]);
  const holds = new Conditions(values);
  holds.row('t.live and (t.holder is null or t.holder = ?)', account);
  return tasksIn(client, [mine, done, ...parts], holds);
}

/** The tasks of a queue that is the reader's, whoever has them, and those that have ended lately. */
export function queueTasks(
  client: ClientBase,
  reader: Reader,
  queue: Role,
): Promise<readonly TaskInCalendar[]> {
  const values: unknown[] = [];
  const parts = reader.roles
    .filter(({ role }) => role === queue)
    .flatMap((role) => [
      inQueue(reader, role, values, ['t.live and t.holder is null']),
      inQueue(reader, role, values, ['t.live and t.holder is not null']),
      inQueue(reader, role, values, [ENDED, reader.today]),
    ]);
  const holds = new Conditions(values);
  holds.row('t.live');
  return tasksIn(client, parts, holds);
}

function inQueue(
  { organisation }: Reader,
  { role, programme }: HeldRole,
  values: unknown[],
  [condition, ...given]: readonly [string, ...unknown[]],
): Conditions {
  const where = new Conditions(values);
  where.row('t.organisation = ? and t.queue = ?', organisation, role);
  where.row(condition, ...given);
  where.maybe('t.programme = ?', programme);
  return where;
}

/** Each part by an index of its own; no task stands in a calendar twice, and none without a day. */
async function tasksIn(
  client: ClientBase,
  parts: readonly Conditions[],
  holds: Conditions,
): Promise<readonly TaskInCalendar[]> {
  if (parts.length === 0) return [];
  const each = parts.map(
    ({ text }) => `(select t.id from perennial.task t where ${text} and t.due < 'infinity'
       order by t.ended_at desc nulls last, t.due, t.id limit ${String(MOST)})`,
  );
  const { rows } = await client.query<TaskInCalendar>(
    prepared(
      `with page as materialized (${each.join(' union ')})
       select t.id, s.state->>'asks' as asks, s.about, coalesce(a.number, s.number) as number, t.due::text as due, s.version,
         perennial.iso(s.updated_at) as "changedAt", not (${holds.text}) as cancelled
       from page join perennial.task t on t.id = page.id join perennial.stream s on s.id = t.id
         left join perennial.stream a on a.id = s.about order by t.due, t.id`,
      holds.values,
    ),
  );
  return rows;
}
