import type { Log } from '#platform/log.js';
import type { Runs } from '#platform/runs.js';
import { startLoop, type Loop } from './loop.js';

const LOOK_MS = 60 * 60_000;
/** In UTC: before the working day of most, after the reminders of those who live furthest east. */
const HOUR = 5;

/** Sees to it that the schedule of the daily watch is there, and that its workflow is one of this release. */
export const keepSchedule = ({ runs, log }: { readonly runs: Runs; readonly log: Log }): Loop =>
  startLoop(
    async () => {
      await runs.everyDay('dailyWatch', HOUR);
      return false;
    },
    { name: 'schedule', idleMs: LOOK_MS, log },
  );
