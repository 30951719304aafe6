import { createWriteStream } from 'node:fs';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from '#client/client.js';
import type { Route } from '#contract/route.js';
import { routes } from '#contract/routes/all.js';
import { operations } from '#contract/routes/sandboxes.js';
import { pause } from '#platform/pause.js';
import { z } from 'zod';
import { say } from '../output.js';
import { Mistyped } from './mistyped.js';
import type { Order } from './order.js';

/** What runs on after its answer ended otherwise than it should, or not in time. */
export class NotDone extends Error {
  override readonly name = 'NotDone';

  constructor(
    what: string,
    readonly operation: unknown,
  ) {
    super(what);
  }
}

const LONGEST_LINE_S = 30;
const LOOK_MS = 1_000;
const pageShape = z.looseObject({ data: z.array(z.unknown()), nextPageToken: z.string().nullable() });
const versionShape = z.looseObject({ version: z.int() });

/** Makes the call and gives its answer: a page, all rows of a list, or one document; nothing for a file that went its way. */
export function perform(client: Client, order: Order): Promise<unknown> {
  const { route, asked, all } = order;
  if (route.file !== undefined) return fetchFile(client, order);
  if (route.kind === 'list' && all) return allRows(client, order);
  if (route.kind === 'command') return change(client, order);
  if (route.kind === 'operation') return operate(client, order);
  return client.call(route, asked);
}

async function allRows(client: Client, { route, asked }: Order): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const query = { pageSize: '200', ...asked.query, ...(token === '' ? {} : { pageToken: token }) };
    const page = pageShape.parse(await client.call(route, { ...asked, query }));
    rows.push(...page.data);
    token = page.nextPageToken ?? undefined;
  }
  return rows;
}

/** A command names the version that it was made against; where none was typed, it is the one that stands now. */
async function change(client: Client, { route, asked }: Order): Promise<unknown> {
  if (asked.version !== undefined) return client.call(route, asked);
  const { version } = versionShape.parse(await client.call(oneOf(route), { params: asked.params ?? {} }));
  say(`as of version ${String(version)}, which stands now`);
  return client.call(route, { ...asked, version });
}

function oneOf({ collection }: Route): Route {
  const one = routes.find(({ method, path }) => method === 'GET' && path === `/v1/${collection}/{id}`);
  if (one === undefined) throw new Mistyped([`--version: say which version of it you have read.`]);
  return one;
}

type Operation = Awaited<ReturnType<typeof getOperation>>;
const getOperation = (client: Client, id: string) => client.call(operations.get, { params: { id } });
const operationShape = operations.get.answer;

async function operate(client: Client, { route, asked, waitS }: Order): Promise<unknown> {
  const held = waitS === undefined ? {} : { waitS: Math.min(waitS, LONGEST_LINE_S) };
  const end = performance.now() + (waitS ?? 0) * 1_000;
  let operation: Operation = operationShape.parse(await client.call(route, { ...asked, ...held }));
  if (waitS === undefined) return operation;
  for (let told = ''; isUnderWay(operation) && performance.now() < end; told = operation.status) {
    if (told !== operation.status) say(`${operation.kind}: ${operation.status}`);
    await pause(LOOK_MS);
    operation = await getOperation(client, operation.id);
  }
  if (operation.status !== 'succeeded')
    throw new NotDone(`${operation.kind} ${operation.id}: ${operation.status}`, operation);
  return operation;
}

const isUnderWay = ({ status }: Operation): boolean => status === 'queued' || status === 'running';

async function fetchFile(client: Client, { route, asked, output }: Order): Promise<undefined> {
  if (output === undefined && process.stdout.isTTY)
    throw new Mistyped(['--output: say into which file it goes; a terminal is no place for one.']);
  const content = Readable.fromWeb(await client.download(route, asked));
  if (output === undefined) await pipeline(content, process.stdout, { end: false });
  else await pipeline(content, createWriteStream(output, { flags: 'wx' }));
  return undefined;
}
