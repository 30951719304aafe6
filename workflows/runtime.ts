import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { Item, News, Step } from '#domain/process/news.js';

/** Where a process stands when it goes to sleep, for those who look at it from outside. */
export interface Standing {
  readonly organisation: Id;
  /** The number for people of the thing, else its id. */
  readonly name: string;
  readonly stage: string;
  readonly waits: readonly Item[];
  readonly next?: Instant;
  readonly overdue: boolean;
  /** True where the clock stands still until it is moved. */
  readonly sandbox: boolean;
}

/**
 * Where a process runs: on Temporal, or in memory with virtual time. The host above it is the same in both.
 * `seen` is always the number of facts that the process has read.
 */
export interface Runtime {
  /** The next page of facts, and on the first call every step taken so far. */
  read(seen: number): Promise<News>;
  /** Takes the step unless it was taken before; answers it among the steps taken, and what is unseen. */
  take(step: Step, seen: number): Promise<News>;
  /** Writes the agenda, unless there is something unseen; answers what is unseen, the last reminders, and the instants of the items. */
  park(items: readonly Item[], seen: number): Promise<News>;
  /** Until there is something to hear, or the instant may have come on the ledger's clock. */
  sleep(until: Instant | undefined, standing: Standing): Promise<void>;
  /** What was told since the last call. */
  heard(): readonly News[];
  /** True when the run should end here and a fresh one go on from the ledger. */
  full(): boolean;
  renew(): Promise<void>;
}
