import type { Machine } from '../machine.js';
import type { Obligation } from '../obligation.js';
import { recordMissedReview, recordProgressReview, signCharter } from './charter.js';
import {
  completeStep,
  planStep,
  reopenStep,
  returnStep,
  startStep,
  submitStep,
  waiveStep,
} from './course.js';
import { rateRequirement } from './gap.js';
import { checkAccreditation, scoreCandidate, selectCertificationBody } from './selection.js';
import { initialStep, isStep, stepEvolve, type ReadinessStep } from './step.js';
import { termsOf } from './steps.js';

const under = ['notStarted', 'inProgress', 'inReview', 'reopened'];

/** What a step owes: to be done by the planned day, and after the charter the next progress review. (SM-1, R-CAL-16) */
function obligations({ stage, step, due, nextReview }: ReadinessStep): readonly Obligation[] {
  const { name, owners } = termsOf(step);
  const planned: readonly Obligation[] =
    due && under.includes(stage)
      ? [
          {
            ...{ key: 'step', what: `the step ${name}`, due, owedBy: owners },
            ...{ ladder: 'L-SHORT', escalation: 'X-CLIENT' },
          },
        ]
      : [];
  const review: readonly Obligation[] =
    nextReview && stage === 'done'
      ? [
          {
            ...{ key: `progress-review-${nextReview.n}`, what: 'a progress review', due: nextReview.due },
            ...{ ladder: 'L-TASK', owedBy: ['aims-manager'] },
          },
        ]
      : [];
  return [...planned, ...review];
}

/** One step on the client's way to a certificate. (SM-1) */
export const readinessMachine: Machine<ReadinessStep> = {
  kind: 'readiness-step',
  prefix: 'rdy',
  id: 'SM-1',
  stages: ['notStarted', 'inProgress', 'inReview', 'done', 'waived', 'reopened', 'closed'],
  ends: ['closed'],
  initial: initialStep,
  is: isStep,
  evolve: stepEvolve,
  obligations,
  commands: {
    ...{ signCharter, planStep, startStep, submitStep, completeStep, returnStep, waiveStep, reopenStep },
    ...{ rateRequirement, scoreCandidate, checkAccreditation, selectCertificationBody },
    ...{ recordProgressReview, recordMissedReview },
  },
};
