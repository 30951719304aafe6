import type { Id } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import type { Machine, Thing } from '#domain/machine.js';
import type { Order } from '#domain/process/news.js';
import type { OpenTask } from '#domain/task/task.js';

/** A day for which a process waits, and the words for it that people read. */
export interface Due {
  readonly on: CivilDate;
  readonly because: string;
}

/**
 * What a stage of a process may do. Everything goes through these few, so the same function runs on Temporal in
 * production and in memory with virtual time.
 */
export interface Primitives<S extends Thing> {
  /** The thing as the ledger says it stands now. */
  readonly thing: S;
  /** Takes the named step unless its fact exists; a refusal is recorded too, so a step is never taken twice. */
  once(step: string, order: Order): Promise<void>;
  /** Waits until the day has passed on the organisation's clock, or something no longer holds; at once when it is so. */
  until(due: Due, asLongAs?: (thing: S) => boolean): Promise<void>;
  /** Waits until the thing satisfies the predicate; at once when it does. */
  when(satisfied: (thing: S) => boolean, because: string): Promise<void>;
  /** Lets something go on beside what follows, until the stage ends. */
  beside(what: () => Promise<void>): void;
  /** Reminds by its ladder of an obligation of the thing, or of all that it owes, whenever it is open until the stage ends. */
  remind(obligation?: string): void;
}

/** What goes on while a thing is in one stage. A stage that is not named waits for the next fact alone. */
export type Stage<S extends Thing> = { live(p: Primitives<S>, thing: S): Promise<void> }['live'];

/** The life of one kind of thing as a process: its machine, and what goes on in each stage. */
export interface Process<S extends Thing = Thing> {
  readonly name: string;
  /** Raised when the order of steps is changed on purpose; recorded histories are kept for each edition. */
  readonly edition: number;
  readonly machine: Machine<S>;
  readonly stages: Readonly<Record<string, Stage<S>>>;
}

/** Asks one thing of one queue of people; the command `asks` closes the task. */
export const openTask = (input: OpenTask): Order => ({
  command: 'openTask',
  makes: { kind: 'task', prefix: 'tsk' },
  input,
});

/**
 * Waits until a day of the thing has passed, by the day that holds then: a date may move while it is waited for, come only
 * later, or fall away.
 */
export async function untilPassed<S extends Thing>(
  p: Primitives<S>,
  dayOf: (thing: S) => CivilDate | undefined,
  because: string,
): Promise<void> {
  for (;;) {
    await p.when((thing) => dayOf(thing) !== undefined, because);
    const on = dayOf(p.thing);
    if (on === undefined) continue;
    await p.until({ on, because }, (thing) => dayOf(thing) === on);
    if (dayOf(p.thing) === on) return;
  }
}

/** Does something each time that a day of the thing has passed, until the stage ends; once for each day. */
export async function eachTimePassed<S extends Thing>(
  p: Primitives<S>,
  { dayOf, because }: { readonly dayOf: (thing: S) => CivilDate | undefined; readonly because: string },
  then: (day: CivilDate) => Promise<void>,
): Promise<void> {
  for (;;) {
    await untilPassed(p, dayOf, because);
    const day = dayOf(p.thing);
    if (day !== undefined) await then(day);
    await p.when((thing) => dayOf(thing) !== day, because);
  }
}

/** The id under which a step is known for ever: process, stage, how often the stage was entered, step. */
export const stepKey = (process: Id, stage: string, entry: number, step: string): string =>
  `${process}/${stage}#${String(entry)}/${step}`;
