import type { Logger } from 'pino';
import { Bell } from '#platform/bell.js';

/** A loop of the worker program: looks whether there is work, does it, and rests when there is none. */
export interface Loop {
  /** Looks again at once; while it waits after a failure, it waits on. */
  wake(): void;
  /** Finishes what is under way and looks no more. */
  stop(): Promise<void>;
}

export interface Rhythm {
  readonly name: string;
  readonly idleMs: number;
  readonly log: Logger;
}

const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 5_000;

/** Runs `work` again and again; it answers whether there was something. A failure is logged, and tried again later each time. */
export function startLoop(work: () => Promise<boolean>, { name, idleMs, log }: Rhythm): Loop {
  const [calls, end] = [new Bell(), new Bell()];
  const isOver = (): boolean => end.rings > 0;
  const run = async (): Promise<void> => {
    for (let backoff = FIRST_BACKOFF_MS; !isOver();) {
      const before = calls.rings;
      try {
        const busy = await work();
        backoff = FIRST_BACKOFF_MS;
        if (!busy) await calls.after(before, idleMs);
      } catch (error) {
        log.warn({ err: error, duty: name }, 'tried again in a moment');
        await end.after(0, backoff * (0.5 + Math.random()));
        backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
      }
    }
  };
  const running = run();
  return {
    wake: () => {
      calls.ring();
    },
    stop: async () => {
      end.ring();
      calls.ring();
      await running;
    },
  };
}
