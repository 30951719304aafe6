import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { isAudited } from '../nonconformity/audited.js';
import { recorder, type Evolvers, type Thing } from '../machine.js';
import type { Cycle } from '../surveillance/calendar-year.js';

/** What the team recommends after the recertification audit. (R-REC-3) */
export type RenewalRecommendation = 'renew' | 'renewAfterVerification' | 'notRenew';

/** What a recertification is planned by. (R-REC-1) */
export interface RecertificationDates {
  /** The last valid day of the cycle that ends. */
  readonly expiry: CivilDate;
  readonly startDue: ExplainedDate;
  readonly auditDue: ExplainedDate;
  readonly decisionDue: ExplainedDate;
}

/** The recertification of one cycle: forecast by the decision that began the cycle, ended by the one that begins the next. (SM-8) */
export interface Recertification extends Thing, Partial<RecertificationDates> {
  readonly kind: 'recertification';
  readonly certificate?: Id;
  readonly cycle: number;
  readonly decidedOn?: CivilDate;
  readonly startYear: number;
  readonly stage2LastDay?: CivilDate;
  /** The Stage 1 that was found to be needed. (R-REC-2) */
  readonly stage1?: Id;
  readonly audit?: Id;
  readonly plannedTo?: CivilDate;
  /** The last day of its audit, once that was held. */
  readonly heldOn?: CivilDate;
  readonly recommendation?: RenewalRecommendation;
  readonly dossier?: Id;
  /** The first day without a certificate, when it was not decided in time; what is outstanding goes on. (R-REC-5, R-REC-6) */
  readonly missedOn?: CivilDate;
}

/** A recertification among other things. */
export const isRecertification = (thing: Thing): thing is Recertification => thing.kind === 'recertification';

/** The audits on which the decision rests, with those that began and gave nothing: who was in their teams does not decide. (SOD-1) */
export const auditsOf = ({ id, stage1, audit }: Recertification, things: readonly Thing[]): readonly Id[] =>
  things
    .filter(isAudited)
    .filter((one) => one.id === stage1 || one.id === audit || (one.about === id && one.stage !== 'cancelled'))
    .map((one) => one.id);
/** The stages in which nothing more is outstanding. */
export const recertificationEnds: readonly string[] = [
  ...['decided', 'newCycle', 'restored', 'fullStage2Required', 'closed'],
];

/** What can be recorded on a recertification. Reviews and reasons are texts and stand apart. */
export interface RecertificationEvents {
  'recertification.forecast': {
    cycle: number;
    certificate: Id;
    decidedOn: CivilDate;
    startYear: number;
    stage2LastDay?: CivilDate;
  };
  'recertification.dates-set': RecertificationDates & { decidedOn: CivilDate; startYear: number };
  'recertification.opened': object;
  'recertification.information-supplied': object;
  'cycle-review.attached': object;
  'stage1-need.decided': { needed: boolean; audit?: Id };
  'recertification.scheduled': { audit: Id; plannedTo: CivilDate };
  'recertification.unscheduled': object;
  'recertification.started': object;
  'recertification.held': { on: CivilDate };
  'recertification.reported': object;
  'recertification.corrective-action-awaited': object;
  'recertification.recommended': { value: RenewalRecommendation; open: readonly Id[]; dossier: Id };
  'recertification.returned': object;
  'recertification.refused': object;
  'recertification.renewed': object;
  'recertification.expiry-missed': { on: CivilDate };
  'recertification.restored': object;
  'recertification.stage2-required': object;
  'recertification.closed': object;
}

/** Makes the facts of a recertification. */
export const recertification = recorder<RecertificationEvents>('recertification');

/** How each fact moves a recertification. When the certificate expires first, what is outstanding goes on where it stood. */
export const evolve: Evolvers<Recertification, RecertificationEvents> = {
  'recertification.forecast': (state, { data }) => ({ ...state, ...data, stage: 'forecast' }),
  'recertification.dates-set': (state, { data }) => ({ ...state, ...data }),
  'recertification.opened': (state) => ({ ...state, stage: 'started' }),
  'recertification.information-supplied': (state) => state,
  'cycle-review.attached': (state) => ({ ...state, stage: 'informationCollected' }),
  // Decided anew, because the first Stage 1 gave nothing: an audit that is planned stays planned.
  'stage1-need.decided': ({ stage1: _, ...state }, { data: { audit } }) => ({
    ...state,
    ...(audit ? { stage1: audit } : {}),
    stage: state.stage === 'scheduled' ? 'scheduled' : 'stage1NeedDecided',
  }),
  'recertification.scheduled': (state, { data }) => ({ ...state, ...data, stage: 'scheduled' }),
  'recertification.unscheduled': ({ audit: _, plannedTo: __, ...state }) => ({
    ...state,
    stage: 'stage1NeedDecided',
  }),
  'recertification.started': (state) => ({ ...state, stage: 'inProgress' }),
  'recertification.held': (state, { data }) => ({ ...state, heldOn: data.on }),
  'recertification.reported': (state) => ({ ...state, stage: 'reported' }),
  'recertification.corrective-action-awaited': (state) => ({ ...state, stage: 'awaitingCorrectiveAction' }),
  'recertification.recommended': (state, { data: { value, dossier } }) => ({
    ...state,
    ...{ recommendation: value, dossier, stage: 'recommended' },
  }),
  'recertification.returned': ({ recommendation: _, ...state }) => ({
    ...state,
    stage: 'awaitingCorrectiveAction',
  }),
  'recertification.refused': (state) => ({ ...state, stage: 'decided' }),
  'recertification.renewed': ({ missedOn: _, ...state }) => ({ ...state, stage: 'newCycle' }),
  'recertification.expiry-missed': (state, { data }) => ({ ...state, missedOn: data.on }),
  'recertification.restored': (state) => ({ ...state, stage: 'restored' }),
  'recertification.stage2-required': (state) => ({ ...state, stage: 'fullStage2Required' }),
  'recertification.closed': (state) => ({ ...state, stage: 'closed' }),
};

/** The last day of the recertification audit: held, planned, or the day to aim at. (I-5) */
const auditOn = ({ heldOn, plannedTo, auditDue }: Recertification): CivilDate | undefined =>
  heldOn ?? plannedTo ?? auditDue?.date;

/** The cycle that a recertification ends, as its surveillances follow from it; `on` takes another day for the audit. (R-CAL-8) */
export function cycleOf(state: Recertification, on = auditOn(state)): Cycle | undefined {
  const { certificate, cycle, decidedOn, startYear, stage2LastDay } = state;
  if (decidedOn === undefined || on === undefined) return undefined;
  const anchor = stage2LastDay === undefined ? {} : { stage2LastDay };
  return {
    ...(certificate === undefined ? {} : { certificate }),
    cycle,
    decidedOn,
    startYear,
    recertificationOn: on,
    ...anchor,
  };
}
