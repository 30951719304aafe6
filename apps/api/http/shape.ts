import type { FieldCode } from '#contract/problem.js';
import type { z } from 'zod';
import { Fault, type FieldFault } from './fault.js';
import { isText } from './json.js';

/** Checks a body against its schema; every fault is told at once, each with its place. */
export function checkedBody<T>(schema: z.ZodType<T>, body: unknown = {}): T {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .flatMap(faultsOf)
    .map(({ path, ...fault }) => ({ pointer: pointerTo(path), ...fault }));
  throw new Fault('invalid-body', summary(errors), { errors });
}

/** Checks query parameters; an unknown one is refused, not ignored. */
export function checkedQuery<T>(schema: z.ZodType<T>, query: object): T {
  refuseZeroBytes(query);
  const parsed = schema.safeParse(query, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .flatMap(faultsOf)
    .map(({ path, ...fault }) => ({ parameter: String(path[0] ?? ''), ...fault }));
  const unknown = errors.some(({ code }) => code === 'unknown-member');
  throw new Fault(unknown ? 'unknown-parameter' : 'invalid-parameter', summary(errors), { errors });
}

function refuseZeroBytes(query: object): void {
  const [parameter] =
    Object.entries(query).find(([, word]) => typeof word === 'string' && !isText(word)) ?? [];
  if (parameter === undefined) return;
  const errors = [{ parameter, code: 'wrong-form' as const, detail: 'It has a zero byte.' }];
  throw new Fault('invalid-parameter', `${parameter}: It has a zero byte.`, { errors });
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
type Found = Pick<FieldFault, 'code' | 'detail'> & { readonly path: Path };

function faultsOf(issue: Issue): Found[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      code: 'unknown-member',
      detail: `There is no member ${key}.`,
    }));
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = [...issue.errors].sort((a, b) => deepest(b) - deepest(a))[0] ?? [];
    const inner = nearest
      .flatMap(faultsOf)
      .map((found) => ({ ...found, path: [...issue.path, ...found.path] }));
    if (inner.length > 0) return inner;
  }
  return [
    { path: issue.path, code: codeOf(issue), detail: isMissing(issue) ? 'It is missing.' : issue.message },
  ];
}

/** Something of a known type or out of a known list is asked for, and nothing was sent. */
const isMissing = ({ code, input }: Issue): boolean =>
  input === undefined && (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union');

const deepest = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));

const plain: Readonly<Partial<Record<Issue['code'], FieldCode>>> = {
  invalid_value: 'not-in-list',
  invalid_format: 'wrong-form',
  not_multiple_of: 'out-of-range',
  unrecognized_keys: 'unknown-member',
};

function codeOf(issue: Issue): FieldCode {
  if (issue.code === 'custom') return fieldCodeOf(issue.params);
  if (isMissing(issue)) return 'required';
  if (issue.code === 'too_small') return isNumber(issue.origin) ? 'out-of-range' : 'too-short';
  if (issue.code === 'too_big') return isNumber(issue.origin) ? 'out-of-range' : 'too-long';
  return plain[issue.code] ?? 'wrong-type';
}

const isNumber = (origin: string): boolean => origin === 'number' || origin === 'int';

const isFieldCode = (word: unknown): word is FieldCode => typeof word === 'string';

function fieldCodeOf(params: unknown): FieldCode {
  const code: unknown =
    typeof params === 'object' && params !== null && 'code' in params ? params.code : undefined;
  return isFieldCode(code) ? code : 'wrong-form';
}

const pointerTo = (path: Path): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function summary(errors: readonly FieldFault[]): string {
  const [first, ...rest] = errors;
  const more = rest.length > 0 ? ` And ${String(rest.length)} more.` : '';
  return first
    ? `${first.pointer ?? first.parameter ?? ''}: ${first.detail}${more}`
    : 'The request is not right.';
}
