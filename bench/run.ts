import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, hostname, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseEnv, parseArgs } from 'node:util';
import { readConfig, type Config } from '#platform/config.js';
import { freePort } from '#platform/ports.js';
import { urlsOf } from '#platform/postgres.js';
import { runningIn } from '../apps/cli/up/data-folder.js';
import { Start } from '../apps/cli/up/system.js';
import { measureCommands, type Where } from './command.js';
import { closeConnections } from './http.js';
import { measureInbox } from './inbox.js';
import { measureRehearsals } from './rehearsals.js';
import { measureRoadmap } from './roadmap.js';
import type { Measured, RatioRow } from './statistics.js';
import { measureSteps } from './step.js';
import { measureJourneys, measureLag, measureMemory } from './whole.js';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    each: { type: 'string', default: '200' },
    programmes: { type: 'string', default: '1000' },
    rehearsals: { type: 'string', default: '1000' },
  },
});
const [rounds, seconds, each] = [Number(flags.rounds), Number(flags.seconds), Number(flags.each)];
const [programmes, rehearsals] = [Number(flags.programmes), Number(flags.rehearsals)];
const LAGS = 50;
const JOURNEYS = 3;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

interface Running extends Where {
  readonly temporal: string;
  readonly pids: Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}

/** The whole system with some of its duties, in a folder of its own. */
async function running(folder: string, duties: string): Promise<Running> {
  const port = String(await freePort(0));
  const config: Config = readConfig({
    ...{ dataFolder: folder, port, duties, logLevel: 'error' },
    requestsPerMinute: '0', // it asks as fast as it can
  });
  const start = new Start(config);
  const { address, keyFile } = await start.system();
  const record = runningIn(folder);
  const key = parseEnv(readFileSync(keyFile, 'utf8'))['PERENNIAL_KEY'] ?? '';
  const { ownerUrl } = urlsOf(record?.postgresPort ?? 0, config.secretsFolder);
  return {
    ...{ url: address, key, ownerUrl },
    ...{ temporal: record?.temporalAddress ?? '', pids: record?.pids ?? {}, stop: () => start.stop() },
  };
}

async function measure(folder: string): Promise<Measured> {
  say('whole certifications in memory, while nothing else runs …');
  const whole = await measureRehearsals(rehearsals);
  let place = await running(folder, 'processes,notices');
  say('a command over HTTP beside one plain transaction …');
  const commands = await measureCommands(place, rounds, seconds);
  say('a fact acted on beside a bare workflow …');
  const steps = await measureSteps(place, rounds, each);
  await place.stop();
  place = await running(folder, 'processes,notices,relay');
  try {
    say('the relay, a journey, memory …');
    const lag = await measureLag(place, LAGS);
    const journeys = await measureJourneys(place, JOURNEYS);
    const memory = measureMemory(place.pids);
    say('a roadmap among many …');
    const roadmaps = await measureRoadmap(place, programmes, { rounds, seconds });
    say('an inbox among many …');
    const inboxes = await measureInbox(place, { rounds, seconds });
    return {
      rounds: [commands, steps, lag, roadmaps, inboxes, whole].flatMap((one) => one.rounds),
      ratios: [
        ...[commands, steps, lag, roadmaps, inboxes, whole].flatMap((one) => one.ratios),
        ...[...journeys, ...memory],
      ],
    };
  } finally {
    await place.stop();
  }
}

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** The result file: what was measured, on what, and what the goals say. */
function write(measured: Measured): string {
  const at = new Date().toISOString();
  const commit = git('rev-parse', '--short', 'HEAD');
  const [cpu] = cpus();
  const machine = {
    name: hostname().slice(0, 12),
    ...{
      cpu: cpu?.model ?? '',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
    },
  };
  const whole = {
    format: 'perennial-bench/1',
    ...{ at, commit, dirty: git('status', '--porcelain') !== '', machine },
    software: { node: process.versions.node, postgres: '18', temporal: 'dev server, SQLite' },
    settings: {
      rounds,
      seconds,
      each,
      programmes,
      rehearsals,
      fsync: 'on',
      synchronousCommit: 'on',
      logLevel: 'error',
    },
    ...measured,
    growth: [],
  };
  mkdirSync('bench/results', { recursive: true });
  const file = `bench/results/${at.slice(0, 10)}-${commit}-${String(machine.cores)}cores.json`;
  writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`);
  return file;
}

function tell({ workload, metric, against, concurrency, goal, median, min, max, verdict }: RatioRow): void {
  const what = `${workload.padEnd(8)} ${metric.padEnd(24)} ${against.padEnd(13)} at ${String(concurrency).padStart(2)}`;
  say(`${verdict.padEnd(9)} ${what}   ${String(median)} (${String(min)} to ${String(max)}), aim ${goal}`);
}

/** 1: an aim was missed; 2: the machine was too busy to tell. */
function exitOf(ratios: readonly RatioRow[]): number {
  if (ratios.some(({ verdict }) => verdict === 'missed')) return 1;
  return ratios.some(({ verdict }) => verdict === 'unsteady') ? 2 : 0;
}

const folder = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
try {
  const measured = await measure(folder);
  measured.ratios.forEach(tell);
  say(`written to ${write(measured)}`);
  process.exitCode = exitOf(measured.ratios);
} finally {
  closeConnections();
  rmSync(folder, { recursive: true, force: true });
}
