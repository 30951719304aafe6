import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { extname } from 'node:path';
import type { Asked } from '#client/client.js';
import type { Route } from '#contract/route.js';
import { membersOf, shapeOf } from './members.js';
import { Mistyped } from './mistyped.js';
import { checked, inputFrom, type Typed } from './typed.js';
import { routeFor, type Verb } from './verbs.js';

/** One call that was typed: its route, and what is asked with it. */
export interface Order {
  readonly route: Route;
  readonly asked: Asked;
  /** Every page of a list. */
  readonly all: boolean;
  /** For how many seconds an operation is waited for. */
  readonly waitS?: number;
  /** Where a file goes that comes in. */
  readonly output?: string;
}

const records: readonly Route['kind'][] = ['create', 'command', 'operation', 'upload'];

/** True for routes whose calls bear a key, so that a retry has no second effect. */
export const isRecorded = ({ kind }: Pick<Route, 'kind'>): boolean => records.includes(kind);

/** What was typed as a call of the contract. @throws Mistyped */
export async function orderOf(verb: Verb, given: readonly string[], typed: Typed): Promise<Order> {
  const route = routeFor(verb, given.length);
  const params = Object.fromEntries(route.params.map((name, index) => [name, given[index] ?? '']));
  const { body, query } = sentBy(route, typed);
  const version = wholeNumber(typed, 'version', 'the number that `show` tells');
  const waitS = wholeNumber(typed, 'wait', 'seconds');
  const content = route.kind === 'upload' ? { parts: await partsOf(body, typed) } : bodyOf(route, body);
  const asked: Asked = {
    ...{ params, query, ...content },
    ...(isRecorded(route) ? { key: textIn(typed, 'idempotencyKey') ?? `cli-${randomUUID()}` } : {}),
    ...(version === undefined ? {} : { version }),
    ...(typed['dryRun'] === true ? { dryRun: true } : {}),
  };
  const output = textIn(typed, 'output');
  return {
    ...{ route, asked, all: typed['all'] === true },
    ...(waitS === undefined ? {} : { waitS }),
    ...(output === undefined ? {} : { output }),
  };
}

const bodyOf = ({ body }: Route, value: unknown): Pick<Asked, 'body'> =>
  body === undefined ? {} : { body: value };

/** Body and query, checked; the mistakes of both at once. */
function sentBy(route: Route, typed: Typed): { body: unknown; query: Readonly<Record<string, string>> } {
  const mistakes: string[] = [];
  const attempt = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Mistyped)) throw error;
      mistakes.push(...error.mistakes);
      return undefined;
    }
  };
  const shape = shapeOf(route);
  const input = textIn(typed, 'input');
  const body = attempt(
    () => shape && checked(shape, membersOf(shape), typed, input === undefined ? {} : inputFrom(input)),
  );
  const query = attempt(() => checked(route.query, membersOf(route.query), typed));
  if (mistakes.length > 0) throw new Mistyped(mistakes);
  const words = Object.entries(typeof query === 'object' && query !== null ? query : {});
  return { body, query: Object.fromEntries(words.map(([name, word]) => [name, String(word)])) };
}

const textIn = (typed: Typed, name: string): string | undefined => {
  const value = typed[name];
  return typeof value === 'string' ? value : undefined;
};

function wholeNumber(typed: Typed, name: string, what: string): number | undefined {
  const text = textIn(typed, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Mistyped([`--${name}: write ${what}, a whole number.`]);
  return Number(text);
}

const types: Readonly<Record<string, string>> = {
  ...{ '.pdf': 'application/pdf', '.txt': 'text/plain', '.csv': 'text/csv', '.json': 'application/json' },
  ...{ '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.zip': 'application/zip' },
};

/** The parts of an upload: what is said of the file, and the file, which is read while it is sent. */
async function partsOf(words: unknown, typed: Typed): Promise<FormData> {
  const file = textIn(typed, 'file') ?? '';
  const parts = new FormData();
  parts.set('metadata', new Blob([JSON.stringify(words)], { type: 'application/json' }));
  const type = types[extname(file).toLowerCase()] ?? 'application/octet-stream';
  try {
    parts.set('file', await openAsBlob(file, { type }), file.split('/').at(-1) ?? file);
  } catch {
    throw new Mistyped([`--file: ${file} cannot be read.`]);
  }
  return parts;
}
