import { kebab, type Route } from '#contract/route.js';
import { evidenceWords } from '#contract/routes/evidence.js';
import { z } from 'zod';

/** In which form a member is typed: lists by repeating the flag, `json` where it has members of its own. */
export type MemberForm = 'text' | 'number' | 'yesNo' | 'list' | 'either' | 'json';

/** One member of a body, or one parameter, as a flag. */
export interface Member {
  readonly name: string;
  readonly flag: string;
  readonly form: MemberForm;
  /** For lists: whether the items are numbers, and whether commas may stand between them. */
  readonly items?: { readonly numbers: boolean; readonly commas: boolean };
  readonly choices: readonly string[];
  readonly required: boolean;
  /** True for a secret: it is no flag, since others see the arguments of a program. */
  readonly secret: boolean;
  readonly description: string;
  readonly example?: string;
}

/** The shape of what a route is sent; of an upload, what is said of the file. */
export const shapeOf = ({ kind, body }: Pick<Route, 'kind' | 'body'>): z.ZodType | undefined =>
  kind === 'upload' ? evidenceWords : body;

type Schema = z.core.JSONSchema.JSONSchema;

/** The members of a shape, those that must be there first. */
export function membersOf(shape: z.ZodType | undefined): readonly Member[] {
  if (shape === undefined) return [];
  const whole: Schema = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
  const named = (schema: Schema): Schema => resolved(schema, whole.$defs ?? {});
  const { properties = {}, required = [] } = named(whole);
  return Object.entries(properties)
    .map(([name, schema]) => memberOf(name, named(plain(schema)), required.includes(name)))
    .toSorted((a, b) => Number(b.required) - Number(a.required));
}

function resolved(schema: Schema, defs: Readonly<Record<string, Schema>>): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (defs[name] ?? {});
}

/** A schema may also be true or false, which says nothing of its form. */
const plain = (schema: unknown): Schema => (isSchema(schema) ? schema : {});
const isSchema = (schema: unknown): schema is Schema =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema);

function memberOf(name: string, schema: Schema, required: boolean): Member {
  const item = plain(schema.items);
  const form = formOf(schema, item);
  const example = exampleOf(schema) ?? exampleOf(item);
  return {
    ...{ name, flag: `--${kebab(name)}`, form, required, secret: schema.writeOnly === true },
    choices: choicesOf(form === 'list' ? item : schema),
    description: schema.description ?? item.description ?? '',
    ...(form === 'list' ? { items: { numbers: isNumber(item), commas: isOneWord(item) } } : {}),
    ...(example === undefined ? {} : { example }),
  };
}

function formOf(schema: Schema, item: Schema): MemberForm {
  if (schema.anyOf !== undefined) return 'either';
  if (schema.type === 'array') return item.type === 'string' || isNumber(item) ? 'list' : 'json';
  if (schema.type === 'boolean') return 'yesNo';
  if (isNumber(schema)) return 'number';
  return schema.type === 'string' || schema.const !== undefined ? 'text' : 'json';
}

const isNumber = ({ type }: Schema): boolean => type === 'integer' || type === 'number';

const choicesOf = ({ enum: words = [], const: only }: Schema): readonly string[] =>
  [...words, ...(only === undefined ? [] : [only])].map(String);

const exampleOf = ({ examples: [first] = [] }: Schema): string | undefined =>
  typeof first === 'string' || typeof first === 'number' ? String(first) : undefined;

/** Ids, dates, codes of a list and numbers have no comma inside; words of people may. */
const isOneWord = (item: Schema): boolean =>
  isNumber(item) ||
  item.enum !== undefined ||
  item.format !== undefined ||
  item.pattern !== undefined ||
  /^[a-z]+_[0-9a-z]{26}$/.test(exampleOf(item) ?? '');
