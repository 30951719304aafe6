import type { CivilDate, Instant } from './instant.js';
import { evolve, type Fact, type Machine, type Thing } from './machine.js';
import type { Policy } from './policy.js';
import { policyOf, policyVersionMachine, type Setters } from './policy-version/policy-version.js';
import type { Loaded } from './record.js';

/** What is asked of the past: what counted at the end of a day or at an instant, and what had been recorded by an instant. */
export interface Then {
  readonly asOf?: CivilDate | Instant;
  readonly knownAt?: Instant;
}

/** The same with the day brought to its last instant in a zone. A side that is left out bounds nothing. */
export interface Bounds {
  readonly effectiveBy?: Instant;
  readonly recordedBy?: Instant;
}

/** True for a fact that counted by then and had been recorded by then. (R-GEN-5, R-CAL-14) */
export const counts = (
  { effectiveAt, at }: Pick<Fact, 'effectiveAt' | 'at'>,
  { effectiveBy, recordedBy }: Bounds,
): boolean =>
  (effectiveBy === undefined || effectiveAt <= effectiveBy) && (recordedBy === undefined || at <= recordedBy);

/** A thing as it was, and when the first and the last of its facts that count were recorded. */
export interface Past extends Loaded {
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/**
 * A thing as it was, from all its facts in the order of their versions; undefined when its first fact does not count, for
 * then there was no such thing.
 *
 * Each fact is asked by itself, and those that count keep the order of their versions. An act that was recorded later and
 * counts from earlier stays behind what stood when it was decided: with `effectiveBy` alone it counts from its day on, with
 * `recordedBy` before its recording it is not known. No act counts from a day on which its thing had not come so far
 * (R-CAL-14), so at the end of a day no move is missing between two that count. Within a day there may be: a back-dated act
 * counts from noon, also when what it rests on happened that afternoon.
 *
 * A correction of a date counts from the day of the correction, as every act does: a day before it shows what stood then.
 *
 * `version` is that of the last fact that counts; it is their number when none between is left out.
 */
export function thingThen(machine: Machine, facts: readonly Fact[], bounds: Bounds): Past | undefined {
  const [first] = facts;
  if (!first || !counts(first, bounds)) return undefined;
  const counted = facts.filter((fact) => counts(fact, bounds));
  const begin: Thing = machine.initial(first.stream);
  const thing = counted.reduce((state, fact) => evolve(machine, state, fact), begin);
  const { version, at: updatedAt } = counted.at(-1) ?? first;
  return { thing, version, createdAt: first.at, updatedAt };
}

/** The policy that was in force then among the versions that were read: an approved version never changes. (R-GEN-4) */
export const policyThen = (
  things: readonly Thing[],
  { effectiveBy, recordedBy }: Bounds,
  setters: Setters,
): Policy =>
  policyOf(
    things
      .filter(policyVersionMachine.is)
      .filter(
        ({ enteredAt = '', since = '' }) =>
          (recordedBy === undefined || enteredAt <= recordedBy) &&
          (effectiveBy === undefined || since <= effectiveBy),
      ),
    setters,
  );
