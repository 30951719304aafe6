import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { processesOf, type ProcessShown } from '#database/reading/processes.js';
import { withClient } from '#database/transaction.js';
import type { Fleet } from '#database/fleet.js';
import type { Log } from '#platform/log.js';
import { pause } from '#platform/pause.js';
import { isAway, queueOf, type Runs } from '#platform/runs.js';
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

/** The loop that takes over processes, and when it has done so for the first time. */
export interface TakingOver extends Loop {
  readonly tookOver: Promise<unknown>;
}

/**
 * At boot every open process that runs under other code is ended and started again from the ledger, 50 a second at most. Nothing
 * is lost by that, because a run holds nothing that the ledger has not. Later looks are for runs of other code that nobody serves
 * any more: two releases may work side by side for a while, and the older one may start runs until it ends. What cannot be
 * started is left for a later look.
 */
export function startTakingOver(parts: RestartParts): TakingOver {
  const first = Promise.withResolvers<undefined>();
  let look = lookFrom(true);
  const goOn = async (): Promise<boolean> => {
    if (await takesSome(look, parts)) return true;
    const { restarted, isFirst } = look;
    const why = isFirst ? 'of older code' : 'that nobody served';
    if (restarted > 0)
      parts.log.info({ restarted, release: parts.release }, `processes ${why} were started again`);
    first.resolve(undefined);
    look = lookFrom(false);
    return false;
  };
  const loop = startLoop(goOn, { name: 'taking-over', idleMs: LOOK_MS, log: parts.log });
  return { ...loop, tookOver: first.promise };
}

/** A look at all processes that run under other code, in the order of their ids. */
interface Look {
  readonly isFirst: boolean;
  /** By task queue, as far as it has been asked. */
  readonly served: Map<string, boolean>;
  after: Id | undefined;
  restarted: number;
}

const lookFrom = (isFirst: boolean): Look => ({
  ...{ isFirst, served: new Map<string, boolean>() },
  ...{ after: undefined, restarted: 0 },
});

/** Goes some way; false at the end. At boot one by one: the watch may start some of them meanwhile, and none is started twice. */
async function takesSome(look: Look, parts: RestartParts): Promise<boolean> {
  const page = await older(parts, look.after, look.isFirst ? 1 : PAGE);
  for (const process of page) {
    const isLeft = !look.isFirst && (await isServed(await queueFor(process, parts), look.served, parts));
    if (!isLeft && (await restart(process, parts))) look.restarted += 1;
    look.after = process.id;
  }
  return page.length > 0;
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

async function older(
  { source, release }: RestartParts,
  after: Id | undefined,
  limit: number,
): Promise<readonly ProcessShown[]> {
  const which = { status: 'open' as const, notOf: release, ...(after === undefined ? {} : { after }) };
  return withClient(source, (client) => processesOf(client, which, limit));
}

/** False when it cannot be started. A server that is away is no fault of the process. */
async function restart(process: ProcessShown, { fleet, log }: RestartParts): Promise<boolean> {
  try {
    await fleet.begin(process);
  } catch (error) {
    if (isAway(error)) throw error;
    log.warn({ err: error, process: process.id }, 'not started; the others come first');
    return false;
  }
  await pause(EACH_MS);
  return true;
}
