import { kindsWithout, standing, type EvidenceKind } from '../evidence/evidence.js';
import type { Context, Objection, Thing } from '../machine.js';
import { isInternal, unverifiedMajors } from '../nonconformity/finding.js';
import { isPerson } from '../person/facts.js';
import { refusal } from '../refusal.js';
import { stepIn } from './moves.js';
import { operatingPeriod, type OperatingPeriod } from './operating.js';
import type { Candidate, ReadinessStep } from './step.js';
import { demanded, termsOf } from './steps.js';
import { unrated } from './gap.js';

/** Majors among the client's own findings that nobody has verified as closed. (R-RDY-2, R-RDY-5) */
export const ownMajors = (things: readonly Thing[]) => unverifiedMajors(things).filter(isInternal);

/** Done, or waived by top management. */
export const isSettled = (step: ReadinessStep | undefined): boolean =>
  step?.stage === 'done' || step?.stage === 'waived';

/** What was read, without files of anybody else: what the body keeps shows nothing about the client. */
const clientsOwn = ({ organisation }: ReadinessStep, { things }: Context): readonly Thing[] =>
  things.filter((one) => one.kind !== 'evidence' || one.organisation === organisation);

/** The scope: climate, and each AI system with the client's roles towards it. One system is a scope. (R-CTX-1) */
function scopeLacks({ climateMatters, systems }: ReadinessStep): readonly string[] {
  return [
    ...(climateMatters === undefined ? ['climateMatters'] : []),
    ...(systems.length === 0 ? ['systems'] : []),
    ...systems.filter(({ roles }) => roles.length === 0).map(({ key }) => `roles towards ${key}`),
  ];
}

/** The policy is approved by top management. (R-POL-1) */
function policyLacks(things: readonly Thing[]): readonly string[] {
  const top = things
    .filter(isPerson)
    .filter(({ grants }) => grants.some(({ role }) => role === 'top-management'))
    .map(({ id }) => id);
  const policies = standing(things, 'policy');
  const approved = policies.some(({ approvedBy = '' }) => top.includes(approvedBy));
  return policies.length === 0 || approved ? [] : ['policy approved by top management'];
}

const documentsLacking = (things: readonly Thing[]): readonly string[] =>
  demanded
    .filter(([, kind]) => standing(things, kind).length === 0)
    .map(([clause, kind]) => `${clause} ${kind}`);

function operationLacks({ trainedPercent = 0 }: ReadinessStep, { policy }: Context): readonly string[] {
  const least = policy.number('readiness.trainingCoveragePercent');
  return trainedPercent < least ? [`training of ${least} % of the roles in scope`] : [];
}

/** True when a review is dated on or after an internal audit report. (R-RDY-5) */
function reviewedAfterwards(things: readonly Thing[]): boolean {
  const [report] = standing(things, 'internalAuditReport');
  const review = standing(things, 'managementReviewRecord').at(-1);
  return (review?.datedOn ?? '') >= (report?.datedOn ?? '');
}

const auditLacks = (things: readonly Thing[]): readonly string[] => [
  ...(reviewedAfterwards(things) ? [] : ['a management review after the internal audit']),
  ...ownMajors(things).map(({ id }) => id),
];

/** What a candidate lacks before it can be chosen. (R-SEL-1) */
export const candidateLacks = (one: Candidate | undefined): readonly string[] => [
  ...(one?.scores ? [] : ['scores']),
  ...(one && one.checks.length > 0 ? [] : ['accreditation check']),
];

const lacks: Readonly<Record<number, (state: ReadinessStep, context: Context) => readonly string[]>> = {
  1: scopeLacks,
  2: unrated,
  3: (state, context) => policyLacks(clientsOwn(state, context)),
  4: (state, context) => documentsLacking(clientsOwn(state, context)),
  5: operationLacks,
  6: (state, context) => auditLacks(clientsOwn(state, context)),
  7: ({ selected }) => (selected === undefined ? ['selectCertificationBody'] : []),
};

/** The evidence and the facts without which a step is not done, all that is missing named at once. (R-RDY-1) */
export function gateOpen(state: ReadinessStep, context: Context): Objection {
  const { name, owners, rules, evidence } = termsOf(state.step);
  const missing = [
    ...kindsWithout(clientsOwn(state, context), evidence),
    ...(lacks[state.step]?.(state, context) ?? []),
  ];
  return missing.length > 0
    ? refusal('step-gate-open', ['R-RDY-1', ...rules], `The step ${name} is not complete.`, {
        missing,
        wouldNeed: 'what is missing: files dated, approved and in force, or the facts of the step',
        whoCould: owners,
      })
    : undefined;
}

/** How long it has been at work, for the step that asks about it. */
export const operationOf = (state: ReadinessStep, context: Context): OperatingPeriod | undefined =>
  state.step === 5 ? operatingPeriod(clientsOwn(state, context), context.today, context.policy) : undefined;

/** The management system has run for some months. (R-S2-3) */
export function notOperatedLongEnough(state: ReadinessStep, context: Context): Objection {
  const period = operationOf(state, context);
  return period && context.today < period.metOn.date
    ? refusal(
        'step-gate-open',
        ['R-S2-3', 'R-RDY-1'],
        `It is in operation since ${period.startedOn}, which is not long enough.`,
        { wouldNeed: `a date from ${period.metOn.date}` },
      )
    : undefined;
}

const needsFirst = (missing: readonly string[], wouldNeed: string): Objection =>
  missing.length > 0
    ? refusal('step-dependency-open', ['R-RDY-3', 'I-23'], 'Something else comes before this step.', {
        missing,
        wouldNeed,
      })
    : undefined;

/** The gap analysis needs a scope to look at, a draft at least. (R-RDY-3) */
export function nothingToAssess(state: ReadinessStep, context: Context): Objection {
  const { step } = state;
  const things = clientsOwn(state, context);
  const scope = stepIn(things, 1);
  const drafted =
    things.some((one) => 'documentKind' in one && one.documentKind === 'scopeStatement') ||
    scope?.stage === 'inReview' ||
    isSettled(scope);
  return needsFirst(step === 2 && !drafted ? ['scopeStatement'] : [], 'a draft of the scope on record');
}

/** Kinds of evidence of which there are files, but none that is dated on or before the day. */
const notBefore = (
  things: readonly Thing[],
  day: string,
  kinds: readonly EvidenceKind[],
): readonly EvidenceKind[] =>
  kinds.filter((kind) => {
    const [first] = standing(things, kind);
    return first !== undefined && (first.datedOn ?? '') > day;
  });

/** Criteria before the risk assessment; risks and impacts before the statement of applicability. (R-RDY-3, R-RSK-1) */
function outOfOrder(things: readonly Thing[]): readonly string[] {
  const statement = standing(things, 'statementOfApplicability').at(-1)?.datedOn;
  const assessment = standing(things, 'riskAssessment').at(-1)?.datedOn;
  if (statement === undefined || assessment === undefined) return [];
  const kinds = notBefore(things, statement, ['riskAssessment', 'impactAssessment']);
  return [
    ...kinds.map((kind) => `${kind} until ${statement}`),
    ...notBefore(things, assessment, ['riskCriteria']).map((kind) => `${kind} until ${assessment}`),
  ];
}

const unsettled = (things: readonly Thing[], ...numbers: readonly number[]): readonly string[] =>
  numbers.filter((one) => !isSettled(stepIn(things, one))).map((one) => termsOf(one).name);

/** What else must have come first before a step is done. (R-RDY-3, I-23) */
export function dependencyOpen(state: ReadinessStep, context: Context): Objection {
  const { step } = state;
  const things = clientsOwn(state, context);
  if (step === 3) return needsFirst(outOfOrder(things), 'files whose dates follow on each other');
  if (step === 5) return needsFirst(unsettled(things, 3, 4), 'these steps to be done or waived');
  const begun = stepIn(things, 5)?.stage;
  const early = step === 6 && (begun === undefined || begun === 'notStarted');
  return needsFirst(early ? [termsOf(5).name] : [], 'operation to have begun');
}
