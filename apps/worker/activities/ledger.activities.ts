import { ApplicationFailure } from '@temporalio/common';
import type { Id } from '#domain/actor.js';
import type { Item, Step } from '#domain/process/news.js';
import { NoSuchProcess } from '#database/process-news.js';
import type { Processes } from '#database/processes.js';
import type { LedgerActivities } from '#workflows/activities.js';

/** What runs ask of the ledger. Each is one transaction; a repeated one changes nothing. `parked` is called after each parking. */
export const ledgerActivities = (
  processes: Processes,
  release: string,
  parked: () => void,
): LedgerActivities => ({
  readLedger: (process: Id, seen: number) => final(processes.read(process, seen, release)),
  takeStep: (process: Id, step: Step, seen: number) => final(processes.take(process, step, seen)),
  parkProcess: async (process: Id, items: readonly Item[], seen: number) => {
    const news = await final(processes.park(process, items, seen));
    parked();
    return news;
  },
});

/** A process that the ledger does not know is never a matter of time; everything else is tried again. */
async function final<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoSuchProcess) throw ApplicationFailure.nonRetryable(error.message, error.name);
    throw error;
  }
}
