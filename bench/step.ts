import { Client, Connection } from '@temporalio/client';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Processes, type Untold } from '#database/processes.js';
import { pause } from '#platform/pause.js';
import { queueOf, releaseOf, Runs } from '#platform/runs.js';
import type { Where } from './command.js';
import { draft, openDesk, raise, type Desk } from './people.js';
import { ratioOf, round, type Measured, type RoundRow } from './statistics.js';

const AT_ONCE = 16;
const LIMIT_MS = 120_000;

const tables = `
drop schema if exists bare cascade; create schema bare;
create table bare.entry (position bigint generated always as identity primary key, stream text not null, body text not null);
create index on bare.entry (stream);
create table bare.task (id text primary key, body text not null);
create table bare.agenda (id text primary key, at timestamptz not null);`;

/** The bare workflows beside ours, the row that each leaves when it is done, and how many times what they reach we aim at. */
const bares = {
  'one local activity': { type: 'bare', done: (id: string) => id, goal: '>= 0.8' },
  'the same local activities': {
    type: 'bareAlike',
    done: (id: string) => `${id}/reminded`,
    goal: '>= 0.9',
  },
} as const;

/**
 * A fact acted on by its process, beside signalWithStart of bare workflows: with one local activity, and with as many as ours. (W2)
 * The relay is left out on all sides: the client tells directly. The processes' worker must run without a relay.
 */
export async function measureSteps(
  where: Where & { temporal: string },
  rounds: number,
  each: number,
): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: where.ownerUrl, max: 8 });
  const connection = await Connection.connect({ address: where.temporal });
  const temporal = new Client({ connection });
  await pool.query(tables);
  const worker = await bareWorker(where);
  try {
    const desk = await openDesk(where.url, where.key, 5000);
    const rows: RoundRow[] = [];
    for (let n = 1; n <= rounds; n += 1) {
      rows.push(rowOf('ours', n, each, await oneRoundOfOurs({ where, pool, temporal, desk }, each)));
      for (const [side, bare] of Object.entries(bares))
        rows.push(rowOf(side, n, each, await oneRoundOfBare({ pool, temporal, ...bare }, each)));
    }
    const of = (side: string): number[] =>
      rows.filter((row) => row.side === side).map((row) => row.perSecond);
    const aim = { workload: 'W2', metric: 'perSecond', concurrency: AT_ONCE };
    const ratios = Object.entries(bares).map(([against, { goal }]) =>
      ratioOf({ ...aim, against, goal }, of('ours'), of(against)),
    );
    return { rounds: rows, ratios };
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    await pool.query('drop schema if exists bare cascade');
    await pool.end();
    await connection.close();
  }
}

const rowOf = (side: string, n: number, completed: number, perSecond: number): RoundRow => ({
  ...{
    workload: 'W2',
    side,
    round: n,
    concurrency: AT_ONCE,
    mode: 'closed',
    completed,
    failed: 0,
    perSecond,
  },
  seconds: round(completed / perSecond),
});

async function bareWorker(where: Where & { temporal: string }): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('./bare/worker.js', import.meta.url));
  const child = spawn(process.execPath, [main, where.temporal, where.ownerUrl], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

interface Ours {
  readonly where: Where;
  readonly pool: pg.Pool;
  readonly temporal: Client;
  readonly desk: Desk;
}

async function oneRoundOfOurs({ where, pool, temporal, desk }: Ours, each: number): Promise<number> {
  for (let n = 0; n < each; n += 1) await raise(where.url, desk, await draft(where.url, desk));
  const source = await openDatabase(where.ownerUrl, 'engine', 8);
  try {
    const processes = new Processes(source, new Commands(source));
    const runs = new Runs(temporal, queueOf(releaseOfBundle()));
    const untold = await findings(processes);
    return await perSecond(untold.length, async () => {
      await inTurns(untold, (one) => runs.tell({ ...one, summary: `bench ${one.number}` }, one.news));
      const ids = untold.map(({ id }) => id);
      await until(
        async () =>
          (await count(pool, 'select count(*)::int as n from perennial.parking where process = any ($1)', [
            ids,
          ])) >= ids.length,
      );
    });
  } finally {
    await source.destroy();
  }
}

/** Everything that has something to be told; what is no finding is told too and not counted. */
async function findings(processes: Processes): Promise<readonly Untold[]> {
  const all: Untold[] = [];
  for (;;) {
    const picked = await processes.pick(500, LIMIT_MS);
    if (picked.length === 0) return all;
    for (const one of picked) {
      await processes.told(one.id, one.last);
      if (one.name === 'corrective-action') all.push(one);
    }
  }
}

type Bare = Pick<Ours, 'pool' | 'temporal'> & (typeof bares)[keyof typeof bares];

async function oneRoundOfBare({ pool, temporal, type, done }: Bare, each: number): Promise<number> {
  const ids = Array.from({ length: each }, (_, place) => `${type}-${String(place)}-${String(Date.now())}`);
  const fact = JSON.stringify({
    type: 'nonconformity.raised',
    data: { grade: 'minor', requirement: '8.4' },
    pad: 'x'.repeat(600),
  });
  return perSecond(each, async () => {
    await inTurns(ids, (id) =>
      temporal.workflow.signalWithStart(type, {
        workflowId: id,
        taskQueue: 'bare',
        args: [id],
        signal: 'told',
        signalArgs: [fact],
      }),
    );
    await until(
      async () =>
        (await count(pool, 'select count(*)::int as n from bare.task where id = any ($1)', [
          ids.map(done),
        ])) >= each,
    );
  });
}

const releaseOfBundle = (): string => {
  const bundle = readFileSync(fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)), 'utf8');
  return releaseOf(bundle);
};

async function perSecond(cycles: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return round(cycles / ((performance.now() - began) / 1000));
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function until(over: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await over())) {
    if (performance.now() > end) throw new Error('the round did not end in two minutes');
    await pause(10);
  }
}

async function count(pool: pg.Pool, text: string, values: unknown[]): Promise<number> {
  return (await pool.query<{ n: number }>(text, values)).rows[0]?.n ?? 0;
}
