import type { Role } from './actor.js';
import { addBusinessDays, addDays, nextBusinessDay, type BusinessCalendar } from './calendar.js';
import type { ExplainedDate } from './explanation.js';
import type { CivilDate } from './instant.js';
import type { OwedWords } from './owed-words.js';

/** Something owed by a date. It is open as long as the state of its thing lists it. */
export interface Obligation {
  /** Unique in its thing, stable, kebab-case: `plan`, `major-verified`. */
  readonly key: string;
  /** What is owed, for people: "plan for correction and corrective action". */
  readonly what: OwedWords;
  readonly due: ExplainedDate;
  readonly ladder: LadderName;
  readonly escalation?: EscalationName;
  /** Whom the reminders before the date go to. */
  readonly owedBy: readonly Role[];
}

/** How far a reminder escalates: not before the date, to the next in line from the date on, to those above after a week. */
export type Level = 0 | 1 | 2;

/** One reminder of a ladder: its name, the day it is due, whom it goes to. */
export interface Rung {
  readonly name: string;
  readonly on: CivilDate;
  readonly to: readonly Role[];
  /** True from the due date on: the obligation is overdue and more people learn of it. */
  readonly escalates: boolean;
}

/** Days before the due date on which people are reminded; the short ladder of tasks counts business days. */
export const ladders = {
  'L-LONG': { unit: 'days', before: [180, 120, 90, 60, 30, 14, 7, 1] },
  'L-MED': { unit: 'days', before: [60, 30, 14, 7, 3, 1] },
  'L-SHORT': { unit: 'days', before: [14, 7, 3, 1] },
  'L-TASK': { unit: 'businessDays', before: [5, 2, 1] },
} as const;

export type LadderName = keyof typeof ladders;

/** Who learns of it a week before, on the date and a week after. */
export const escalations = {
  'X-CLIENT': { before: ['aims-manager'], due: ['process-owner', 'aims-manager'], after: ['top-management'] },
  'X-CB': {
    before: ['programme-manager'],
    due: ['programme-manager', 'scheme-administrator'],
    after: ['decision-maker', 'scheme-administrator'],
  },
} as const satisfies Record<string, Record<string, readonly Role[]>>;

export type EscalationName = keyof typeof escalations;

const WEEKS_OVERDUE = 52;

/** On the day itself, the day after, and then every week for a year. */
const overdue = [0, 1, ...Array.from({ length: WEEKS_OVERDUE }, (_, week) => (week + 1) * 7)].map((days) => ({
  days,
  name: days === 0 ? 'on-the-day' : `${String(days)}-days-overdue`,
}));

const none: ReadonlySet<string> = new Set();

/**
 * The reminders of an obligation in the order of their days, each worked out when it is asked for, without those that were sent:
 * before the date by its ladder, then on the date, a day after, and weekly for a year. Reminders of a soft date fall on business days.
 */
export function* rungs(
  obligation: Obligation,
  calendar: BusinessCalendar,
  sent = none,
): Generator<Rung, void> {
  yield* rungsBefore(obligation, calendar, sent);
  yield* rungsOverdue(obligation, calendar, sent);
}

function* rungsBefore(
  { ladder, due, owedBy, escalation }: Obligation,
  calendar: BusinessCalendar,
  sent: ReadonlySet<string>,
): Generator<Rung, void> {
  const { unit, before } = ladders[ladder];
  for (const n of before) {
    const name = `${String(n)}-${unit === 'days' ? 'days' : 'business-days'}-before`;
    if (sent.has(name)) continue;
    const on = unit === 'days' ? addDays(due.date, -n) : addBusinessDays(due.date, -n, calendar);
    const told = n <= 7 && unit === 'days' && escalation ? escalations[escalation].before : [];
    yield {
      name,
      on: due.kind === 'soft' ? nextBusinessDay(on, calendar) : on,
      to: unique([...owedBy, ...told]),
      escalates: false,
    };
  }
}

function* rungsOverdue(
  { due, owedBy, escalation }: Obligation,
  calendar: BusinessCalendar,
  sent: ReadonlySet<string>,
): Generator<Rung, void> {
  for (const { days, name } of overdue) {
    if (sent.has(name)) continue;
    const told = escalation ? escalations[escalation][levelOf(name) < 2 ? 'due' : 'after'] : [];
    const day = addDays(due.date, days);
    const on = due.kind === 'soft' ? nextBusinessDay(day, calendar) : day;
    yield { name, on, to: unique([...owedBy, ...told]), escalates: true };
  }
}

/** How far the reminder of this name escalates. */
export function levelOf(rung: string): Level {
  const [, days] = /^(\d+)-days-overdue$/.exec(rung) ?? [];
  if (days === undefined) return rung === 'on-the-day' ? 1 : 0;
  return Number(days) < 7 ? 1 : 2;
}

const unique = (roles: readonly Role[]): Role[] => [...new Set(roles)];
