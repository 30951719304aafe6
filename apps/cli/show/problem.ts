import type { Problem } from '#contract/problem.js';
import { clean } from './texts.js';

type Refusal = Problem['refusals'][number];

/** A problem in words: every reason with its rules, what would be needed, who could, and what to do. */
export function problemLines(problem: Problem): readonly string[] {
  const { code, title, detail, refusals, errors, hint, requestId } = problem;
  const reasons = refusals.length > 0 ? refusals.flatMap(refusalLines) : [detail];
  const faults = errors.map(
    ({ pointer, parameter, detail: why }) => `  ${pointer ?? parameter ?? 'the request'}: ${why}`,
  );
  const lines = [
    `${code}  ${title}`,
    ...(errors.length > 0 && refusals.length === 0 ? faults : [...reasons, ...faults]),
    ...(hint === null ? [] : [`What to do: ${hint}`]),
    `Request ${requestId}`,
  ];
  return lines.map(clean);
}

function refusalLines(refusal: Refusal): readonly string[] {
  const { message, rules, wouldNeed, whoCould = [], missing = [], because = [] } = refusal;
  return [
    `  ${message}${rules.length > 0 ? ` (${rules.join(', ')})` : ''}`,
    ...(missing.length > 0 ? [`      missing:     ${missing.join(', ')}`] : []),
    ...(wouldNeed === undefined ? [] : [`      would need:  ${wouldNeed}`]),
    ...(whoCould.length > 0 ? [`      who could:   ${whoCould.join(', ')}`] : []),
    ...because.map(({ thing, act }) => `      because of:  ${act} on ${thing}`),
  ];
}
