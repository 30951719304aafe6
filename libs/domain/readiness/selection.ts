import type { CivilDate } from '../instant.js';
import type { CommandRule, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { candidateLacks } from './gates.js';
import { stepFact, type ReadinessStep, type Scores } from './step.js';
import { notOf } from './terms.js';

/** A body that could certify, under a short key, with its scores. (R-SEL-1) */
export interface ScoreCandidate {
  readonly candidate: string;
  readonly name?: string;
  readonly scores: Scores;
}

/** What was found about a candidate's accreditation, when, and where. (R-SEL-1) */
export interface CheckAccreditation {
  readonly candidate: string;
  readonly accredited: boolean;
  readonly checkedOn: CivilDate;
  readonly source: string;
}

/** The candidate that is chosen. */
export interface SelectCertificationBody {
  readonly candidate: string;
}

const STEP = 7;

/** Scores a candidate. (R-SEL-1) */
export const scoreCandidate: CommandRule<ReadinessStep, ScoreCandidate> = {
  does: 'Score a candidate among the certification bodies.',
  who: ['aims-manager'],
  from: ['inProgress'],
  to: [],
  rules: ['R-SEL-1', 'SM-1'],
  refuses: [],
  may: (state) => [notOf(STEP, state)],
  record: ({ candidate, name, scores }, { id }, { evidence }) => [
    stepFact(
      'candidate.scored',
      id,
      { candidate, scores },
      { texts: filled({ [candidate]: name }), evidence },
    ),
  ],
};

/** A check has a source, and lies behind us. (R-SEL-1, INV-13) */
function uncertain({ source, checkedOn }: CheckAccreditation, today: CivilDate): Objection {
  if (checkedOn > today)
    return refusal(
      'date-in-future',
      ['INV-13', 'R-SEL-1'],
      `${checkedOn} lies ahead; a check has been made.`,
      {
        wouldNeed: `a date until ${today}`,
      },
    );
  return isFilled(source)
    ? undefined
    : refusal('evidence-missing', ['R-SEL-1', 'R-EVD-1'], 'Say where the accreditation was looked up.', {
        missing: ['source'],
      });
}

/** Records what was found about a candidate's accreditation. (R-SEL-1) */
export const checkAccreditation: CommandRule<ReadinessStep, CheckAccreditation> = {
  does: 'Record what was found about the accreditation of a candidate, with date and source.',
  who: ['aims-manager'],
  from: ['inProgress'],
  to: [],
  rules: ['R-SEL-1', 'R-EVD-1', 'INV-13', 'SM-1'],
  refuses: ['date-in-future', 'evidence-missing'],
  may: (state) => [notOf(STEP, state)],
  guard: (input, _, { today }) => [uncertain(input, today)],
  record: ({ source, ...check }, { id }, { evidence }) => [
    stepFact('accreditation.checked', id, check, {
      texts: { [`${check.candidate}-source`]: source },
      evidence,
    }),
  ],
};

/** Only a candidate that was scored, and whose accreditation was looked at, is chosen. (R-SEL-1) */
function unknownCandidate({ candidate }: SelectCertificationBody, { candidates }: ReadinessStep): Objection {
  const missing = candidateLacks(candidates.find(({ key }) => key === candidate));
  return missing.length > 0
    ? refusal(
        'step-gate-open',
        ['R-SEL-1', 'R-RDY-1'],
        `${candidate} has not been looked at closely enough.`,
        {
          missing,
          wouldNeed: 'scores, and a dated check of the accreditation with its source',
          whoCould: ['aims-manager'],
        },
      )
    : undefined;
}

/** Chooses the certification body. (R-SEL-1) */
export const selectCertificationBody: CommandRule<ReadinessStep, SelectCertificationBody> = {
  does: 'Choose the certification body.',
  who: ['top-management'],
  from: ['inProgress', 'inReview'],
  to: [],
  person: true,
  rules: ['R-SEL-1', 'R-RDY-1', 'SM-1'],
  refuses: ['step-gate-open'],
  may: (state) => [notOf(STEP, state)],
  guard: (input, state) => [unknownCandidate(input, state)],
  record: ({ candidate }, { id }, { actor, evidence }) => [
    stepFact('certification-body.selected', id, { candidate, by: actor.human }, { evidence }),
  ],
};
