import type { Id } from '#domain/actor.js';
import { isInstant, type Instant } from '#domain/instant.js';
import type { Operation, Operations } from '#database/operations.js';
import type { Restless, Sandboxes } from '#database/sandboxes.js';
import type { Bell } from '#platform/bell.js';
import type { Log } from '#platform/log.js';
import { runOf, type Runs } from '#platform/runs.js';
import { startLoop, type Loop } from './loop.js';

const LEASE_MS = 30_000;
const AT_ONCE = 8;
const LOOK_MS = 50;
const TELL_AFTER_MS = 500;
const REPORT_AFTER_MS = 5_000;
const MOVES_REPORT_MS = 500;

export interface ClockParts {
  readonly operations: Operations;
  readonly sandboxes: Sandboxes;
  readonly runs: () => Promise<Runs>;
  /** Rings when a process has parked. */
  readonly parked: Bell;
  /** Called when an advance has come to its end. */
  readonly over: () => void;
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
  let stopping = false;
  const takeOne = async (): Promise<boolean> => {
    const operation = moving.size < AT_ONCE ? await operations.take('clock-advance', LEASE_MS) : undefined;
    if (!operation) return false;
    const moved = advance(operation, { ...parts, isStopping: () => stopping })
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
  const loop = startLoop(takeOne, { name: 'sandbox-clock', idleMs: 250, log });
  const stop = async (): Promise<void> => {
    stopping = true;
    parts.parked.ring();
    await loop.stop();
    await Promise.all(moving);
  };
  return { ...loop, stop };
}

/** An advance whose program is stopping is left where it is; somebody else takes it up. */
type Advancing = ClockParts & { readonly isStopping: () => boolean };

/** How far an advance has come. */
interface Course {
  now: Instant | null;
  to: Instant | null;
  moves: number;
}

async function advance(operation: Operation, parts: Advancing): Promise<void> {
  const { operations, sandboxes, isStopping } = parts;
  const { id, sandbox } = operation;
  if (sandbox === null) return operations.finish(id, { problem: { code: 'not-found' } });
  const course: Course = { now: await sandboxes.clock(sandbox), to: targetOf(operation), moves: 0 };
  const report = (leaseMs = LEASE_MS): Promise<void> => operations.progress(id, course, leaseMs);
  await untilParked(sandbox, TELL_AFTER_MS, report, parts);
  if (course.to === null && !isStopping()) {
    course.to = await sandboxes.nextDue(sandbox);
    await report(); // so that it goes no further when it is taken up again
  }
  let reported = performance.now();
  while (course.now !== null && course.to !== null && course.now < course.to && !isStopping()) {
    course.now = await sandboxes.move(sandbox, course.to);
    course.moves += 1;
    await untilParked(sandbox, 0, report, parts);
    if (performance.now() < reported + MOVES_REPORT_MS) continue;
    await report();
    reported = performance.now();
  }
  if (isStopping()) return report(0);
  await operations.finish(id, { result: { now: course.now, moves: course.moves } });
  parts.over();
}

/** The instant that was asked for, or found when this was under way before; none yet for the next one that is awaited. */
const targetOf = ({ input, progress }: Operation): Instant | null =>
  [input, progress ?? {}]
    .map((one) => ('to' in one ? one.to : null))
    .find((to): to is Instant => typeof to === 'string' && isInstant(to)) ?? null;

/**
 * Until nobody has anything left to do at this instant. Those who have something to do are told what time it is, after so many
 * milliseconds and then more and more rarely: perhaps they wait for a mail.
 */
async function untilParked(
  sandbox: Id,
  tellAfterMs: number,
  report: () => Promise<void>,
  parts: Advancing,
): Promise<void> {
  const { parked, sandboxes, isStopping } = parts;
  const began = performance.now();
  let [tellAfter, reportAfter] = [tellAfterMs, REPORT_AFTER_MS];
  for (
    let rings = parked.rings, restless = await sandboxes.restless(sandbox);
    restless.length > 0 && !isStopping();
  ) {
    const waited = performance.now() - began;
    if (waited >= tellAfter) {
      tellAfter = Math.max(TELL_AFTER_MS, 2 * tellAfter);
      await tell(restless, parts);
    }
    if (waited >= reportAfter) {
      reportAfter += REPORT_AFTER_MS;
      await report();
    }
    await parked.after(rings, LOOK_MS);
    rings = parked.rings;
    restless = await sandboxes.restless(sandbox);
  }
}

/** Tells processes what time it is and how many facts there are; those that have not been told a fact hear of it from the relay. */
async function tell(restless: readonly Restless[], { runs }: ClockParts): Promise<void> {
  const temporal = await runs();
  for (const { told, last, now, ...process } of restless) {
    if (told < last) continue;
    await temporal.tell(runOf(process), { facts: [], taken: [], last, clock: now, sandbox: true });
  }
}
