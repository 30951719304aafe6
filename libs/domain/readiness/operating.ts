import { addMonths, daysBetween } from '../calendar.js';
import { standing } from '../evidence/evidence.js';
import { softSpan, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import type { Policy } from '../policy.js';

/** How long the management system has been at work, by its operating records. (R-S2-3) */
export interface OperatingPeriod {
  readonly startedOn: CivilDate;
  /** The day on which it has run long enough. */
  readonly metOn: ExplainedDate;
  /** More than a month without a record, from one record to the next or to today. */
  readonly gaps: readonly { readonly from: CivilDate; readonly until: CivilDate }[];
}

/** The period since the first operating record; none before it. (R-S2-3) */
export function operatingPeriod(
  things: readonly Thing[],
  today: CivilDate,
  policy: Policy,
): OperatingPeriod | undefined {
  const days = standing(things, 'operatingRecord').flatMap(({ datedOn }) => datedOn ?? []);
  const [startedOn] = days;
  if (startedOn === undefined) return undefined;
  const anchor = { name: 'the first operating record', date: startedOn };
  const key = 'readiness.minOperatingMonths';
  const gaps = [...days, today]
    .map((until, place) => ({ from: days[place - 1] ?? startedOn, until }))
    .filter(({ from, until }) => daysBetween(addMonths(from, 1), until) > 0);
  return { startedOn, metOn: softSpan({ rule: 'R-S2-3', anchor, key, unit: 'months' }, policy), gaps };
}
