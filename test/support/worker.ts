import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Instant } from '#domain/instant.js';
import type { TemporalPlace } from '#platform/temporal-client.js';
import { endsWithFile, fromRun, type TestDatabase } from './postgres.js';

export const node = join(process.cwd(), 'node_modules/.bin/node');
const READY_MS = 60_000;

/** A passage of a process file, and what stands there instead. */
export interface PlantedChange {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The bundle of the processes, made from the source once in a test run. */
export async function bundled(...changes: readonly PlantedChange[]): Promise<string> {
  const words = changes.flatMap(({ file, from, to }) => [file, from, to]);
  const name = createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 12);
  const out = join(fromRun('TEST_RUN_FOLDER'), `processes-${name}.js`);
  if (!existsSync(out)) await promisify(execFile)(node, ['test/support/bundle.mjs', out, ...words]);
  return out;
}

/** A worker program of the spec's own, as a process of its own: it can be killed like a real one. */
export interface TestWorker {
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export interface WorkerWish {
  readonly database: TestDatabase;
  readonly temporal: TemporalPlace;
  readonly bundle?: string;
  readonly duties?: readonly ('processes' | 'notices' | 'relay')[];
  readonly mailUrl?: string;
  /** Where its traces go. */
  readonly otlpUrl?: string | undefined;
  /** What the machine's clock shows when the worker starts; it goes on from there. Now, when it is not said. */
  readonly startsAt?: Instant;
  /** Without waiting for the workflow server. */
  readonly early?: boolean;
}

export async function startWorker(wish: WorkerWish): Promise<TestWorker> {
  const {
    database,
    temporal,
    duties = ['processes', 'notices', 'relay'],
    mailUrl,
    otlpUrl,
    early = false,
  } = wish;
  const bundle = wish.bundle ?? (await bundled());
  const behindMs = wish.startsAt === undefined ? 0 : Date.now() - Date.parse(wish.startsAt);
  const setting = { databaseUrl: database.appUrl, temporal, duties, mailUrl, otlpUrl, bundle, behindMs };
  const child = spawn(node, ['--import', './test/support/source.mjs', 'test/support/worker-program.ts'], {
    env: { ...process.env, WORKER_SETTING: JSON.stringify(setting), NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(join(fromRun('TEST_RUN_FOLDER'), 'worker.log'), { flags: 'a' });
  child.stderr?.pipe(log, { end: false });
  const worker = { stop: () => ended(child, 'SIGTERM'), kill: () => ended(child, 'SIGKILL') };
  endsWithFile({ child: { pid: child.pid ?? 0 }, stop: worker.kill });
  await said(child, early ? 'started' : 'at work');
  return worker;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await over;
}

/** Waits until the program says the word; what it prints besides goes nowhere. */
async function said(child: ChildProcess, word: string): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error(`the worker did not say "${word}"; it said: ${text}`));
    }, READY_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(`${word}\n`)) {
        clearTimeout(late);
        resolve();
      }
    });
    child.once('exit', () => {
      clearTimeout(late);
      reject(new Error(`the worker ended before it said "${word}"; it said: ${text}`));
    });
  });
}
