import type { Sequencer } from '#database/sequencer.js';
import type { Log } from '#platform/log.js';
import { startLoop, type Loop } from './loop.js';

const IDLE_MS = 100;

/** Gives each entry its place in the feed of events, soon after its commit. Safe to run many times. */
export const startSequencing = (sequencer: Sequencer, log: Log): Loop =>
  startLoop(
    async () => {
      const placed = await sequencer.place();
      return placed !== 'elsewhere' && placed > 0;
    },
    { name: 'sequencer', idleMs: IDLE_MS, log },
  );
