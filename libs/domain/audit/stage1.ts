import type { CommandRule, Context, Event, Objection } from '../machine.js';
import { stepsReached } from '../readiness/moves.js';
import { refusal } from '../refusal.js';
import { filled, isFilled, missing } from '../wording.js';
import { concernsDue, maximumAge, validityReview } from './dates.js';
import { audit } from './events.js';
import { auditsIn, lackingEvidence } from './foundation.js';
import { asOneText, becauseOf, byLead, only } from './guards.js';
import type { Audit, Repeat, Stage1Result } from './life.js';
import { reportIncomplete, reportText, type Report } from './report.js';

/** What Stage 1 concludes on, all of it. (R-S1-1) */
export const stage1Objectives = [
  ...(['documentedInformation', 'siteConditions', 'understanding', 'scopeInformation'] as const),
  ...(['resourcesForStage2', 'focusForStage2', 'internalAuditAndReview'] as const),
];

/** What Stage 1 of an AI management system looks at, all of it. (R-S1-3, I-12) */
export const stage1Checks = [
  ...(['scope', 'roles', 'aiPolicy', 'objectives', 'riskMethod', 'treatmentAndApplicability'] as const),
  ...(['impactAssessment', 'aiSystemInventory', 'internalAuditAndManagementReview'] as const),
];

/** Something that could become a nonconformity at Stage 2. */
export interface RaiseAreaOfConcern {
  readonly requirement?: string;
  readonly statement?: string;
  readonly objectiveEvidence?: string;
  /** Filled only by mistake: Stage 1 has no grades. (R-S1-2) */
  readonly grade?: string;
}

/** The conclusion of Stage 1 with its report. (R-S1-1 to R-S1-3, R-RPT-1) */
export interface ConcludeStage1 {
  readonly result: Stage1Result;
  readonly objectives?: Partial<Readonly<Record<(typeof stage1Objectives)[number], string>>>;
  readonly checks?: Partial<Readonly<Record<(typeof stage1Checks)[number], string>>>;
  readonly report?: Report;
}

/** What the client did about an area of concern. */
export interface AnswerAreaOfConcern {
  readonly concern: string;
  readonly answer: string;
}

/** Why the result of Stage 1 still holds. */
export interface ConfirmStage1Validity {
  readonly justification: string;
}

/** How much of Stage 1 is repeated after a significant change. */
export interface AnswerSignificantChange {
  readonly repeat: Repeat;
}

const raiseAreaOfConcern: CommandRule<Audit, RaiseAreaOfConcern> = {
  does: 'Raise an area of concern; it has no grade.',
  who: ['lead-auditor'],
  from: ['inProgress', 'reporting'],
  to: [],
  rules: ['R-S1-2', 'R-FND-2', 'R-TEAM-1', 'SM-2'],
  refuses: ['grade-not-allowed', 'finding-incomplete'],
  may: (state, context) => [only('stage1')(state), byLead(state, context)],
  guard: ({ grade, requirement, statement, objectiveEvidence }) => {
    const lacking = missing({ requirement, statement, objectiveEvidence });
    return [
      grade === undefined
        ? undefined
        : refusal('grade-not-allowed', ['R-S1-2'], 'Stage 1 yields areas of concern, which have no grade.'),
      lacking.length > 0
        ? refusal('finding-incomplete', ['R-FND-2'], 'The area of concern is not complete.', {
            missing: lacking,
          })
        : undefined,
    ];
  },
  record: ({ requirement = '', statement, objectiveEvidence }, { id, concerns }, { evidence }) => {
    const concern = `concern-${String(concerns.length + 1)}`;
    const texts = filled({ [concern]: statement, [`${concern}-evidence`]: objectiveEvidence });
    return [audit('area-of-concern.raised', id, { concern, requirement }, { texts, evidence })];
  },
};

function unanswered({ objectives = {}, checks = {} }: ConcludeStage1): Objection {
  const open = [
    ...stage1Objectives.filter((one) => !isFilled(objectives[one])),
    ...stage1Checks.filter((one) => !isFilled(checks[one])),
  ];
  return open.length > 0
    ? refusal(
        'stage1-objectives-open',
        ['R-S1-1', 'R-S1-3', 'I-12'],
        'Stage 1 concludes on each of its objectives.',
        {
          missing: open,
        },
      )
    : undefined;
}

const isNextStage2 = ({ auditType, firstDay, stage }: Audit): boolean =>
  auditType === 'stage2' && firstDay === undefined && stage !== 'cancelled';

function concluded(
  input: ConcludeStage1,
  { id, lastDay, concerns }: Audit,
  context: Context,
): readonly Event[] {
  const { things, policy, effectiveOn, evidence } = context;
  const anchor = lastDay ?? effectiveOn;
  const expiresOn = maximumAge(anchor, policy);
  const texts = {
    ...reportText(input.report ?? {}),
    ...filled({ conclusion: asOneText({ ...input.objectives, ...input.checks }) }),
    ...becauseOf(context),
  };
  const lacking = lackingEvidence(things);
  const review = { validityReview: validityReview(anchor, policy), ...(expiresOn ? { expiresOn } : {}) };
  const start = auditsIn(things).find(isNextStage2)?.plannedFrom;
  const due = start !== undefined && concerns.length > 0 ? concernsDue(start, policy) : undefined;
  const reached = { step: 8, stage: 'done', through: id, on: effectiveOn } as const;
  return [
    audit('stage1.concluded', id, { result: input.result, ...review, lacking }, { texts, evidence }),
    ...(due ? [audit('area-of-concern.due-set', id, { due })] : []),
    ...(input.result === 'notReady' ? [] : stepsReached(things, reached)),
  ];
}

const concludeStage1: CommandRule<Audit, ConcludeStage1> = {
  does: 'Conclude Stage 1 with its report: ready, ready with concerns, or not ready.',
  who: ['lead-auditor'],
  from: ['reporting'],
  to: ['concluded'],
  person: true,
  rules: ['R-S1-1', 'R-S1-2', 'R-S1-3', 'R-S1-4', 'R-RPT-1', 'R-RPT-2', 'R-TEAM-1', 'I-12'],
  refuses: ['stage1-objectives-open', 'report-incomplete', 'reason-missing'],
  looks: ['audit', 'evidence', 'readiness-step'],
  may: (state, context) => [byLead(state, context)],
  guard: (input, { auditType }, { reason }) => [
    unanswered(input),
    reportIncomplete(auditType, input.report ?? {}),
    input.result === 'notReady' && !isFilled(reason)
      ? refusal('reason-missing', ['R-S1-2', 'R-EVD-2'], 'Not ready needs its reasons.')
      : undefined,
  ],
  record: concluded,
};

const answerAreaOfConcern: CommandRule<Audit, AnswerAreaOfConcern> = {
  does: 'Answer an area of concern: what was done.',
  who: ['aims-manager'],
  from: ['concluded'],
  to: [],
  needs: ['evidence'],
  rules: ['R-S1-2', 'R-S1-4'],
  refuses: ['reason-missing'],
  guard: ({ concern, answer }, { concerns }) => [
    isFilled(answer) ? undefined : refusal('reason-missing', ['R-S1-2'], 'Say what was done.'),
    concerns.some(({ key }) => key === concern)
      ? undefined
      : refusal('wrong-state', ['R-S1-2'], `There is no area of concern ${concern}.`),
  ],
  record: ({ concern, answer }, { id }, { evidence }) => [
    audit(
      'area-of-concern.answered',
      id,
      { concern },
      { texts: { [`${concern}-answer`]: answer }, evidence },
    ),
  ],
};

const confirmStage1Validity: CommandRule<Audit, ConfirmStage1Validity> = {
  does: 'Judge that the result of Stage 1 still holds, and tell the client.',
  who: ['programme-manager'],
  from: ['concluded', 'closed'],
  to: [],
  person: true,
  rules: ['R-S1-4', 'SM-2'],
  refuses: ['reason-missing'],
  may: (state) => [only('stage1')(state)],
  guard: ({ justification }) => [
    isFilled(justification)
      ? undefined
      : refusal('reason-missing', ['R-S1-4'], 'The judgement needs its reasons.'),
  ],
  record: ({ justification }, { id }) => [
    audit('stage1.validity-confirmed', id, {}, { texts: { validityJustification: justification } }),
  ],
};

const answerSignificantChange: CommandRule<Audit, AnswerSignificantChange> = {
  does: 'Say how much of Stage 1 is repeated after a significant change.',
  who: ['programme-manager'],
  from: ['concluded'],
  to: [],
  person: true,
  needs: ['reason'],
  rules: ['R-S1-5'],
  refuses: [],
  record: ({ repeat }, { id }, context) => [
    audit('stage1.change-answered', id, { repeat }, { texts: becauseOf(context) }),
  ],
};

const expireStage1Result: CommandRule<Audit> = {
  does: "Record that the result of Stage 1 is older than the body's own limit.",
  who: ['engine'],
  from: ['concluded'],
  to: ['resultExpired'],
  rules: ['R-S1-4'],
  refuses: [],
  may: ({ expiresOn, reliedUponBy }, { today }) => [
    expiresOn && reliedUponBy === undefined && today > expiresOn.date
      ? undefined
      : refusal('wrong-state', ['R-S1-4'], 'No limit to the age of this result has passed.'),
  ],
  record: (_, { id }) => [audit('stage1.result-expired', id, {})],
};

const requireStage1Repeat: CommandRule<Audit> = {
  does: 'Require another Stage 1, and tell the client.',
  who: ['programme-manager'],
  from: ['concluded', 'resultExpired'],
  to: ['repeatRequired'],
  person: true,
  needs: ['reason'],
  rules: ['R-S1-4', 'R-S1-5'],
  refuses: [],
  record: (_, { id }, context) => [audit('stage1.repeat-required', id, {}, { texts: becauseOf(context) })],
};

/** The commands of Stage 1. (SM-2) */
export const stage1Commands = {
  ...{ raiseAreaOfConcern, concludeStage1, answerAreaOfConcern, confirmStage1Validity },
  ...{ answerSignificantChange, expireStage1Result, requireStage1Repeat },
};
