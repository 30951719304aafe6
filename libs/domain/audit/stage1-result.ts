import { addBusinessDays, addDays, later } from '../calendar.js';
import type { Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { lackingEvidence, programmeIn, usableStage1 } from './foundation.js';
import type { Audit } from './life.js';

/** Everything in Stage 1 and in the client's readiness that keeps Stage 2 from starting. (R-S2-2, R-S1-4 to R-S1-6, I-38) */
export function stage1NotUsable(stage2: Audit, context: Context): Objection[] {
  if (programmeIn(context, stage2.programme)?.stage1Needed === false) return [notOperating(context)];
  const stage1 = usableStage1(context);
  return [
    stage1
      ? undefined
      : refusal('stage1-not-concluded', ['R-S2-2'], 'No Stage 1 of this programme has been concluded.'),
    ...(stage1 ? againstResult(stage1, context) : []),
    ...(stage1 ? [backToBack(stage1, stage2, context)] : []),
    notOperating(context),
  ];
}

const againstResult = (stage1: Audit, context: Context): Objection[] => [
  stage1.result === 'notReady'
    ? refusal('stage1-not-ready', ['R-S2-2'], 'Stage 1 was concluded as not ready for Stage 2.')
    : undefined,
  toBeRepeated(stage1, context),
  tooOld(stage1, context),
  unreviewed(stage1, context),
];

function toBeRepeated({ stage, repeat, firstDay, programme }: Audit, context: Context): Objection {
  const changed = programmeIn(context, programme)?.repeatStage1From;
  return stage === 'repeatRequired' ||
    repeat !== 'none' ||
    (changed !== undefined && (firstDay ?? changed) < changed)
    ? refusal('stage1-repeat-required', ['R-S1-5'], 'All or part of this Stage 1 is to be repeated.', {
        wouldNeed: 'another Stage 1',
        whoCould: ['programme-manager'],
      })
    : undefined;
}

const tooOld = ({ stage, expiresOn }: Audit, { effectiveOn }: Context): Objection =>
  stage === 'resultExpired' || (expiresOn !== undefined && effectiveOn > expiresOn.date)
    ? refusal('stage1-too-old', ['R-S1-4'], "The body's own limit for the result of Stage 1 has passed.", {
        wouldNeed: 'another Stage 1',
      })
    : undefined;

const unreviewed = ({ validityReview, validityConfirmed }: Audit, { effectiveOn }: Context): Objection =>
  validityReview !== undefined && effectiveOn > validityReview.date && !validityConfirmed
    ? refusal(
        'stage1-validity-unconfirmed',
        ['R-S1-4'],
        `The review of its validity was due on ${validityReview.date}.`,
        {
          wouldNeed: 'a recorded judgement that the result still holds',
          whoCould: ['programme-manager'],
        },
      )
    : undefined;

/** Back to back: no business day lies between the two, or fewer days than the body's own gap. (R-S1-6) */
function backToBack({ lastDay }: Audit, { texts }: Audit, { effectiveOn, policy }: Context): Objection {
  if (!lastDay || texts['backToBackReason'] !== undefined) return undefined;
  const nextDay = addBusinessDays(lastDay, 1, policy.businessCalendar());
  const last = later(nextDay, addDays(lastDay, policy.number('stage1.minGapDays') - 1));
  return effectiveOn <= last
    ? refusal(
        'back-to-back-unjustified',
        ['R-S1-6'],
        'Stage 2 follows at once upon Stage 1 without a recorded reason.',
        {
          wouldNeed: `a reason in the plan, or a start after ${last}`,
        },
      )
    : undefined;
}

/** Advisory at Stage 1, a gate at Stage 2: the client shows that the system has been in operation. (R-RDY-1, R-S2-3) */
function notOperating({ things }: Context): Objection {
  const lacking = lackingEvidence(things);
  return lacking.length > 0
    ? refusal(
        'step-gate-open',
        ['R-RDY-1', 'R-S2-3'],
        'Dated and approved evidence of readiness is missing.',
        {
          missing: lacking,
          whoCould: ['aims-manager'],
        },
      )
    : undefined;
}
