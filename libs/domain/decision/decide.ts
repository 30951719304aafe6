import type { Id } from '../actor.js';
import { later } from '../calendar.js';
import {
  certificateGranted,
  datesCorrected,
  draftAmong,
  initialExpiry,
  isCertificate,
  type Validity,
} from '../certificate/life.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Event, Objection, Thing } from '../machine.js';
import { programmeCertified, programmeDatesCorrected, programmeTerminated } from '../programme/moves.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { dossier, type DecisionKind, type Dossier } from './dossier.js';
import { beforeEvidence, guardsOf } from './guards.js';
import { notAMaker } from './independence.js';

/** The decision; it takes effect on its day or, said so, later. */
export interface Decide {
  readonly decision: DecisionKind;
  readonly effectiveDate?: CivilDate;
}

const otherKind = ({ decision }: Decide, { proposes }: Dossier): Objection =>
  (decision === 'maintain') === (proposes === 'maintain')
    ? undefined
    : refusal(
        'wrong-state',
        ['SM-5'],
        `A dossier that proposes to ${proposes} is not decided by ${decision}.`,
      );

const tooEarly = ({ effectiveDate }: Decide, { effectiveOn }: Context): Objection =>
  effectiveDate !== undefined && effectiveDate < effectiveOn
    ? refusal(
        'effective-before-decision',
        ['R-CRT-1', 'INV-2'],
        `The decision is of ${effectiveOn}; nothing takes effect before it.`,
      )
    : undefined;

/** One decides alone where the policy says one; else more than half of those named, and at least two. (I-30) */
function quorum({ decision }: Decide, { makers, votes }: Dossier, { policy }: Context): Objection {
  const least = policy.number('decision.quorum');
  if (least < 2 && makers.length < 2) return undefined;
  const needed = Math.max(2, least, Math.floor(makers.length / 2) + 1);
  const agreed = votes.filter(({ vote }) => vote === decision).length;
  return agreed >= needed
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

function granted(
  state: Dossier,
  on: CivilDate,
  effectiveDate: CivilDate,
  { things, policy }: Context,
): readonly Event[] {
  const draft = draftAmong(things);
  const { programme } = state;
  if (!draft || !programme) return [];
  const validity: Validity = { decidedOn: on, effectiveDate, expiry: initialExpiry(on, policy) };
  return [
    certificateGranted(draft, state.id, validity),
    programmeCertified(programme, { certificate: draft.id, decidedOn: on, expiryDate: validity.expiry.date }),
  ];
}

function consequences(input: Decide, state: Dossier, context: Context): readonly Event[] {
  const { effectiveOn: on } = context;
  if (input.decision === 'grant') return granted(state, on, input.effectiveDate ?? on, context);
  return input.decision === 'refuse' && state.programme
    ? [programmeTerminated(state.programme, { cause: 'refused' })]
    : [];
}

/** Decides. With a grant the certificate and the programme move in the same transaction; no major can slip in between. (R-DEC-1, R-DEC-2) */
export const decide: CommandRule<Dossier, Decide> = {
  does: 'Decide, with the reasons.',
  who: ['decision-maker'],
  from: ['underReview'],
  to: ['decided'],
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
      'I-24',
      'I-9',
      'SM-0',
      'SM-5',
    ] as const),
  ],
  refuses: [
    ...(['separation-of-duties', 'lookback-not-over', 'competence-missing', 'four-eyes-required'] as const),
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
    'certificate-expired',
  ],
  needs: ['reason'],
  looks: ['audit', 'nonconformity', 'certificate'],
  may: notAMaker,
  guard: (input, state, context) => [
    otherKind(input, state),
    ...guardsOf(input.decision, state, context),
    quorum(input, state, context),
    tooEarly(input, context),
    beforeEvidence(context.effectiveOn, state, context.things),
  ],
  record: (input, state, context) => {
    const { effectiveOn: on, things, reason, actor } = context;
    const draft = input.decision === 'grant' ? draftAmong(things)?.id : undefined;
    const voters = state.votes.filter(({ vote }) => vote === input.decision).map(({ by }) => by);
    const by: readonly Id[] = [...new Set([actor.human, ...voters])];
    const made = { decision: input.decision, by, on, effectiveDate: input.effectiveDate ?? on };
    return [
      dossier(
        'decision.made',
        state.id,
        { ...made, ...(draft ? { certificate: draft } : {}) },
        { texts: filled({ reasons: reason }) },
      ),
      ...consequences(input, state, context),
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
    decision === 'refuse' && !isFilled(wayToAppeal)
      ? refusal('reason-missing', ['R-DEC-7'], 'A refusal tells its reasons and the way to appeal.', {
          missing: ['wayToAppeal'],
        })
      : undefined,
  ],
  record: ({ wayToAppeal }, { id }, { effectiveOn: on }) => [
    dossier('decision.notified', id, { on }, { texts: filled({ wayToAppeal }) }),
  ],
};

/** The day on which it was truly decided. */
export interface CorrectDecisionDate {
  readonly decidedOn: CivilDate;
}

/** Corrects a decision date that was recorded wrongly: two administrators, with evidence; every date follows. (R-CAL-15) */
export const correctDecisionDate: CommandRule<Dossier, CorrectDecisionDate> = {
  does: 'Correct the date of the decision, with the evidence of the true one.',
  who: ['scheme-administrator'],
  and: ['scheme-administrator'],
  from: ['decided', 'notified'],
  to: [],
  person: true,
  rules: ['R-CAL-15', 'R-CAL-14', 'R-EVD-1', 'R-REC-7', 'INV-13'],
  refuses: [
    ...(['date-before-evidence', 'date-in-future', 'evidence-missing', 'four-eyes-required'] as const),
    'certificate-expired',
  ],
  needs: ['reason', 'evidence'],
  looks: ['audit', 'nonconformity', 'certificate'],
  guard: ({ decidedOn }, state, { today, things }) => [
    decidedOn > today
      ? refusal('date-in-future', ['INV-13'], `${decidedOn} lies ahead; today is ${today}.`)
      : undefined,
    beforeEvidence(decidedOn, state, things),
    overSince(state, things),
  ],
  record: ({ decidedOn: to }, state, { things, policy, evidence, reason }) => {
    const from = state.decidedOn ?? to;
    const effectiveDate = later(to, state.effectiveDate ?? to);
    return [
      dossier(
        'decision.date-corrected',
        state.id,
        { from, to, effectiveDate },
        { evidence, texts: filled({ reason }) },
      ),
      ...datesMoved(state, { decidedOn: to, effectiveDate, expiry: initialExpiry(to, policy) }, things),
    ];
  },
};

/** The dates of a certificate that has come to its end are history. (R-REC-7) */
const overSince = ({ certificate }: Dossier, things: readonly Thing[]): Objection => {
  const issued = things.filter(isCertificate).find(({ id }) => id === certificate);
  return issued && issued.stage !== 'active'
    ? refusal('certificate-expired', ['R-REC-7'], 'The certificate has expired; its dates stand.')
    : undefined;
};

/** What rests on the date of the decision moves with it: the certificate, and what the programme says of it. (R-CAL-15) */
function datesMoved(
  { certificate, programme }: Dossier,
  validity: Validity,
  things: readonly Thing[],
): readonly Event[] {
  const issued = things.filter(isCertificate).find(({ id }) => id === certificate);
  if (!issued) return [];
  const { decidedOn, expiry } = validity;
  const told = programme ? [programmeDatesCorrected(programme, { decidedOn, expiryDate: expiry.date })] : [];
  return [datesCorrected(issued, validity), ...told];
}
