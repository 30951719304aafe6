import type { Id } from '../actor.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { draftAmong } from '../certificate/life.js';
import { dossier, matterOf, votesFor, votesNeeded, type Decide, type Dossier } from './dossier.js';
import { certificateOf, effectsOf } from './effects.js';
import { beforeEvidence, guardsOf } from './guards.js';
import { notAMaker, undeclared } from './independence.js';
import { longerThanCycle } from './renewal.js';

const otherKind = ({ decision }: Decide, { proposes }: Dossier): Objection =>
  matterOf(decision) === matterOf(proposes)
    ? undefined
    : refusal(
        'wrong-state',
        ['SM-5'],
        `A dossier that proposes to ${proposes} is not decided by ${decision}.`,
      );

/** Of a body that is a record the certificate is recorded with the decision; the dossier of a body here cannot be complete without one. */
const nothingToGrant = ({ decision }: Decide, { mirrored, things }: Context): Objection =>
  mirrored && decision === 'grant' && !draftAmong(things)
    ? refusal('wrong-state', ['SM-6'], 'There is no certificate yet that could be granted.', {
        wouldNeed: 'the content of the certificate to be recorded first',
      })
    : undefined;

const tooEarly = ({ effectiveDate }: Decide, { effectiveOn }: Context): Objection =>
  effectiveDate !== undefined && effectiveDate < effectiveOn
    ? refusal(
        'effective-before-decision',
        ['R-CRT-1', 'INV-2'],
        `The decision is of ${effectiveOn}; nothing takes effect before it.`,
      )
    : undefined;

/** By the policy of the day on which it is decided. (I-30) */
function quorum({ decision }: Decide, state: Dossier, { policy }: Context): Objection {
  const needed = votesNeeded(state.makers, policy.number('decision.quorum'));
  const agreed = votesFor(decision, state);
  return needed === undefined || agreed >= needed
    ? undefined
    : refusal(
        'four-eyes-required',
        ['I-30'],
        `${agreed} of ${needed} votes for this decision have been cast.`,
        {
          whoCould: ['decision-maker'],
        },
      );
}

/** Decides. With a grant the certificate and the programme move in the same transaction; no major can slip in between. (R-DEC-1, R-DEC-2) */
export const decide: CommandRule<Dossier, Decide> = {
  does: 'Decide, with the reasons.',
  who: ['decision-maker'],
  from: ['underReview'],
  to: ['decided'],
  passesOver: ['dossierOpen'],
  person: true,
  rules: [
    ...([
      'R-DEC-1',
      'R-DEC-2',
      'R-DEC-4',
      'R-DEC-7',
      'R-S2-4',
      'R-MD1-4',
      'R-CRT-1',
      'R-CRT-3',
      'R-CRT-8',
    ] as const),
    ...([
      'R-SUR-4',
      'R-SUR-5',
      'R-REC-7',
      'R-CMP-1',
      'R-CAL-5',
      'R-CAL-14',
      'INV-2',
      'INV-3',
      'INV-9',
      'I-30',
    ] as const),
    ...([
      'SOD-1',
      'SOD-2',
      'SOD-5',
      'SOD-11',
      'R-GEN-1',
      'R-IMP-2',
      'R-IMP-3',
      'R-IMP-4',
      'I-24',
      'I-9',
      'SM-0',
      'SM-5',
    ] as const),
    ...([
      'R-REC-3',
      'R-REC-5',
      'R-REC-6',
      'R-CAL-6',
      'R-CRT-4',
      'SM-6',
      'SM-8',
      'I-6',
      'I-7',
      'I-8',
      'I-21',
    ] as const),
  ],
  refuses: [
    ...(['separation-of-duties', 'lookback-not-over', 'competence-missing', 'four-eyes-required'] as const),
    'conflict-declaration-missing',
    ...([
      'recommendation-missing',
      'major-not-verified',
      'minor-plan-not-accepted',
      'repeat-stage2-required',
    ] as const),
    ...(['site-blocks-certificate', 'certificate-content-incomplete', 'accreditation-flag-missing'] as const),
    ...([
      'non-accredited-certificate-forbidden',
      'effective-before-decision',
      'date-before-evidence',
    ] as const),
    ...(['certificate-expired', 'expired-before-decision', 'restoration-window-over'] as const),
    ...(['expiry-basis-needs-reason', 'expiry-beyond-cycle'] as const),
  ],
  needs: ['reason'],
  looks: ['audit', 'nonconformity', 'certificate', 'recertification', 'surveillance', 'readiness-step'],
  may: notAMaker,
  guard: (input, state, context) => [
    otherKind(input, state),
    nothingToGrant(input, context),
    ...guardsOf(input, state, context),
    input.decision === 'grant' ? longerThanCycle(input, context) : undefined,
    undeclared(state, context),
    quorum(input, state, context),
    tooEarly(input, context),
    beforeEvidence(context.effectiveOn, state, context.things),
  ],
  record: (input, state, context) => {
    const { effectiveOn: on, things, reason, actor } = context;
    const certificate = certificateOf(input.decision, things);
    const voters = state.votes.filter(({ vote }) => vote === input.decision).map(({ by }) => by);
    const by: readonly Id[] = [...new Set([actor.human, ...voters])];
    const made = { decision: input.decision, by, on, effectiveDate: input.effectiveDate ?? on };
    const term = input.cycleMonths === undefined ? {} : { cycleMonths: input.cycleMonths };
    return [
      dossier(
        'decision.made',
        state.id,
        { ...made, ...term, ...(certificate ? { certificate } : {}) },
        { texts: filled({ reasons: reason }) },
      ),
      ...effectsOf(input, state, context),
      // The letter that shows the decision of a body elsewhere has notified the client of it. (R-DEC-7)
      ...(context.mirrored ? [dossier('decision.notified', state.id, { on })] : []),
    ];
  },
};

/** What the client is told; after a refusal also how it can appeal. (R-DEC-7) */
export interface NotifyDecision {
  readonly wayToAppeal?: string;
}

/** Notifies the client of the decision. (R-DEC-7) */
export const notifyDecision: CommandRule<Dossier, NotifyDecision> = {
  does: 'Notify the client of the decision.',
  who: ['programme-manager'],
  from: ['decided'],
  to: ['notified'],
  rules: ['R-DEC-7'],
  refuses: ['reason-missing'],
  guard: ({ wayToAppeal }, { decision }) => [
    (decision === 'refuse' || decision === 'notRenew') && !isFilled(wayToAppeal)
      ? refusal('reason-missing', ['R-DEC-7'], 'A refusal tells its reasons and the way to appeal.', {
          missing: ['wayToAppeal'],
        })
      : undefined,
  ],
  record: ({ wayToAppeal }, { id }, { effectiveOn: on }) => [
    dossier('decision.notified', id, { on }, { texts: filled({ wayToAppeal }) }),
  ],
};
