import type { Outages } from '#database/outages.js';
import type { Log } from '#platform/log.js';
import type { Runs } from '#platform/runs.js';
import { startLoop, type Loop } from './loop.js';

const LOOK_MS = 5_000;
/** The duty whose silence is an outage. */
const DUTY = 'processes';

export interface PulseParts {
  readonly outages: Outages;
  readonly runs: Runs;
  readonly log: Log;
}

/** Says that processes are lived again, before the first of them is: what was missed is missed since the last time this was said. */
export async function beatFirst({ outages, log }: Omit<PulseParts, 'runs'>): Promise<void> {
  const outage = await outages.beat(DUTY);
  if (outage !== undefined) log.warn({ outage }, 'processes stood still; what was missed is made up for');
}

/**
 * Says again and again that processes are lived: the ledger answers, the workflow server answers, and somebody asks it for work.
 * After an outage it completes the report, as soon as nobody is behind.
 */
export const startPulse = (parts: PulseParts): Loop =>
  startLoop(() => beat(parts), { name: 'pulse', idleMs: LOOK_MS, log: parts.log });

async function beat(parts: PulseParts): Promise<boolean> {
  const { outages, runs, log } = parts;
  if (!(await runs.isServed(runs.taskQueue))) return false;
  await beatFirst(parts);
  const outage = await outages.follow();
  if (outage !== undefined)
    log.info({ outage }, 'everything has caught up; the report of the outage is complete');
  return false;
}
