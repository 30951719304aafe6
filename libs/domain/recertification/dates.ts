import { addDays, addMonths } from '../calendar.js';
import { hardDate, plannedDate, softSpan, span, type Basis, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { Policy, Reading } from '../policy.js';
import type { RecertificationDates } from './facts.js';

/** On what a new expiry rests: the anniversary of the old one, or the decision. (R-CAL-6) */
export type ExpiryBasis = Reading<'recert.expiryBasis'>;

/** What a validity is computed from: the months asked for, where a body certifies for less than a whole cycle. (R-CRT-4, R-SUR-2c) */
export interface Term {
  readonly from: CivilDate;
  readonly months?: number | undefined;
}

const lessOneDay = (one: Basis): Basis => ({
  ...one,
  date: addDays(one.date, -1),
  operation: `${one.operation} minus 1 day`,
});

const shortened = (one: Basis, { from, months }: Term): Basis => {
  if (months === undefined) return one;
  const { policy: _, ...rest } = one;
  return { ...rest, date: addMonths(from, months), operation: `plus ${String(months)} months` };
};

const sameDay = (policy: Policy): boolean => policy.reads('expiry.convention', 'sameDay');

/** The last valid day of a cycle that begins with a DECISION, whenever it takes effect. (R-CAL-5, R-CRT-4) */
export function expiryFromDecision(term: Term, policy: Policy): ExplainedDate {
  const anchor = { name: 'decision', date: term.from };
  const whole = span({ rule: 'R-CAL-5', anchor, key: 'cycle.months', unit: 'months' }, policy);
  const anniversary = shortened(whole, term);
  return hardDate(sameDay(policy) ? anniversary : lessOneDay(anniversary));
}

/** The last valid day of a cycle that follows upon the old one, through the anniversary and not from the expiry itself. (R-CAL-6, R-CAL-7) */
export function expiryFromOld({ from: oldExpiry, months }: Term, policy: Policy): ExplainedDate {
  if (sameDay(policy)) {
    const anchor = { name: 'old expiry', date: oldExpiry };
    const whole = span({ rule: 'R-CAL-6', anchor, key: 'cycle.months', unit: 'months' }, policy);
    return hardDate(shortened(whole, { from: oldExpiry, months }));
  }
  const from = addDays(oldExpiry, 1);
  const anchor = { name: 'day after the old expiry', date: from };
  const whole = span({ rule: 'R-CAL-6', anchor, key: 'cycle.months', unit: 'months' }, policy);
  return hardDate(lessOneDay(shortened(whole, { from, months })));
}

/** The first day on which a renewal may keep the anniversary without a reason. (R-CAL-6, I-21) */
export const keepsAnniversaryFrom = (oldExpiry: CivilDate, policy: Policy): CivilDate =>
  addMonths(oldExpiry, -policy.number('recert.keepAnniversaryMaxLeadMonths'));

/** By when a recertification is started, its audit held, and decided, counted back from the expiry. (R-REC-1) */
export function recertificationDates(expiry: CivilDate, policy: Policy): RecertificationDates {
  const anchor = { name: 'expiry', date: expiry };
  const before = { rule: 'R-REC-1', anchor, direction: 'before' } as const;
  return {
    expiry,
    startDue: plannedDate({ ...before, key: 'recert.startMonthsBefore', unit: 'months' }, policy),
    auditDue: plannedDate({ ...before, key: 'recert.auditMonthsBefore', unit: 'months' }, policy),
    decisionDue: softSpan({ ...before, key: 'recert.decisionDaysBefore', unit: 'days' }, policy),
  };
}
