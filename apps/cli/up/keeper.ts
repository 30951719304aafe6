import process from 'node:process';
import type { Child } from '#platform/child.js';
import { pause } from '#platform/pause.js';

export interface Part {
  child: Child;
  stop: () => Promise<void>;
}

/** A part of the system that is started again when it falls. */
export interface Kept {
  stop: () => Promise<void>;
  killAtOnce: () => void;
}

export interface Keeping<T extends Part> {
  name: string;
  start: () => Promise<T>;
  /** Told of each start. */
  started: (part: T) => void;
  say: (text: string) => void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const STEADY_MS = 60_000;

/** Keeps a part running: when it ends by itself, a line says so, and it is started again, later each time. */
export async function keep<T extends Part>(keeping: Keeping<T>): Promise<Kept> {
  const { name, start, started, say } = keeping;
  const ending = new AbortController();
  let part = await start();
  started(part);
  const watch = async (): Promise<void> => {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const began = Date.now();
      const how = await part.child.exited;
      if (ending.signal.aborted) return;
      if (Date.now() - began > STEADY_MS) wait = FIRST_WAIT_MS;
      say(`${name} ended (${how}); it is started again.`);
      const again = await startedAgain(
        start,
        wait,
        () => ending.signal.aborted,
        (why) => say(`${name} does not start: ${why}`),
      );
      if (again === undefined) return;
      part = again;
      started(part);
    }
  };
  const watching = watch();
  const stop = async (): Promise<void> => {
    ending.abort();
    await part.stop();
    await watching;
  };
  return { stop, killAtOnce: () => kill(part.child.pid) };
}

async function startedAgain<T extends Part>(
  start: () => Promise<T>,
  wait: number,
  isEnding: () => boolean,
  say: (why: string) => void,
): Promise<T | undefined> {
  for (let next = wait; ; next = Math.min(next * 2, LONGEST_WAIT_MS)) {
    await pause(next);
    if (isEnding()) return undefined;
    try {
      const part = await start();
      if (!isEnding()) return part;
      await part.stop();
      return undefined;
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended.
  }
}
