import process from 'node:process';
import { Client } from '#client/client.js';
import { readConfig, type Config } from '#platform/config.js';
import { complain, print, say } from '../output.js';
import { isRoadmap, roadmapOf } from '../show/roadmap.js';
import { rowsOf } from '../show/rows.js';
import { isShown, type Shown } from '../show/texts.js';
import { thingOf } from '../show/thing.js';
import { endedByCall } from './ended.js';
import { orderOf, type Order } from './order.js';
import { perform } from './perform.js';
import { placeOf } from './place.js';
import type { Typed } from './typed.js';
import type { Verb } from './verbs.js';

/** For how long a call that may be repeated is tried again. */
const PATIENCE_MS = 2_000;
const nothing = (): void => undefined;

/** Makes the call that was typed, shows what came, and sets the exit code. */
export async function act(verb: Verb, given: readonly string[], typed: Typed): Promise<void> {
  let key: string | undefined;
  const work = async (): Promise<void> => {
    const order = await orderOf(verb, given, typed);
    const client = clientFor(typed, order.route.scope === 'open');
    ({ key } = order.asked);
    show(order, await perform(client, order), typed['json'] === true);
  };
  await ending(typed, work, () => tellKey(key));
}

/** Does work that may end without success, and tells how it ended. */
export async function ending(typed: Typed, work: () => Promise<void>, afterwards = nothing): Promise<void> {
  try {
    await work();
  } catch (error) {
    const ended = endedByCall(error);
    if (ended === undefined) throw error;
    complain(ended.text);
    afterwards();
    if (typed['json'] === true && ended.document !== undefined) printJson(ended.document);
    process.exitCode = ended.exit;
  }
}

/** The client of the system that was named by flags, environment, or the data folder. */
export function clientFor(typed: Typed, isOpen = false, patienceMs = PATIENCE_MS): Client {
  const { url, key } = placeOf(configOf(typed), isOpen);
  return new Client(url, key, patienceMs);
}

/** The client of whoever has no key yet, and the address that it calls. */
export function openPlace(typed: Typed): { readonly client: Client; readonly url: string } {
  const { url } = placeOf(configOf(typed), true);
  return { client: new Client(url, '', PATIENCE_MS), url };
}

function configOf({ url, data }: Typed): Config {
  return readConfig({
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof data === 'string' ? { dataFolder: data } : {}),
  });
}

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** How wide a line may be: as wide as the terminal, and without end where there is none. */
export const lineWidth = (): number =>
  process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY;

function show({ route }: Order, answer: unknown, json: boolean): void {
  if (route.file !== undefined) return;
  if (json) {
    printJson(answer ?? {});
    return;
  }
  const rows = dataOf(answer);
  if (isDocument(answer)) print(answer.text);
  else if (isRoadmap(answer)) roadmapOf(answer, lineWidth()).forEach((line) => print(line));
  else if (rows === undefined) thingOf(answer).forEach((line) => print(line));
  else if (rows.length === 0) say('none');
  else rowsOf(rows, lineWidth()).forEach((line) => print(line));
  const next = nextOf(answer);
  if (next !== undefined) say(`There are more: --all, or --page-token ${next}`);
}

/** A document to begin with stands as it is, to be written into a file. */
const isDocument = (answer: unknown): answer is Shown & { readonly text: string } =>
  isShown(answer) && answer['object'] === 'template' && typeof answer['text'] === 'string';

/** The rows of a list or a page; undefined for one document. */
function dataOf(answer: unknown): readonly unknown[] | undefined {
  const data: unknown = isShown(answer) ? answer['data'] : answer;
  return isList(data) ? data : undefined;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function nextOf(answer: unknown): string | undefined {
  const next = isShown(answer) ? answer['nextPageToken'] : undefined;
  return typeof next === 'string' ? next : undefined;
}

/** Whoever does not know what came of a call says the very same once more. */
function tellKey(key: string | undefined): void {
  if (key !== undefined) say(`To say the very same again:   --idempotency-key ${key}`);
}
