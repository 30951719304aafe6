import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import type { News } from '#domain/process/news.js';
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

/** Where a process stands: its thing, its clock and its zone. */
export interface Standing {
  readonly subject: Id;
  readonly last: number;
  readonly clock: Instant;
  readonly sandbox: boolean;
  readonly zone: string;
}

/** What is asked for beside the standing: the facts beyond those seen, and steps that were taken: all, the reminders, or one. */
export interface Asking {
  readonly seen: number;
  readonly limit?: number;
  readonly steps?: 'all' | 'reminders' | { readonly key: string };
}

const PAGE = 500;
/** What one message to a process may carry; the rest is read on the next page. */
const PAGE_BYTES = 600_000;

const place = `p.subject, p.last, perennial.iso(b.now) as now,
  coalesce(g.state->>'governingZone', o.state->>'zone', b.zone, 'UTC') as zone`;
const joined = `perennial.process p
left join perennial.stream g on g.id = p.programme
left join perennial.stream o on o.id = p.organisation
left join perennial.sandbox_member m on m.organisation = p.organisation
left join perennial.sandbox b on b.id = m.sandbox`;
const factsAfter = `
select e.body from (
  select version, convert_from(body, 'UTF8') as body,
    sum(octet_length(body)) over (order by version) - octet_length(body) as before
  from perennial.ledger_entry where stream = p.subject and version > $2 order by version limit $3) e
where e.before < ${String(PAGE_BYTES)} order by e.version`;
const stepsTaken = `
select coalesce(jsonb_agg(jsonb_build_object('key', t.command, 'rungs', t.rungs) order by t.position), '[]') from (
  select distinct on (command) command, position, convert_from(body, 'UTF8')::jsonb->'data'->'rungs' as rungs
  from perennial.ledger_entry where organisation = p.organisation and command between $4 and $5 order by command, ordinal) t`;

interface StandingRow {
  readonly subject: Id;
  readonly last: number;
  readonly now: string | null;
  readonly zone: string;
}

interface NewsRow extends StandingRow {
  readonly facts: readonly string[];
  readonly taken: readonly { readonly key: string; readonly rungs: string[] | null }[];
}

/** Where a process stands. */
export async function standingOf(client: ClientBase, process: Id, now: () => number): Promise<Standing> {
  const text = `select ${place} from ${joined} where p.id = $1`;
  const { rows } = await client.query<StandingRow>(prepared(text, [process]));
  return standing(rows, process, now);
}

/** Where a process stands and what is new to it, as many facts as fit a page. */
export async function newsOf(
  client: ClientBase,
  process: Id,
  now: () => number,
  { seen, limit = PAGE, steps }: Asking,
): Promise<{ readonly at: Standing; readonly news: ProcessNews }> {
  const text = `select ${place}, array(${factsAfter}) as facts, (${stepsTaken}) as taken from ${joined} where p.id = $1`;
  const { rows } = await client.query<NewsRow>(
    prepared(text, [process, seen, limit, ...keysOf(process, steps)]),
  );
  const at = standing(rows, process, now);
  const { last, clock, sandbox } = at;
  const facts = (rows[0]?.facts ?? []).map((body) => factOf(body).fact);
  const taken = (rows[0]?.taken ?? []).map(({ key, rungs }) => ({ key, ...(rungs ? { rungs } : {}) }));
  return { at, news: { facts, taken, last, clock, sandbox } };
}

/** The first and the last key of the steps that are asked for; those of a process begin with its id and a stroke. */
function keysOf(process: Id, steps: Asking['steps']): readonly [string | null, string | null] {
  if (steps === undefined) return [null, null];
  if (steps === 'all') return [`${process}/`, `${process}0`];
  return steps === 'reminders' ? [`${process}/remind/`, `${process}/remind0`] : [steps.key, steps.key];
}

function standing(rows: readonly StandingRow[], process: Id, now: () => number): Standing {
  const [row] = rows;
  if (!row) throw new NoSuchProcess(process);
  const { subject, last, zone, now: clock } = row;
  const read = instant(clock ?? new Date(now()).toISOString());
  return { subject, last, zone, sandbox: clock !== null, clock: read };
}
