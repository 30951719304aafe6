import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import type { Fact } from '#domain/machine.js';
import type { News, Taken } from '#domain/process/news.js';
import { factOf } from './ledger/entry.js';
import { prepared } from './prepared.js';

/** What a process is told, and whether its organisation's clock stands still until it is moved. */
export interface ProcessNews extends News {
  readonly sandbox: boolean;
}

/** Asked for a process that the ledger does not know: never a matter of time. */
export class NoSuchProcess extends Error {
  override readonly name = 'NoSuchProcess';

  constructor(process: Id) {
    super(`no process is called ${process}`);
  }
}

/** The row of a process with its clock and zone. */
export interface Standing {
  readonly subject: Id;
  readonly organisation: Id;
  readonly last: number;
  readonly status: 'open' | 'closed';
  readonly clock: Instant;
  readonly sandbox: boolean;
  readonly zone: string;
}

const PAGE = 500;
/** What one message to a process may carry; the rest is read on the next page. */
const PAGE_BYTES = 600_000;

interface StandingRow extends Omit<Standing, 'clock' | 'sandbox'> {
  readonly now: string | null;
}

const standing = `
select p.subject, p.organisation, p.last, p.status, perennial.iso(b.now) as now,
  coalesce(g.state->>'governingZone', o.state->>'zone', b.zone, 'UTC') as zone
from perennial.process p
left join perennial.stream g on g.id = p.programme
left join perennial.stream o on o.id = p.organisation
left join perennial.sandbox_member m on m.organisation = p.organisation
left join perennial.sandbox b on b.id = m.sandbox
where p.id = $1`;

/** Where a process stands; `lock` holds off commands on its thing for as long as the transaction lasts. */
export async function standingOf(
  client: ClientBase,
  process: Id,
  now: () => number,
  lock: '' | 'for share of p' = '',
): Promise<Standing> {
  const { rows } = await client.query<StandingRow>(prepared(`${standing} ${lock}`, [process]));
  const [row] = rows;
  if (!row) throw new NoSuchProcess(process);
  const { now: clock, ...rest } = row;
  return { ...rest, sandbox: clock !== null, clock: instant(clock ?? new Date(now()).toISOString()) };
}

/** The facts of a thing from a place on, in their order, as many as fit a page. */
export async function factsAfter(
  client: ClientBase,
  subject: Id,
  seen: number,
  limit = PAGE,
): Promise<readonly Fact[]> {
  const text = `select convert_from(body, 'UTF8') as body,
      sum(octet_length(body)) over (order by version) - octet_length(body) as before
    from perennial.ledger_entry where stream = $1 and version > $2 order by version limit $3`;
  const { rows } = await client.query<{ body: string; before: string }>(
    prepared(text, [subject, seen, limit]),
  );
  return rows.filter(({ before }) => Number(before) < PAGE_BYTES).map(({ body }) => factOf(body).fact);
}

/** The steps that a process has taken: all of them, or the one named. */
export async function stepsTaken(
  client: ClientBase,
  process: Id,
  { organisation, key }: { organisation: Id; key?: string },
): Promise<readonly Taken[]> {
  const which = key === undefined ? `command >= $2 || '/' and command < $2 || '0'` : 'command = $2';
  const text = `select command as key, data->'rungs' as rungs from (
       select distinct on (command) command, position, convert_from(body, 'UTF8')::jsonb->'data' as data
       from perennial.ledger_entry where organisation = $1 and ${which} order by command, ordinal) e
     order by position`;
  const { rows } = await client.query<{ key: string; rungs: string[] | null }>(
    prepared(text, [organisation, key ?? process]),
  );
  return rows.map(({ key: taken, rungs }) => ({ key: taken, ...(rungs ? { rungs } : {}) }));
}
