import type { ExplainedDate } from '#domain/explanation.js';
import { isCivilDate } from '#domain/instant.js';
import { z } from 'zod';

const day = z.string().refine(isCivilDate);
const structure = z.looseObject({
  ...{ date: day, kind: z.enum(['hard', 'soft']), rule: z.string() },
  basis: z.array(
    z.looseObject({
      ...{ date: day, rule: z.string(), operation: z.string() },
      anchor: z.looseObject({ name: z.string(), date: day }),
      policy: z.looseObject({ key: z.string(), value: z.number(), version: z.int() }).optional(),
    }),
  ),
  interpretations: z.array(z.string()).optional(),
});

/** True for a date that a rule made, when the whole way to it has come with it. */
export const isRuleDate = (value: unknown): value is ExplainedDate => structure.safeParse(value).success;

/** Every date of a rule somewhere inside, with the member that holds it: `planDue`, `dates.verification`. */
export function ruleDatesIn(value: unknown, path = ''): readonly (readonly [string, ExplainedDate])[] {
  if (isRuleDate(value)) return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    ruleDatesIn(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** The same date by the same rule, counted in the same way from the same days. */
export const isSame = (one: ExplainedDate, other: ExplainedDate): boolean => wayOf(one) === wayOf(other);

const wayOf = ({ date, rule, basis }: ExplainedDate): string =>
  [date, rule, ...basis.map(({ anchor, operation }) => `${anchor.name} ${anchor.date} ${operation}`)].join(
    '/',
  );
