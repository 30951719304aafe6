import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { hash } from 'node:crypto';
import type { Route } from '#contract/route.js';
import type { Request } from './fastify.js';
import { Fault, notFound } from './fault.js';
import { routeOf } from './serves.js';
import { spanOf, visitOf, type Caller } from './visit.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const records = ['create', 'command', 'operation', 'upload'];

/** Who calls, with the headers that make a retry safe and a change deliberate. */
export const Calling = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<Request>();
  const [route, { visitor, body }] = [routeOf(request), visitOf(request)];
  if (!route) throw notFound();
  if (!visitor) throw new Fault('not-signed-in', 'Say who you are.');
  return {
    ...visitor,
    route,
    trace: spanOf(request).traceparent,
    dryRun: isDry(header(request, 'perennial-dry-run'), route),
    fingerprint: hash('sha256', body ?? ''),
    ...keyIn(header(request, 'idempotency-key'), route),
    ...versionIn(header(request, 'if-match')),
    ...waitIn(header(request, 'prefer')),
  };
});

function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Whoever means a dry run and misspells it, or means one of what has none, must not get a real one. */
function isDry(word = 'false', { kind, command }: Route): boolean {
  if (word !== 'true' && word !== 'false') throw notDry('Say true or false.');
  if (word === 'true' && records.includes(kind) && !command) throw notDry('There is no dry run of this.');
  return word === 'true';
}

const notDry = (detail: string): Fault =>
  new Fault('invalid-parameter', `Perennial-Dry-Run: ${detail}`, {
    errors: [{ parameter: 'Perennial-Dry-Run', code: 'not-in-list', detail }],
  });

function keyIn(key: string | undefined, { kind }: Route): { key?: string } {
  if (key !== undefined) {
    if (!KEY.test(key))
      throw new Fault('idempotency-key-invalid', 'It has 1 to 255 visible ASCII characters.');
    return { key };
  }
  if (!records.includes(kind)) return {};
  throw new Fault(
    'idempotency-key-missing',
    'A request that records something needs the header Idempotency-Key.',
  );
}

/** `"8"` or the whole tag `"8.1f9c04ab"`; the version alone counts. */
function versionIn(tag: string | undefined): { version?: number } {
  if (tag === undefined) return {};
  const [, digits] = /^\s*(?:W\/)?"(\d{1,9})(?:\.[0-9a-f]+)?"\s*$/.exec(tag) ?? [];
  if (digits === undefined)
    throw new Fault('invalid-parameter', 'If-Match names one version, such as "8".', {
      errors: [
        { parameter: 'If-Match', code: 'wrong-form', detail: 'Send the ETag of the thing, with its quotes.' },
      ],
    });
  return { version: Number(digits) };
}

/** `Prefer: wait=20`. */
function waitIn(preference: string | undefined): { wait?: number } {
  const [, seconds] = /\bwait=(\d{1,2})\b/.exec(preference ?? '') ?? [];
  return seconds === undefined ? {} : { wait: Number(seconds) };
}
