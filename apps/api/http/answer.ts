import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { map, type Observable } from 'rxjs';
import type { Reply, Request } from './fastify.js';

/** What a handler answers with: a status, headers, and an object, a text that is written already, or a stream. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: object | string | Readable | undefined,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** The tag of one representation: the version, and a hash of the very bytes. One of the `past` is no version to change. */
export const tagOf = (version: number | 'past', text: string): string =>
  `"${String(version)}.${hash('sha256', text).slice(0, 8)}"`;

/** The only place that writes a success: status, type, caching, and 304 when the caller has these bytes. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const [request, reply] = [
      context.switchToHttp().getRequest<Request>(),
      context.switchToHttp().getResponse<Reply>(),
    ];
    return next
      .handle()
      .pipe(map((value: unknown) => (value instanceof Answer ? write(value, request, reply) : value)));
  }
}

function write(answer: Answer, request: Request, reply: Reply): unknown {
  const { status, body } = answer;
  const headers = headersOf(answer);
  for (const [name, value] of Object.entries(headers)) void reply.header(name, value);
  const isKnown = holds(request, headers['etag']);
  void reply.status(isKnown ? 304 : status);
  if (body instanceof Readable) return isKnown || request.method === 'HEAD' ? unread(body, isKnown) : body;
  if (isKnown || body === undefined) return undefined;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

const headersOf = ({ body, headers }: Answer): Readonly<Record<string, string>> => ({
  'cache-control': 'private, no-cache',
  vary: 'Authorization, Accept-Language',
  ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
  ...headers,
});

/** Whether the caller has these very bytes. */
const holds = ({ method, headers }: Request, tag: string | undefined): boolean =>
  method === 'GET' && tag !== undefined && headers['if-none-match'] === tag;

/** Nobody reads it, and nobody waits for its end. */
function unread(body: Readable, isKnown: boolean): Readable | undefined {
  body.destroy();
  return isKnown ? undefined : Readable.from([]);
}
