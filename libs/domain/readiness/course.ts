import { isSameHuman } from '../actor.js';
import { daysBetween } from '../calendar.js';
import { softDate, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Event, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { dependencyOpen, gateOpen, nothingToAssess, notOperatedLongEnough, operationOf } from './gates.js';
import { stepFact, type ReadinessStep, type StepEvents, type SystemInScope } from './step.js';
import { LAST_OWN_STEP, termsOf } from './steps.js';
import { notApprover, notByHand, notOwner, notStarter } from './terms.js';

/** The day by which the AIMS manager wants a step to be done. */
export interface PlanStep {
  readonly due: CivilDate;
}

/** What a step says for itself besides its files: of the scope its climate and its systems, of operation how many are trained. */
export interface SubmitStep {
  readonly note?: string;
  /** Step 1: whether climate change matters, and why or why not. (R-CTX-1) */
  readonly climateMatters?: boolean;
  readonly climateReason?: string;
  /** Step 1: the AI systems in the scope. */
  readonly systems?: readonly SystemInScope[];
  /** Step 5: how many of a hundred roles in scope are trained. (R-RDY-4) */
  readonly trainedPercent?: number;
}

const before = ['notStarted', 'inProgress', 'inReview', 'reopened'] as const;

function planned(due: CivilDate, { policy, effectiveOn }: Context): ExplainedDate {
  const days = daysBetween(effectiveOn, due);
  const operation = `${days < 0 ? 'minus' : 'plus'} ${Math.abs(days)} days`;
  const anchor = { name: 'the plan of the AIMS manager', date: effectiveOn };
  return softDate(policy, { rule: 'SM-1', date: due, operation, anchor });
}

/** Plans the day of a step; from then on people are reminded of it. (SM-1) */
export const planStep: CommandRule<ReadinessStep, PlanStep> = {
  does: 'Plan by when the step is done.',
  who: ['aims-manager'],
  from: before,
  to: [],
  rules: ['SM-1'],
  refuses: [],
  record: ({ due }, { id }, context) => [stepFact('step.planned', id, { due: planned(due, context) })],
};

/** Starts a step; steps overlap, but the gap analysis needs a scope. (R-RDY-3) */
export const startStep: CommandRule<ReadinessStep> = {
  does: 'Start the step.',
  who: ['aims-manager', 'process-owner', 'ai-system-owner', 'internal-auditor'],
  from: ['notStarted', 'reopened'],
  to: ['inProgress'],
  rules: ['R-RDY-3', 'I-23', 'SM-1'],
  refuses: ['step-dependency-open'],
  looks: ['readiness-step', 'evidence'],
  may: (state, context) => [notStarter(state, context), notByHand(state), nothingToAssess(state, context)],
  record: (_, { id }, { actor }) => [stepFact('step.started', id, { by: actor.human })],
};

const restsOnFiles = ({ step }: ReadinessStep): boolean => step !== 2 && step !== LAST_OWN_STEP;

/** A step is shown by files; the gap analysis by its ratings, the choice of the body by its scores. (R-RDY-1) */
const nothingAttached = (state: ReadinessStep, { evidence }: Context): Objection =>
  restsOnFiles(state) && state.attached.length === 0 && evidence.length === 0
    ? refusal('evidence-missing', ['R-RDY-1', 'R-EVD-1'], 'Attach the files that show the step.', {
        wouldNeed: `evidence of the step ${termsOf(state.step).name}`,
      })
    : undefined;

const withoutReason = ({ climateMatters, climateReason }: SubmitStep): Objection =>
  climateMatters !== undefined && !isFilled(climateReason)
    ? refusal(
        'reason-missing',
        ['R-CTX-1', 'R-EVD-2'],
        'Say why climate change matters or why it does not.',
        {
          missing: ['climateReason'],
        },
      )
    : undefined;

/** What only some steps say for themselves. */
function saidOf(
  { climateMatters, trainedPercent }: SubmitStep,
  state: ReadinessStep,
  context: Context,
): Omit<StepEvents['step.submitted'], 'by'> {
  const { step } = state;
  const operated = operationOf(state, context);
  return {
    ...(step === 1 && climateMatters !== undefined ? { climateMatters } : {}),
    ...(step === 5 && trainedPercent !== undefined ? { trainedPercent } : {}),
    ...(operated ? { operatedUntil: operated.metOn } : {}),
  };
}

function submitted(input: SubmitStep, state: ReadinessStep, context: Context): readonly Event[] {
  const { id, step } = state;
  const { actor, evidence } = context;
  const { note, climateReason, systems = [] } = input;
  const said = { by: actor.human, ...saidOf(input, state, context) };
  const scoped = step === 1 ? systems.map((one) => stepFact('ai-system.scoped', id, one)) : [];
  return [
    stepFact('step.submitted', id, said, { texts: filled({ note, climateReason }), evidence }),
    ...scoped,
  ];
}

/** Submits a step to its approver. (R-RDY-1, R-CTX-1) */
export const submitStep: CommandRule<ReadinessStep, SubmitStep> = {
  does: 'Submit the step for approval, with its files.',
  who: ['aims-manager', 'process-owner', 'ai-system-owner', 'internal-auditor'],
  from: ['inProgress'],
  to: ['inReview'],
  rules: ['R-RDY-1', 'R-CTX-1', 'R-S2-3', 'R-EVD-1', 'R-EVD-2', 'SM-1'],
  refuses: ['evidence-missing', 'reason-missing'],
  looks: ['evidence'],
  may: (state, context) => [notOwner(state, context), notByHand(state)],
  guard: (input, state, context) => [nothingAttached(state, context), withoutReason(input)],
  record: submitted,
};

/** Nobody approves the step that they submitted. (SOD-8) */
const ownStep = ({ submittedBy, id }: ReadinessStep, { actor, role }: Context): Objection =>
  submittedBy !== undefined && isSameHuman(actor, submittedBy)
    ? refusal('separation-of-duties', ['SOD-8'], 'You submitted this step; another person approves it.', {
        whoCould: [role],
        because: [{ thing: id, act: 'step.submitted' }],
      })
    : undefined;

/** Approves a step: its gate is closed, and what it depends on is done. (R-RDY-1, R-RDY-3) */
export const completeStep: CommandRule<ReadinessStep> = {
  does: 'Approve the step as done.',
  who: ['top-management', 'aims-manager'],
  from: ['inReview'],
  to: ['done'],
  person: true,
  rules: [
    ...(['R-RDY-1', 'R-RDY-3', 'R-RDY-4', 'R-RDY-5', 'R-CTX-1', 'R-SOA-1', 'R-SOA-2', 'R-POL-1'] as const),
    ...(['R-RSK-1', 'R-RSK-5', 'R-AIA-1', 'R-DOC-1', 'R-S2-3', 'R-KPI-1', 'R-SEL-1'] as const),
    ...(['SOD-8', 'I-23'] as const),
  ],
  refuses: ['step-gate-open', 'step-dependency-open', 'separation-of-duties'],
  looks: ['readiness-step', 'evidence', 'nonconformity'],
  holders: () => ['top-management'],
  may: (state, context) => [
    notApprover(state, context),
    ownStep(state, context),
    gateOpen(state, context),
    notOperatedLongEnough(state, context),
    dependencyOpen(state, context),
  ],
  record: (_, { id }, { actor, effectiveOn: on, evidence }) => [
    stepFact('step.completed', id, { by: actor.human, on }, { evidence }),
  ],
};

/** Sends a step back, with the reason. (R-RDY-1) */
export const returnStep: CommandRule<ReadinessStep> = {
  does: 'Send the step back, with the reason.',
  who: ['top-management', 'aims-manager'],
  from: ['inReview'],
  to: ['inProgress'],
  person: true,
  needs: ['reason'],
  rules: ['R-RDY-1'],
  refuses: [],
  may: (state, context) => [notApprover(state, context)],
  record: (_, { id }, { actor, reason }) => [
    stepFact('step.returned', id, { by: actor.human }, { texts: filled({ reason }) }),
  ],
};

/** Waives a step of the client's own; it is shown as a risk. (I-23) */
export const waiveStep: CommandRule<ReadinessStep> = {
  does: 'Waive the step, with the reason.',
  who: ['top-management'],
  from: before,
  to: ['waived'],
  person: true,
  needs: ['reason'],
  rules: ['I-23', 'R-RDY-3'],
  refuses: ['step-not-waivable'],
  may: ({ step }) => [
    step > LAST_OWN_STEP
      ? refusal('step-not-waivable', ['I-23'], 'What the audits come to cannot be waived.', {
          wouldNeed: `a step from 0 to ${LAST_OWN_STEP}`,
        })
      : undefined,
  ],
  record: (_, { id }, { actor, effectiveOn: on, reason }) => [
    stepFact('step.waived', id, { by: actor.human, on }, { texts: filled({ reason }) }),
  ],
};

const follows = ({ step }: ReadinessStep): Objection =>
  step > LAST_OWN_STEP
    ? refusal('wrong-state', ['SM-1', 'I-23'], 'What the audits came to stands.')
    : undefined;

/** Opens a step again when something undid it. (SM-1) */
export const reopenStep: CommandRule<ReadinessStep> = {
  does: 'Open the step again, with the reason.',
  who: ['aims-manager'],
  from: ['done', 'waived'],
  to: ['reopened'],
  needs: ['reason'],
  rules: ['SM-1', 'I-23'],
  refuses: [],
  may: (state) => [follows(state)],
  record: (_, { id }, { actor, reason }) => [
    stepFact('step.reopened', id, { by: actor.human }, { texts: filled({ reason }) }),
  ],
};
