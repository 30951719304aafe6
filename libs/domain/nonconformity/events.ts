import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Evolvers } from '../machine.js';
import type { Grade, Nonconformity, Source, VerificationMethod, VerificationWay } from './finding.js';

/** The dates that follow from a grade: the plan, the verification of a major, and its limit. */
export interface Dates {
  readonly planDue: ExplainedDate;
  readonly verifyDue?: ExplainedDate;
  readonly limit?: ExplainedDate;
}

/** What can be recorded on a nonconformity. Statements, plans and reasons are texts and stand apart. */
export interface NonconformityEvents {
  'finding.drafted': { source: Source; requirement?: string };
  'nonconformity.raised': Dates & { grade: Grade; requirement: string; on: CivilDate };
  'nonconformity.disputed': object;
  'nonconformity.upheld': object;
  'nonconformity.regraded': Dates & { from: Grade; to: Grade; on: CivilDate };
  'nonconformity.retracted': object;
  'nonconformity.plan-submitted': {
    by: readonly Id[];
    owner: Id;
    actionDue: CivilDate;
    reviewDue: ExplainedDate;
  };
  'nonconformity.plan-accepted': { by: Id; on: CivilDate };
  'nonconformity.plan-rejected': { by: Id };
  'nonconformity.owner-changed': { owner: Id };
  'nonconformity.verification-way-announced': { way: VerificationWay };
  'nonconformity.implementation-started': { by: Id };
  'nonconformity.evidence-submitted': { by: readonly Id[]; reviewDue: ExplainedDate };
  'nonconformity.evidence-rejected': { by: Id };
  'nonconformity.verification-deferred': object;
  'nonconformity.closed': { by: Id; method: VerificationMethod; on: CivilDate };
  'nonconformity.effectiveness-due': { due?: ExplainedDate };
  'nonconformity.found-effective': { by: Id };
  'nonconformity.found-ineffective': { by: Id };
  'nonconformity.found-not-closed': { by: Id };
  'nonconformity.reopened': Dates & { grade: Grade; on: CivilDate };
  'nonconformity.due-extended': { which: 'plan' | 'verification'; due: ExplainedDate };
  'nonconformity.limit-set': { limit: ExplainedDate };
  'nonconformity.limit-passed': { on: CivilDate };
  /** Its programme has ended: nobody owes anything for it any more, closed or not. */
  'nonconformity.released': object;
}

/** Makes the facts of a nonconformity. */
export const nonconformity = recorder<NonconformityEvents>('nonconformity');

const both = (some: readonly Id[], more: readonly Id[]): readonly Id[] => [...new Set([...some, ...more])];

/** The dates of a grade in place of those of another; a minor has no limit and no day of verification of its own. */
function bound(state: Nonconformity, { planDue, verifyDue, limit }: Dates): Nonconformity {
  const { verifyDue: _verify, limit: _limit, ...rest } = state;
  return {
    ...rest,
    planDue,
    limitPassed: limit !== undefined && state.limit?.date === limit.date && state.limitPassed,
    ...(verifyDue ? { verifyDue } : {}),
    ...(limit ? { limit } : {}),
  };
}

/** How each fact moves a nonconformity. */
export const evolve: Evolvers<Nonconformity, NonconformityEvents> = {
  'finding.drafted': (state, { data }) => ({ ...state, ...data, stage: 'draft' }),
  'nonconformity.raised': (state, { data }) => ({
    ...bound(state, data),
    stage: 'raised',
    requirement: data.requirement,
    grade: data.grade,
    grades: [data.grade],
    raisedOn: data.on,
    plansAsked: 1,
  }),
  'nonconformity.disputed': (state) => ({ ...state, stage: 'disputed' }),
  'nonconformity.upheld': (state) => ({ ...state, stage: 'raised' }),
  'nonconformity.regraded': (state, { data }) => ({
    ...bound(state, data),
    grade: data.to,
    grades: [...state.grades, data.to],
  }),
  'nonconformity.retracted': (state) => ({ ...state, stage: 'retracted' }),
  'nonconformity.plan-submitted': (state, { data: { by, owner, actionDue, reviewDue } }) => ({
    ...state,
    stage: 'planSubmitted',
    submissions: state.submissions + 1,
    planBy: by,
    workedBy: both(state.workedBy, [...by, owner]),
    owner,
    actionDue,
    reviewDue,
  }),
  'nonconformity.plan-accepted': (state, { data }) => ({
    ...state,
    stage: 'planAccepted',
    planAcceptedOn: data.on,
  }),
  'nonconformity.plan-rejected': (state) => ({
    ...state,
    stage: 'planRejected',
    plansAsked: state.plansAsked + 1,
  }),
  'nonconformity.owner-changed': (state, { data: { owner } }) => ({
    ...state,
    owner,
    workedBy: both(state.workedBy, [owner]),
  }),
  'nonconformity.verification-way-announced': (state, { data }) => ({ ...state, way: data.way }),
  'nonconformity.implementation-started': (state) => ({ ...state, stage: 'implementing' }),
  'nonconformity.evidence-submitted': (state, { data: { by, reviewDue } }) => ({
    ...state,
    stage: 'evidenceSubmitted',
    submissions: state.submissions + 1,
    workedBy: both(state.workedBy, by),
    reviewDue,
  }),
  'nonconformity.evidence-rejected': (state) => ({ ...state, stage: 'evidenceRejected' }),
  'nonconformity.verification-deferred': (state) => ({ ...state, deferred: true }),
  'nonconformity.closed': (state, { data }) => ({ ...state, stage: 'closedVerified', closedOn: data.on }),
  'nonconformity.effectiveness-due': (state, { data: { due } }) => ({
    ...state,
    stage: 'effectivenessDue',
    ...(due ? { effectivenessDue: due } : {}),
  }),
  'nonconformity.found-effective': (state) => ({ ...state, stage: 'effective' }),
  'nonconformity.found-ineffective': (state) => ({ ...state, stage: 'ineffective' }),
  'nonconformity.found-not-closed': (state) => ({ ...state, stage: 'ineffective' }),
  'nonconformity.reopened': ({ closedOn: _closed, ...state }, { data }) => ({
    ...bound(state, data),
    stage: 'raised',
    grade: data.grade,
    grades: state.grades.at(-1) === data.grade ? state.grades : [...state.grades, data.grade],
    deferred: false,
    reopened: state.reopened + 1,
    plansAsked: state.plansAsked + 1,
  }),
  'nonconformity.due-extended': (state, { data: { which, due } }) =>
    which === 'plan' ? { ...state, planDue: due } : { ...state, verifyDue: due },
  'nonconformity.limit-set': (state, { data }) => ({ ...state, limit: data.limit, limitPassed: false }),
  'nonconformity.limit-passed': (state) => ({ ...state, limitPassed: true }),
  'nonconformity.released': (state) => ({ ...state, stage: 'released' }),
};
