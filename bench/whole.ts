import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { childEnvironment } from '#platform/config.js';
import { pause } from '#platform/pause.js';
import type { Where } from './command.js';
import { draft, openDesk, raise } from './people.js';
import { against, latenciesOf, round, type Measured, type RatioRow } from './statistics.js';

const WARM = 5;

/** From the commit of a fact until its process has acted and parked, with the relay between them; the first few do not count. (W3) */
export async function measureLag(where: Where, times: number): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: where.ownerUrl, max: 2 });
  const desk = await openDesk(where.url, where.key, 9000);
  const lags: number[] = [];
  for (let n = -WARM; n < times; n += 1) {
    const finding = await draft(where.url, desk);
    await raise(where.url, desk, finding);
    const began = performance.now();
    for (let parked = false; !parked;) {
      await pause(1);
      const { rowCount } = await pool.query('select from perennial.parking where process = $1', [
        `corrective-action/${finding.id}`,
      ]);
      parked = (rowCount ?? 0) > 0;
      if (performance.now() - began > 30_000) throw new Error('a fact was not acted on within 30 seconds');
    }
    if (n >= 0) lags.push(performance.now() - began);
  }
  await pool.end();
  const latencyMs = latenciesOf(lags);
  const seconds = lags.reduce((sum, one) => sum + one, 0) / 1000;
  const aim = {
    workload: 'W3',
    metric: 'lag.p99',
    against: 'milliseconds',
    concurrency: 1,
    goal: '<= 500',
  } as const;
  const row = { workload: 'W3', side: 'ours', round: 1, concurrency: 1, mode: 'closed' as const, latencyMs };
  const done = { completed: times, failed: 0, perSecond: round(times / seconds), seconds: round(seconds) };
  return { rounds: [{ ...row, ...done }], ratios: [against(aim, [latencyMs.p99])] };
}

const samples = ['customer-chat-assistant', 'pump-failure-forecast'] as const;

/** Both journeys as a person types them, on the running system and in memory, in seconds. */
export async function measureJourneys(where: Where, times: number): Promise<readonly RatioRow[]> {
  const rows: RatioRow[] = [];
  for (const sample of samples) rows.push(...(await measureJourney(sample, where, times)));
  return rows;
}

async function measureJourney(sample: string, where: Where, times: number): Promise<readonly RatioRow[]> {
  const [live, rehearsed]: [number[], number[]] = [[], []];
  const file = `samples/${sample}.yaml`;
  for (let n = 0; n < times; n += 1) {
    live.push(await secondsOf({ PERENNIAL_KEY: where.key }, file, '--url', where.url));
    rehearsed.push(await secondsOf({}, file, '--rehearse'));
  }
  const aim = { workload: `journey ${sample}`, against: 'seconds', concurrency: 1 };
  return [
    against({ ...aim, metric: 'three years on the real server', goal: '<= 20' }, live),
    against({ ...aim, metric: 'three years in the rehearsal host', goal: '<= 1' }, rehearsed),
  ];
}

async function secondsOf(
  extra: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<number> {
  const cli = fileURLToPath(new URL('../apps/cli/main.js', import.meta.url));
  const args = [cli, 'journey', '--json', ...flags];
  const env = childEnvironment(extra);
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number>((done) => child.on('close', (exit) => done(exit ?? 70)));
  if (code !== 0) throw new Error(`the journey ended with ${String(code)}`);
  return (JSON.parse(text) as { readonly seconds: number }).seconds;
}

/** Resident memory of each part with its children, in megabytes; what they share counts once. */
export const measureMemory = (pids: Readonly<Record<string, number>>): readonly RatioRow[] => {
  const aim = { workload: 'memory', against: 'megabytes', concurrency: 1 };
  const of = (part: string): number[] => [residentOf(pids[part] ?? 0)];
  return [
    against({ ...aim, metric: 'API', goal: '<= 250' }, of('api')),
    against({ ...aim, metric: 'worker', goal: '<= 500' }, of('worker')),
    against({ ...aim, metric: 'PostgreSQL', goal: '<= 500' }, of('postgres')),
    against({ ...aim, metric: 'Temporal', goal: '<= 500' }, of('temporal')),
  ];
};

function residentOf(parent: number): number {
  const family = readdirSync('/proc').filter(
    (pid) => pid === String(parent) || (/^\d+$/.test(pid) && figure(pid, 'status', 'PPid') === parent),
  );
  const kilobytes = family.reduce((sum, pid) => sum + figure(pid, 'smaps_rollup', 'Pss'), 0);
  return Math.round(kilobytes / 1024);
}

/** A line such as `Pss:  1024 kB` of a process that may have ended meanwhile. */
function figure(pid: string, file: string, name: string): number {
  const path = `/proc/${pid}/${file}`;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
