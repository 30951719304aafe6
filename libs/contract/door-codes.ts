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
  'sign-in-not-begun': kind(
    400,
    'This sign-in was not begun here',
    'Begin again, in one browser and at one address of this installation, and come back within ten minutes.',
  ),
  'not-signed-in': kind(401, 'Nobody is signed in', 'Send `Authorization: Bearer <key>`.'),
  'credential-invalid': kind(
    401,
    'The key is not valid',
    'Look whether it was copied as a whole and has not been revoked.',
  ),
  'credential-expired': kind(
    401,
    'The key or the session is over',
    'Sign in again; or ask an administrator for a new key.',
  ),
  'sign-in-refused': kind(
    401,
    'Mail address and password do not belong together',
    'Look at both; by POST /v1/password-resets a link is mailed by which a new password is set.',
  ),
  'provider-refused': kind(
    401,
    'The provider did not say who you are',
    'Begin again; if it stays so, tell whoever runs this installation the code that stands in `detail`.',
  ),
  'identity-unknown': kind(
    401,
    'This identity opens no account here',
    'Sign in as usual and link it, or have a link mailed by POST /v1/password-resets and link it there.',
  ),
  'sign-in-not-fresh': kind(
    403,
    'You signed in too long ago for this',
    'Sign in again, and do it within a quarter of an hour.',
  ),
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
  'account-ambiguous': kind(
    409,
    'There are several accounts with this address',
    'Name one of them as `account`.',
  ),
  'number-ambiguous': kind(
    409,
    'Several things that you see have this number',
    'Name the one that you mean by its id: each organisation counts for itself.',
  ),
  'identity-taken': kind(
    409,
    'This identity belongs to another account already',
    'Remove it there, or use another one: an identity is one person.',
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
  'link-invalid': kind(
    410,
    'This link is not good any more',
    'Ask for a new one: POST /v1/password-resets; the newest one alone counts, once, and not for long.',
  ),
  'proof-invalid': kind(
    410,
    'This proof is not good any more',
    'Begin again: it is good once, for ten minutes, and for whoever has begun.',
  ),
  'calendar-over': kind(
    410,
    'This calendar is over',
    'Remove it from your calendar program: whoever made it has left, or their organisation is closed.',
  ),
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
  'rate-limited': later(
    429,
    'This was tried too often',
    'Try again after as many seconds as Retry-After says.',
  ),
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
  'provider-unavailable': later(
    503,
    'The provider is away',
    'Try again shortly, or sign in with your password.',
  ),
  'storage-full': later(507, 'There is no room left for files', 'An operator has to make room.'),
} as const satisfies Record<string, ProblemKind>;
