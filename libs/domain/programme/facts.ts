import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Evolvers, type Thing } from '../machine.js';
import type { Applied, Standard } from './application.js';
import type { BodyMode } from './parties.js';

/** Why a programme is over. */
export type EndCause = 'declined' | 'refused' | 'withdrawn' | 'voluntary' | 'expired';

/** One audit of the cycle, and which clauses and controls it covers. (R-PRG-1, R-PRG-3) */
export interface PlannedAudit {
  readonly audit: 'stage1' | 'stage2' | 'surveillance1' | 'surveillance2' | 'recertification';
  /** The clauses 4 to 10 of the standard. */
  readonly clauses: readonly number[];
  readonly controls: 'all' | 'sample' | 'none';
}

/** What the client told of a change, and what the body made of it. (R-CHG-1) */
export interface ChangeNotice {
  readonly key: string;
  readonly change: ChangeKind;
  readonly tookEffectOn: CivilDate;
  readonly consequence?: Consequence;
}

/** The changes that a client tells its body about. (R-CHG-1) */
export const changeKinds = [
  ...(['legalStatus', 'ownership', 'organisation', 'management', 'contactOrSite'] as const),
  ...(['scopeOfOperations', 'aiSystem', 'majorProcess'] as const),
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** What a body decides on a change. (R-CHG-1) */
export const consequences = ['none', 'documentReview', 'specialAudit', 'programmeChange'] as const;

export type Consequence = (typeof consequences)[number];

/** One client's certification with one body, over all cycles. (SM-0) */
export interface Programme extends Thing {
  readonly kind: 'programme';
  readonly client?: Id;
  readonly certificationBody?: Id;
  readonly bodyMode: BodyMode;
  /** The zone in which its civil dates are read. (R-CAL-18) */
  readonly governingZone: string;
  /** The rules in a version, pinned with the application. (R-GEN-3) */
  readonly rulePack?: string;
  readonly standard?: Standard;
  readonly sites: Applied['sites'];
  readonly aiSystems: Applied['aiSystems'];
  readonly people: number;
  readonly aiPeople: number;
  /** How many questions the body asked, and how many the client answered. */
  readonly questions: number;
  readonly answers: number;
  readonly accredited?: boolean;
  readonly proposals: number;
  readonly proposalValidUntil?: ExplainedDate;
  readonly agreedSites: readonly string[];
  readonly auditProgramme: readonly PlannedAudit[];
  readonly decisionExpectedBy?: ExplainedDate;
  readonly changeNotices: readonly ChangeNotice[];
  /** True when a change made all or part of Stage 1 necessary again, from the day on. (R-S1-5) */
  readonly repeatStage1From?: CivilDate;
  readonly heldIn?: string;
  readonly cycle: number;
  readonly certificate?: Id;
  readonly decidedOn?: CivilDate;
  readonly expiryDate?: CivilDate;
  /** True once an expired certificate can no longer be restored. (R-REC-6, I-38) */
  readonly restorableNoMore: boolean;
  /** Whether a Stage 1 comes before the Stage 2 with which a lapsed certification begins anew. (I-38) */
  readonly stage1Needed: boolean;
  /** From when it was begun anew: what was audited before leads to no certificate any more. (R-REC-6, I-38) */
  readonly continuedOn?: CivilDate;
  readonly cause?: EndCause;
}

/** What happens to a programme. */
export interface ProgrammeEvents {
  'programme.opened': { client: Id; governingZone: string; certificationBody?: Id };
  'application.submitted': Applied & { governingZone: string; rulePack: string } & (
      { certificationBody: Id } | { bodyMode: 'mirrored'; accredited: boolean }
    );
  'application.review-started': { by: Id };
  'application.information-asked': { by: Id };
  'application.information-supplied': { by: Id };
  'application.accepted': { by: Id; accredited: boolean; threats: number };
  'application.declined': { by: Id };
  'proposal.issued': { validUntil: ExplainedDate; reenters?: true };
  'agreement.signed': { sites: readonly string[]; by: Id };
  'audit-programme.approved': { audits: readonly PlannedAudit[]; by: Id; decisionExpectedBy: ExplainedDate };
  'audit-programme.revised': { audits: readonly PlannedAudit[]; by: Id };
  'programme.held': object;
  'programme.resumed': object;
  'change-notice.given': Pick<ChangeNotice, 'key' | 'change' | 'tookEffectOn'>;
  'change-notice.consequence-decided': {
    key: string;
    consequence: Consequence;
    by: Id;
    repeatStage1From?: CivilDate;
  };
  'programme.zone-changed': { governingZone: string };
  'programme.certified': { certificate: Id; decidedOn: CivilDate; expiryDate: CivilDate };
  'programme.dates-corrected': { decidedOn: CivilDate; expiryDate: CivilDate };
  'programme.recertifying': object;
  'programme.renewed': { decidedOn: CivilDate; expiryDate: CivilDate; cycle: number };
  'programme.lapsed': { on: CivilDate };
  'programme.restoration-window-over': { on: CivilDate };
  'programme.continued': { stage1Needed: boolean; on?: CivilDate; decisionExpectedBy?: ExplainedDate };
  'programme.ended': { cause: EndCause };
}

/** Makes the facts of programmes. */
export const programmeFact = recorder<ProgrammeEvents>('programme');

/** True for a thing that is a programme. */
export const isProgramme = (thing: Thing): thing is Programme => thing.kind === 'programme';

const decided = (
  notices: readonly ChangeNotice[],
  { key, consequence }: ProgrammeEvents['change-notice.consequence-decided'],
): readonly ChangeNotice[] => notices.map((one) => (one.key === key ? { ...one, consequence } : one));

/** How facts move a programme. */
export const programmeEvolve: Evolvers<Programme, ProgrammeEvents> = {
  'programme.opened': (state, { data }) => ({ ...state, ...data, stage: 'draft' }),
  'application.submitted': (state, { data: { jurisdictions: _, ...data } }) => ({
    ...state,
    ...data,
    stage: 'applied',
  }),
  'application.review-started': (state) => ({ ...state, stage: 'reviewing' }),
  'application.information-asked': (state) => ({ ...state, questions: state.questions + 1 }),
  'application.information-supplied': (state) => ({ ...state, answers: state.questions }),
  'application.accepted': (state, { data }) => ({ ...state, accredited: data.accredited, stage: 'proposed' }),
  'application.declined': (state) => ({ ...state, stage: 'terminated', cause: 'declined' }),
  'proposal.issued': (state, { data }) => ({
    ...state,
    proposals: state.proposals + 1,
    proposalValidUntil: data.validUntil,
  }),
  'agreement.signed': (state, { data }) => ({ ...state, agreedSites: data.sites, stage: 'contracted' }),
  'audit-programme.approved': (state, { data }) => ({
    ...state,
    auditProgramme: data.audits,
    decisionExpectedBy: data.decisionExpectedBy,
    stage: 'initial',
  }),
  'audit-programme.revised': (state, { data }) => ({ ...state, auditProgramme: data.audits }),
  'programme.held': (state) => ({ ...state, heldIn: state.stage, stage: 'onHold' }),
  'programme.resumed': ({ heldIn = 'onHold', ...state }) => ({ ...state, stage: heldIn }),
  'change-notice.given': (state, { data }) => ({ ...state, changeNotices: [...state.changeNotices, data] }),
  'change-notice.consequence-decided': (state, { data }) => ({
    ...state,
    changeNotices: decided(state.changeNotices, data),
    ...(data.repeatStage1From ? { repeatStage1From: data.repeatStage1From } : {}),
  }),
  'programme.zone-changed': (state, { data }) => ({ ...state, ...data }),
  'programme.certified': (state, { data }) => ({ ...state, ...data, stage: 'certified' }),
  'programme.dates-corrected': (state, { data }) => ({ ...state, ...data }),
  'programme.recertifying': (state) => ({ ...state, stage: 'recertifying' }),
  'programme.renewed': (state, { data }) => ({ ...state, ...data, stage: 'certified' }),
  'programme.lapsed': (state) => ({ ...state, stage: 'lapsed' }),
  'programme.restoration-window-over': (state) => ({ ...state, restorableNoMore: true }),
  'programme.continued': (state, { data: { on, ...data } }) => ({
    ...state,
    ...data,
    ...(on === undefined ? {} : { continuedOn: on }),
    restorableNoMore: false,
    stage: 'initial',
  }),
  'programme.ended': (state, { data }) => ({ ...state, cause: data.cause, stage: 'terminated' }),
};
