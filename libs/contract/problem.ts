import { refusalCodes, type RefusalClass, type RefusalCode } from '#domain/refusal.js';
import { z } from 'zod';

/** How a problem is told: its status, a title for people, what to do, and whether trying again can help. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly hint?: string;
  readonly retryable?: boolean;
}

const kind = (status: number, title: string, hint?: string): ProblemKind => ({
  status,
  title,
  ...(hint === undefined ? {} : { hint }),
});

const later = (status: number, title: string, hint: string): ProblemKind => ({
  ...kind(status, title, hint),
  retryable: true,
});

/** The problems of the door itself; those of the rules come from the domain. */
export const doorCodes = {
  'malformed-json': kind(400, 'This is not JSON', 'Send one JSON object in UTF-8, nested at most 16 deep.'),
  'malformed-request': kind(
    400,
    'This request cannot be read',
    'Send it again as a whole, as /openapi.json describes it.',
  ),
  'unknown-parameter': kind(
    400,
    'There is no such parameter',
    'Leave it out, or look its name up in /openapi.json.',
  ),
  'invalid-parameter': kind(400, 'A parameter is not of the right form', 'Each entry of `errors` names it.'),
  'page-token-invalid': kind(
    400,
    'The page token is not valid here',
    'Begin again without a token, with the same filter.',
  ),
  'idempotency-key-missing': kind(
    400,
    'A key for this request is missing',
    'Send a header such as `Idempotency-Key: 7f0c2b1e`, a new one for each act and the same one for each retry.',
  ),
  'idempotency-key-invalid': kind(
    400,
    'The key for this request is not valid',
    'Use 1 to 255 visible ASCII characters.',
  ),
  'as-of-in-future': kind(
    400,
    'This lies ahead',
    'Ask for today or earlier, on the clock of the organisation; a rehearsal shows what is to come.',
  ),
  'not-signed-in': kind(401, 'Nobody is signed in', 'Send `Authorization: Bearer <key>`.'),
  'credential-invalid': kind(
    401,
    'The key is not valid',
    'Look whether it was copied as a whole and has not been revoked.',
  ),
  'credential-expired': kind(401, 'The key has expired', 'Ask an administrator for a new one.'),
  'scope-missing': kind(403, 'The key may not be used for this', 'Use a key that has the scope.'),
  'not-found': kind(
    404,
    'There is no such thing here',
    'Look whether the address is right and the thing is yours to see.',
  ),
  'not-yet-there': kind(
    404,
    'It did not exist then',
    'Ask for a later day; its entries show since when it exists.',
  ),
  'method-not-allowed': kind(
    405,
    'This address knows no such method',
    'The header Allow lists those that it knows.',
  ),
  'not-acceptable': kind(406, 'This cannot be answered in that form', 'Accept application/json.'),
  'idempotency-key-in-flight': later(
    409,
    'The first request with this key is still running',
    'Try again in a second.',
  ),
  'clock-differs': kind(
    409,
    'Organisations on different clocks are never joined',
    'Name an organisation of the same sandbox, or a live one from a live one.',
  ),
  'clock-backwards': kind(
    409,
    'A clock moves forward only',
    'Give an instant after the present one of the sandbox.',
  ),
  'clock-busy': later(409, 'The clock is being moved already', 'Wait for the operation that moves it.'),
  'precondition-missing': kind(
    428,
    'Say which version you have read',
    'Send its ETag, such as `If-Match: "8"`; a GET of the thing tells it.',
  ),
  'body-too-large': kind(
    413,
    'This is too large',
    'JSON may have 1 MiB, a file of evidence as much as the installation allows.',
  ),
  'media-type-not-supported': kind(415, 'This media type is not taken here', 'Send application/json.'),
  'headers-too-large': kind(431, 'The headers are too large', 'All headers together may have 16 KiB.'),
  'invalid-body': kind(
    422,
    'Something in the body is not right',
    'Each entry of `errors` points at one member.',
  ),
  'idempotency-key-reused': kind(
    422,
    'This key was used for another body',
    'Use a new key for a new act; keep the key only when you send the very same again.',
  ),
  'content-digest-mismatch': kind(
    422,
    'The content is not what its hash says',
    'Send the file again as a whole.',
  ),
  'media-type-mismatch': kind(
    422,
    'The file is not what its name says',
    'Say the media type that the content has, or none.',
  ),
  'internal-error': kind(
    500,
    'Something went wrong on our side',
    'Nothing was recorded. Give the request id to whoever runs this installation: the log has the cause under it.',
  ),
  'database-unavailable': later(503, 'The database is away', 'Try again shortly.'),
  'storage-full': later(507, 'There is no room left for files', 'An operator has to make room.'),
} as const satisfies Record<string, ProblemKind>;

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
  ...(['not-an-id', 'not-in-list', 'out-of-range', 'not-unique', 'wrong-form'] as const),
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
    retryable: z.boolean().meta({ description: 'True when the same request may succeed later.' }),
    current: z.unknown().optional().meta({ description: 'For stale-version: the thing as it stands now.' }),
  })
  .meta({ id: 'Problem', description: 'A problem by RFC 9457.' });

export type Problem = z.infer<typeof problemShape>;
