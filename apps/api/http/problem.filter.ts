import { isProblemCode, problemKind, type Problem, type ProblemCode } from '#contract/problem.js';
import { EntryTooLarge } from '#database/ledger/entry.js';
import { isDatabaseAway, isOverrun, sqlstate } from '#database/sqlstate.js';
import type { Id } from '#domain/actor.js';
import type { Refusal } from '#domain/refusal.js';
import type { Log } from '#platform/log.js';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Reply, Request } from './fastify.js';
import { Fault, type FaultDetails } from './fault.js';
import { methodsAt, routeOf } from './serves.js';
import { requestId, spanOf } from './visit.js';

/** Every way in which a request can fail ends here, as one problem by RFC 9457. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    this.tell(error, host.switchToHttp().getRequest<Request>(), host.switchToHttp().getResponse<Reply>());
  }

  /** Also called by Fastify itself, for an address that it cannot read. */
  tell(error: unknown, request: Request, reply: Reply): void {
    const fault = this.faultOf(error, request);
    const { ids } = spanOf(request);
    const problem = { ...problemOf(fault, requestId(request)), ...ids };
    if (problem.status >= 500)
      this.log.error({ err: error, requestId: problem.requestId, ...ids }, 'a request failed');
    spanOf(request).note({ 'perennial.problem': problem.code });
    for (const [name, value] of Object.entries(headersOf(fault))) void reply.header(name, value);
    void reply
      .status(problem.status)
      .header('content-type', 'application/problem+json')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problem));
  }

  private faultOf(error: unknown, request: Request): Fault {
    if (error instanceof Fault) return error;
    const { code, status } = signs(error);
    const known = byFastify[code] ?? unknownAddress(request, status);
    if (known) return known;
    const away = unavailable(error);
    if (away) return new Fault('database-unavailable', away);
    if (code === sqlstate.clocksDiffer)
      return new Fault('clock-differs', 'The two organisations do not live on the same clock.');
    if (error instanceof EntryTooLarge)
      return new Fault('invalid-body', 'This says more at once than an entry of the ledger holds (64 KiB).');
    if (NO_ROOM.includes(code)) return new Fault('storage-full', 'There is no room for this file.');
    if (status >= 400 && status < 500) return new Fault('malformed-request', 'The request cannot be read.');
    return new Fault('internal-error', 'The cause is in the log, under the request id.');
  }
}

/** Why the database cannot do anything for now, if that is what the error is about. */
function unavailable(error: unknown): string | undefined {
  if (isDatabaseAway(error)) return 'The database does not answer at the moment.';
  return isOverrun(error) ? 'The database is too busy at the moment; nothing was recorded.' : undefined;
}

/** What a file system says when nothing more can be written. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const byFastify: Readonly<Record<string, Fault>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new Fault('body-too-large', 'JSON may have 1 MiB.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new Fault('media-type-not-supported', 'Send application/json.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: new Fault('malformed-json', 'The body is empty.'),
  FST_ERR_MAX_PARAM_LENGTH: new Fault('not-found', 'There is no such address.'),
};

const pathOf = (request: Request): string => request.originalUrl.split('?')[0] ?? '';

/** A missing address is no thing; an address that knows other methods says which, also where a method is known nowhere. */
function unknownAddress(request: Request, status: number): Fault | undefined {
  if (routeOf(request) !== undefined) return undefined;
  const known = methodsAt(pathOf(request));
  const allow = known.join(', ');
  if (known.length > 0 && !known.includes(request.method))
    return new Fault('method-not-allowed', `This address knows ${allow}.`, { headers: { allow } });
  return status === 404 ? new Fault('not-found', 'There is no such address.') : undefined;
}

/** Nest wraps what Fastify says; the code is inside. */
function signs(error: unknown): { readonly code: string; readonly status: number } {
  if (error instanceof HttpException) return { ...signs(error.cause), status: error.getStatus() };
  if (typeof error !== 'object' || error === null) return { code: '', status: 500 };
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    status: 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500,
  };
}

/** The first reason decides: 403, 412, 409, 422. */
const order = [403, 412, 409, 422];
const rank = (code: ProblemCode): number => order.indexOf(problemKind(code).status);

/** The answer to a request under its id. */
export function problemOf({ code: own, detail, details }: Fault, id: Id): Problem {
  const refusals = [...(details.refusals ?? [])].sort((a, b) => rank(a.code) - rank(b.code));
  const main: Bare = refusals[0] ?? { code: own, message: detail, rules: [] };
  const { status, title, retryable = false } = problemKind(main.code);
  return {
    type: `/problems/${main.code}`,
    title,
    status,
    detail: main.message,
    instance: `/v1/requests/${id}`,
    code: main.code,
    rules: [...main.rules],
    refusals: refusals.map(plain),
    errors: (details.errors ?? []).map((fault) => ({ ...fault })),
    hint: hintOf(main),
    requestId: id,
    retryable,
    ...(details.current === undefined ? {} : { current: details.current }),
  };
}

interface Bare extends Pick<Refusal, 'message' | 'rules' | 'wouldNeed' | 'whoCould' | 'missing'> {
  readonly code: ProblemCode;
}

/** What to do: what would be needed, who could, what is missing, or what the registry says of the code. */
function hintOf({ code, wouldNeed, whoCould = [], missing = [] }: Bare): string | null {
  if (wouldNeed !== undefined) return wouldNeed;
  if (whoCould.length > 0) return `Ask somebody who is ${whoCould.join(' or ')}.`;
  if (missing.length > 0) return `Missing: ${missing.join(', ')}.`;
  return problemKind(code).hint ?? null;
}

/** After how many seconds it is worth asking again. */
const retryAfter: Readonly<Partial<Record<ProblemCode, string>>> = {
  'idempotency-key-in-flight': '1',
  'database-unavailable': '5',
};

function headersOf({ code, details }: Fault): Readonly<Record<string, string>> {
  const after = retryAfter[code];
  const { status } = problemKind(isProblemCode(code) ? code : 'internal-error');
  return {
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="Perennial"' } : {}),
    ...(after === undefined ? {} : { 'retry-after': after }),
    ...details.headers,
  };
}

type Plain = Problem['refusals'][number];
const plain = ({
  rules,
  whoCould,
  because,
  missing,
  ...refusal
}: NonNullable<FaultDetails['refusals']>[number]): Plain => ({
  ...refusal,
  rules: [...rules],
  ...(whoCould ? { whoCould: [...whoCould] } : {}),
  ...(because ? { because: [...because] } : {}),
  ...(missing ? { missing: [...missing] } : {}),
});
