import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import { Conditions } from './conditions.js';

/** One line of what a process waits for. */
export interface AgendaLine {
  readonly label: string;
  readonly on: string | null;
  readonly at: 'passed' | 'morning' | null;
  readonly due: Instant | null;
}

/** A process, how far it has been told, and what it waits for since it parked last: what comes first stands first. */
export interface ProcessShown {
  readonly id: Id;
  readonly name: string;
  readonly subject: Id;
  /** The number for people of its thing, else the thing's id. */
  readonly number: string;
  readonly organisation: Id;
  readonly programme: Id | null;
  readonly status: 'open' | 'closed';
  readonly stage: string;
  readonly last: number;
  readonly told: number;
  readonly release: string | null;
  readonly seen: number | null;
  readonly nextDue: Instant | null;
  readonly agenda: readonly AgendaLine[];
}

export interface WhichProcesses {
  readonly id?: Id;
  readonly name?: string;
  readonly status?: 'open' | 'closed';
  readonly subject?: Id;
  readonly programme?: Id;
  /** Those that run, and not under this release; what was never told of anything has no run. */
  readonly notOf?: string;
  readonly sandbox?: Id;
  readonly after?: Id;
}

/** Processes in the order of their ids, page by page; all of them for the engine, else those whose things are to be seen. */
export async function processesOf(
  client: ClientBase,
  which: WhichProcesses,
  limit: number,
): Promise<readonly ProcessShown[]> {
  const where = new Conditions();
  where.maybe('p.id = ?', which.id);
  where.maybe('p.name = ?', which.name);
  where.maybe('p.status = ?', which.status);
  where.maybe('p.subject = ?', which.subject);
  where.maybe('p.programme = ?', which.programme);
  where.maybe('p.told > 0 and p.release is distinct from ?', which.notOf);
  where.maybe(
    'p.organisation in (select organisation from perennial.sandbox_member where sandbox = ?)',
    which.sandbox,
  );
  where.maybe('p.id > ?', which.after);
  const { rows } = await client.query<ProcessShown>(
    `select p.id, p.name, p.subject, coalesce(s.number, p.subject) as number, p.organisation, p.programme, p.status, s.stage, p.last, p.told, p.release, k.seen,
       perennial.iso(k.next_due) as "nextDue",
       (select coalesce(jsonb_agg(jsonb_build_object('label', a.label, 'on', a.on_date, 'at', a.at, 'due', perennial.iso(a.due))
          order by a.due nulls last, a.label), '[]') from perennial.agenda a where a.process = p.id) as agenda
     from perennial.process p
     join perennial.stream s on s.id = p.subject
     left join perennial.parking k on k.process = p.id
     where ${where.text} order by p.id limit ${String(limit)}`,
    where.values,
  );
  return rows;
}
