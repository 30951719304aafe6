import { NoAnswer, PerennialProblem } from '#client/client.js';
import { z } from 'zod';
import { problemLines } from '../show/problem.js';
import { Mistyped } from './mistyped.js';
import { NotDone } from './perform.js';
import { NoKey, Nowhere } from './place.js';

/** How a call can end; from 64 on stand the codes of docs/errors. */
export const exits = { done: 0, refused: 1, mistyped: 2, away: 3, notSignedIn: 4 } as const;

export const exitWords = [
  '0  done',
  '1  refused, not found, or failed; the reasons stand on stderr, with --json also as a document on stdout',
  '2  typed wrongly: every mistake is told, and nothing was sent',
  '3  Perennial is not reached, or busy: try again',
  '4  no key, or one that is not valid, has expired, or may not be used for this',
  '64 and more: the configuration is not right, or Perennial cannot start; docs/errors',
] as const;

export interface Ended {
  readonly text: string;
  readonly exit: number;
  /** What a machine reads of it. */
  readonly document?: unknown;
}

/** How a call ended that was not done; undefined for what nobody foresaw. */
export function endedByCall(error: unknown): Ended | undefined {
  if (error instanceof PerennialProblem) return problemEnd(error);
  if (error instanceof Mistyped) return { text: error.mistakes.join('\n'), exit: exits.mistyped };
  if (error instanceof NoKey) return { text: error.message, exit: exits.notSignedIn };
  if (error instanceof Nowhere) return { text: error.message, exit: exits.away };
  if (error instanceof NotDone)
    return { text: error.message, exit: exits.refused, document: error.operation };
  if (error instanceof NoAnswer) return { text: `${error.message}.${causeOf(error)}`, exit: exits.away };
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return {
      text: 'The answer is not as this release expects it. Is Perennial of another release?',
      exit: exits.refused,
    };
  return undefined;
}

const keyCodes = ['not-signed-in', 'credential-invalid', 'credential-expired', 'scope-missing'];

function problemEnd({ problem }: PerennialProblem): Ended {
  const text = problemLines(problem).join('\n');
  const { code, retryable, errors, refusals } = problem;
  const mistyped = errors.length > 0 && refusals.length === 0;
  if (keyCodes.includes(code)) return { text, exit: exits.notSignedIn, document: problem };
  if (retryable) return { text, exit: exits.away, document: problem };
  return { text, exit: mistyped ? exits.mistyped : exits.refused, document: problem };
}

/** What the machine says of the line: nobody listens, no such name, cut off. */
function causeOf({ cause }: NoAnswer): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? String(inner.code) : '';
  return code === '' ? '' : ` (${code})`;
}
