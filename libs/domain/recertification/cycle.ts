import type { Id } from '../actor.js';
import { yearOf } from '../calendar.js';
import type { Certificate } from '../certificate/life.js';
import type { CivilDate } from '../instant.js';
import type { Context, Event, Opening, Thing } from '../machine.js';
import {
  startYearOf,
  surveillancesOwed,
  type Cycle,
  type HeldSurveillance,
  type SurveillanceDates,
} from '../surveillance/calendar-year.js';
import { isSurveillance, surveillance, type Surveillance } from '../surveillance/facts.js';
import { recertificationDates } from './dates.js';
import {
  cycleOf,
  isRecertification,
  recertification,
  recertificationEnds,
  type Recertification,
} from './facts.js';

/** The decision that begins a cycle, and what its dates are counted from. (R-PRG-2) */
export interface Beginning {
  readonly certificate: Certificate;
  readonly cycle: number;
  readonly decidedOn: CivilDate;
  readonly expiry: CivilDate;
  /** The last day of the recertification audit that led to it; none in a first cycle. (I-5) */
  readonly auditedOn?: CivilDate | undefined;
  readonly stage2LastDay?: CivilDate | undefined;
}

type Around = Pick<Context, 'policy' | 'newId'>;

/** Where the things of a cycle belong: to the body that decided, about the certificate, seen by both sides. */
const opening = ({ id, number = id, organisation, programme }: Certificate, suffix: string): Opening => ({
  ...{ organisation, about: id, visibility: 'both', number: `${number}-${suffix}` },
  ...(programme === undefined ? {} : { programme }),
});

/** The facts by which a decision opens all that its cycle owes: each surveillance, and the recertification. (SM-7, SM-8) */
export function cycleOpened(beginning: Beginning, { policy, newId }: Around): readonly Event[] {
  const { certificate, cycle, decidedOn, expiry, stage2LastDay } = beginning;
  const dates = recertificationDates(expiry, policy);
  const startYear = startYearOf(beginning, policy);
  const anchor = stage2LastDay === undefined ? {} : { stage2LastDay };
  const id = newId('rct', cycle);
  const planned: Cycle = {
    ...{ certificate: certificate.id, cycle, decidedOn, startYear },
    ...{ recertificationOn: dates.auditDue.date, ...anchor },
  };
  return [
    recertification(
      'recertification.forecast',
      id,
      { cycle, certificate: certificate.id, decidedOn, startYear, ...anchor },
      { opens: opening(certificate, `R${String(cycle)}`) },
    ),
    recertification('recertification.dates-set', id, { ...dates, decidedOn, startYear }),
    ...surveillancesOwed(planned, [], policy).flatMap((owed, place) =>
      forecast(certificate, { cycle, ordinal: place + 1, owed }, newId),
    ),
  ];
}

interface Forecast {
  readonly cycle: number;
  readonly ordinal: number;
  readonly owed: SurveillanceDates;
}

function forecast(
  certificate: Certificate,
  { cycle, ordinal, owed }: Forecast,
  newId: Context['newId'],
): readonly Event[] {
  const id = newId('svl', cycle * 100 + ordinal);
  return [
    surveillance(
      'surveillance.forecast',
      id,
      { cycle, ordinal, certificate: certificate.id },
      { opens: opening(certificate, `S${String(cycle)}.${String(ordinal)}`) },
    ),
    surveillance('surveillance.dates-set', id, owed),
  ];
}

/** The recertification of the cycle that runs. */
export const currentOf = (
  things: readonly Thing[],
  certificate: Id | undefined,
): Recertification | undefined =>
  things
    .filter(isRecertification)
    .filter((one) => one.certificate === certificate)
    .reduce<Recertification | undefined>(
      (last, one) => ((last?.cycle ?? 0) > one.cycle ? last : one),
      undefined,
    );

/** Which cycle: one of a certificate, for a certification that was begun anew has a first cycle again. (I-38) */
export type OneCycle = Pick<Cycle, 'certificate' | 'cycle'>;

/** The surveillances of a cycle, in their order. */
export const surveillancesOf = (
  things: readonly Thing[],
  { certificate, cycle }: OneCycle,
): readonly Surveillance[] =>
  things
    .filter(isSurveillance)
    .filter((one) => one.certificate === certificate && one.cycle === cycle)
    .sort((a, b) => a.ordinal - b.ordinal);

/** The surveillances of a cycle that were held. */
export const heldIn = (things: readonly Thing[], cycle: OneCycle): readonly HeldSurveillance[] =>
  surveillancesOf(things, cycle).flatMap(({ held }) => (held ? [held] : []));

/** The surveillances of a cycle that are held or planned, as they count. (I-1, I-2) */
export const plannedIn = (
  things: readonly Thing[],
  cycle: OneCycle,
): readonly { readonly id: Id; readonly as: HeldSurveillance }[] =>
  surveillancesOf(things, cycle).flatMap(({ id, held, plannedTo }) => {
    const as = held ?? (plannedTo ? { on: plannedTo, year: yearOf(plannedTo) } : undefined);
    return as ? [{ id, as }] : [];
  });

/** What has moved: where the cycle now stands, and the surveillance that was just held. */
export interface Move {
  readonly cycle: Cycle;
  readonly held?: { readonly id: Id; readonly as: HeldSurveillance };
}

/**
 * The facts by which what is still owed follows a move: of the decision, of the recertification audit, or because a
 * surveillance was held. A date that stays is not recorded again. (R-CAL-8, R-CAL-15)
 */
export function surveillancesMoved(
  certificate: Certificate | undefined,
  { cycle, held }: Move,
  { things, policy, newId }: Around & Pick<Context, 'things'>,
): readonly Event[] {
  const all = surveillancesOf(things, cycle);
  const pending = all.filter(
    (one) => one.held === undefined && one.stage !== 'closed' && one.id !== held?.id,
  );
  const counted = [...heldIn(things, cycle), ...(held ? [held.as] : [])];
  const owed = surveillancesOwed(cycle, counted, policy);
  const moved = pending.flatMap((one, place) => datesOf(one, owed[place]));
  const further = owed.slice(pending.length).flatMap((dates, place) => {
    const ordinal = all.length + place + 1;
    return certificate ? forecast(certificate, { cycle: cycle.cycle, ordinal, owed: dates }, newId) : [];
  });
  return [...moved, ...further];
}

function datesOf(one: Surveillance, owed: SurveillanceDates | undefined): readonly Event[] {
  if (owed) return isAsBefore(one, owed) ? [] : [surveillance('surveillance.dates-set', one.id, owed)];
  return one.audit === undefined ? [surveillance('surveillance.closed', one.id, { because: 'notOwed' })] : [];
}

const isAsBefore = ({ due, atLatest, target }: Surveillance, owed: SurveillanceDates): boolean =>
  due?.date === owed.due.date && atLatest?.date === owed.atLatest?.date && target?.date === owed.target.date;

/** The facts by which the dates of a cycle follow another date of its decision. (R-CAL-15) */
export function cycleMoved(
  certificate: Certificate,
  { decidedOn, expiry }: Pick<Beginning, 'decidedOn' | 'expiry'>,
  context: Around & Pick<Context, 'things'>,
): readonly Event[] {
  const { things, policy } = context;
  const current = currentOf(things, certificate.id);
  if (!current) return [];
  const startYear = current.cycle === 1 ? startYearOf({ decidedOn }, policy) : current.startYear;
  const dates = { ...recertificationDates(expiry, policy), decidedOn, startYear };
  const cycle = cycleOf({ ...current, ...dates });
  return [
    recertification('recertification.dates-set', current.id, dates),
    ...(cycle ? surveillancesMoved(certificate, { cycle }, context) : []),
  ];
}

/** The facts by which a cycle that is over closes what it still owed and nobody began. */
export const cycleOver = (things: readonly Thing[], cycle: OneCycle): readonly Event[] =>
  surveillancesOf(things, cycle)
    .filter(({ stage }) => ['forecast', 'windowOpen', 'missed'].includes(stage))
    .map(({ id }) => surveillance('surveillance.closed', id, { because: 'cycleOver' }));

const undecided = (things: readonly Thing[], certificate: Id): readonly Recertification[] => {
  const current = currentOf(things, certificate);
  return current && !recertificationEnds.includes(current.stage) ? [current] : [];
};

/** The fact that a certificate expired before its recertification was decided; what is outstanding may go on. (R-REC-5, R-REC-6) */
export const expiryMissed = (things: readonly Thing[], certificate: Id, on: CivilDate): readonly Event[] =>
  undecided(things, certificate).map(({ id }) =>
    recertification('recertification.expiry-missed', id, { on }),
  );

/** The fact that it is too late to restore: at least a Stage 2 is needed. (R-REC-6) */
export const windowOver = (things: readonly Thing[], certificate: Id): readonly Event[] =>
  undecided(things, certificate).map(({ id }) => recertification('recertification.stage2-required', id, {}));
