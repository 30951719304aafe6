import type { WatchActivities } from '#workflows/activities.js';
import { watchOver, type WatchParts } from '../duties/watch.js';
import { beating } from './beating.js';

/** What the schedule has done once a day. */
export const watchActivities = (parts: WatchParts): WatchActivities => ({
  watch: () =>
    beating(async () => {
      await watchOver(parts, 'schedule');
    }),
});
