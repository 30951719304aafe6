import type { Id } from '../actor.js';
import { addDays, addMonths, yearOf } from '../calendar.js';
import {
  earliestOf,
  hardDate,
  plannedDate,
  readAs,
  softSpan,
  span,
  type Basis,
  type ExplainedDate,
} from '../explanation.js';
import { civilDate, type CivilDate } from '../instant.js';
import type { Policy } from '../policy.js';
import type { RuleId } from '../refusal.js';

/** What the surveillances of a cycle follow from. (R-PRG-2, R-CAL-8) */
export interface Cycle {
  /** The certificate whose cycle it is. */
  readonly certificate?: Id;
  /** 1 for the first; each renewal begins the next. */
  readonly cycle: number;
  /** The decision that began it. */
  readonly decidedOn: CivilDate;
  /** The year from which years are counted: of the first decision, later of the recertification audit. (I-5) */
  readonly startYear: number;
  /** The last day of the recertification audit: planned, until it was held. (I-5) */
  readonly recertificationOn: CivilDate;
  /** The last day of Stage 2, where the body counts from it too. */
  readonly stage2LastDay?: CivilDate;
}

/** A surveillance that was held: the day that counts, and the calendar year for which it counts. (I-1, I-2) */
export interface HeldSurveillance {
  readonly on: CivilDate;
  readonly year: number;
}

/** The dates of one surveillance that is owed. */
export interface SurveillanceDates {
  /** The earliest date that the audit would meet, with all bases. */
  readonly due: ExplainedDate;
  /** The earliest hard one, when a soft one rules before it. */
  readonly atLatest?: ExplainedDate;
  readonly target: ExplainedDate;
  readonly opens: ExplainedDate;
  readonly closes: ExplainedDate;
  readonly informationAsked: ExplainedDate;
  readonly informationDue: ExplainedDate;
}

/** The calendar years that need a surveillance: those between the start year and the year of the recertification. (R-SUR-2, R-CAL-8) */
export const yearsNeeded = ({ startYear, recertificationOn }: Cycle): readonly number[] =>
  Array.from({ length: Math.max(0, yearOf(recertificationOn) - startYear - 1) }, (_, n) => startYear + 1 + n);

/** The day and the year for which an audit counts, as the body reads it. (I-1, I-2) */
export const countedAs = (
  { firstDay, lastDay }: { readonly firstDay: CivilDate; readonly lastDay: CivilDate },
  policy: Policy,
): HeldSurveillance => ({
  on: policy.reads('surveillance.dateBasis', 'lastDay') ? lastDay : firstDay,
  year: yearOf(policy.reads('surveillance.yearOfSpanningAudit', 'lastDay') ? lastDay : firstDay),
});

/** The year from which the years of a cycle are counted. (I-5) */
export const startYearOf = (
  { decidedOn, auditedOn }: { readonly decidedOn: CivilDate; readonly auditedOn?: CivilDate | undefined },
  policy: Policy,
): number =>
  yearOf(auditedOn && policy.reads('surveillance.startYearLaterCycles', 'auditYear') ? auditedOn : decidedOn);

const decision = ({ decidedOn }: Cycle) => ({ name: 'decision', date: decidedOn });

const monthsAfterDecision = (cycle: Cycle, nth: 1 | 2, rule: RuleId, policy: Policy): Basis =>
  span(
    { rule, anchor: decision(cycle), key: `surveillance${nth}.maxMonthsFromDecision`, unit: 'months' },
    policy,
  );

/** The first surveillance of a certification has a hard date; that of later cycles too, where the body reads it so. (R-SUR-1, I-4) */
function firstAtLatest(cycle: Cycle, policy: Policy): readonly Basis[] {
  if (cycle.cycle > 1 && policy.reads('surveillance1.laterCycles', 'programmeDate')) return [];
  const { stage2LastDay } = cycle;
  const fromDecision = monthsAfterDecision(cycle, 1, 'R-SUR-1', policy);
  if (stage2LastDay === undefined || policy.reads('surveillance1.extraAnchor', 'none')) return [fromDecision];
  const anchor = { name: 'last day of Stage 2', date: stage2LastDay };
  const key = 'surveillance1.maxMonthsFromDecision';
  return [fromDecision, span({ rule: 'R-SUR-1', anchor, key, unit: 'months' }, policy)];
}

/** The next calendar year that needs a surveillance; a year that went by without one is lost for ever. (R-SUR-2) */
function calendarYear(cycle: Cycle, held: readonly HeldSurveillance[]): readonly Basis[] {
  const from = Math.max(cycle.startYear, ...held.map(({ year }) => year));
  const year = yearsNeeded(cycle).find((one) => one > from);
  if (year === undefined) return [];
  const operation = `the end of calendar year ${String(year)}`;
  return [{ date: civilDate(`${String(year)}-12-31`), rule: 'R-SUR-2', anchor: decision(cycle), operation }];
}

/** A body may audit more often than the rules ask; the nth date is counted from the decision. (R-SUR-2c, R-CAL-16) */
function byInterval(cycle: Cycle, nth: number, policy: Policy): readonly Basis[] {
  const key = 'surveillance.intervalMonths';
  const value = policy.number(key);
  if (value >= 12) return [];
  return [
    {
      date: addMonths(cycle.decidedOn, nth * value),
      rule: 'R-SUR-2c',
      anchor: decision(cycle),
      operation: `plus ${String(nth * value)} months`,
      policy: { key, value, version: policy.edition(key) },
    },
  ];
}

/** Dates of the programme, which are departed from and not broken. (R-SUR-2b, I-3, I-4) */
function byProgramme(cycle: Cycle, nth: number, policy: Policy): readonly Basis[] {
  const later = cycle.cycle > 1 && policy.reads('surveillance1.laterCycles', 'programmeDate');
  return [
    ...(nth === 1 && later ? [monthsAfterDecision(cycle, 1, 'I-4', policy)] : []),
    ...(nth === 2 ? [monthsAfterDecision(cycle, 2, 'R-SUR-2b', policy)] : []),
    ...byInterval(cycle, nth, policy),
  ].filter(({ date }) => date < cycle.recertificationOn);
}

const readings: Readonly<Partial<Record<RuleId, RuleId>>> = { 'R-SUR-2b': 'I-3', 'I-4': 'I-4' };

function interpreted(date: ExplainedDate, { cycle }: Cycle): ExplainedDate {
  const read = date.basis.flatMap(
    ({ rule }) => readings[rule] ?? (rule === 'R-SUR-2' && cycle > 1 ? ['I-5' as const] : []),
  );
  return read.length === 0 ? date : readAs(date, ...new Set(read));
}

/** The dates of the surveillance that comes after those that were held; none when the cycle owes no more. (R-CAL-8, R-CAL-9, R-CAL-13) */
export function nextSurveillance(
  cycle: Cycle,
  held: readonly HeldSurveillance[],
  policy: Policy,
): SurveillanceDates | undefined {
  const nth = held.length + 1;
  const hard = [...(nth === 1 ? firstAtLatest(cycle, policy) : []), ...calendarYear(cycle, held)];
  const soft = byProgramme(cycle, nth, policy);
  const due = earliestOf({ hard, soft }, policy);
  if (!due) return undefined;
  const [first, ...more] = hard;
  const atLatest = first && hardDate(first, ...more);
  return {
    due: interpreted(due, cycle),
    ...(atLatest && due.kind === 'soft' ? { atLatest: interpreted(atLatest, cycle) } : {}),
    ...windowOf(due, byInterval(cycle, nth, policy), policy),
  };
}

/** The day to aim at, the window around it, clipped at a hard date, and when the client tells of changes. (R-CAL-9, I-17) */
function windowOf(
  due: ExplainedDate,
  [planned]: readonly Basis[],
  policy: Policy,
): Omit<SurveillanceDates, 'due' | 'atLatest'> {
  const lead = { name: 'due date', date: due.date };
  const target: ExplainedDate =
    planned && planned.date <= due.date
      ? { date: planned.date, kind: 'soft', rule: planned.rule, basis: [planned] }
      : plannedDate(
          {
            ...{ rule: 'R-CAL-9', anchor: lead, key: 'surveillance.targetLeadMonths' },
            ...{ unit: 'months', direction: 'before' },
          },
          policy,
        );
  const anchor = { name: 'target', date: target.date };
  const before = { anchor, direction: 'before' } as const;
  const closes = plannedDate(
    { rule: 'R-CAL-9', anchor, key: 'surveillance.windowAfterMonths', unit: 'months' },
    policy,
  );
  return {
    target,
    opens: plannedDate(
      { ...before, rule: 'R-CAL-9', key: 'surveillance.windowBeforeMonths', unit: 'months' },
      policy,
    ),
    closes: readAs(due.kind === 'hard' && due.date < closes.date ? due : closes, 'I-17'),
    informationAsked: plannedDate(
      { ...before, rule: 'SM-7', key: 'surveillance.informationAskedDays', unit: 'days' },
      policy,
    ),
    informationDue: softSpan(
      { ...before, rule: 'SM-7', key: 'surveillance.informationDueDays', unit: 'days' },
      policy,
    ),
  };
}

/** All surveillances that a cycle still owes after those that were held, each taken to be held on the day on which it is due. */
export function surveillancesOwed(
  cycle: Cycle,
  held: readonly HeldSurveillance[],
  policy: Policy,
): readonly SurveillanceDates[] {
  const next = nextSurveillance(cycle, held, policy);
  if (!next) return [];
  const on = next.due.date;
  return [next, ...surveillancesOwed(cycle, [...held, { on, year: yearOf(on) }], policy)];
}

/** The years that need a surveillance and would have none, were these the audits that are held. (R-SUR-2, R-CAL-8) */
export const yearsWithout = (cycle: Cycle, audits: readonly HeldSurveillance[]): readonly number[] =>
  yearsNeeded(cycle).filter((year) => audits.every((one) => one.year !== year));

/** The day before a day: what happens on a day begins when the day before has passed. */
export const eveOf = (day: CivilDate): CivilDate => addDays(day, -1);
