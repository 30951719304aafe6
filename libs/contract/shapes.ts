import { isCivilDate, isInstant, type CivilDate, type Instant } from '#domain/instant.js';
import { z } from 'zod';
import { refusalShape, type FieldCode } from './problem.js';

/** Longest text and longest list that a request may carry. */
export const LONGEST_TEXT = 20_000;
export const LONGEST_LIST = 1_000;

const ID_BODY = '[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}';

/** Marks a check with the code by which a problem names it. */
const as = (code: FieldCode, message: string) => ({ error: message, params: { code } });

const branded = <T extends string>(schema: z.ZodType): z.ZodType<T, string> => schema as z.ZodType<T, string>;

/** A prefixed id, `fnd_` and 26 characters. Several prefixes where several kinds may be named. */
export const id = (...prefixes: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => new RegExp(`^(${prefixes.join('|')})_${ID_BODY}$`).test(text),
      as('not-an-id', `This is no id like ${prefixes.join('_… or ')}_….`),
    )
    .meta({
      description: `Id with the prefix ${prefixes.join(' or ')}.`,
      examples: [`${prefixes[0] ?? ''}_01k9zq4v8e7m3x5t2c6b0n1r9s`],
    });

/** A day that exists, `2029-03-01`, between 1900 and 2199. */
export const civilDate = () =>
  branded<CivilDate>(
    z
      .string()
      .refine(isCivilDate, as('not-a-date', 'This is no day between 1900 and 2199 like 2029-03-01.'))
      .meta({ format: 'date', description: 'A civil date in the governing zone.', examples: ['2029-03-01'] }),
  );

/** An instant with milliseconds and `Z`. Seconds without a fraction are taken too. */
export const instant = () =>
  branded<Instant>(
    z
      .string()
      .refine(
        (text) => isInstant(withMilliseconds(text)),
        as('not-an-instant', 'This is no instant like 2029-03-01T09:00:00.000Z.'),
      )
      .overwrite(withMilliseconds)
      .meta({
        format: 'date-time',
        description: 'An instant in UTC.',
        examples: ['2029-03-01T09:00:00.000Z'],
      }),
  );

export const withMilliseconds = (text: string): string => text.replace(/(T\d{2}:\d{2}:\d{2})Z$/, '$1.000Z');

/** A day, or an instant within one. */
export const dayOrInstant = () =>
  branded<CivilDate | Instant>(
    z
      .string()
      .refine(
        (text) => isCivilDate(text) || isInstant(withMilliseconds(text)),
        as('not-a-date', 'This is no day like 2029-03-01 and no instant like 2029-03-01T09:00:00.000Z.'),
      )
      .overwrite(withMilliseconds)
      .meta({ description: 'A civil date, or an instant in UTC.', examples: ['2029-03-01'] }),
  );

/** Words of people: not empty, and not endless. */
export const text = (longest = LONGEST_TEXT) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((words) => words.trim() !== '', as('too-short', 'Write something.'))
    .meta({ description: 'Text.' });

/** Several of the same, at most a thousand. */
export const list = <T extends z.ZodType>(item: T, least = 0) => z.array(item).min(least).max(LONGEST_LIST);

/** A whole number that counts something. */
export const count = (least = 0, most = 1_000_000) =>
  z.int().min(least).max(most).meta({ description: 'A whole number.' });

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = () =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of the content, 64 hexadecimal characters.' });

/** The input of a command that needs nothing but itself. */
export const nothing = () => z.strictObject({});

/** What every command may carry beside its input. */
export const circumstances = {
  effectiveOn: civilDate().exactOptional().meta({
    description: 'The day on which the act counts, when it is not today; before today it needs a reason.',
  }),
  reason: text().exactOptional().meta({ description: 'Why.' }),
  evidence: list(id('evd')).exactOptional().meta({ description: 'Ids of recorded evidence that shows it.' }),
  signedBy: text(500)
    .exactOptional()
    .meta({ description: 'Of an act of a body that is not on Perennial: the name of who signed it there.' }),
  acknowledge: list(z.strictObject({ warning: z.string().min(1).max(100), reason: text() }))
    .exactOptional()
    .meta({ description: 'Warnings that were read, each with the reason to go on.' }),
};

/** A date that a rule made; with `?include=explanations` the whole way in which it was computed. */
export const explainedDate = z
  .looseObject({
    date: z.string().meta({ format: 'date', description: 'The date.' }),
    kind: z
      .enum(['hard', 'soft'])
      .meta({ description: 'A hard date has no grace; a soft one rolls to a business day.' }),
    rule: z.string().meta({ description: 'The rule behind it.' }),
    basis: z.array(z.unknown()).optional().meta({ description: 'Every basis that competed for it.' }),
    interpretations: z
      .array(z.string())
      .optional()
      .meta({ description: 'Open points of the sources on whose reading it rests.', examples: [['I-8']] }),
  })
  .meta({ id: 'ExplainedDate', description: 'A date that a rule made.' });

/** One line of the list of actions: what this caller may do now, or why not. */
export const actionShape = z
  .looseObject({
    name: z.string().meta({ description: 'Name of the command.', examples: ['acceptPlan'] }),
    does: z.string().meta({ description: 'What it does.' }),
    allowed: z.boolean().meta({ description: 'Nothing known now speaks against it; the input may still.' }),
    href: z.string().meta({ description: 'Where to issue it.' }),
    person: z.boolean().meta({ description: 'True when a person must do it.' }),
    refusal: refusalShape.optional(),
  })
  .meta({ id: 'Action', description: 'A command, and whether the caller may issue it now.' });

/** A remark that does not stop a command. */
export const warningShape = z
  .looseObject({
    code: z.string(),
    rules: z.array(z.string()),
    message: z.string(),
    acknowledge: z.boolean(),
  })
  .meta({ id: 'Warning', description: 'A remark that does not stop a command.' });

/** What an answer says of the past that it shows. */
export const pastMembers = {
  asOf: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'In a look at the past: what counted by then; null for all.' }),
  knownAt: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'In a look at the past: what had been recorded by then; null for all.' }),
};

/** What every thing with a life shows. */
export const thingShape = z.looseObject({
  id: z.string().meta({ description: 'Its id.' }),
  object: z.string().meta({ description: 'What kind of thing it is.' }),
  number: z.string().nullable().meta({ description: 'Its number for people.' }),
  organisation: z.string().meta({ description: 'The organisation that owns it.' }),
  programme: z.string().nullable().meta({ description: 'The programme to which it belongs.' }),
  about: z.string().nullable().meta({ description: 'The thing that it is about.' }),
  version: z.int().meta({ description: 'How many facts it has.' }),
  state: z.string().meta({ description: 'The stage in which it is.' }),
  createdAt: z.string().meta({ format: 'date-time', description: 'When its first fact was recorded.' }),
  updatedAt: z.string().meta({ format: 'date-time', description: 'When its last fact was recorded.' }),
  clock: z.enum(['real', 'sandbox']).meta({ description: 'On which kind of clock it lives.' }),
  texts: z.record(z.string(), z.unknown()).meta({ description: 'What people wrote, by name.' }),
  mirrored: z
    .boolean()
    .optional()
    .meta({ description: 'True when the client opened it for a body that is not on Perennial.' }),
  departures: z
    .array(z.looseObject({ code: z.string(), rules: z.array(z.string()), at: z.string() }))
    .optional()
    .meta({ description: 'From which rules a body departed that is not on Perennial, and when.' }),
  links: z.record(z.string(), z.string()).meta({ description: 'Where more is to be read.' }),
  actions: z
    .array(actionShape)
    .optional()
    .meta({ description: 'What the caller may do now, and why not the rest.' }),
});

/** What a command's answer shows beside the thing. */
export const acted = {
  recorded: z.array(z.string()).meta({ description: 'The entries that were recorded.' }),
  warnings: z.array(warningShape).meta({ description: 'Remarks that did not stop it.' }),
  actions: z.array(actionShape).meta({ description: 'What the caller may do next.' }),
  awaiting: z
    .array(z.looseObject({ role: z.string(), queue: z.string() }))
    .optional()
    .meta({ description: 'Whose consent is missing, when two must act.' }),
  wouldRecord: z
    .array(z.string())
    .optional()
    .meta({ description: 'Dry run only: the types of the facts that it would record.' }),
};

/** One fact in the history of a thing. */
export const entryShape = z
  .looseObject({
    id: z.string().meta({ description: 'Its id.' }),
    object: z.literal('entry'),
    stream: z.string().meta({ description: 'The thing on whose life it stands.' }),
    kind: z.string().meta({ description: 'What kind of thing that is.' }),
    type: z.string().meta({ description: 'What happened.', examples: ['nonconformity.plan-submitted'] }),
    version: z.int().meta({ description: 'Its place in the life of the thing.' }),
    data: z.unknown().meta({ description: 'Ids, dates, numbers.' }),
    texts: z.record(z.string(), z.unknown()).meta({ description: 'What people wrote with it.' }),
    commitments: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What stands in the ledger for the texts.' }),
    evidence: z.array(z.unknown()).meta({ description: 'The files that it rests on, by their hashes.' }),
    command: z.string().meta({ description: 'The command, or the step of a process, that made it.' }),
    actor: z
      .looseObject({ id: z.string(), role: z.string() })
      .meta({ description: 'Who, and in which role.' }),
    mirrored: z
      .looseObject({ departures: z.array(z.unknown()).optional() })
      .optional()
      .meta({
        description:
          'Of an act of a body that is not on Perennial: the client recorded it. From what it departed.',
      }),
    recordedAt: z.string().meta({ format: 'date-time', description: 'When it was recorded.' }),
    effectiveAt: z.string().meta({ format: 'date-time', description: 'When it counts.' }),
  })
  .meta({ id: 'Entry', description: 'One fact in the history of a thing.' });

/** What is owed by a date. */
export const obligationShape = z
  .looseObject({
    key: z.string().meta({ description: 'Its name in its thing.' }),
    what: z.string().meta({ description: 'What is owed.' }),
    due: explainedDate,
    sentence: z.string().meta({ description: 'The way to the date, as a sentence.' }),
    owedBy: z.array(z.string()).meta({ description: 'The roles that owe it.' }),
    thing: z.string().meta({ description: 'The thing that owes it.' }),
  })
  .meta({ id: 'Obligation', description: 'Something owed by a date.' });
