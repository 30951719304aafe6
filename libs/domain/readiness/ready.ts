import type { Thing } from '../machine.js';
import { isSettled, ownMajors } from './gates.js';
import { stepIn } from './moves.js';
import type { ReadinessStep } from './step.js';
import { LAST_OWN_STEP, steps } from './steps.js';

/** One step's part in the score, and why it is so. */
export interface ScoredStep {
  readonly step: number;
  readonly name: string;
  readonly points: 0 | 1;
  readonly because: string;
}

/** How ready a client is for its audits. Advisory: it may apply all the same. (R-RDY-2) */
export interface Readiness {
  readonly readyForStage1: boolean;
  /** What keeps it from being ready, by the names of steps and the ids of findings. */
  readonly lacking: readonly string[];
  /** Steps that were waived: each is a risk. (I-23) */
  readonly risks: readonly string[];
  /** Of the steps from 0 to 7, how many of a hundred are done. */
  readonly score: number;
  readonly items: readonly ScoredStep[];
}

const OWN = steps.slice(0, LAST_OWN_STEP + 1);
const FOR_STAGE_1 = [1, 2, 3, 4, 5, 6];

function reasonOf(found: ReadinessStep | undefined): string {
  const { stage = 'notStarted', doneOn = '' } = found ?? {};
  if (stage === 'done') return `done on ${doneOn}`;
  return stage === 'waived' ? `waived on ${doneOn}, which is a risk` : stage;
}

/** The flag and the score, from the steps of a programme and the client's own findings. Pure. (R-RDY-2, SM-1) */
export function readinessOf(things: readonly Thing[]): Readiness {
  const items = OWN.map(({ name }, step): ScoredStep => {
    const found = stepIn(things, step);
    return { step, name, points: found?.stage === 'done' ? 1 : 0, because: reasonOf(found) };
  });
  const open = items.filter(({ step }) => FOR_STAGE_1.includes(step) && !isSettled(stepIn(things, step)));
  const lacking = [...open.map(({ name }) => name), ...ownMajors(things).map(({ id }) => id)];
  const waived = items.filter(({ step }) => stepIn(things, step)?.stage === 'waived');
  return {
    readyForStage1: lacking.length === 0,
    lacking,
    risks: waived.map(({ name }) => name),
    score: Math.round((100 * items.reduce((sum, { points }) => sum + points, 0)) / OWN.length),
    items,
  };
}
