import type { Log } from '#platform/log.js';
import type { Runs } from '#platform/runs.js';
import { startLoop, type Loop } from './loop.js';

const LOOK_MS = 30_000;
/** In UTC: before the working day of most, after the reminders of those who live furthest east. */
const HOUR = 5;
const WORKFLOW = 'dailyWatch';

/**
 * Sees to it that the schedule of the daily watch is there, and that what it begins is served: by this release, which takes it at
 * boot, or by another one that took it later. When that one ends, this one takes it again.
 */
export function keepSchedule({ runs, log }: { readonly runs: Runs; readonly log: Log }): Loop {
  let isBoot = true;
  const look = async (): Promise<boolean> => {
    if (isBoot || !(await runs.isCarried(WORKFLOW))) await runs.everyDay(WORKFLOW, HOUR);
    isBoot = false;
    return false;
  };
  return startLoop(look, { name: 'schedule', idleMs: LOOK_MS, log });
}
