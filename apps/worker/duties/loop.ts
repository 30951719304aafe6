import type { Logger } from 'pino';
import { pause } from '#platform/pause.js';

/** A loop of the worker program: looks whether there is work, does it, and rests when there is none. */
export interface Loop {
  /** Looks again at once. */
  wake(): void;
  /** Finishes what is under way and looks no more. */
  stop(): Promise<void>;
}

export interface Rhythm {
  readonly name: string;
  readonly busyMs: number;
  readonly idleMs: number;
  readonly log: Logger;
}

const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 10_000;

/** Runs `work` again and again; it answers whether there was something. A failure is logged, and tried again later each time. */
export function startLoop(work: () => Promise<boolean>, { name, busyMs, idleMs, log }: Rhythm): Loop {
  const ending = new AbortController();
  let rest = new AbortController();
  const sleep = async (ms: number): Promise<void> => {
    rest = new AbortController();
    await Promise.race([pause(ms), aborted(rest.signal), aborted(ending.signal)]);
  };
  const run = async (): Promise<void> => {
    for (let backoff = FIRST_BACKOFF_MS; !ending.signal.aborted;) {
      try {
        const busy = await work();
        backoff = FIRST_BACKOFF_MS;
        await sleep(busy ? busyMs : idleMs);
      } catch (error) {
        log.warn({ err: error, duty: name }, 'tried again in a moment');
        await sleep(backoff * (0.5 + Math.random()));
        backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
      }
    }
  };
  const running = run();
  return {
    wake: () => {
      rest.abort();
    },
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
