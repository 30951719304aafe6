import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startChild, type Rung } from '#platform/child.js';
import { childEnvironment, environmentFor, type Config } from '#platform/config.js';
import { atMost } from '#platform/pause.js';
import { StartFailure } from '#platform/start-failure.js';
import type { Part } from './keeper.js';

export type Program = 'api' | 'worker';

/** The API takes no more and answers what it has; the worker finishes the steps that it has begun. */
const ladders: Record<Program, readonly Rung[]> = {
  api: [
    { signal: 'SIGTERM', patienceMs: 12_000 },
    { signal: 'SIGKILL', patienceMs: 5_000 },
  ],
  worker: [
    { signal: 'SIGTERM', patienceMs: 25_000 },
    { signal: 'SIGKILL', patienceMs: 5_000 },
  ],
};

const READY_MS = 60_000;
const ASK_MS = 3_000;
const LOG_LINES = 6;

export const logOf = (config: Config, program: Program): string =>
  join(config.dataFolder, 'logs', `${program}.log`);

/** Of the megabytes in which new objects are made: with twice as many, V8 keeps twice the memory and is no faster. */
const YOUNG = '--max-semi-space-size=8';

/** One of our two programs, as a process of its own; it ends when the channel to us does. */
export async function startProgram(program: Program, config: Config): Promise<Part> {
  const main = fileURLToPath(new URL(`../../${program}/main.js`, import.meta.url));
  // The data folder stands in the command, so that a later start knows whose it was.
  const args = [YOUNG, main, `--data=${config.dataFolder}`];
  const env = childEnvironment(environmentFor({ ...config, databaseOwnerUrl: undefined }));
  const launch = { command: process.execPath, args, env };
  const child = await startChild(launch, { logFile: logOf(config, program), channel: true });
  return { child, stop: () => child.stop(ladders[program]) };
}

export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Until the program says that it can serve; one that ends before that is a failure of the start. */
export async function whenReady(program: Program, { child }: Part, config: Config): Promise<void> {
  const late = atMost(READY_MS).then(() => `not ready after ${String(READY_MS / 1000)} s`);
  const failed = await Promise.race([child.told.then(() => undefined), child.exited, late]);
  if (failed !== undefined) throw fell(program, config, failed);
}

function fell(program: Program, config: Config, how: string): StartFailure {
  const file = logOf(config, program);
  const last = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES);
  return new StartFailure({
    code: 'E1019',
    what: `The ${program === 'api' ? 'API' : 'worker'} did not start: ${how}.`,
    lines: [...last.map((line) => `| ${line}`), `All of it: ${file}`],
  });
}
