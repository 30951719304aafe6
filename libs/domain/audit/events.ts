import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Evolvers } from '../machine.js';
import type { Audit, AuditType, Declaration, Member, Recommendation, Repeat, Stage1Result } from './life.js';

/** The planned days of an audit, and by when its plan is sent. */
export interface Days {
  readonly plannedFrom: CivilDate;
  readonly plannedTo: CivilDate;
  readonly planDue?: ExplainedDate;
}

/** The days on which an audit was held, in the zone of its last activity. (R-CAL-19) */
export interface Held {
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
  readonly zone: string;
  readonly reportDue: ExplainedDate;
}

/** The time of auditors in half days: the ledger keeps whole numbers. */
interface AuditorTime {
  readonly auditorHalfDays: number;
}

/** What can be recorded on an audit. Plans, reports, statements and reasons are texts and stand apart. */
export interface AuditEvents {
  'audit.opened': Days & { auditType: AuditType };
  'audit.postponed': object;
  'audit.replanned': Days;
  'audit.cancelled': object;
  'audit.aborted': { because: 'objectivesOutOfReach' | 'recordsWithheld' | 'programmeEnded'; action: string };
  'team.proposed': { members: readonly Member[]; humans: readonly Id[]; reenters?: true };
  'team.announced': { window: ExplainedDate };
  'team.changed': object;
  'team.accepted': object;
  'team.objection-raised': { objection: string; member?: Id };
  'team.objection-resolved': { objection: string; accepted: boolean };
  'team.objection-window-over': object;
  'team.confirmed': object;
  'conflicts.declared': Declaration;
  'audit-scope.set': { controls: readonly string[] };
  'audit-plan.sent': Days & AuditorTime & { zone: string; remote: boolean; sites: number };
  'audit-plan.agreed': object;
  'audit-plan.change-asked': object;
  'audit-plan.departed-from': object;
  'audit.scheduled': Days & AuditorTime;
  'audit.started': { on: CivilDate };
  'audit.meeting-recorded': { meeting: 'opening' | 'daily' | 'closing'; on: CivilDate };
  'audit.ended': Held;
  'audit-report.issued': object;
  'audit.closed': object;
  'area-of-concern.raised': { concern: string; requirement: string };
  'area-of-concern.due-set': { due: ExplainedDate };
  'area-of-concern.answered': { concern: string };
  'stage1.concluded': {
    result: Stage1Result;
    validityReview: ExplainedDate;
    expiresOn?: ExplainedDate;
    /** Evidence of readiness that was not there; advisory at Stage 1. (R-S2-3) */
    lacking: readonly string[];
  };
  'stage1.validity-confirmed': object;
  'stage1.change-answered': { repeat: Repeat };
  'stage1.relied-upon': { by: Id };
  'stage1.result-expired': object;
  'stage1.repeat-required': object;
  'coverage.recorded': { clauses: readonly string[]; controls: readonly string[] };
  'findings.issued': Held & { nonconformities: number; majorsVerifiedBy?: ExplainedDate };
  'stage2.corrective-action-awaited': object;
  'stage2.recommended': { value: Recommendation; open: readonly Id[] };
  'stage2.handed-to-decision': { dossier: Id };
  'stage2.recommendation-returned': object;
  'stage2.decided': object;
  'stage2.repeat-proposed': object;
  'stage2.repeat-required': object;
}

/** Makes the facts of an audit. */
export const audit = recorder<AuditEvents>('audit');

const unique = (ids: readonly Id[]): readonly Id[] => [...new Set(ids)];

const withTeam = (state: Audit, members: readonly Member[], humans: readonly Id[]): Audit => ({
  ...state,
  team: members,
  everInTeam: unique([...state.everInTeam, ...members.map(({ person }) => person), ...humans]),
  accepted: false,
  windowOver: false,
});

const beforehand: Evolvers<
  Audit,
  Pick<
    AuditEvents,
    | `team.${'proposed' | 'announced' | 'changed' | 'accepted' | 'objection-raised' | 'objection-resolved'}`
    | `team.${'objection-window-over' | 'confirmed'}`
    | `audit.${'opened' | 'postponed' | 'replanned' | 'cancelled' | 'aborted' | 'scheduled'}`
    | `audit-plan.${'sent' | 'agreed' | 'change-asked' | 'departed-from'}`
    | 'conflicts.declared'
    | 'audit-scope.set'
  >
> = {
  'audit.opened': (state, { data }) => ({ ...state, ...data, stage: 'planned' }),
  'audit.postponed': (state) => ({ ...state, stage: 'postponed' }),
  'audit.replanned': (state, { data }) => ({ ...state, ...data, stage: 'planned' }),
  'audit.cancelled': (state) => ({ ...state, stage: 'cancelled' }),
  'audit.aborted': (state) => ({ ...state, stage: 'aborted' }),
  'team.proposed': (state, { data: { members, humans } }) => ({
    ...withTeam(state, members, humans),
    stage: 'teamProposed',
  }),
  'team.announced': (state, { data }) => ({ ...state, window: data.window }),
  'team.changed': (state) => state,
  'team.accepted': (state) => ({ ...state, accepted: true }),
  'team.objection-raised': (state, { data: { objection, member } }) => ({
    ...state,
    objections: [...state.objections, { key: objection, ...(member === undefined ? {} : { member }) }],
  }),
  'team.objection-resolved': (state, { data: { objection, accepted } }) => ({
    ...state,
    objections: state.objections.map((one) =>
      one.key === objection ? { ...one, resolved: accepted ? 'accepted' : 'rejected' } : one,
    ),
  }),
  'team.objection-window-over': (state) => ({ ...state, windowOver: true }),
  'team.confirmed': (state) => ({ ...state, stage: 'teamConfirmed' }),
  'conflicts.declared': (state, { data }) => ({ ...state, declarations: [...state.declarations, data] }),
  'audit-scope.set': (state, { data }) => ({ ...state, controls: data.controls }),
  'audit-plan.sent': (state, { data: { plannedFrom, plannedTo, auditorHalfDays, remote } }) => ({
    ...state,
    ...{ plannedFrom, plannedTo, auditorDays: auditorHalfDays / 2, remote },
    stage: 'planSent',
  }),
  'audit-plan.agreed': (state) => ({ ...state, stage: 'planAgreed' }),
  'audit-plan.change-asked': (state) => ({ ...state, stage: 'teamConfirmed' }),
  'audit-plan.departed-from': (state) => state,
  'audit.scheduled': (state, { data: { auditorHalfDays, ...days } }) => ({
    ...state,
    ...days,
    auditorDays: auditorHalfDays / 2,
    stage: 'scheduled',
  }),
};

type Stage1Events = Pick<
  AuditEvents,
  | `area-of-concern.${'raised' | 'due-set' | 'answered'}`
  | `stage1.${'concluded' | 'validity-confirmed' | 'change-answered'}`
  | `stage1.${'relied-upon' | 'result-expired' | 'repeat-required'}`
>;

const stage1: Evolvers<Audit, Stage1Events> = {
  'area-of-concern.raised': (state, { data: { concern, requirement } }) => ({
    ...state,
    concerns: [...state.concerns, { key: concern, requirement, answered: false }],
  }),
  'area-of-concern.due-set': (state, { data }) => ({ ...state, concernsDue: data.due }),
  'area-of-concern.answered': (state, { data }) => ({
    ...state,
    concerns: state.concerns.map((one) => (one.key === data.concern ? { ...one, answered: true } : one)),
  }),
  'stage1.concluded': (state, { data: { result, validityReview, expiresOn } }) => ({
    ...state,
    stage: 'concluded',
    result,
    validityReview,
    ...(expiresOn ? { expiresOn } : {}),
  }),
  'stage1.validity-confirmed': (state) => ({ ...state, validityConfirmed: true }),
  'stage1.change-answered': (state, { data }) => ({ ...state, repeat: data.repeat }),
  'stage1.relied-upon': (state, { data }) => ({ ...state, reliedUponBy: data.by }),
  'stage1.result-expired': (state) => ({ ...state, stage: 'resultExpired' }),
  'stage1.repeat-required': (state) => ({ ...state, stage: 'repeatRequired' }),
};

const onSite: Evolvers<Audit, Omit<AuditEvents, keyof Stage1Events | keyof typeof beforehand>> = {
  'audit.started': (state) => ({ ...state, stage: 'inProgress' }),
  'audit.meeting-recorded': (state, { data: { meeting, on } }) =>
    meeting === 'closing' ? { ...state, closingMeetingOn: on } : state,
  'audit.ended': (state, { data: { firstDay, lastDay, reportDue } }) => ({
    ...state,
    ...{ firstDay, lastDay, reportDue },
    stage: 'reporting',
  }),
  'audit-report.issued': (state) => ({ ...state, stage: 'reportIssued' }),
  'audit.closed': (state) => ({ ...state, stage: 'closed' }),
  'coverage.recorded': (state) => state,
  'findings.issued': (
    state,
    { data: { firstDay, lastDay, reportDue, nonconformities, majorsVerifiedBy } },
  ) => ({
    ...state,
    ...{ firstDay, lastDay, reportDue, nonconformities },
    ...(majorsVerifiedBy ? { majorsVerifiedBy } : {}),
    stage: 'findingsIssued',
  }),
  'stage2.corrective-action-awaited': (state) => ({ ...state, stage: 'awaitingCorrectiveAction' }),
  'stage2.recommended': (state, { data: { value, open } }) => ({
    ...state,
    stage: 'recommended',
    recommendation: value,
    openItems: open,
  }),
  'stage2.handed-to-decision': (state, { data }) => ({
    ...state,
    stage: 'handedToDecision',
    dossier: data.dossier,
  }),
  'stage2.recommendation-returned': ({ recommendation: _, ...state }) => ({
    ...state,
    openItems: [],
    stage: 'awaitingCorrectiveAction',
  }),
  'stage2.decided': (state) => ({ ...state, decided: true }),
  'stage2.repeat-proposed': (state) => ({ ...state, repeatProposed: true }),
  'stage2.repeat-required': (state) => ({ ...state, stage: 'repeatStage2Required' }),
};

/** How each fact moves an audit. */
export const evolve: Evolvers<Audit, AuditEvents> = { ...beforehand, ...stage1, ...onSite };
