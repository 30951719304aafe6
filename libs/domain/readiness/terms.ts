import type { Who } from '../actor.js';
import type { Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import type { ReadinessStep } from './step.js';
import { LAST_OWN_STEP, termsOf } from './steps.js';

// What can stand against a command before its input is looked at: the wrong step, or a role that does not carry it.

/** The command belongs to another step. */
export const notOf = (step: number, state: ReadinessStep): Objection =>
  state.step === step
    ? undefined
    : refusal('wrong-state', ['SM-1'], `This belongs to step ${step}, ${termsOf(step).name}.`, {
        wouldNeed: `the step ${termsOf(step).name}`,
      });

/** The charter is signed and nothing else; and the audits move the steps behind the client's own. (SM-1) */
export function notByHand({ step }: ReadinessStep): Objection {
  if (step === 0)
    return refusal('wrong-state', ['SM-1'], 'The charter is done when top management signs it.', {
      wouldNeed: 'signCharter',
      whoCould: ['top-management'],
    });
  return step > LAST_OWN_STEP
    ? refusal(
        'wrong-state',
        ['SM-1'],
        `Step ${step}, ${termsOf(step).name}, moves with the facts of the audits.`,
      )
    : undefined;
}

const isOneOf = (roles: readonly Who[], role: Who): boolean => roles.includes(role);

/** The AIMS manager starts any step, others those that they carry. */
export const notStarter = ({ step }: ReadinessStep, { role }: Context): Objection =>
  role === 'aims-manager' || isOneOf(termsOf(step).owners, role)
    ? undefined
    : refusal('not-permitted', ['SM-1'], 'This step is carried by others.', {
        whoCould: ['aims-manager', ...termsOf(step).owners],
      });

/** Whoever carries the step submits it. */
export const notOwner = ({ step }: ReadinessStep, { role }: Context): Objection =>
  isOneOf(termsOf(step).owners, role)
    ? undefined
    : refusal('not-permitted', ['SM-1'], 'Whoever carries the step submits it.', {
        whoCould: termsOf(step).owners,
      });

/** Each step has its approver. (R-RDY-1) */
export const notApprover = ({ step }: ReadinessStep, { role }: Context): Objection =>
  isOneOf(termsOf(step).approvers, role)
    ? undefined
    : refusal('not-permitted', ['R-RDY-1'], 'Another role approves this step.', {
        whoCould: termsOf(step).approvers,
      });
