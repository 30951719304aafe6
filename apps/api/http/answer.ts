import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
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

function write({ status, body, headers }: Answer, request: Request, reply: Reply): unknown {
  const own = { 'cache-control': 'private, no-cache', vary: 'Authorization, Accept-Language', ...headers };
  for (const [name, value] of Object.entries(own)) void reply.header(name, value);
  const tag = headers['etag'];
  if (request.method === 'GET' && tag !== undefined && request.headers['if-none-match'] === tag) {
    void reply.status(304);
    return undefined;
  }
  void reply.status(status);
  if (body === undefined) return undefined;
  if (headers['content-type'] === undefined)
    void reply.header('content-type', 'application/json; charset=utf-8');
  return typeof body === 'string' || 'pipe' in body ? body : JSON.stringify(body);
}
