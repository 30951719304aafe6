import { z } from 'zod';
import type { Route } from '#contract/route.js';

/** The part of a JSON schema that the generated requests are made from. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  /** A schema for members that are not named; an empty one takes whatever comes. */
  readonly additionalProperties?: object | boolean;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
}

/** One member of a body, however deep: where it stands, and what it must be. */
export interface Member {
  readonly path: readonly string[];
  readonly pointer: string;
  readonly schema: Schema;
}

/** What a route takes, as its published schema says it; nothing for a route without a body of JSON. */
export function schemaOf({ body }: Pick<Route, 'body'>): Schema | undefined {
  return body && resolved(published(body));
}

/** The parameters of a query, by name. */
export const parametersOf = ({ query }: Pick<Route, 'query'>): Readonly<Record<string, Schema>> =>
  resolved(published(query)).properties ?? {};

const published = (type: z.ZodType): Schema =>
  z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Schema;

/** The schema with every reference replaced by what it names. */
function resolved(schema: Schema, defs = schema.$defs ?? {}): Schema {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return resolved(defs[name] ?? {}, defs);
  const { properties, items, anyOf, ...own } = schema;
  const each = (one: Schema): Schema => resolved(one, defs);
  return {
    ...own,
    ...(items ? { items: each(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(each) } : {}),
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).map(([k, v]) => [k, each(v)])) }
      : {}),
  };
}

/** All members of a schema; of a list, those of its first item. */
export function membersOf(schema: Schema, path: readonly string[] = []): readonly Member[] {
  const own = path.length === 0 ? [] : [{ path, pointer: path.map((part) => `/${part}`).join(''), schema }];
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
    membersOf(one, [...path, name]),
  );
  return [...own, ...named, ...(schema.items ? membersOf(schema.items, [...path, '0']) : [])];
}

export const isDate = ({ schema }: Member): boolean => schema.format === 'date';
export const isInstant = ({ schema }: Member): boolean => schema.format === 'date-time';
export const isId = ({ schema }: Member): boolean =>
  /^[a-z]+_[0-9a-z]{26}$/.test(String(schema.examples?.[0]));

const firsts: Readonly<Record<string, (schema: Schema) => unknown>> = {
  object: ({ required = [], properties = {} }) =>
    Object.fromEntries(required.map((name) => [name, leastOf(properties[name] ?? {})])),
  array: ({ minItems = 0, items = {} }) => Array.from({ length: minItems }, () => leastOf(items)),
  boolean: () => true,
  integer: ({ minimum = 0 }) => Math.max(minimum, 0),
  number: ({ minimum = 0 }) => Math.max(minimum, 0),
  string: ({ minLength = 0 }) => 'some@words'.padEnd(minLength, '.'),
};

/** The least that the schema takes: what is required, with the examples and the first words of the contract. */
export function leastOf(schema: Schema): unknown {
  const { examples = [], enum: words = [], anyOf = [], type = '' } = schema;
  const [given] = [...examples, ...words];
  if (given !== undefined) return given;
  return anyOf[0] ? leastOf(anyOf[0]) : firsts[type]?.(schema);
}

/** What the schemas cannot say: one of several members must be there. */
const chosen: Readonly<Record<string, object>> = { advanceSandbox: { until: 'next' } };

/** The least valid body of a route. */
export function leastBody(route: Pick<Route, 'body' | 'name'>): object {
  const [known, schema] = [chosen[route.name], schemaOf(route)];
  if (known) return known;
  const body = schema ? leastOf(schema) : {};
  return typeof body === 'object' && body !== null ? body : {};
}

/** The parameters that a route asks for, with the examples of the contract. */
export function leastQuery({ query }: Pick<Route, 'query'>): object {
  const words = leastOf(resolved(published(query)));
  return typeof words === 'object' && words !== null ? words : {};
}

/** A body with one value at each of the places; objects and lists on the way are made as they are needed. */
export function bodyWith(places: readonly (readonly [Member, unknown])[]): unknown {
  const body = {};
  for (const [{ path }, value] of places) put(body, path, value);
  return asLists(body);
}

type Nest = { [name: string]: unknown };
const isNest = (value: unknown): value is Nest =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function put(nest: Nest, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    nest[name] = value;
    return;
  }
  const inner = nest[name];
  const next = isNest(inner) ? inner : {};
  nest[name] = next;
  put(next, rest, value);
}

/** Objects whose only member is called 0 stand for lists. */
function asLists(value: unknown): unknown {
  if (!isNest(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asLists(one)]));
  return Object.keys(inner).join() === '0' ? [inner['0']] : inner;
}
