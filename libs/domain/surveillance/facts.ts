import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Evolvers, type Thing } from '../machine.js';
import type { HeldSurveillance, SurveillanceDates } from './calendar-year.js';

/** A question of the body between audits, open until it is answered. (R-SUR-6) */
export interface Enquiry {
  readonly key: string;
  readonly answered: boolean;
}

/** One surveillance that a cycle owes, from its forecast until it is closed. (SM-7) */
export interface Surveillance extends Thing, Partial<SurveillanceDates> {
  readonly kind: 'surveillance';
  readonly certificate?: Id;
  readonly cycle: number;
  /** Its place in the cycle: 1, 2, 3. */
  readonly ordinal: number;
  /** Whether the client was asked what has changed, and whether it has told. */
  readonly asked: boolean;
  readonly informed: boolean;
  /** The audit by which it is held. */
  readonly audit?: Id;
  readonly plannedTo?: CivilDate;
  /** The day and the year for which it counts, once it was held. (I-1, I-2) */
  readonly held?: HeldSurveillance;
  /** True when it was held after its hard date: it closes what was owed as late, never as met. (I-18) */
  readonly late: boolean;
  /** The first day after the hard date on which it had not been held. (R-SUR-1, R-SUR-2) */
  readonly missedOn?: CivilDate;
  /** By when the body decides what follows from that. (R-CAL-10) */
  readonly consequenceDue?: ExplainedDate;
  /** The first day after a date of the programme on which it had not been held. (R-SUR-2b) */
  readonly deviatedOn?: CivilDate;
  readonly deviationExplained: boolean;
  /** How many majors its audit raised; with any it is reviewed. (R-SUR-4) */
  readonly majors: number;
  readonly dossier?: Id;
  readonly enquiries: readonly Enquiry[];
}

/** A surveillance among other things. */
export const isSurveillance = (thing: Thing): thing is Surveillance => thing.kind === 'surveillance';

/** Why a surveillance is over. */
export type ClosedBecause = 'maintained' | 'decided' | 'notOwed' | 'cycleOver' | 'programmeEnded';

/** What can be recorded on a surveillance. Answers, questions and reasons are texts and stand apart. */
export interface SurveillanceEvents {
  'surveillance.forecast': { cycle: number; ordinal: number; certificate: Id };
  /** The dates by which it is owed now; computed anew when what they rest on moves. (R-CAL-15) */
  'surveillance.dates-set': SurveillanceDates;
  'surveillance.window-opened': object;
  'surveillance.information-asked': object;
  'surveillance.information-supplied': object;
  'surveillance.scheduled': { audit: Id; plannedTo: CivilDate };
  'surveillance.unscheduled': object;
  'surveillance.started': object;
  'surveillance.held': HeldSurveillance & { late: boolean };
  'surveillance.reported': { majors: number };
  'certification.maintained': { by: Id };
  'surveillance.review-triggered': { dossier: Id };
  'surveillance.decided': object;
  'surveillance.closed': { because: ClosedBecause };
  'surveillance.missed': { on: CivilDate; consequenceDue: ExplainedDate };
  'surveillance.deviation-recorded': { on: CivilDate };
  'surveillance.deviation-explained': object;
  'enquiry.opened': { enquiry: string };
  'enquiry.answered': { enquiry: string };
}

/** Makes the facts of a surveillance. */
export const surveillance = recorder<SurveillanceEvents>('surveillance');

/** The stage of a surveillance that has no audit any more: owed as before, or missed already. */
const withoutAudit = ({ missedOn }: Surveillance): string =>
  missedOn === undefined ? 'windowOpen' : 'missed';

/** How each fact moves a surveillance. One that is planned or held when its hard date passes stays so, and is known as late. */
export const evolve: Evolvers<Surveillance, SurveillanceEvents> = {
  'surveillance.forecast': (state, { data }) => ({ ...state, ...data, stage: 'forecast' }),
  'surveillance.dates-set': ({ atLatest: _, ...state }, { data }) => ({ ...state, ...data }),
  'surveillance.window-opened': (state) => ({ ...state, stage: 'windowOpen' }),
  'surveillance.information-asked': (state) => ({ ...state, asked: true }),
  'surveillance.information-supplied': (state) => ({ ...state, informed: true }),
  'surveillance.scheduled': (state, { data }) => ({ ...state, ...data, stage: 'scheduled' }),
  'surveillance.unscheduled': ({ audit: _, plannedTo: __, ...state }) => ({
    ...state,
    stage: withoutAudit(state),
  }),
  'surveillance.started': (state) => ({ ...state, stage: 'inProgress' }),
  'surveillance.held': (state, { data: { late, on, year } }) => ({ ...state, late, held: { on, year } }),
  'surveillance.reported': (state, { data }) => ({ ...state, majors: data.majors, stage: 'reported' }),
  'certification.maintained': (state) => ({ ...state, stage: 'maintained' }),
  'surveillance.review-triggered': (state, { data }) => ({
    ...state,
    dossier: data.dossier,
    stage: 'reviewRequired',
  }),
  'surveillance.decided': (state) => ({ ...state, stage: 'decided' }),
  'surveillance.closed': (state) => ({ ...state, stage: 'closed' }),
  'surveillance.missed': (state, { data: { on, consequenceDue } }) => ({
    ...state,
    ...{ missedOn: on, consequenceDue },
    stage: state.audit === undefined ? 'missed' : state.stage,
  }),
  'surveillance.deviation-recorded': (state, { data }) => ({ ...state, deviatedOn: data.on }),
  'surveillance.deviation-explained': (state) => ({ ...state, deviationExplained: true }),
  'enquiry.opened': (state, { data: { enquiry } }) => ({
    ...state,
    enquiries: [...state.enquiries, { key: enquiry, answered: false }],
  }),
  'enquiry.answered': (state, { data: { enquiry } }) => ({
    ...state,
    enquiries: state.enquiries.map((one) => (one.key === enquiry ? { ...one, answered: true } : one)),
  }),
};

/** The hard date of a surveillance, and the soft one of the programme that comes before it. */
export const hardDateOf = ({ due, atLatest }: Surveillance): ExplainedDate | undefined =>
  due?.kind === 'hard' ? due : atLatest;
export const programmeDateOf = ({ due }: Surveillance): ExplainedDate | undefined =>
  due?.kind === 'soft' ? due : undefined;
