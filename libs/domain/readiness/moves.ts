import type { Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { Event, Thing } from '../machine.js';
import { isStep, stepFact, type ReadinessStep } from './step.js';
import { LAST_OWN_STEP, steps } from './steps.js';

/**
 * The thirteen steps of a new programme. Those of the client's own work are its own to see; those that follow the audits are
 * for both sides. (SM-1)
 */
export const stepsOpened = (
  programme: Id,
  organisation: Id,
  newId: (prefix: string, ordinal: number) => Id,
): readonly Event[] =>
  steps.map((_, step) => {
    const visibility = step <= LAST_OWN_STEP ? ('owner' as const) : ('both' as const);
    const opens = { organisation, programme, about: programme, visibility };
    return stepFact('step.opened', newId('rdy', step), { step }, { opens });
  });

/** To which stage a fact of the audits brings a step. */
export interface Reached {
  readonly step: number;
  readonly stage: 'inProgress' | 'done';
  /** The thing on which that fact stands. */
  readonly through: Id;
  readonly on: CivilDate;
}

/** The step of this number among what was read. */
export const stepIn = (things: readonly Thing[], step: number): ReadinessStep | undefined =>
  things.filter(isStep).find((one) => one.step === step);

const stillBefore = ({ stage }: ReadinessStep, to: Reached['stage']): boolean =>
  ['notStarted', 'inProgress', 'reopened'].includes(stage) && stage !== to;

/**
 * What a fact of the audits does to the steps behind it, in the same command: nothing where the step was not read, or has come
 * as far already. With the certificate the progress reviews end. (SM-1, R-RDY-3)
 */
export function stepsReached(things: readonly Thing[], ...reached: readonly Reached[]): readonly Event[] {
  return reached.flatMap(({ step, ...how }) => {
    const found = stepIn(things, step);
    const charter = stepIn(things, 0);
    const ended =
      step === 11 && charter?.nextReview ? [stepFact('progress-reviews.ended', charter.id, {})] : [];
    return found && stillBefore(found, how.stage) ? [stepFact('step.reached', found.id, how), ...ended] : [];
  });
}

/** The programme is over, and with it the way to a certificate. */
export const stepsClosed = (things: readonly Thing[]): readonly Event[] =>
  things
    .filter(isStep)
    .filter(({ stage }) => stage !== 'closed')
    .map(({ id }) => stepFact('step.closed', id, {}));
