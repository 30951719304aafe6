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
const LOOK_MS = 5;
const REPEAT_AFTER_LOOKS = 100;

export interface ClockParts {
  readonly source: DataSource;
  readonly operations: Operations;
  readonly sandboxes: Sandboxes;
  runs(): Promise<Runs>;
  readonly log: Log;
}

/**
 * Carries out the advances of sandbox clocks: from one awaited instant to the next, and at each until every process has parked
 * again, so that reminders go off one by one as they would have. An advance that was cut off is taken up again.
 */
export const startSandboxClock = (parts: ClockParts): Loop =>
  startLoop(
    async () => {
      const operation = await parts.operations.take('clock-advance', LEASE_MS);
      if (operation) await advance(operation, parts);
      return operation !== undefined;
    },
    { name: 'sandbox-clock', busyMs: 0, idleMs: 20, log: parts.log },
  );

/** To an instant, or to the next one that is awaited. */
type Target = { readonly to: Instant } | { readonly until: 'next' };

async function advance(operation: Operation, parts: ClockParts): Promise<void> {
  const { operations, sandboxes } = parts;
  const { id, sandbox } = operation;
  if (sandbox === null) return operations.finish(id, { problem: { code: 'not-found' } });
  const target = targetOf(operation.input);
  let moves = 0;
  let now: Instant | undefined;
  for (;;) {
    await untilParked(sandbox, now, parts);
    const due = await sandboxes.nextDue(sandbox);
    const next = 'to' in target ? (due !== undefined && due < target.to ? due : target.to) : due;
    if (next === undefined || ('until' in target && moves > 0)) break;
    now = await sandboxes.move(sandbox, next);
    moves += 1;
    await operations.progress(id, { now, moves }, LEASE_MS);
    await tellDue(sandbox, now, parts);
    if ('to' in target && next >= target.to) {
      await untilParked(sandbox, now, parts);
      break;
    }
  }
  await operations.finish(id, { result: { now: now ?? null, moves } });
}

function targetOf(input: object): Target {
  return 'to' in input && typeof input.to === 'string' && isInstant(input.to)
    ? { to: input.to }
    : { until: 'next' };
}

/** Until nobody has anything left to do at this instant; those who seem not to have heard the time are told again. */
async function untilParked(sandbox: Id, now: Instant | undefined, parts: ClockParts): Promise<void> {
  for (let looks = 1; !(await parts.sandboxes.allParked(sandbox)); looks += 1) {
    await pause(LOOK_MS);
    if (looks % REPEAT_AFTER_LOOKS === 0) await tellDue(sandbox, now, parts);
  }
}

/** Tells the processes whose instant has come what time it is, in the order of their instants. */
async function tellDue(
  sandbox: Id,
  now: Instant | undefined,
  { source, sandboxes, runs }: ClockParts,
): Promise<void> {
  if (now === undefined) return;
  const temporal = await runs();
  for (const { process, due } of await sandboxes.restless(sandbox)) {
    if (due === null || due > now) continue;
    const [row] = await withClient(source, (client) => processesOf(client, { id: process }, 1));
    if (!row) continue;
    const news = { facts: [], taken: [], last: row.last, clock: now, sandbox: true };
    await temporal.tell(runOf({ ...row, number: row.subject }), news);
  }
}
