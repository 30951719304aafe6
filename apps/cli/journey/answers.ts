import { isRole, isRoleCode, type Id, type Role } from '#domain/actor.js';
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
  mirrored: z
    .custom<NonNullable<Fact['mirrored']>>((value) => typeof value === 'object' && value !== null)
    .optional(),
});

const acted = z.looseObject({
  id: z.string(),
  version: z.int(),
  state: z.string(),
  warnings: z.array(z.custom<Warning>((value) => typeof value === 'object')).default([]),
  awaiting: z
    .array(z.looseObject({ role: z.custom<Role>((value) => typeof value === 'string' && isRoleCode(value)) }))
    .default([]),
});

function isWho(value: unknown): boolean {
  return value === 'engine' || (typeof value === 'string' && isRoleCode(value) && isRole(value));
}

/** Rows of the ledger as the door shows them, as facts with their places. */
export const entriesIn = (rows: unknown): readonly (Entry & { readonly position: number })[] =>
  z
    .array(entry)
    .parse(rows)
    .map(({ kind, position, commitments, recordedAt, opens, mirrored, ...one }) => {
      const { stream, version, type, data, evidence, actor, command, effectiveAt } = one;
      const said = { stream, version, type, data, evidence, actor, command, effectiveAt };
      const more = {
        ...(opens === undefined ? {} : { opens }),
        ...(mirrored === undefined ? {} : { mirrored }),
      };
      const fact: Fact = { ...said, at: recordedAt, texts: commitments, ...more };
      return { kind, position, fact };
    });

/** What a command did, as the door shows it. */
export const actedIn = (document: unknown): z.output<typeof acted> => acted.parse(document);

/** The id of the thing that was made. */
export const thingIn = (document: unknown): Id => z.looseObject({ id: z.string() }).parse(document).id;

/** True for refusals of rules; other problems of the door have none. */
export const isRefusals = (value: unknown): value is readonly Refusal[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one: unknown) => typeof one === 'object' && one !== null && 'rules' in one);
