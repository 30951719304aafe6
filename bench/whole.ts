import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { pause } from '#platform/pause.js';
import type { Where } from './command.js';
import { draft, openDesk, raise } from './people.js';
import { round } from './statistics.js';

/** From the commit of a fact until its process has acted and parked, in milliseconds. */
export async function measureLag(
  where: Where,
  times: number,
): Promise<{ readonly p50: number; readonly p99: number }> {
  const pool = new pg.Pool({ connectionString: where.ownerUrl, max: 2 });
  const desk = await openDesk(where.url, where.key, 9000);
  const lags: number[] = [];
  for (let n = 0; n < times; n += 1) {
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
    lags.push(performance.now() - began);
  }
  await pool.end();
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (q: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

/** One journey as a person types it, with the seconds that it took. */
export async function measureJourney(
  where: Where,
  file: string,
  ...flags: readonly string[]
): Promise<number> {
  const cli = fileURLToPath(new URL('../apps/cli/main.js', import.meta.url));
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [cli, 'journey', file, '--url', where.url, '--key', where.key, '--json', ...flags],
    { stdio: 'ignore' },
  );
  const code = await new Promise<number>((done) => child.on('exit', (exit) => done(exit ?? 70)));
  if (code !== 0) throw new Error(`the journey ended with ${String(code)}`);
  return round((performance.now() - began) / 1000);
}

/** Resident memory of a process, in megabytes. */
export function residentOf(pid: number): number {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
