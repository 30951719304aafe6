import type { Role } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { EscalationName, LadderName, Obligation } from '../obligation.js';
import type { OwedWords } from '../owed-words.js';
import { isInternal, isOpen, type Nonconformity } from './finding.js';

interface Terms {
  readonly what: OwedWords;
  readonly ladder: LadderName;
  readonly owedBy: readonly Role[];
  readonly escalation: EscalationName;
}

const owed = (key: string, due: ExplainedDate | undefined, terms: Terms): Obligation[] =>
  due ? [{ key, due, ...terms }] : [];

/** Who answers for the finding on behalf of whoever raised it. */
export const handledBy = (state: Nonconformity): Role => {
  if (!isInternal(state)) return 'lead-auditor';
  return state.source === 'internalAudit' ? 'internal-auditor' : 'aims-manager';
};

const review = (state: Nonconformity, what: OwedWords): Terms => ({
  what,
  ladder: 'L-TASK',
  owedBy: [handledBy(state)],
  escalation: isInternal(state) ? 'X-CLIENT' : 'X-CB',
});

const client: readonly Role[] = ['process-owner', 'aims-manager'];

/** What is owed because of where the finding stands: the plan, a review, the look at effectiveness. (R-FND-4, R-FND-5) */
export function owedInStage(state: Nonconformity): readonly Obligation[] {
  const { stage, plansAsked, submissions, reopened } = state;
  if (stage === 'raised' || stage === 'disputed' || stage === 'planRejected')
    return owed(`plan-${plansAsked}`, state.planDue, {
      ...{ what: 'plan for correction and corrective action', ladder: 'L-MED' },
      ...{ owedBy: client, escalation: 'X-CLIENT' },
    });
  if (stage === 'planSubmitted')
    return owed(`plan-review-${submissions}`, state.reviewDue, review(state, 'review of the plan'));
  if (stage === 'evidenceSubmitted')
    return owed(`evidence-review-${submissions}`, state.reviewDue, review(state, 'review of the evidence'));
  if (stage === 'effectivenessDue')
    return owed(`effectiveness-${reopened + 1}`, state.effectivenessDue, {
      ...{ what: 'look at the effectiveness of the corrective action', ladder: 'L-MED' },
      ...{ owedBy: [handledBy(state)], escalation: 'X-CLIENT' },
    });
  return [];
}

/** The soft date for the verification of a major, never later than its limit; both bases stay visible. (R-CAL-13) */
function verification({ verifyDue, limit }: Nonconformity): ExplainedDate | undefined {
  if (!verifyDue || !limit) return verifyDue;
  const { date, rule, interpretations } = limit.date < verifyDue.date ? limit : verifyDue;
  const basis = [...verifyDue.basis, ...limit.basis];
  return { ...verifyDue, date, rule, basis, ...(interpretations ? { interpretations } : {}) };
}

const isOpenMajor = (state: Nonconformity): boolean => isOpen(state) && state.grade === 'major';

/** A major is to be verified by a soft date. (R-FND-5) */
export const owedAsMajor = (state: Nonconformity): readonly Obligation[] =>
  owed(`major-verified-${state.reopened + 1}`, isOpenMajor(state) ? verification(state) : undefined, {
    ...{ what: 'verified correction and corrective action of a major', ladder: 'L-MED' },
    ...{ owedBy: client, escalation: 'X-CLIENT' },
  });

const verifiedInTime = ({ limit }: Nonconformity): OwedWords =>
  limit?.rule === 'R-REC-3'
    ? 'verification of a major before the certificate expires'
    : 'verification of a major within six months of Stage 2';

/** After Stage 2, and at a recertification, it is bound to a hard date as well. (R-DEC-4, R-REC-3) */
export const owedByLimit = (state: Nonconformity): readonly Obligation[] =>
  owed(`limit-${state.reopened + 1}`, isOpenMajor(state) ? state.limit : undefined, {
    ...{ what: verifiedInTime(state), ladder: 'L-LONG' },
    ...{ owedBy: ['aims-manager', 'lead-auditor', 'programme-manager'], escalation: 'X-CB' },
  });

/** Everything that a finding owes. */
export const obligations = (state: Nonconformity): readonly Obligation[] => [
  ...owedInStage(state),
  ...owedAsMajor(state),
  ...owedByLimit(state),
];
