import { isSurveillance, surveillance, hardDateOf, type Surveillance } from '../surveillance/facts.js';
import { countedAs, yearsWithout } from '../surveillance/calendar-year.js';
import {
  cycleOf,
  isRecertification,
  recertification,
  type Recertification,
} from '../recertification/facts.js';
import { currentOf, plannedIn, surveillancesMoved } from '../recertification/cycle.js';
import { grantedAmong } from '../certificate/life.js';
import type { CivilDate } from '../instant.js';
import type { Context, Event, Thing } from '../machine.js';
import { isNonconformity } from '../nonconformity/finding.js';
import type { Warning } from '../refusal.js';
import type { Audit } from './life.js';

// An audit of a certificate that lives is held for something that was owed: a surveillance, or the recertification.

/** The surveillance for which an audit is held. */
export const surveillanceOf = (
  things: readonly Thing[],
  { auditType, about }: Audit,
): Surveillance | undefined =>
  auditType === 'surveillance' ? things.filter(isSurveillance).find(({ id }) => id === about) : undefined;

/** The recertification for which an audit is held; a Stage 1 that comes before is about it too, and holds nothing of it. (R-REC-2) */
export const recertificationOf = (
  things: readonly Thing[],
  { auditType, about }: Audit,
): Recertification | undefined =>
  auditType === 'recertification'
    ? things.filter(isRecertification).find(({ id }) => id === about)
    : undefined;

/** The kinds of things that an audit of a living certificate moves. */
export const whatIsOwed = ['surveillance', 'recertification', 'certificate'] as const;

const under = (stages: readonly string[], one: Thing | undefined): boolean =>
  one !== undefined && stages.includes(one.stage);

/** What was owed is under way. */
export function startedFor(state: Audit, things: readonly Thing[]): readonly Event[] {
  const [watch, renewal] = [surveillanceOf(things, state), recertificationOf(things, state)];
  return [
    ...(watch && under(['scheduled'], watch) ? [surveillance('surveillance.started', watch.id, {})] : []),
    ...(renewal && under(['scheduled'], renewal)
      ? [recertification('recertification.started', renewal.id, {})]
      : []),
  ];
}

/** What was owed is reported. */
export function reportedFor(state: Audit, things: readonly Thing[]): readonly Event[] {
  const [watch, renewal] = [surveillanceOf(things, state), recertificationOf(things, state)];
  const majors = things
    .filter(isNonconformity)
    .filter(({ about, grade, stage }) => about === state.id && grade === 'major' && stage !== 'retracted');
  return [
    ...(watch && under(['inProgress'], watch)
      ? [surveillance('surveillance.reported', watch.id, { majors: majors.length })]
      : []),
    ...(renewal && under(['inProgress'], renewal)
      ? [recertification('recertification.reported', renewal.id, {})]
      : []),
  ];
}

/** The audit will not be held; what was owed by it stays owed. (R-PRG-1) */
export function lostFor(state: Audit, things: readonly Thing[]): readonly Event[] {
  const [watch, renewal] = [surveillanceOf(things, state), recertificationOf(things, state)];
  const open = ['scheduled', 'inProgress'];
  return [
    ...(watch && under(open, watch) ? [surveillance('surveillance.unscheduled', watch.id, {})] : []),
    ...(renewal && under(open, renewal)
      ? [recertification('recertification.unscheduled', renewal.id, {})]
      : []),
  ];
}

/** The audit is planned for other days. */
export function movedFor(state: Audit, plannedTo: CivilDate, context: Context): readonly Event[] {
  const { things } = context;
  const [watch, renewal] = [surveillanceOf(things, state), recertificationOf(things, state)];
  const planned = { audit: state.id, plannedTo };
  return [
    ...(watch && under(['scheduled'], watch)
      ? [surveillance('surveillance.scheduled', watch.id, planned)]
      : []),
    ...(renewal && under(['scheduled'], renewal)
      ? [recertification('recertification.scheduled', renewal.id, planned)]
      : []),
    ...(renewal ? recertificationMoved(renewal, plannedTo, context) : []),
  ];
}

/** What the surveillances of the cycle owe once its recertification is audited on another day. (R-CAL-8) */
export function recertificationMoved(
  state: Recertification,
  on: CivilDate,
  context: Context,
): readonly Event[] {
  const cycle = cycleOf(state, on);
  return cycle ? surveillancesMoved(grantedAmong(context.things), { cycle }, context) : [];
}

/** The days on which the audit was held, as what was owed counts them; what is owed next follows. (R-CAL-8, I-1, I-2) */
export function heldFor(
  state: Audit,
  days: { readonly firstDay: CivilDate; readonly lastDay: CivilDate },
  context: Context,
): readonly Event[] {
  const { things, policy } = context;
  const renewal = recertificationOf(things, state);
  if (renewal)
    return [
      recertification('recertification.held', renewal.id, { on: days.lastDay }),
      ...recertificationMoved(renewal, days.lastDay, context),
    ];
  const watch = surveillanceOf(things, state);
  const cycle = cycleNow(things, watch);
  if (!watch) return [];
  const as = countedAs(days, policy);
  const hard = hardDateOf(watch)?.date;
  const late = hard !== undefined && as.on > hard;
  return [
    surveillance('surveillance.held', watch.id, { ...as, late }),
    ...(cycle
      ? surveillancesMoved(grantedAmong(things), { cycle, held: { id: watch.id, as } }, context)
      : []),
  ];
}

const cycleNow = (things: readonly Thing[], watch: Surveillance | undefined) => {
  const current = currentOf(things, watch?.certificate);
  return current && current.cycle === watch?.cycle ? cycleOf(current) : undefined;
};

const warning = (
  code: Warning['code'],
  rules: Warning['rules'],
  message: string,
  acknowledge: boolean,
): Warning => ({ code, rules, message, acknowledge });

type Days = { readonly firstDay: CivilDate; readonly lastDay: CivilDate };

/** What is to be said of the days proposed for a surveillance. (R-CAL-9, I-17, I-18, R-CAL-8) */
export function surveillanceWarnings(
  watch: Surveillance,
  days: Days,
  { things, policy }: Context,
): readonly (Warning | undefined)[] {
  const [counted, hard, cycle] = [countedAs(days, policy), hardDateOf(watch), cycleNow(things, watch)];
  const others = cycle ? plannedIn(things, cycle).filter(({ id }) => id !== watch.id) : [];
  const left = cycle
    ? yearsWithout(cycle, [counted, ...others.map(({ as }) => as)]).filter((year) => year < counted.year)
    : [];
  return [
    watch.opens && watch.closes && (days.lastDay < watch.opens.date || days.lastDay > watch.closes.date)
      ? warning(
          'outside-planning-window',
          ['R-CAL-9', 'I-17'],
          `The window is ${watch.opens.date} to ${watch.closes.date}.`,
          false,
        )
      : undefined,
    hard && counted.on > hard.date
      ? warning(
          'after-due-date',
          [hard.rule, 'I-18'],
          `The hard date is ${hard.date}; held on ${counted.on} it closes what was owed as late.`,
          true,
        )
      : undefined,
    withoutSurveillance(left),
  ];
}

/** What is to be said of the days proposed for a recertification audit: it may leave a year without surveillance. (R-CAL-8, I-18) */
export function recertificationWarnings(
  state: Recertification,
  { lastDay }: Days,
  { things }: Context,
): readonly (Warning | undefined)[] {
  const [before, after] = [cycleOf(state), cycleOf(state, lastDay)];
  if (!before || !after) return [];
  const audits = plannedIn(things, state).map(({ as }) => as);
  const known = yearsWithout(before, audits);
  const left = yearsWithout(after, audits).filter((year) => !known.includes(year));
  return [
    state.expiry !== undefined && lastDay > state.expiry
      ? warning(
          'after-due-date',
          ['R-REC-1', 'I-18'],
          `The certificate expires on ${state.expiry}; the audit would be held after it.`,
          true,
        )
      : undefined,
    withoutSurveillance(left),
  ];
}

/** What is to be said of other days for an audit that is planned. */
export function warningsFor(state: Audit, days: Days, context: Context): readonly (Warning | undefined)[] {
  if (days.firstDay === state.plannedFrom && days.lastDay === state.plannedTo) return [];
  const [watch, renewal] = [surveillanceOf(context.things, state), recertificationOf(context.things, state)];
  return [
    ...(watch ? surveillanceWarnings(watch, days, context) : []),
    ...(renewal ? recertificationWarnings(renewal, days, context) : []),
  ];
}

const withoutSurveillance = (years: readonly number[]): Warning | undefined =>
  years.length === 0
    ? undefined
    : warning(
        'year-without-surveillance',
        ['R-SUR-2', 'R-CAL-8'],
        `No surveillance is planned in ${years.join(', ')}; one by ${String(years[0])}-12-31 would cure it.`,
        true,
      );
