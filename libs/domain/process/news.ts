import type { BusinessCalendar } from '../calendar.js';
import type { CivilDate, Instant } from '../instant.js';
import type { Fact } from '../machine.js';

/** A command that a process issues: to the thing whose life it is, or to a new thing made under it. */
export interface Order {
  readonly command: string;
  readonly makes?: { readonly kind: string; readonly prefix: string };
  readonly input: object;
}

/** A step as it is asked for: its key for ever, and the command behind it. */
export interface Step {
  readonly key: string;
  readonly order: Order;
}

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

/** The last reminder, or the withdrawal, of each obligation of which a process has reminded; `taken` in its order. */
export function lastReminders(taken: readonly Taken[]): readonly Taken[] {
  const last = new Map<string | undefined, Taken>();
  for (const one of taken) {
    const [, , word, obligation] = one.key.split('/');
    if (word === 'remind') last.set(obligation, one);
  }
  return [...last.values()];
}

/** What the ledger tells a process: facts beyond those it has seen, its steps, and the time. */
export interface News {
  readonly facts: readonly Fact[];
  readonly taken: readonly Taken[];
  /** The number of facts that the thing has; more than were seen means that some are still to be read. */
  readonly last: number;
  /** The organisation's clock, as the ledger reads it. */
  readonly clock: Instant;
  /** True on a sandbox clock: it stands still, and processes are told when it moves. */
  readonly sandbox?: boolean;
  readonly calendar?: BusinessCalendar;
  /** The instants of the items that were asked about, in their order; none for items without a day. */
  readonly instants?: readonly (Instant | null)[];
}
