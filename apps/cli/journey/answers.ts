import { isRole, isRoleCode, type Role } from '#domain/actor.js';
import { isInstant } from '#domain/instant.js';
import type { Fact } from '#domain/machine.js';
import type { Refusal, Warning } from '#domain/refusal.js';
import type { Entry } from '#rehearsal/play/door.js';
import { z } from 'zod';

const texts = z
  .record(z.string(), z.unknown())
  .transform((one) => Object.fromEntries(Object.entries(one).map(([name, text]) => [name, String(text)])));

const at = z.custom<Fact['at']>((value) => typeof value === 'string' && isInstant(value));

const entry = z.looseObject({
  kind: z.string(),
  position: z.int(),
  stream: z.string(),
  version: z.int(),
  type: z.string(),
  data: z.looseObject({}),
  opens: z
    .custom<NonNullable<Fact['opens']>>((value) => typeof value === 'object' && value !== null)
    .optional(),
  commitments: texts,
  evidence: z.array(z.strictObject({ sha256: z.string(), bytes: z.int(), type: z.string() })),
  actor: z.strictObject({ id: z.string(), role: z.custom<Fact['actor']['role']>(isWho) }),
  command: z.string(),
  recordedAt: at,
  effectiveAt: at,
});

const page = z.looseObject({ data: z.array(entry), nextPageToken: z.string().nullable() });

const acted = z.looseObject({
  id: z.string(),
  state: z.string(),
  warnings: z.array(z.custom<Warning>((value) => typeof value === 'object')).default([]),
  awaiting: z
    .array(z.looseObject({ role: z.custom<Role>((value) => typeof value === 'string' && isRoleCode(value)) }))
    .default([]),
});

const problem = z.looseObject({
  code: z.string().default(''),
  detail: z.string().default(''),
  errors: z.array(z.unknown()).default([]),
});

function isWho(value: unknown): boolean {
  return value === 'engine' || (typeof value === 'string' && isRoleCode(value) && isRole(value));
}

/** A page of the ledger as the door shows it, as facts with their places. */
export function entriesIn(document: object): {
  readonly entries: readonly (Entry & { readonly position: number })[];
  readonly next: string | undefined;
} {
  const { data, nextPageToken } = page.parse(document);
  const entries = data.map(({ kind, position, commitments, recordedAt, opens, ...one }) => {
    const { stream, version, type, evidence, actor, command, effectiveAt } = one;
    const fact: Fact = {
      ...{
        stream,
        version,
        type,
        evidence,
        actor,
        command,
        effectiveAt,
        data: one.data,
        at: recordedAt,
        texts: commitments,
      },
      ...(opens === undefined ? {} : { opens }),
    };
    return { kind, position, fact };
  });
  return { entries, next: nextPageToken ?? undefined };
}

/** What a command did, as the door shows it. */
export const actedIn = (document: object): z.output<typeof acted> => acted.parse(document);

/** A member of a document that must be a text. */
export const textIn = (document: object, name: string): string =>
  z.looseObject({ [name]: z.string() }).parse(document)[name] ?? '';

/** The organisations of a new sandbox, by their sides. */
export const organisationsIn = (
  document: object,
): readonly { readonly id: string; readonly side: string }[] =>
  z
    .looseObject({ organisations: z.array(z.looseObject({ id: z.string(), side: z.string() })) })
    .parse(document).organisations;

/** True for refusals of rules; other problems of the door have none. */
export const isRefusals = (value: unknown): value is readonly Refusal[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one: unknown) => typeof one === 'object' && one !== null && 'rules' in one);

/** A problem in one line. */
export function problemOf(document: object): string {
  const { code, detail, errors } = problem.parse(document);
  return [code, detail, errors.length > 0 ? JSON.stringify(errors) : '']
    .filter((part) => part !== '')
    .join(' ');
}
