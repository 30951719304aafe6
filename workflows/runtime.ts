import type { Instant } from '#domain/instant.js';
import type { Item, News, Step } from '#domain/process/news.js';

/**
 * Where a process runs: on Temporal, or in memory with virtual time. The host above it is the same in both.
 * `seen` is always the number of facts that the process has read.
 */
export interface Runtime {
  /** The next page of facts, and on the first call every step taken so far. */
  read(seen: number): Promise<News>;
  take(step: Step, seen: number): Promise<News>;
  /** Writes the agenda, unless there is something unseen; answers what is unseen, and the instants of the items. */
  park(items: readonly Item[], seen: number): Promise<News>;
  /** Until there is something to hear, or the instant has come. */
  sleep(until: Instant | undefined): Promise<void>;
  /** What was told since the last call. */
  heard(): readonly News[];
  now(): Instant;
  /** True when the run should end here and a fresh one go on from the ledger. */
  full(): boolean;
  renew(): Promise<void>;
}
