import process from 'node:process';
import type { Command } from 'commander';
import type { Client } from '#client/client.js';
import { entries } from '#contract/routes/entries.js';
import { civilDate, instant } from '#contract/shapes.js';
import { clientFor, ending, lineWidth } from '../api/act.js';
import { membersOf } from '../api/members.js';
import { Mistyped } from '../api/mistyped.js';
import { checked, type Typed } from '../api/typed.js';
import { print, say } from '../output.js';
import { clean } from '../show/texts.js';
import { placeOptions } from './collections.js';

const PAGE = '200';
const LOOK_MS = 1_000;
/** A system that is started again is waited for. */
const PATIENCE_MS = 60_000;

type Entry = Awaited<ReturnType<typeof pageAfter>>['data'][number];

/** `perennial entries tail`, and the same as `perennial events tail`. */
export function registerTail(program: Command): void {
  for (const group of ['entries', 'events']) {
    const parent = program.commands.find((one) => one.name() === group) ?? program.command(group);
    if (parent.description() === '') parent.description('tail: what happens, as it happens');
    const command = parent
      .command('tail')
      .description('Follows the ledger, a line for each fact, until Ctrl+C.')
      .option('--since <place>', 'a position, a day, or an instant; from now on without it')
      .option('--programme <id>', 'of one programme only')
      .option('--sandbox <id>', 'of one sandbox only');
    placeOptions().forEach((option) => command.addOption(option));
    command.action((typed: Typed) => ending(typed, () => tail(typed)));
  }
}

async function tail(typed: Typed): Promise<void> {
  const filter = queryOf(typed);
  const since = sinceOf(typed['since']);
  // Whether anybody is there, and whether the key is good, is known at once; later ones are waited for.
  await clientFor(typed).call(entries.list, { query: { ...filter, pageSize: '1' } });
  const client = clientFor(typed, false, PATIENCE_MS);
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end.abort());
  const ended = new Promise<void>((done) => end.signal.addEventListener('abort', () => done()));
  await Promise.race([ended, follow({ client, filter, since, json: typed['json'] === true }, end.signal)]);
  if (end.signal.aborted) process.exit(0);
}

interface Following {
  readonly client: Client;
  readonly filter: Filter;
  readonly since: Since | undefined;
  readonly json: boolean;
}

type Filter = Readonly<Record<string, string>>;

/** Behind which position, and from which instant on. */
interface Since {
  readonly position: string;
  readonly instant: string;
}

async function follow({ client, filter, since, json }: Following, end: AbortSignal): Promise<void> {
  const from = since ?? { position: await lastPosition(client, filter), instant: '' };
  say('Following the ledger; Ctrl+C ends it.');
  let after = from.position;
  while (!end.aborted) {
    const { data, cursor } = await pageAfter(client, filter, after);
    const settled = data.filter(({ position }) => position <= Number(cursor));
    for (const entry of settled.filter(({ recordedAt }) => recordedAt >= from.instant))
      print(json ? JSON.stringify(entry) : lineOf(entry));
    if (cursor === after) await restful(LOOK_MS, end);
    after = cursor;
  }
}

/** Where the ledger ends now. The door gives no shorter way than to read to the end. */
async function lastPosition(client: Client, filter: Filter): Promise<string> {
  for (let after = '0'; ;) {
    const { cursor } = await pageAfter(client, filter, after);
    if (cursor === after) return after;
    after = cursor;
  }
}

const pageAfter = (client: Client, filter: Filter, after: string) =>
  client.call(entries.list, { query: { ...filter, pageSize: PAGE, after } });

/** Where, when, what, on which thing, and who. */
function lineOf({ position, recordedAt, type, stream, version, actor }: Entry): string {
  const line = [
    String(position).padStart(6),
    recordedAt,
    type.padEnd(36),
    `${stream} v${String(version)}`,
    `${actor.role} ${actor.id}`,
  ].join('  ');
  return clean(line).slice(0, lineWidth());
}

function queryOf(typed: Typed): Filter {
  const { programme, sandbox } = typed;
  checked(entries.list.query, membersOf(entries.list.query), { programme, sandbox });
  return Object.fromEntries(
    Object.entries({ programme, sandbox }).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

function sinceOf(place: unknown): Since | undefined {
  if (typeof place !== 'string') return undefined;
  if (/^\d{1,18}$/.test(place)) return { position: place, instant: '' };
  if (civilDate().safeParse(place).success) return { position: '0', instant: place };
  const read = instant().safeParse(place);
  if (read.success) return { position: '0', instant: read.data };
  throw new Mistyped([
    '--since: write a position such as 4711, a day such as 2029-03-01 (in UTC), or an instant such as 2029-03-01T09:00:00.000Z.',
  ]);
}

const restful = (ms: number, end: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    end.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
