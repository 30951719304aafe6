import type { Tracing } from '#platform/tracing.js';
import type { Reply, Request } from './fastify.js';
import { routeOf } from './serves.js';
import { requestId, spanOf, visitOf } from './visit.js';

/** A request is traced under the template of its route, since its path has ids; the trace of whoever asks goes on. */
export function beginSpan(request: Request, reply: Reply, tracing: Tracing): void {
  const [{ method }, route] = [request, routeOf(request)?.path];
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'perennial.request': requestId(request),
  };
  const name = route === undefined ? method : `${method} ${route}`;
  const span = tracing.begin({ name, kind: 'server', attributes }, { within: traceIn(request) });
  visitOf(request).span = span;
  if (span.traceparent !== undefined) void reply.header('traceresponse', span.traceparent);
}

export function endSpan(request: Request, { statusCode }: Reply): void {
  const span = spanOf(request);
  span.note({ 'http.response.status_code': statusCode });
  if (statusCode >= 500) span.fail(String(statusCode));
  span.end();
}

function traceIn({ headers }: Request): string | undefined {
  const given = headers['traceparent'];
  return typeof given === 'string' ? given : undefined;
}
