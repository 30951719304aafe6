import { softSpan } from '../explanation.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { nonconformity } from './events.js';
import { isInternal, type Nonconformity, type VerificationMethod } from './finding.js';
import { datesOf } from './limit.js';
import { doers } from './owner.js';
import { handles, looksAtNextAudit, notOwnWork, ownsAction } from './people.js';
import { actors, reviewDue } from './plan.js';

/** Submits what shows that the action was done; the AIMS manager releases it. (R-NCA-1, R-EVD-1) */
export const submitEvidence: CommandRule<Nonconformity, { readonly note?: string }> = {
  does: 'Submit the evidence of correction and corrective action.',
  who: doers,
  and: ['aims-manager'],
  from: ['planAccepted', 'implementing', 'evidenceRejected'],
  to: ['evidenceSubmitted'],
  rules: ['R-NCA-1', 'R-EVD-1', 'SUP-0'],
  refuses: ['evidence-missing'],
  needs: ['evidence'],
  may: (state, context) => [ownsAction(state, context)],
  record: ({ note }, state, context) => {
    const submitted = { by: actors(state, context), reviewDue: reviewDue(context) };
    const { evidence } = context;
    return [
      nonconformity('nonconformity.evidence-submitted', state.id, submitted, {
        evidence,
        texts: filled({ note }),
      }),
    ];
  },
};

/** Rejects the evidence with a reason. (R-FND-5) */
export const rejectEvidence: CommandRule<Nonconformity> = {
  does: 'Reject the evidence, with the reason.',
  who: ['lead-auditor', 'auditor', 'internal-auditor', 'aims-manager'],
  from: ['evidenceSubmitted'],
  to: ['evidenceRejected'],
  person: true,
  rules: ['R-FND-5', 'SOD-7'],
  refuses: ['separation-of-duties'],
  needs: ['reason'],
  looks: ['audit'],
  may: (state, context) => [handles(['lead-auditor', 'auditor'])(state, context), notOwnWork(state, context)],
  record: (_, { id }, { actor, reason }) => [
    nonconformity('nonconformity.evidence-rejected', id, { by: actor.human }, { texts: filled({ reason }) }),
  ],
};

const onlyPlanned = ({ grade, stage }: Nonconformity): Objection =>
  grade === 'major' && stage !== 'evidenceSubmitted'
    ? refusal(
        'major-needs-verification',
        ['R-DEC-2'],
        'An accepted plan does not close a major: its implementation must be seen.',
        {
          wouldNeed: 'evidence of the implementation',
        },
      )
    : undefined;

const majorsDoNotWait = ({ grade }: Nonconformity): Objection =>
  grade === 'major'
    ? refusal('next-audit-not-for-major', ['R-DEC-2'], 'A major does not wait for the next audit.', {
        wouldNeed: 'verification by document, remotely or on site',
      })
    : undefined;

/** The team of the audit that raised it; a minor may wait for the team of the next one, which then verifies it as well. (R-FND-5) */
function verifies(state: Nonconformity, context: Context): Objection {
  const against = handles(['lead-auditor', 'auditor'])(state, context);
  const isNext = state.grade === 'minor' && looksAtNextAudit(state, context) === undefined;
  return isNext ? undefined : against;
}

/** Verifies that the action was done, and closes the finding. (R-FND-5, R-DEC-2, SOD-7) */
export const verifyClosure: CommandRule<
  Nonconformity,
  { readonly method: VerificationMethod; readonly note?: string }
> = {
  does: 'Verify the action and close the finding.',
  who: ['lead-auditor', 'auditor', 'internal-auditor', 'aims-manager'],
  from: ['evidenceSubmitted', 'planAccepted', 'implementing'],
  to: ['closedVerified'],
  person: true,
  rules: ['R-FND-5', 'R-DEC-2', 'SOD-7'],
  refuses: ['major-needs-verification', 'next-audit-not-for-major', 'separation-of-duties'],
  looks: ['audit'],
  may: (state, context) => [verifies(state, context), notOwnWork(state, context), onlyPlanned(state)],
  guard: ({ method }, state) => [method === 'nextAudit' ? majorsDoNotWait(state) : undefined],
  record: ({ method, note }, { id }, { actor, effectiveOn, evidence }) => [
    nonconformity(
      'nonconformity.closed',
      id,
      { by: actor.human, method, on: effectiveOn },
      { texts: filled({ verification: note }), evidence },
    ),
  ],
};

/** Leaves a minor to be verified at the next audit; it stays where it is until then. (R-FND-5) */
export const deferToNextAudit: CommandRule<Nonconformity> = {
  does: 'Leave the verification of a minor to the next audit.',
  who: ['lead-auditor'],
  from: ['planAccepted', 'implementing'],
  to: [],
  rules: ['R-FND-5', 'R-DEC-2'],
  refuses: ['next-audit-not-for-major'],
  looks: ['audit'],
  may: (state, context) => [handles(['lead-auditor'])(state, context), majorsDoNotWait(state)],
  record: (_, { id }) => [nonconformity('nonconformity.verification-deferred', id, {})],
};

/** Begins the look at whether the action has helped; for the client's own findings it has a day. (R-NCA-1) */
export const openEffectivenessCheck: CommandRule<Nonconformity> = {
  does: 'Begin the look at effectiveness.',
  who: ['engine'],
  from: ['closedVerified'],
  to: ['effectivenessDue'],
  rules: ['R-NCA-1'],
  refuses: [],
  record: (_, state, { policy, today }) => {
    if (!isInternal(state)) return [nonconformity('nonconformity.effectiveness-due', state.id, {})];
    const anchor = { name: 'closure', date: state.closedOn ?? today };
    const key = 'finding.internalEffectivenessDays';
    const due = softSpan({ rule: 'R-NCA-1', anchor, key, unit: 'days' }, policy);
    return [nonconformity('nonconformity.effectiveness-due', state.id, { due })];
  },
};

interface Effective {
  readonly result?: string;
  readonly lesson?: string;
}

/** Confirms that the action has helped; what was learnt is kept. (R-NCA-1, R-LSN-1, SOD-7) */
export const confirmEffective: CommandRule<Nonconformity, Effective> = {
  does: 'Confirm that the corrective action is effective.',
  who: ['lead-auditor', 'auditor', 'internal-auditor', 'aims-manager'],
  from: ['effectivenessDue'],
  to: ['effective'],
  person: true,
  rules: ['R-NCA-1', 'R-LSN-1', 'SOD-7'],
  refuses: ['lesson-missing', 'separation-of-duties'],
  looks: ['audit'],
  may: (state, context) => [looksAtNextAudit(state, context), notOwnWork(state, context)],
  guard: ({ lesson }) => [
    isFilled(lesson)
      ? undefined
      : refusal('lesson-missing', ['R-LSN-1'], 'Say what was learnt.', { missing: ['lesson'] }),
  ],
  record: ({ result, lesson }, { id }, { actor }) => [
    nonconformity(
      'nonconformity.found-effective',
      id,
      { by: actor.human },
      { texts: filled({ result, lesson }) },
    ),
  ],
};

type Found = 'nonconformity.found-ineffective' | 'nonconformity.found-not-closed';

/** Opens the finding again, with new dates; a minor becomes major. (R-FND-6) */
const reopening =
  (found: Found): CommandRule<Nonconformity>['record'] =>
  (_, { id }, { actor, reason, effectiveOn: on, policy }) => {
    const dates = datesOf({ grade: 'major', on, about: undefined, policy });
    return [
      nonconformity(found, id, { by: actor.human }, { texts: filled({ reason }) }),
      nonconformity('nonconformity.reopened', id, { grade: 'major', on, ...dates }),
    ];
  };

/** Finds that the action has not helped: the finding is open again, and a minor is now a major. (R-FND-6) */
export const findIneffective: CommandRule<Nonconformity> = {
  does: 'Find the corrective action ineffective and reopen the finding.',
  who: ['lead-auditor', 'auditor', 'internal-auditor', 'aims-manager'],
  from: ['effectivenessDue'],
  to: ['ineffective', 'raised'],
  person: true,
  rules: ['R-FND-6', 'SOD-7'],
  refuses: ['separation-of-duties'],
  needs: ['reason'],
  looks: ['audit'],
  may: (state, context) => [looksAtNextAudit(state, context), notOwnWork(state, context)],
  record: reopening('nonconformity.found-ineffective'),
};

/** The next audit finds a minor not closed: it is open again as a major. (R-FND-6) */
export const findNotClosed: CommandRule<Nonconformity> = {
  does: 'Find at the next audit that a minor is not closed, and reopen it as a major.',
  who: ['lead-auditor', 'auditor', 'internal-auditor'],
  from: ['planAccepted', 'implementing', 'evidenceSubmitted', 'evidenceRejected'],
  to: ['ineffective', 'raised'],
  person: true,
  rules: ['R-FND-6', 'R-DEC-2', 'SOD-7'],
  refuses: ['next-audit-not-for-major', 'separation-of-duties'],
  needs: ['reason'],
  looks: ['audit'],
  may: (state, context) => [
    looksAtNextAudit(state, context),
    notOwnWork(state, context),
    majorsDoNotWait(state),
  ],
  record: reopening('nonconformity.found-not-closed'),
};
