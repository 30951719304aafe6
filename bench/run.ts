import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, hostname, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseEnv, parseArgs } from 'node:util';
import { readConfig, type Config } from '#platform/config.js';
import { freePort } from '#platform/ports.js';
import { readRecord } from '../apps/cli/up/data-folder.js';
import { Start } from '../apps/cli/up/system.js';
import { measureCommands, type CommandResult, type Where } from './command.js';
import { closeConnections } from './http.js';
import { measureSteps, type StepResult } from './step.js';
import { measureJourney, measureLag, residentOf } from './whole.js';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    each: { type: 'string', default: '200' },
  },
});
const [rounds, seconds, each] = [Number(flags.rounds), Number(flags.seconds), Number(flags.each)];
const SAMPLE = 'samples/customer-chat-assistant.yaml';

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
  const config: Config = readConfig({ dataFolder: folder, port, duties, logLevel: 'error' });
  const start = new Start(config);
  const { address, keyFile } = await start.system();
  const record = readRecord(folder);
  const key = parseEnv(readFileSync(keyFile, 'utf8'))['PERENNIAL_KEY'] ?? '';
  const ownerUrl = ownerUrlOf(folder, record?.postgresPort ?? 0);
  return {
    ...{ url: address, key, ownerUrl },
    ...{ temporal: record?.temporalAddress ?? '', pids: record?.pids ?? {}, stop: () => start.stop() },
  };
}

/** The owner's password lies in the data folder's secrets. */
function ownerUrlOf(folder: string, port: number): string {
  const file = join(folder, 'secrets', 'postgres');
  const password = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/perennial`;
}

interface Results {
  readonly commands: readonly CommandResult[];
  readonly steps: StepResult;
  readonly lag: { readonly p50: number; readonly p99: number };
  readonly journeySeconds: readonly number[];
  readonly memory: { readonly api: number; readonly worker: number };
}

async function measure(folder: string): Promise<Results> {
  let place = await running(folder, 'processes,notices');
  say('a command over HTTP beside one plain transaction …');
  const commands = await measureCommands(place, rounds, seconds);
  say('a fact acted on beside a bare workflow …');
  const steps = await measureSteps(place, rounds, each);
  await place.stop();
  place = await running(folder, 'processes,notices,relay');
  try {
    say('the relay, a journey, memory …');
    const lag = await measureLag(place, 50);
    const journeySeconds = [];
    for (let n = 0; n < 3; n += 1) journeySeconds.push(await measureJourney(place, SAMPLE));
    const memory = { api: residentOf(place.pids['api'] ?? 0), worker: residentOf(place.pids['worker'] ?? 0) };
    return { commands, steps, lag, journeySeconds, memory };
  } finally {
    await place.stop();
  }
}

interface Goal {
  readonly id: string;
  readonly goal: string;
  readonly value: number;
  readonly met: boolean;
}

function goalsOf({ commands, steps, lag, journeySeconds, memory }: Results): readonly Goal[] {
  const at = (clients: number): CommandResult | undefined => commands.find((one) => one.clients === clients);
  const [p50, tps] = [at(1)?.p50.median ?? Infinity, at(16)?.throughput.median ?? 0];
  const slowest = Math.max(...journeySeconds);
  return [
    { id: 'W1', goal: 'command p50 ≤ 3 × plain, 1 client', value: p50, met: p50 <= 3 },
    { id: 'W1', goal: 'command throughput ≥ 0.3 × plain, 16 clients', value: tps, met: tps >= 0.3 },
    {
      id: 'W2',
      goal: 'process step ≥ 0.8 × bare',
      value: steps.throughput.median,
      met: steps.throughput.median >= 0.8,
    },
    { id: 'lag', goal: 'fact acted on p99 ≤ 500 ms, with the relay', value: lag.p99, met: lag.p99 <= 500 },
    { id: 'journey', goal: 'journey ≤ 15 s', value: slowest, met: slowest <= 15 },
    { id: 'memory', goal: 'API ≤ 250 MB', value: memory.api, met: memory.api <= 250 },
    { id: 'memory', goal: 'worker ≤ 500 MB', value: memory.worker, met: memory.worker <= 500 },
  ];
}

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** The result file: what was measured, on what, and what the goals say. */
function write(results: Results, goals: readonly Goal[]): string {
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
    settings: { rounds, seconds, each, fsync: 'on', synchronousCommit: 'on', logLevel: 'error' },
    ...{ results, goals },
  };
  mkdirSync('bench/results', { recursive: true });
  const file = `bench/results/${at.slice(0, 10)}-${commit}-${String(machine.cores)}cores.json`;
  writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`);
  return file;
}

const folder = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
try {
  const results = await measure(folder);
  const goals = goalsOf(results);
  for (const { id, goal, value, met } of goals)
    say(`${met ? 'met   ' : 'MISSED'}  ${id.padEnd(8)} ${goal.padEnd(48)} ${String(value)}`);
  const unsteady = [
    ...results.commands.flatMap(({ p50, throughput }) => [p50, throughput]),
    results.steps.throughput,
  ].filter(({ steady }) => !steady);
  if (unsteady.length > 0)
    say(`${String(unsteady.length)} ratios are unsteady (spread of a quarter or more): the machine was busy`);
  say(`written to ${write(results, goals)}`);
  process.exitCode = goals.every(({ met }) => met) ? 0 : 1;
} finally {
  closeConnections();
  rmSync(folder, { recursive: true, force: true });
}
