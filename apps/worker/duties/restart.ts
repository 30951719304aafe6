import type { DataSource } from 'typeorm';
import { processesOf, type ProcessShown } from '#database/reading/processes.js';
import { withClient } from '#database/transaction.js';
import type { Fleet } from '#database/fleet.js';
import type { Log } from '#platform/log.js';
import { pause } from '#platform/pause.js';
import type { Runs } from '#platform/runs.js';
import { queueOf } from '#platform/runs.js';
import { startLoop, type Loop } from './loop.js';

const PAGE = 100;
const EACH_MS = 20;
const LOOK_MS = 15_000;

export interface RestartParts {
  readonly source: DataSource;
  readonly fleet: Fleet;
  readonly runs: Runs;
  readonly release: string;
  readonly log: Log;
}

/**
 * At boot: every open process that runs under other code is ended and started again from the ledger, 50 a second. Nothing is
 * lost by that, because a run holds nothing that the ledger has not.
 */
export async function restartOlder(parts: RestartParts): Promise<number> {
  let restarted = 0;
  for (let page = await older(parts); page.length > 0; page = await older(parts, page.at(-1)?.id)) {
    for (const process of page) {
      await restart(process, parts);
      restarted += 1;
      await pause(EACH_MS);
    }
  }
  if (restarted > 0)
    parts.log.info({ restarted, release: parts.release }, 'processes of older code were started again');
  return restarted;
}

/**
 * Looks again and again for runs of other code that nobody serves any more: two releases may work side by side for a while, and
 * the older one may start runs until it ends.
 */
export const startStrays = (parts: RestartParts): Loop =>
  startLoop(() => restartStrays(parts), { name: 'strays', idleMs: LOOK_MS, log: parts.log });

async function restartStrays(parts: RestartParts): Promise<boolean> {
  const served = new Map<string, boolean>();
  let restarted = 0;
  for (let page = await older(parts); page.length > 0; page = await older(parts, page.at(-1)?.id)) {
    for (const process of page) {
      if (await isServed(await queueFor(process, parts), served, parts)) continue;
      await restart(process, parts);
      restarted += 1;
    }
  }
  if (restarted > 0) parts.log.info({ restarted }, 'processes that nobody served were started again');
  return false;
}

/** Where the run of a process waits to be served; a run that has not begun to read is asked for at the server. */
async function queueFor({ id, release }: ProcessShown, { runs }: RestartParts): Promise<string | undefined> {
  return release === null ? (await runs.standing(id))?.taskQueue : queueOf(release);
}

async function isServed(
  queue: string | undefined,
  known: Map<string, boolean>,
  { runs }: RestartParts,
): Promise<boolean> {
  if (queue === undefined) return false;
  const served = known.get(queue) ?? (await runs.isServed(queue));
  known.set(queue, served);
  return served;
}

async function older({ source, release }: RestartParts, after?: string): Promise<readonly ProcessShown[]> {
  const which = { status: 'open' as const, notOf: release, ...(after === undefined ? {} : { after }) };
  return withClient(source, (client) => processesOf(client, which, PAGE));
}

async function restart(process: ProcessShown, { fleet, log }: RestartParts): Promise<void> {
  for (let wait = 1_000; ; wait = Math.min(wait * 2, 30_000)) {
    try {
      await fleet.begin(process);
      return;
    } catch (error) {
      log.warn({ err: error, process: process.id }, 'not started; tried again in a moment');
      await pause(wait);
    }
  }
}
