import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { isInstant, type Instant } from '#domain/instant.js';
import type { Operation, Operations } from '#database/operations.js';
import { processesOf } from '#database/reading/processes.js';
import type { Sandboxes } from '#database/sandboxes.js';
import { withClient } from '#database/transaction.js';
import type { Log } from '#platform/log.js';
import { pause } from '#platform/pause.js';
import type { Runs } from '#platform/runs.js';
import { runOf } from '../runs.js';
import { startLoop, type Loop } from './loop.js';

const LEASE_MS = 30_000;
const AT_ONCE = 8;
const LOOK_MS = 5;
const LONGEST_LOOK_MS = 50;
const REPEAT_AFTER_LOOKS = 15;
const KEEP_AFTER_LOOKS = 100;

export interface ClockParts {
  readonly source: DataSource;
  readonly operations: Operations;
  readonly sandboxes: Sandboxes;
  readonly runs: () => Promise<Runs>;
  readonly log: Log;
}

/**
 * Carries out the advances of sandbox clocks: from one awaited instant to the next, and at each until every process has parked
 * again, so that reminders go off one by one as they would have. The clocks of several sandboxes move beside each other. An
 * advance that was cut off is taken up again when its lease has run out.
 */
export function startSandboxClock(parts: ClockParts): Loop {
  const { operations, log } = parts;
  const moving = new Set<Promise<void>>();
  const takeOne = async (): Promise<boolean> => {
    const operation = moving.size < AT_ONCE ? await operations.take('clock-advance', LEASE_MS) : undefined;
    if (!operation) return false;
    const moved = advance(operation, parts)
      .catch((error: unknown) => {
        log.warn(
          { err: error, operation: operation.id },
          'a clock was not moved; taken up again in a moment',
        );
      })
      .finally(() => moving.delete(moved));
    moving.add(moved);
    return true;
  };
  const loop = startLoop(takeOne, { name: 'sandbox-clock', busyMs: 0, idleMs: 20, log });
  const stop = async (): Promise<void> => {
    await loop.stop();
    await Promise.all(moving);
  };
  return { ...loop, stop };
}

/** To an instant, or to the next one that is awaited. */
type Target = { readonly to: Instant } | { readonly until: 'next' };

async function advance(operation: Operation, parts: ClockParts): Promise<void> {
  const { id, sandbox } = operation;
  if (sandbox === null) return parts.operations.finish(id, { problem: { code: 'not-found' } });
  const target = targetOf(operation.input);
  let now: Instant | undefined;
  let moves = 0;
  const parked = (): Promise<void> =>
    untilParked(sandbox, parts, () => parts.operations.progress(id, { now: now ?? null, moves }, LEASE_MS));
  await parked();
  for (
    let next = await nextOf(sandbox, target, now, parts);
    next;
    next = await nextOf(sandbox, target, now, parts)
  ) {
    now = await parts.sandboxes.move(sandbox, next);
    moves += 1;
    await parts.operations.progress(id, { now, moves }, LEASE_MS);
    await tellRestless(sandbox, parts);
    await parked();
  }
  await parts.operations.finish(id, { result: { now: now ?? null, moves } });
}

/** The next instant to move to: an awaited one on the way, then the target itself; nothing when it has been reached. */
async function nextOf(
  sandbox: Id,
  target: Target,
  now: Instant | undefined,
  { sandboxes }: ClockParts,
): Promise<Instant | undefined> {
  const due = await sandboxes.nextDue(sandbox);
  if ('until' in target) return now === undefined ? due : undefined;
  if (now !== undefined && now >= target.to) return undefined;
  return due !== undefined && due < target.to ? due : target.to;
}

function targetOf(input: object): Target {
  return 'to' in input && typeof input.to === 'string' && isInstant(input.to)
    ? { to: input.to }
    : { until: 'next' };
}

/**
 * Until nobody has anything left to do at this instant, looking less and less often, since with many processes looking costs.
 * Those who seem to have heard neither the time nor what happened are told again, more and more rarely: perhaps they wait for a mail.
 */
async function untilParked(sandbox: Id, parts: ClockParts, keepLease: () => Promise<void>): Promise<void> {
  let tellAfter = REPEAT_AFTER_LOOKS;
  for (let looks = 1; !(await parts.sandboxes.allParked(sandbox)); looks += 1) {
    await pause(Math.min(LOOK_MS * looks, LONGEST_LOOK_MS));
    if (looks % KEEP_AFTER_LOOKS === 0) await keepLease();
    if (looks < tellAfter) continue;
    tellAfter *= 2;
    await tellRestless(sandbox, parts);
  }
}

/** Tells the processes that have something to do what time it is and how many facts there are; the relay tells the facts. */
async function tellRestless(sandbox: Id, { source, sandboxes, runs }: ClockParts): Promise<void> {
  const temporal = await runs();
  for (const { process, now } of await sandboxes.restless(sandbox)) {
    const [row] = await withClient(source, (client) => processesOf(client, { id: process }, 1));
    if (!row || row.told < row.last) continue;
    const news = { facts: [], taken: [], last: row.last, clock: now, sandbox: true };
    await temporal.tell(runOf({ ...row, number: row.subject }), news);
  }
}
