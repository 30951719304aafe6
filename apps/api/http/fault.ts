import type { FieldCode, ProblemCode } from '#contract/problem.js';
import type { Refusal } from '#domain/refusal.js';

/** What is wrong with one member of the body (`pointer`) or one parameter. */
export interface FieldFault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly code: FieldCode;
  readonly detail: string;
}

export interface FaultDetails {
  readonly errors?: readonly FieldFault[];
  readonly refusals?: readonly Refusal[];
  readonly current?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is answered with a problem. The filter turns it into bytes. */
export class Fault extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly details: FaultDetails = {},
  ) {
    super(`${code}: ${detail}`);
  }
}

/** What does not exist, what belongs to others and what may not be seen are one answer. */
export const notFound = (): Fault => new Fault('not-found', 'There is nothing here that you can see.');
