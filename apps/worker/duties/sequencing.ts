import { FULL_BATCH, type Sequencer } from '#database/sequencer.js';
import type { Log } from '#platform/log.js';
import { startLoop, type Loop } from './loop.js';

const IDLE_MS = 100;

/**
 * Gives each entry its place in the feed of events, within a moment of its commit. Safe to run many times. It rests between batches
 * that are not full: each is a transaction, and takes its time from those of the writers.
 */
export const startSequencing = (sequencer: Sequencer, log: Log): Loop =>
  startLoop(async () => (await sequencer.place()) === FULL_BATCH, {
    name: 'sequencer',
    idleMs: IDLE_MS,
    log,
  });
