import { z } from 'zod';
import { pageOf } from './page.js';
import type { ProblemCode } from './problem.js';

/**
 * What a route is. `read` and `list` write nothing; `create` makes a thing and `command` moves one, both in one transaction;
 * `operation` runs on after its answer; `upload` takes a file; `remove` ends something; `page` is open to everybody; by `entry`
 * people come in, or settle how they will: it records no fact, and no answer of it is kept; `mark` notes what is the caller's own
 * and no fact, and twice is as once.
 */
export type RouteKind =
  'read' | 'list' | 'create' | 'command' | 'operation' | 'upload' | 'remove' | 'page' | 'entry' | 'mark';

/** The command behind a route: its name, the kind of thing, and the member of the body that names what it stands under. */
export interface CommandRef {
  readonly type: string;
  readonly kind: string;
  readonly prefix: string;
  readonly under?: string;
}

/** One address of the door, described once: the handler, the client, the documents and the tests are made from it. */
export interface Route<Body = unknown, Answer = unknown> {
  readonly name: string;
  readonly does: string;
  readonly kind: RouteKind;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly collection: string;
  readonly params: readonly string[];
  readonly query: z.ZodObject;
  readonly body?: z.ZodType<unknown, Body>;
  readonly answer: z.ZodType<Answer>;
  readonly status: 200 | 201 | 202 | 204 | 302;
  readonly problems: readonly ProblemCode[];
  readonly scope: Scope;
  readonly command?: CommandRef;
  /** The media type of an answer that is a file and no JSON. */
  readonly file?: string;
  /** True where it can also be followed, as server-sent events. */
  readonly streams?: true;
  /** True where somebody else writes the query, and adds what they like. */
  readonly takesAny?: true;
}

/** What a key may be used for; a key acts with its scopes and its roles, whichever is less. */
export type Scope = 'open' | 'read' | 'act' | 'evidence:write' | 'sandboxes:manage' | 'watch';

const always: readonly ProblemCode[] = ['internal-error', 'database-unavailable', 'headers-too-large'];
const asked: readonly ProblemCode[] = [
  ...([
    'unknown-parameter',
    'invalid-parameter',
    'not-signed-in',
    'credential-invalid',
    'credential-expired',
    'malformed-request',
    'idempotency-key-invalid',
  ] as const),
  ...([
    'scope-missing',
    'not-permitted',
    'not-found',
    'number-ambiguous',
    'not-acceptable',
    'rate-limited',
  ] as const),
];
const body = ['malformed-json', 'body-too-large', 'media-type-not-supported'] as const;
const sent: readonly ProblemCode[] = [
  ...body,
  ...(['idempotency-key-missing', 'idempotency-key-in-flight', 'idempotency-key-reused'] as const),
  ...([
    'invalid-body',
    'clock-differs',
    'person-required',
    'wrong-state',
    'reason-missing',
    'date-in-future',
  ] as const),
];

const entering: readonly ProblemCode[] = [
  ...body,
  ...(['malformed-request', 'invalid-body', 'not-acceptable', 'unknown-parameter', 'rate-limited'] as const),
];

const problemsOf: Readonly<Record<RouteKind, readonly ProblemCode[]>> = {
  page: always,
  read: [...asked, ...always],
  list: ['page-token-invalid', ...asked, ...always],
  create: [...sent, ...asked, ...always],
  command: ['precondition-missing', 'stale-version', ...sent, ...asked, ...always],
  operation: [...sent, ...asked, ...always],
  upload: ['storage-full', ...sent, ...asked, ...always],
  remove: [...body, ...asked, ...always],
  mark: [...body, 'invalid-body', ...asked, ...always],
  entry: [...entering, ...always],
};

const customs: Readonly<Record<RouteKind, Pick<Route, 'method' | 'status' | 'scope'>>> = {
  page: { method: 'GET', status: 200, scope: 'open' },
  read: { method: 'GET', status: 200, scope: 'read' },
  list: { method: 'GET', status: 200, scope: 'read' },
  create: { method: 'POST', status: 201, scope: 'act' },
  command: { method: 'POST', status: 200, scope: 'act' },
  operation: { method: 'POST', status: 202, scope: 'act' },
  upload: { method: 'POST', status: 201, scope: 'evidence:write' },
  remove: { method: 'DELETE', status: 204, scope: 'act' },
  entry: { method: 'POST', status: 204, scope: 'open' },
  mark: { method: 'POST', status: 200, scope: 'read' },
};

/** What a record of a route must say; the rest follows from its kind. */
export interface RouteWords<Body, Answer> {
  readonly name: string;
  readonly does: string;
  readonly kind: RouteKind;
  readonly path: string;
  readonly answer: z.ZodType<Answer>;
  readonly query?: z.ZodRawShape;
  readonly body?: z.ZodType<unknown, Body>;
  readonly method?: Route['method'];
  readonly status?: Route['status'];
  readonly scope?: Scope;
  readonly problems?: readonly ProblemCode[];
  readonly command?: CommandRef;
  readonly file?: string;
  readonly streams?: true;
  readonly takesAny?: true;
}

/** Completes the record of a route: method, status, parameters, scope and problems as its kind has them. */
export function route<Body = unknown, Answer = unknown>(
  words: RouteWords<Body, Answer>,
): Route<Body, Answer> {
  const { kind, path, query = {}, problems = [], takesAny } = words;
  return {
    ...customs[kind],
    ...words,
    collection: path.split('/')[2] ?? '',
    params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    query: takesAny ? z.looseObject(query) : z.strictObject(query),
    problems: [...new Set([...problems, ...problemsOf[kind]])],
  };
}

/** A list: its rows, its filters, and the parameters of paging. */
export const listOf = <Row extends z.ZodType>(
  words: Omit<RouteWords<unknown, unknown>, 'kind' | 'answer'> & { row: Row },
) => {
  const { row, ...rest } = words;
  return route({ ...rest, kind: 'list', answer: pageOf(row) });
};

/** `acceptPlan` as it stands in an address: `accept-plan`. */
export const kebab = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
