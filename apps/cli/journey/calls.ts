import type { Refusal } from '#domain/refusal.js';
import { isRefusals, problemOf } from './answers.js';

/** One request: what is asked, as whom, and by which key it is known again. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly key?: string;
  readonly version?: number;
  readonly wait?: number;
  readonly body?: object | FormData;
}

/** What the door answered: a document, or the refusals of the rules. */
export type Reply = { readonly refused: readonly Refusal[] } | { readonly document: object };

/** The door of a running system refused a request for a reason that no script can foresee. */
export class DoorProblem extends Error {
  override readonly name = 'DoorProblem';
}

/** Asks, and reads the answer. A refusal by a rule is an answer; everything else that is no success is a failure. */
export async function call(url: string, asked: Call): Promise<Reply> {
  const response = await fetch(`${url}${asked.path}`, {
    method: asked.method,
    headers: headersOf(asked),
    ...(asked.body === undefined ? {} : { body: bodyOf(asked.body) }),
  });
  const document: unknown = await response.json();
  if (typeof document !== 'object' || document === null) throw new DoorProblem(`${asked.path}: no document`);
  if (response.ok) return { document };
  const refusals: unknown = 'refusals' in document ? document.refusals : undefined;
  if (isRefusals(refusals)) return { refused: refusals };
  throw new DoorProblem(`${asked.method} ${asked.path}: ${problemOf(document)}`);
}

/** The document of an answer that must be one. */
export async function documentOf(url: string, asked: Call): Promise<object> {
  const reply = await call(url, asked);
  if ('document' in reply) return reply.document;
  const why = reply.refused.map(({ code, message }) => `${code}: ${message}`).join('; ');
  throw new DoorProblem(`${asked.method} ${asked.path}: ${why}`);
}

const bodyOf = (body: object): string | FormData => (body instanceof FormData ? body : JSON.stringify(body));

function headersOf({ token, key, version, wait, body }: Call): Record<string, string> {
  return {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(version === undefined ? {} : { 'if-match': `"${String(version)}"` }),
    ...(wait === undefined ? {} : { prefer: `wait=${String(wait)}` }),
  };
}
