import pg from 'pg';
import type { Where } from './command.js';
import { call, type Reply } from './http.js';
import { playedOne } from './roadmap.js';
import {
  against,
  closedLoop,
  ratioOf,
  type Aim,
  type Measured,
  type RatioRow,
  type RoundRow,
} from './statistics.js';

const WARM_S = 1;
const PAGE = 25;
const FAR = 1000;
/** Tasks of both sides, half of them still to be done, every second one due on some day; as many for each programme. */
const TASKS = 100_000;

/**
 * The inbox of a programme manager among so many tasks, over HTTP and under row-level security: the first page, a page far behind
 * it, and the counts, beside the same rows from the table itself by its owner.
 */
export async function measureInbox(
  where: Where,
  how: { readonly rounds: number; readonly seconds: number },
): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: where.ownerUrl, max: 2 });
  try {
    const { programme, body, tokens } = await playedOne(pool, where);
    const tasks = await fill(pool, programme);
    const token = tokens['body'] ?? '';
    const ask = (query: string): Promise<Reply> =>
      call(where.url, token, { method: 'GET', path: `/v1/inbox${query}` });
    const far = await pageToken(ask);
    const sides: Readonly<Record<string, () => Promise<unknown>>> = {
      'page 1': () => ask(`?view=waiting&pageSize=${String(PAGE)}`),
      [`page ${String(FAR)}`]: () => ask(`?view=waiting&pageSize=${String(PAGE)}&pageToken=${far}`),
      claimable: () => ask(`?view=claimable&pageSize=${String(PAGE)}`),
      counts: () => ask('/counts'),
      'bare page': () => pool.query({ name: 'bare page', text: barePage, values: [body] }),
      'bare count': () => pool.query({ name: 'bare count', text: bareCount, values: [body] }),
    };
    const rows: RoundRow[] = [];
    for (let n = 0; n <= how.rounds; n += 1) {
      const loop = { concurrency: 1, seconds: n === 0 ? WARM_S : how.seconds };
      for (const [side, work] of Object.entries(sides)) {
        const done = await closedLoop(loop, async () => {
          await work();
        });
        if (n > 0) rows.push({ workload: 'inbox', side, round: n, ...done });
      }
    }
    return { rounds: rows, ratios: ratiosOf(rows, tasks) };
  } finally {
    await pool.end();
  }
}

const barePage = `select s.state from perennial.task t join perennial.stream s on s.id = t.id
  where t.live and t.shared_with = $1 order by t.due, t.id limit ${String(PAGE)}`;
const bareCount = 'select count(*) from perennial.task where live and shared_with = $1';

/** The token of a page so far behind the first one. */
async function pageToken(ask: (query: string) => Promise<Reply>): Promise<string> {
  const size = 200;
  let token = '';
  for (let seen = 0; seen < FAR * PAGE - size; seen += size) {
    const { body } = await ask(`?view=waiting&pageSize=${String(size)}${token && `&pageToken=${token}`}`);
    token = String(body['nextPageToken']);
  }
  return token;
}

function ratiosOf(rows: readonly RoundRow[], tasks: number): readonly RatioRow[] {
  const of = (side: string, quantile: 'p50' | 'p99'): number[] =>
    rows.filter((row) => row.side === side).map(({ latencyMs }) => latencyMs?.[quantile] ?? NaN);
  const aim = { workload: 'inbox', concurrency: 1 };
  const among = `among ${String(tasks)}`;
  const far = `page ${String(FAR)}`;
  const p99 = (side: string, goal: Aim['goal']): RatioRow =>
    against({ ...aim, metric: `p99 of ${side} ${among}`, against: 'milliseconds', goal }, of(side, 'p99'));
  return [
    ...['page 1', far, 'claimable'].map((side) => p99(side, '<= 30')),
    p99('counts', '<= 10'),
    ratioOf(
      { ...aim, metric: `p50 of ${far}`, against: 'page 1', goal: '<= 1.2' },
      of(far, 'p50'),
      of('page 1', 'p50'),
    ),
    ratioOf(
      { ...aim, metric: 'p50 of page 1', against: 'bare page', goal: '<= 10' },
      of('page 1', 'p50'),
      of('bare page', 'p50'),
    ),
    ratioOf(
      { ...aim, metric: 'p50 of counts', against: 'bare count', goal: '<= 5' },
      of('counts', 'p50'),
      of('bare count', 'p50'),
    ),
  ];
}

const queues = ['programme-manager', 'lead-auditor', 'decision-maker', 'aims-manager', 'process-owner'];

/** Tasks of the programmes that the roadmap copied; each is a thing as commands make it, and its row follows by itself. */
async function fill(pool: pg.Pool, like: string): Promise<number> {
  const { rowCount } = await pool.query(
    `with mine as (select id from perennial.stream where kind = 'programme' and state ? 'certificationBody'
       and state->>'client' = (select state->>'client' from perennial.stream where id = $1))
     insert into perennial.stream (id, kind, organisation, programme, about, visibility, stage, version, state, created_at, updated_at)
     select t.id, 'task', s.organisation, p.id, p.id, 'both', s.stage, 1,
       jsonb_strip_nulls(jsonb_build_object('id', t.id, 'kind', 'task', 'stage', s.stage, 'entered', '{}'::jsonb,
         'organisation', s.organisation, 'programme', p.id, 'about', p.id, 'texts', '{}'::jsonb, 'queue', ($2::text[])[1 + k % 5],
         'asks', 'endProgramme', 'level', 0, 'due', case when k % 2 = 0 then (p.created_at::date + (k * 37 + length(p.id)) % 400)::text end)),
       p.created_at, p.created_at
     from perennial.stream p, generate_series(1, $3::integer / (select count(*)::integer from mine)) as k,
       lateral (select 'tsk_0' || right(p.id, 21) || lpad(to_hex(k), 4, '0') as id) t,
       lateral (select case when k % 5 < 3 then p.state->>'certificationBody' else p.state->>'client' end as organisation,
         case when k / 2 % 2 = 0 then 'open' else 'done' end as stage) s
     where p.id in (select id from mine)`,
    [like, queues, TASKS],
  );
  await pool.query('vacuum analyze');
  return rowCount ?? 0;
}
