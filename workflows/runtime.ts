import type { BusinessCalendar } from '#domain/calendar.js';
import type { CivilDate, Instant } from '#domain/instant.js';
import type { Fact } from '#domain/machine.js';
import type { Order } from './process.js';

/** One line of the agenda: what a process waits for. Without a day it waits for a fact. */
export interface Item {
  readonly label: string;
  readonly on?: CivilDate;
  /** `passed`: the first instant after the day. `morning`: nine o'clock of the day, when reminders go out. */
  readonly at?: 'passed' | 'morning';
}

/** A step that the process has taken, with the reminders that it covered. */
export interface Taken {
  readonly key: string;
  readonly rungs?: readonly string[];
}

/** What the ledger tells a process: facts beyond those it has seen, its steps, and the time. */
export interface News {
  readonly facts: readonly Fact[];
  readonly taken: readonly Taken[];
  /** The number of facts that the thing has; more than were seen means that some are still to be read. */
  readonly last: number;
  readonly clock: Instant;
  readonly calendar?: BusinessCalendar;
  /** The instants of the items that were asked about, in their order; none for items without a day. */
  readonly instants?: readonly (Instant | null)[];
}

/** A step as it is asked for: its key for ever, and the command behind it. */
export interface Step {
  readonly key: string;
  readonly order: Order;
}

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
