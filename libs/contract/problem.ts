import { refusalCodes, type RefusalClass, type RefusalCode } from '#domain/refusal.js';
import { z } from 'zod';
import { doorCodes, type ProblemKind } from './door-codes.js';

export type DoorCode = keyof typeof doorCodes;
export type ProblemCode = DoorCode | RefusalCode;

const titles: Readonly<Record<RefusalCode, string>> = {
  'not-permitted': 'Somebody in another role must do this',
  'person-required': 'A person must do this',
  'separation-of-duties': 'Another person must do this',
  'lookback-not-over': 'Too little time has passed since an earlier engagement',
  'conflict-declaration-missing': 'A declaration of interests is missing',
  'competence-missing': 'The person is not qualified for this',
  'four-eyes-required': 'A second person must confirm',
  'second-approver-required': 'A second approver is needed',
  'delegation-invalid': 'This cannot be handed to that person',
  'expert-without-auditor': 'A technical expert works beside an auditor',
  'wrong-state': 'This is not possible at this stage',
  'on-hold': 'The programme is on hold',
  'hard-date-cannot-move': 'This date is set by a rule and cannot move',
  'impartiality-threat-open': 'A threat to impartiality is open',
  'proposal-lapsed': 'The proposal has lapsed',
  'agreement-missing': 'There is no certification agreement yet',
  'audit-programme-missing': 'There is no approved audit programme yet',
  'audit-time-missing': 'The audit time has not been determined',
  'audit-time-table-missing': 'There is no table of audit time for this',
  'certification-body-missing': 'No certification body has been named',
  'certificate-still-valid': 'The certificate is still valid',
  'step-gate-open': 'What must come before is not complete',
  'step-dependency-open': 'Another step comes first',
  'step-not-waivable': 'This step cannot be waived',
  'objection-window-over': 'The time to object is over',
  'objection-open': 'An objection has not been resolved',
  'team-not-confirmed': 'The audit team has not been confirmed',
  'dates-not-agreed': 'The dates have not been agreed',
  'days-incomplete': 'The days are not complete, or not in order',
  'conclusions-not-agreed': 'The conclusions have not been agreed',
  'coverage-incomplete': 'Not everything has been audited',
  'stage1-objectives-open': 'Objectives of Stage 1 are open',
  'stage1-not-concluded': 'Stage 1 has not been concluded',
  'stage1-not-ready': 'Stage 1 did not find readiness',
  'stage1-validity-unconfirmed': 'The validity of Stage 1 has not been confirmed',
  'stage1-too-old': 'Stage 1 is too long ago',
  'stage1-repeat-required': 'Stage 1 must be repeated',
  'back-to-back-unjustified': 'Stage 2 follows Stage 1 too soon',
  'regrade-after-decision': 'Grades do not change after the decision',
  'major-needs-verification': 'A major nonconformity needs verification',
  'next-audit-not-for-major': 'A major nonconformity cannot wait for the next audit',
  'recommendation-gate-open': 'The recommendation must wait',
  'recommendation-missing': 'There is no recommendation yet',
  'repeat-stage2-required': 'Stage 2 must be repeated',
  'dossier-incomplete': 'The dossier is not complete',
  'major-not-verified': 'A major nonconformity has not been verified',
  'minor-plan-not-accepted': 'The plan for a minor nonconformity has not been accepted',
  'site-blocks-certificate': 'A site stands against the certificate',
  'non-accredited-certificate-forbidden': 'A certificate without accreditation is not allowed here',
  'certificate-expired': 'The certificate has expired',
  'review-required': 'The surveillance must be reviewed and decided on',
  'cycle-review-missing': 'The review of the cycle is missing',
  'stage1-need-undecided': 'It is not decided whether a Stage 1 is needed',
  'expired-before-decision': 'The certificate expired before the decision',
  'restoration-window-over': 'The certificate can no longer be restored',
  'acknowledgement-missing': 'A warning must be acknowledged first',
  'stale-version': 'It has changed since you read it',
  'reason-missing': 'A reason is missing',
  'last-day-missing': 'The last day is missing',
  'evidence-missing': 'Evidence is missing',
  'date-in-future': 'The date lies ahead',
  'date-before-evidence': 'The date lies before the evidence',
  'policy-looser-than-rule': 'A policy may be stricter than the rule, not looser',
  'policy-key-of-client': 'Each client sets this for itself',
  'application-incomplete': 'The application is not complete',
  'application-review-incomplete': 'The review of the application is not complete',
  'audit-time-below-determined': 'This is less than the audit time that was determined',
  'factor-unjustified': 'A factor has no justification',
  'reduction-not-allowed': 'This reduction is not allowed',
  'site-reduction-too-large': 'The reduction for sites is too large',
  'integration-reduction-too-large': 'The reduction for integration is too large',
  'audit-plan-incomplete': 'The audit plan is not complete',
  'sample-too-small': 'The sample is too small',
  'remote-conditions-missing': 'The conditions for remote auditing are not met',
  'report-incomplete': 'The report is not complete',
  'surveillance-checklist-incomplete': 'The surveillance has not looked at everything',
  'cycle-review-incomplete': 'The review of the cycle is not complete',
  'expiry-basis-needs-reason': 'Keeping the anniversary this early needs a reason',
  'expiry-beyond-cycle': 'The validity would be longer than a cycle',
  'grade-not-allowed': 'This grade is not allowed here',
  'rating-not-allowed': 'This rating is not allowed here',
  'finding-incomplete': 'The finding is not complete',
  'more-than-one-requirement': 'A finding names one requirement',
  'cause-or-solution-proposed': 'An auditor proposes neither cause nor solution',
  'nonconformity-as-opportunity': 'A nonconformity is not an opportunity for improvement',
  'plan-incomplete': 'The plan is not complete',
  'lesson-missing': 'The lesson is missing',
  'effective-before-decision': 'It cannot take effect before the decision',
  'certificate-content-incomplete': 'The certificate is not complete',
  'misleading-wording': 'The wording misleads',
  'accreditation-flag-missing': 'It is not said whether the body is accredited',
};

const statuses: Readonly<Record<RefusalClass, number>> = {
  person: 403,
  state: 409,
  version: 412,
  input: 422,
};

/** What to do after a refusal that names nobody and nothing. */
const hints: Readonly<Record<RefusalClass, string>> = {
  person: 'Ask somebody else who may; `?include=actions.all` shows who could do what.',
  state: 'Look at what stands now; `?include=actions` shows what is possible.',
  version: 'Read it again, and decide on what stands now.',
  input: 'Mend what is named, and send it again.',
};

const isDoorCode = (code: ProblemCode): code is DoorCode => Object.hasOwn(doorCodes, code);

/** True for a code of the registry. */
export const isProblemCode = (word: string): word is ProblemCode =>
  Object.hasOwn(doorCodes, word) || Object.hasOwn(refusalCodes, word);

/** The registry: every code with its status, title and hint. */
export function problemKind(code: ProblemCode): ProblemKind {
  if (isDoorCode(code)) return doorCodes[code];
  const own = refusalCodes[code];
  return { status: statuses[own], title: titles[code], hint: hints[own], retryable: false };
}

/** Every code that Perennial can answer with. */
export const problemCodes: readonly ProblemCode[] = [
  ...Object.keys(doorCodes),
  ...Object.keys(refusalCodes),
].filter(isProblemCode);

/** What is wrong with one member of a body or one parameter. */
export const fieldCodes = [
  ...([
    'required',
    'unknown-member',
    'wrong-type',
    'too-short',
    'too-long',
    'not-a-date',
    'not-an-instant',
  ] as const),
  ...(['not-an-id', 'not-in-list', 'out-of-range', 'not-unique', 'wrong-form', 'too-easy'] as const),
] as const;

export type FieldCode = (typeof fieldCodes)[number];

/** One reason against a command, in the same words in a problem and in a list of actions. */
export const refusalShape = z
  .looseObject({
    code: z.string().meta({ description: 'Stable code of the refusal.', examples: ['separation-of-duties'] }),
    rules: z.array(z.string()).meta({ description: 'Ids of the rules behind it, the main one first.' }),
    message: z.string().meta({ description: 'The reason as a sentence for people.' }),
    wouldNeed: z.string().optional().meta({ description: 'What would make it possible.' }),
    whoCould: z.array(z.string()).optional().meta({ description: 'Roles that could do it.' }),
    because: z
      .array(z.looseObject({ thing: z.string(), act: z.string() }))
      .optional()
      .meta({ description: 'Earlier acts that stand against it.' }),
    missing: z.array(z.string()).optional().meta({ description: 'Names of what is missing.' }),
  })
  .meta({ id: 'Refusal', description: 'One reason against a command.' });

const fieldError = z.looseObject({
  pointer: z.string().optional().meta({ description: 'JSON pointer into the body (RFC 6901).' }),
  parameter: z.string().optional().meta({ description: 'Name of the query parameter or header.' }),
  code: z.string().meta({ description: 'What is wrong with it.', examples: ['not-a-date'] }),
  detail: z.string().meta({ description: 'The same as a sentence.' }),
});

/** A problem by RFC 9457, with every reason at once. */
export const problemShape = z
  .looseObject({
    type: z.string().meta({ description: 'Address of the page about this code.' }),
    title: z.string().meta({ description: 'The kind of problem in a few words.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What stands against this request.' }),
    instance: z.string().meta({ description: 'Names this very answer.' }),
    code: z.string().meta({ description: 'Stable code of the registry.', examples: ['wrong-state'] }),
    rules: z.array(z.string()).meta({ description: 'Rules that caused it.' }),
    refusals: z.array(refusalShape).meta({ description: 'All reasons, each with its rules.' }),
    errors: z.array(fieldError).meta({ description: 'What is wrong in the request, member by member.' }),
    hint: z.string().nullable().meta({ description: 'What to do.' }),
    requestId: z.string().meta({ description: 'Under this id the log knows more.' }),
    traceId: z.string().optional().meta({ description: 'The trace of the request, where traces are kept.' }),
    retryable: z.boolean().meta({ description: 'True when the same request may succeed later.' }),
    current: z.unknown().optional().meta({ description: 'For stale-version: the thing as it stands now.' }),
  })
  .meta({ id: 'Problem', description: 'A problem by RFC 9457.' });

export type Problem = z.infer<typeof problemShape>;
