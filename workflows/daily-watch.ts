import { proxyActivities } from '@temporalio/workflow';
import type { WatchActivities } from './activities.js';

const { watch } = proxyActivities<WatchActivities>({
  startToCloseTimeout: '30m',
  retry: { initialInterval: '10s', maximumInterval: '5m' },
});

/** What the schedule begins once a day: no process, since it has no life in the ledger and waits for nothing. */
export async function dailyWatch(): Promise<void> {
  await watch();
}
