import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PerennialProblem, type Client } from '#client/client.js';
import type { Collection } from '#contract/collection.js';
import { collections } from '#contract/routes/all.js';
import { entries } from '#contract/routes/entries.js';
import { events } from '#contract/routes/events.js';
import { session } from '#contract/routes/session.js';
import { say } from '../output.js';
import { csvLine } from './csv.js';
import { HalfFile } from './half-file.js';
import { knownFrom, type Known } from './known.js';
import { ExportFolder, type Asked, type Half, type Manifest, type Progress } from './progress.js';
import { RowsAtPlace } from './rows.js';

const EVENTS = 'events.ndjson';
const ENTRIES = 'entries.ndjson';
const EVENTS_A_PAGE = '500';
const ROWS_A_PAGE = '200';

/** One page of a file: its rows as text, and where the next page begins; nothing on the last one. */
interface Page {
  readonly lines: readonly string[];
  readonly newer: number;
  readonly elsewhere: number;
  readonly next: string | null;
}

type ReadPage = (from: string | null) => Promise<Page>;

/**
 * Exports what the feed of somebody's organisation tells them of, as it stands at one place of it: the events up to it, the entries behind
 * them with their texts, then each list as it stood there, whoever writes meanwhile. A page is on the disk before the next is asked for; an export that was stopped goes on where it was.
 * Answers the manifest.
 */
export async function exportTo(
  client: Client,
  path: string,
  { format, lists }: Pick<Asked, 'format' | 'lists'>,
): Promise<Manifest> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { organisation, principal } = await client.call(session.get);
  const folder = new ExportFolder(path);
  const asked = { organisation, principal, format, lists };
  const begun = folder.read(asked) ?? { asked, through: await endOf(client), done: [], half: null };
  await folder.keep(begun);
  let progress = await write(folder, begun, EVENTS, (from) => eventsUpTo(client, begun.through, from));
  const known = await knownFrom(join(path, EVENTS));
  progress = await write(folder, progress, ENTRIES, (from) => entriesOf(client, known, from));
  for (const collection of collections.filter(({ name }) => lists.includes(name))) {
    const rows = new RowsAtPlace(client, collection, known, begun.through);
    const read: ReadPage = (from) => listFrom(client, { collection, rows, format }, from);
    progress = await write(folder, progress, `${collection.name}.${format}`, read);
  }
  return folder.complete(progress);
}

/** The end of the feed: nothing happens to a thing that is none, so the answer is the cursor alone. */
const endOf = async (client: Client): Promise<string> =>
  (await client.call(events.feed, { query: { subject: 'none', limit: '1' } })).cursor;

async function eventsUpTo(client: Client, through: string, from: string | null): Promise<Page> {
  const query = { limit: EVENTS_A_PAGE, ...(from === null ? {} : { after: from }) };
  const { data, cursor } = await client.call(events.feed, { query });
  const wanted = data.filter(({ sequence }) => Number(sequence) <= Number(through));
  const isLast = data.length === 0 || Number(cursor) >= Number(through);
  return { lines: wanted.map(jsonLine), newer: 0, elsewhere: 0, next: isLast ? null : cursor };
}

/** The entries that have their place among the events, in the order in which they were recorded. */
async function entriesOf(client: Client, known: Known, from: string | null): Promise<Page> {
  const query = { pageSize: ROWS_A_PAGE, ...(from === null ? {} : { after: from }) };
  const { data, nextPageToken } = await client.call(entries.list, { query });
  const last = data.at(-1);
  return {
    lines: data.filter(({ id }) => known.entries.has(id)).map(jsonLine),
    newer: 0,
    elsewhere: 0,
    next: last === undefined || nextPageToken === null ? null : String(last.position),
  };
}

interface List {
  readonly collection: Collection;
  readonly rows: RowsAtPlace;
  readonly format: Asked['format'];
}

async function listFrom(
  client: Client,
  { collection, rows, format }: List,
  from: string | null,
): Promise<Page> {
  const query = { pageSize: ROWS_A_PAGE, ...(from === null ? {} : { pageToken: from }) };
  const { data, nextPageToken } = await client.call(collection.list, { query });
  const exported = await rows.of(data);
  const columns = columnsOf(collection);
  const lines = exported.rows.map(({ row }) =>
    format === 'csv' ? csvLine(valuesOf(row, columns)) : jsonLine(row),
  );
  const header = format === 'csv' && from === null ? [csvLine(columns)] : [];
  return {
    lines: [...header, ...lines],
    newer: exported.rows.filter(({ newer }) => newer).length,
    elsewhere: exported.elsewhere,
    next: nextPageToken,
  };
}

const jsonLine = (row: object): string => `${JSON.stringify(row)}\n`;

const leftOut = ['links', 'actions', 'asOf', 'knownAt'];

/** The members of a thing as the contract has them. */
const columnsOf = ({ shown }: Collection): readonly string[] =>
  Object.keys(shown.shape).filter((name) => !leftOut.includes(name));

function valuesOf(row: object, columns: readonly string[]): readonly unknown[] {
  const members = new Map<string, unknown>(Object.entries(row));
  return columns.map((name) => members.get(name));
}

/** Writes a file page by page, from where it was left. */
async function write(
  folder: ExportFolder,
  progress: Progress,
  name: string,
  read: ReadPage,
): Promise<Progress> {
  if (progress.done.some((file) => file.name === name)) return progress;
  const file = new HalfFile(join(folder.path, name));
  const left = progress.half;
  let half = left?.name === name && file.has(left.bytes) ? left : fresh(name);
  while (!half.whole) {
    half = await grown(file, half, read);
    await folder.keep({ ...progress, half });
  }
  const sha256 = await file.finish();
  const { rows, bytes, newer, elsewhere } = half;
  const after = {
    ...progress,
    half: null,
    done: [...progress.done, { name, rows, bytes, sha256, newer, elsewhere }],
  };
  await folder.keep(after);
  say(`${name}  ${String(rows)}`);
  return after;
}

const fresh = (name: string): Half => ({
  ...{ name, rows: 0, bytes: 0, newer: 0, elsewhere: 0 },
  ...{ next: null, whole: false },
});

/** With one page more; from the beginning where the place of the next page is too old. */
async function grown(file: HalfFile, half: Half, read: ReadPage): Promise<Half> {
  const page = await read(half.next).catch((error: unknown) => {
    if (
      half.next !== null &&
      error instanceof PerennialProblem &&
      error.problem.code === 'page-token-invalid'
    )
      return undefined;
    throw error;
  });
  if (!page) return fresh(half.name);
  const bytes = file.write(half.bytes, page.lines.join(''));
  const isHeaded = half.bytes === 0 && half.name.endsWith('.csv');
  return {
    name: half.name,
    rows: half.rows + page.lines.length - (isHeaded ? 1 : 0),
    bytes,
    newer: half.newer + page.newer,
    elsewhere: half.elsewhere + page.elsewhere,
    next: page.next,
    whole: page.next === null,
  };
}
