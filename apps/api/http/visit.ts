import type { Route } from '#contract/route.js';
import { machineSource, newId } from '#platform/ids.js';
import { untracedSpan, type Span } from '#platform/tracing.js';
import type { Request } from './fastify.js';

/** Who knocks: the account behind the credential, as it was looked up. */
export interface Visitor {
  readonly principal: string;
  readonly organisation: string;
  /** What proves it, for the entries that follow. */
  readonly auth: string;
  /** The hash of what a person signed in with: a command asks under its locks whether it still stands. */
  readonly credential?: string;
  readonly scopes: readonly string[];
  /** False for a person who holds no role any more, or none yet. */
  readonly holds: boolean;
}

/** What is known of one request beside what Fastify knows: its id, its visitor, the bytes of its body. */
interface Visit {
  readonly id: string;
  visitor?: Visitor;
  body?: Buffer;
  span?: Span;
}

const visits = new WeakMap<object, Visit>();

/** Kept by the raw request, which is the same for parsers, hooks and handlers. */
export function visitOf(request: Request): Visit {
  const known = visits.get(request.raw);
  if (known) return known;
  const visit = { id: newId('req', machineSource) };
  visits.set(request.raw, visit);
  return visit;
}

export const requestId = (request: Request): string => visitOf(request).id;

/** What is traced of a request. */
export const spanOf = (request: Request): Span => visitOf(request).span ?? untracedSpan;

/** Everything that a handler needs to know of who asks, and how. */
export interface Caller extends Visitor {
  readonly route: Route;
  readonly key?: string;
  readonly version?: number;
  readonly dryRun: boolean;
  /** `Prefer: wait=20`: for how many seconds the caller holds the line. */
  readonly wait?: number;
  /** SHA-256 of the body as it came. */
  readonly fingerprint: string;
  /** The trace of the request, in the form of W3C's `traceparent`. */
  readonly trace: string | undefined;
}
