import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { Member } from './members.js';
import { Mistyped } from './mistyped.js';

/** The flags of a call, as commander has read them. */
export type Typed = Readonly<Record<string, unknown>>;

/** What was understood of one flag: its value, or what is wrong with it. */
type Understood = { readonly value: unknown } | { readonly mistake: string };

/** Reads what stands in `--input`: a file, or stdin for `-`. */
export function inputFrom(place: string): Readonly<Record<string, unknown>> {
  const name = place === '-' ? 'stdin' : place;
  const read: unknown = parsed(textOf(place, name), name);
  if (!isObject(read)) throw new Mistyped([`--input: ${name} must hold one JSON object.`]);
  return read;
}

/** The members that were typed, over those that came by `--input`; checked by the shape, all mistakes at once. */
export function checked(
  shape: z.ZodType,
  members: readonly Member[],
  typed: Typed,
  input: Readonly<Record<string, unknown>> = {},
): unknown {
  const given = members.filter(({ name }) => typed[name] !== undefined);
  const read = given.map((member) => ({ member, understood: understand(member, typed[member.name]) }));
  const mistakes = read.flatMap(({ understood }) => ('mistake' in understood ? [understood.mistake] : []));
  const wrong = new Set(read.filter(({ understood: u }) => 'mistake' in u).map(({ member }) => member.name));
  const values = read.flatMap(({ member, understood }) =>
    'value' in understood ? [[member.name, understood.value] as const] : [],
  );
  const whole = { ...input, ...Object.fromEntries(values) };
  const { success, error } = shape.safeParse(whole, { reportInput: true });
  const issues = error?.issues.filter(({ path: [first] }) => !wrong.has(String(first))) ?? [];
  const all = [...mistakes, ...new Set(issues.flatMap((issue) => toldOf(issue, members)))];
  if (all.length > 0 || !success) throw new Mistyped(all);
  return whole;
}

function understand(member: Member, typed: unknown): Understood {
  const texts = Array.isArray(typed) ? typed.map(String) : [String(typed)];
  const [text = ''] = texts;
  switch (member.form) {
    case 'yesNo':
      return { value: typed === true };
    case 'number':
      return { value: numberIn(text) };
    case 'list':
      return understandList(member, texts);
    case 'json':
      return jsonIn(member, text);
    case 'either':
    case 'text':
      return { value: member.form === 'either' ? numberIn(text) : text };
  }
}

/** `--roles a,b`, `--roles a --roles b`, or `--roles '["a","b"]'`. */
function understandList(member: Member, texts: readonly string[]): Understood {
  const { commas = false, numbers = false } = member.items ?? {};
  const [first = ''] = texts;
  if (texts.length === 1 && first.startsWith('[')) return jsonIn(member, first);
  const words = commas ? texts.flatMap((one) => one.split(',')).map((one) => one.trim()) : texts;
  const filled = words.filter((word) => word !== '');
  return { value: numbers ? filled.map(numberIn) : filled };
}

/** What is no number stays a text, and the shape says what it should be. */
const numberIn = (text: string): number | string =>
  /^-?\d+(\.\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;

function jsonIn({ flag }: Member, text: string): Understood {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { mistake: `${flag}: has members of its own, so write JSON, or give the whole by --input.` };
  }
}

function toldOf(issue: z.core.$ZodIssue, members: readonly Member[]): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = members.map(({ name }) => name).join(', ');
    return issue.keys.map((key) => `${key}: there is no such member. There are: ${known}.`);
  }
  const [first, ...deeper] = issue.path;
  const member = members.find(({ name }) => name === first);
  if (member === undefined) return [issue.message];
  const place = deeper.map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`));
  return [`${member.flag}${place.join('')}: ${wrongIn(issue, member, deeper.length > 0)}`];
}

function wrongIn(issue: z.core.$ZodIssue, { example }: Member, isInner: boolean): string {
  const missing = issue.input === undefined && issue.code.startsWith('invalid_');
  const list = issue.code === 'invalid_value' ? issue.values.map(String).join(', ') : undefined;
  if (list !== undefined) return `${missing ? 'is missing; ' : ''}write one of ${list}.`;
  const what = missing ? 'is missing' : issue.message.replace(/\.$/, '');
  const isShown = isInner || example === undefined || what.includes(' like ');
  return isShown ? `${what}.` : `${what}; write it such as ${example}.`;
}

function textOf(place: string, name: string): string {
  try {
    return readFileSync(place === '-' ? 0 : place, 'utf8');
  } catch {
    throw new Mistyped([`--input: ${name} cannot be read.`]);
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Mistyped([`--input: what stands in ${name} is not JSON.`]);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
