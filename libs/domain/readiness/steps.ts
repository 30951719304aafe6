import type { Role } from '../actor.js';
import type { EvidenceKind } from '../evidence/evidence.js';
import type { StepName } from '../owed-words.js';
import type { RuleId } from '../refusal.js';

/** One step on the client's way: what it is, who carries it, who approves it, and the evidence without which it is not done. (R-RDY-1) */
export interface StepTerms {
  readonly name: StepName;
  readonly owners: readonly Role[];
  readonly approvers: readonly Role[];
  /** Kinds of evidence of which it needs a file that is dated, approved and in force. */
  readonly evidence: readonly EvidenceKind[];
  /** The rules behind its gate, besides R-RDY-1. */
  readonly rules: readonly RuleId[];
}

const top: readonly Role[] = ['top-management'];
const manager: readonly Role[] = ['aims-manager'];
const doers: readonly Role[] = ['aims-manager', 'process-owner', 'ai-system-owner'];

/** A step of the client's own. */
const own = (name: StepName, owners: readonly Role[], more: Partial<StepTerms> = {}): StepTerms => ({
  ...{ name, owners, approvers: top, evidence: [], rules: [] },
  ...more,
});

/** A step that moves with the facts of the audits alone. */
const followed = (name: StepName): StepTerms => own(name, manager, { approvers: [] });

/** The twelve steps to a certificate, with the charter before them. (SM-1) */
export const steps: readonly StepTerms[] = [
  own('charter', top),
  own('scope', manager, {
    evidence: ['scopeStatement', 'contextRegister', 'aiSystemInventory'],
    rules: ['R-CTX-1'],
  }),
  own('gap analysis', manager, { rules: ['R-SOA-1'] }),
  own('policies, treatment and controls', doers, {
    evidence: [
      ...(['policy', 'riskCriteria', 'riskAssessment', 'impactAssessment'] as const),
      ...(['treatmentPlan', 'statementOfApplicability'] as const),
    ],
    rules: ['R-POL-1', 'R-RSK-1', 'R-RSK-5', 'R-SOA-2', 'R-AIA-1'],
  }),
  own('documentation', manager, { rules: ['R-DOC-1'] }),
  own('operation', ['process-owner', 'ai-system-owner'], {
    approvers: manager,
    evidence: ['operatingRecord', 'indicatorReport', 'trainingRecord'],
    rules: ['R-S2-3', 'R-KPI-1', 'R-RDY-4'],
  }),
  own('internal audit and management review', ['internal-auditor'], {
    evidence: ['internalAuditReport', 'managementReviewRecord'],
    rules: ['R-RDY-5'],
  }),
  own('choice of the certification body', manager, { rules: ['R-SEL-1'] }),
  ...(['Stage 1', 'findings', 'Stage 2', 'certificate', 'maintenance'] as const).map(followed),
];

/** The last step that the client takes by itself; those behind it follow what the audits come to. (I-23) */
export const LAST_OWN_STEP = 7;

/** The terms of a step by its number, 0 to 12. */
export function termsOf(step: number): StepTerms {
  const terms = steps[step];
  if (!terms) throw new RangeError(`there is no step ${String(step)} of readiness`);
  return terms;
}

/** What the standard wants in writing, and the kind of evidence that shows it. (R-DOC-1) */
export const demanded: readonly (readonly [clause: string, kind: EvidenceKind])[] = [
  ['4.3', 'scopeStatement'],
  ['5.2', 'policy'],
  ['6.1.1', 'riskCriteria'],
  ['6.1.2', 'riskAssessment'],
  ['6.1.3', 'treatmentPlan'],
  ['6.1.3', 'statementOfApplicability'],
  ['6.1.4', 'impactAssessment'],
  ['6.2', 'objectives'],
  ['7.2', 'trainingRecord'],
  ['7.5', 'documentRegister'],
  ['8.1', 'operatingRecord'],
  ['8.2', 'riskAssessment'],
  ['8.3', 'treatmentRecord'],
  ['8.4', 'impactAssessment'],
  ['9.1', 'indicatorReport'],
  ['9.2.2', 'internalAuditReport'],
  ['9.3.3', 'managementReviewRecord'],
  ['10.2', 'correctiveAction'],
];
