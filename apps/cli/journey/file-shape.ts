import { isRoleCode, type Role } from '#domain/actor.js';
import { evidenceKinds } from '#domain/evidence/evidence.js';
import { isCivilDate, type CivilDate } from '#domain/instant.js';
import { refusalCodes, type RefusalCode, type RuleId } from '#domain/refusal.js';
import { zone as zoneShape } from '#contract/routes/sandboxes.js';
import type { Members, Value } from '#rehearsal/play/script.js';
import { z } from 'zod';

const isCode = (text: string): text is RefusalCode => Object.hasOwn(refusalCodes, text);
const isRule = (text: string): text is RuleId => /^(R|SOD|I|INV|SM|SUP)-[A-Z0-9-]+[a-z]?$/.test(text);

const date = z.custom<CivilDate>((value) => typeof value === 'string' && isCivilDate(value), {
  error: ({ input }) =>
    `${String(input)} is no day of the calendar; write one like 2027-02-09, between 1900 and 2199`,
});
const role = z.custom<Role>((value) => typeof value === 'string' && isRoleCode(value), {
  error: ({ input }) => `${String(input)} is no role; roles are written like aims-manager or lead-auditor`,
});
const code = z.custom<RefusalCode>((value) => typeof value === 'string' && isCode(value), {
  error: ({ input }) =>
    `${String(input)} is no code of a refusal; codes are written like separation-of-duties`,
});
const rule = z.custom<RuleId>((value) => typeof value === 'string' && isRule(value), {
  error: ({ input }) => `${String(input)} is no rule; rules are written like SOD-1 or R-DEC-2`,
});
const zone = z
  .string()
  .refine(
    (name) => zoneShape().safeParse(name).success,
    'this is no time zone; write one like Europe/Berlin',
  );
const words = z.string().trim().min(1, 'write something here');
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'a name has small letters, digits and hyphens, and begins with a letter');

const value: z.ZodType<Value> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(value), z.record(z.string(), value)]),
);
const members: z.ZodType<Members> = z.record(z.string(), value);

const organisation = z.strictObject({
  name: words,
  side: z.enum(['client', 'certificationBody'], 'write client or certificationBody'),
});

const person = z.strictObject({
  name: words,
  mail: z.email('this is no mail address'),
  of: name,
  roles: z.array(role).min(1, 'give at least one role'),
  'same-human-as': name.optional(),
});

const evidence = z.strictObject({
  kind: z.enum(evidenceKinds, {
    error: ({ input }) => `${String(input)} is no kind of evidence; write one of ${evidenceKinds.join(', ')}`,
  }),
  dated: date,
  'approved-by': name.optional(),
  says: words,
});

const refused = z.union([
  code.transform((one) => ({ code: one })),
  z.strictObject({ code, rule: rule.optional() }),
]);

const act = z.strictObject({
  on: date,
  who: name,
  does: words,
  to: name.optional(),
  makes: z.union([name.transform((one) => [one]), z.array(name)]).default([]),
  under: name.optional(),
  with: members.default({}),
  evidence: z.array(name).default([]),
  because: words.optional(),
  'effective-on': date.optional(),
  'signed-by': words.optional(),
  acknowledge: z.array(z.strictObject({ warning: words, reason: words })).default([]),
  refused: refused.optional(),
  late: words.optional(),
});

const reminders = z.strictObject({
  about: name,
  obligation: words,
  sent: z.array(words),
  withdrawn: z.boolean().default(false),
});

/** The members of a script file, as a newcomer writes them. */
export const fileShape = z.strictObject({
  name: words,
  about: words,
  zone,
  starts: date,
  ends: date,
  seed: z.union([z.string(), z.int()]).default(42),
  organisations: z.record(name, organisation),
  people: z.record(name, person),
  sites: z.record(name, value).default({}),
  'ai-systems': z.record(name, value).default({}),
  evidence: z.record(name, evidence).default({}),
  acts: z.array(act).min(1, 'without an act nothing happens'),
  expected: z
    .strictObject({
      stages: z.record(name, words).default({}),
      dates: z.array(z.strictObject({ of: name, date: words, is: date })).default([]),
      reminders: z.array(reminders).default([]),
    })
    .default({ stages: {}, dates: [], reminders: [] }),
});

export type ScriptFile = z.infer<typeof fileShape>;
export type ActInFile = ScriptFile['acts'][number];
