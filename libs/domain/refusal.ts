import type { Who } from './actor.js';

/** The id of a rule (R-…), separation rule (SOD-…), interpretation (I-…), invariant (INV-…) or machine (SM-…, SUP-…). */
export type RuleId =
  `R-${string}` | `SOD-${string}` | `I-${string}` | `INV-${string}` | `SM-${string}` | `SUP-${string}`;

/**
 * What kind of no a code is. `person`: somebody else could. `state`: not now. `version`: made against an older version.
 * `input`: what was sent is not enough, or contradicts a rule. Each code keeps its class for ever.
 */
export type RefusalClass = 'person' | 'state' | 'version' | 'input';

const person = 'person';
const state = 'state';
const input = 'input';

/** Every code with which the machines built so far refuse, with its class. Codes are stable; messages may change. (R-GEN-8) */
export const refusalCodes = {
  'not-permitted': person,
  'person-required': person,
  'separation-of-duties': person,
  'lookback-not-over': person,
  'conflict-declaration-missing': person,
  'competence-missing': person,
  'four-eyes-required': person,
  'second-approver-required': person,
  'delegation-invalid': person,
  'expert-without-auditor': person,
  'wrong-state': state,
  'on-hold': state,
  'hard-date-cannot-move': state,
  'impartiality-threat-open': state,
  'proposal-lapsed': state,
  'agreement-missing': state,
  'audit-programme-missing': state,
  'audit-time-missing': state,
  'audit-time-table-missing': state,
  'certification-body-missing': state,
  'certificate-still-valid': state,
  'step-gate-open': state,
  'step-dependency-open': state,
  'step-not-waivable': state,
  'objection-window-over': state,
  'objection-open': state,
  'team-not-confirmed': state,
  'dates-not-agreed': state,
  'days-incomplete': input,
  'conclusions-not-agreed': state,
  'coverage-incomplete': state,
  'stage1-objectives-open': state,
  'stage1-not-concluded': state,
  'stage1-not-ready': state,
  'stage1-validity-unconfirmed': state,
  'stage1-too-old': state,
  'stage1-repeat-required': state,
  'back-to-back-unjustified': state,
  'regrade-after-decision': state,
  'major-needs-verification': state,
  'next-audit-not-for-major': state,
  'recommendation-gate-open': state,
  'recommendation-missing': state,
  'repeat-stage2-required': state,
  'dossier-incomplete': state,
  'major-not-verified': state,
  'minor-plan-not-accepted': state,
  'site-blocks-certificate': state,
  'non-accredited-certificate-forbidden': state,
  'certificate-expired': state,
  'review-required': state,
  'cycle-review-missing': state,
  'stage1-need-undecided': state,
  'expired-before-decision': state,
  'restoration-window-over': state,
  'acknowledgement-missing': state,
  'stale-version': 'version',
  'reason-missing': input,
  'last-day-missing': input,
  'evidence-missing': input,
  'date-in-future': input,
  'date-before-evidence': input,
  'policy-looser-than-rule': input,
  'policy-key-of-client': input,
  'application-incomplete': input,
  'application-review-incomplete': input,
  'audit-time-below-determined': input,
  'factor-unjustified': input,
  'reduction-not-allowed': input,
  'site-reduction-too-large': input,
  'integration-reduction-too-large': input,
  'audit-plan-incomplete': input,
  'sample-too-small': input,
  'remote-conditions-missing': input,
  'report-incomplete': input,
  'surveillance-checklist-incomplete': input,
  'cycle-review-incomplete': input,
  'expiry-basis-needs-reason': input,
  'expiry-beyond-cycle': input,
  'grade-not-allowed': input,
  'rating-not-allowed': input,
  'finding-incomplete': input,
  'more-than-one-requirement': input,
  'cause-or-solution-proposed': input,
  'nonconformity-as-opportunity': input,
  'plan-incomplete': input,
  'lesson-missing': input,
  'effective-before-decision': input,
  'certificate-content-incomplete': input,
  'misleading-wording': input,
  'accreditation-flag-missing': input,
} as const satisfies Record<string, RefusalClass>;

export type RefusalCode = keyof typeof refusalCodes;

const isCode = (word: string): word is RefusalCode => Object.hasOwn(refusalCodes, word);

/** The codes that say: not this person, somebody else could. */
export const inPersonCodes: readonly RefusalCode[] = Object.keys(refusalCodes)
  .filter(isCode)
  .filter((code) => refusalCodes[code] === person);

/** Why a command was not done: a stable code, all rules that caused it, and who or what would make it possible. (R-GEN-8) */
export interface Refusal {
  readonly code: RefusalCode;
  readonly rules: readonly RuleId[];
  readonly message: string;
  readonly wouldNeed?: string;
  readonly whoCould?: readonly Who[];
  /** Earlier acts that stand against it, by the id of the thing that they are recorded on. */
  readonly because?: readonly { readonly thing: string; readonly act: string }[];
  /** Names of the fields, findings or points that are missing. */
  readonly missing?: readonly string[];
}

export type WarningCode =
  | 'after-due-date'
  | 'raw-reduction-beyond-cap'
  | 'outside-planning-window'
  | 'year-without-surveillance'
  | 'departs-from-rule'
  | 'agreed-to-another';

/** A remark that does not stop a command; one marked `acknowledge` must be named with a reason first. */
export interface Warning {
  readonly code: WarningCode;
  readonly rules: readonly RuleId[];
  readonly message: string;
  readonly acknowledge: boolean;
}

/** Makes a refusal; `rules` are given in full, the first one is the main cause. */
export function refusal(
  code: RefusalCode,
  rules: readonly RuleId[],
  message: string,
  more: Partial<Omit<Refusal, 'code' | 'rules' | 'message'>> = {},
): Refusal {
  return { code, rules, message, ...more };
}

/** The objection that stands unless the condition holds; a guard is a list of these. */
export const unless = (holds: boolean, objection: () => Refusal): Refusal | undefined =>
  holds ? undefined : objection();
