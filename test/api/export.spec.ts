import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findings } from '#contract/routes/findings.js';
import { openDatabase } from '#database/data-source.js';
import { CommandLine } from '../support/command-line.js';
import { placeAll } from '../support/place-all.js';
import { fromRun } from '../support/postgres.js';
import { ApiDoor } from './support/door.js';
import { each } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { planOf, toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// Everything that somebody may see, in files: exact while others write, and whole or not there.

const DRAFTS = 520;

let door: ApiDoor;
let world: SmallWorld;
let programme: string;
let planned: { id: string; version: number };
let [ana, dana, iris, stranger]: Somebody[] = [];

/** What stands before the door: counts the requests, and does something when one comes. */
let front: Server;
let count = 0;
let onRequest: (n: number, path: string) => Promise<void> | void = () => undefined;

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  dana = await world.person('client', 'process-owner');
  iris = await world.person('client', 'internal-auditor');
  stranger = await (await SmallWorld.make(door, 'elsewhere')).person('client', 'aims-manager');
  programme = await world.programme(ana);
  planned = await toBePlanned(door, world, known(iris), { programme, key: 'planned' });
  const keys = Array.from({ length: DRAFTS }, (_, n) => `draft-${String(n)}`);
  await each(keys, (key) => world.finding(known(iris), programme, key));
  await placed();
  front = createServer((asked, answer) => {
    count += 1;
    const passOn = (): void => {
      const { method, headers, url: path } = asked;
      const onward = request(new URL(path ?? '', door.url), { method, headers }, (came) => {
        answer.writeHead(came.statusCode ?? 500, came.headers);
        came.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      asked.pipe(onward);
    };
    void Promise.resolve(onRequest(count, asked.url ?? '')).then(passOn);
  });
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
}, 180_000);
afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await door.close();
});

const known = (somebody: Somebody | undefined): Somebody => {
  if (!somebody) throw new Error('nobody has joined');
  return somebody;
};

/** What has happened has its place in the feeds. */
async function placed(): Promise<void> {
  const engine = await openDatabase(door.behind.database.appUrl, 'engine', 1);
  await placeAll(engine);
  await engine.destroy();
}

const typing = (somebody: Pick<Somebody, 'token'> | undefined): CommandLine => {
  if (!somebody) throw new Error('nobody types');
  const { port } = front.address() as AddressInfo;
  return new CommandLine({
    PERENNIAL_URL: `http://127.0.0.1:${String(port)}`,
    PERENNIAL_KEY: somebody.token,
  });
};

const folder = (): string => join(mkdtempSync(join(fromRun('TEST_RUN_FOLDER'), 'export-')), 'out');

interface Manifest {
  readonly through: string;
  readonly files: readonly {
    name: string;
    rows: number;
    bytes: number;
    sha256: string;
    newer: number;
    elsewhere: number;
  }[];
}

const manifestIn = (path: string): Manifest =>
  JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;

/** Every file of a folder by its name, as the hash of its bytes. */
const filesIn = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(path)
      .toSorted()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(path, name)))
          .digest('hex'),
      ]),
  );

const rowsIn = (path: string, name: string): { id: string; version: number }[] =>
  readFileSync(join(path, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; version: number });

/** The first export, with which the others are compared. */
let whole = '';

test('all events and every list are written, each with its rows and its hash; nobody else may read them', async () => {
  whole = folder();
  const { exit, data } = await typing(ana).type(['export', whole, '--json']);
  expect(exit).toBe(0);
  const manifest = manifestIn(whole);
  expect(JSON.parse(data)).toEqual(manifest);
  const found = filesIn(whole);
  expect(Object.keys(found)).toEqual([...manifest.files.map(({ name }) => name), 'manifest.json'].toSorted());
  for (const { name, bytes, sha256, rows, newer } of manifest.files) {
    expect([name, sha256, bytes, newer]).toEqual([name, found[name], statSync(join(whole, name)).size, 0]);
    expect(rowsIn(whole, name)).toHaveLength(rows);
    expect(statSync(join(whole, name)).mode & 0o077).toBe(0);
  }
  const sequences = rowsIn(whole, 'events.ndjson').map((one) => Number('sequence' in one ? one.sequence : 0));
  expect(sequences).toEqual(sequences.map((_, place) => place + 1));
  expect(sequences.at(-1)).toBe(Number(manifest.through));
  const idsOf = (name: string): string[] => rowsIn(whole, name).map(({ id }) => id);
  expect(idsOf('entries.ndjson').toSorted()).toEqual(idsOf('events.ndjson').toSorted());
  expect(readFileSync(join(whole, 'entries.ndjson'), 'utf8')).toContain('impact assessment');
  const list = await typing(ana).type(['findings', 'list', '--all', '--json']);
  expect(rowsIn(whole, 'findings.ndjson')).toEqual(JSON.parse(list.data));
  expect(rowsIn(whole, 'findings.ndjson')).toHaveLength(DRAFTS + 1);
}, 120_000);

test('killed after any page it goes on where it was, and leaves the same files; none under its own name was ever half', async () => {
  const needed = manifestIn(whole);
  const path = folder();
  const kills = [1, 2, 3, 4, 2, 3, 5, 1, 4, 6];
  for (const after of kills) {
    count = 0;
    const { child, ended } = typing(ana).start(['export', path]);
    onRequest = (n) => {
      if (n > after) child.kill('SIGKILL');
    };
    const { exit } = await ended;
    expect(exit).toBeNull();
    const names = existsSync(path) ? readdirSync(path).filter((name) => /^[a-z-]+\.ndjson$/.test(name)) : [];
    for (const name of names)
      expect([name, filesIn(path)[name]]).toEqual([
        name,
        needed.files.find((file) => file.name === name)?.sha256,
      ]);
    expect(existsSync(join(path, 'manifest.json'))).toBe(false);
  }
  onRequest = () => undefined;
  count = 0;
  expect((await typing(ana).type(['export', path])).exit).toBe(0);
  expect(filesIn(path)).toEqual(filesIn(whole));
  // What was there was not asked for again.
  expect(count).toBeLessThan(needed.files.length + 2);
}, 240_000);

test('what others write meanwhile changes nothing of it: things stand as they stood at its place', async () => {
  const path = folder();
  let written = false;
  onRequest = async (_, asked) => {
    if (written || !asked.startsWith('/v1/organisations')) return;
    written = true;
    await look(door, `update perennial.sandbox set now = now + interval '1 minute' where id = $1`, [
      world.sandbox,
    ]);
    const { id, version } = planned;
    const plan = { params: { id }, key: 'meanwhile', version, body: planOf(known(dana).id) };
    await door.as(known(dana).token).call(findings.commands.submitPlan, plan);
    await world.finding(known(iris), programme, 'meanwhile');
    await placed();
    await world.finding(known(iris), programme, 'without-a-place-yet');
  };
  expect((await typing(ana).type(['export', path])).exit).toBe(0);
  onRequest = () => undefined;
  expect(written).toBe(true);
  expect(manifestIn(path).files.filter(({ newer }) => newer > 0)).toEqual([]);
  expect(rowsIn(path, 'findings.ndjson')).toEqual(rowsIn(whole, 'findings.ndjson'));
  const [before, after] = [filesIn(whole), filesIn(path)];
  expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([
    'findings.ndjson',
    'manifest.json',
  ]);
  const now = await typing(ana).type(['findings', 'list', '--all', '--json']);
  expect(JSON.parse(now.data)).toHaveLength(DRAFTS + 3);
}, 120_000);

test('as CSV each list has its members as columns, and no text is a formula', async () => {
  const path = folder();
  const words = ['export', path, '--format', 'csv', '--only', 'people,programmes'];
  expect((await typing(ana).type(words)).exit).toBe(0);
  expect(Object.keys(filesIn(path))).toEqual([
    'entries.ndjson',
    'events.ndjson',
    'manifest.json',
    'people.csv',
    'programmes.csv',
  ]);
  const [header = '', ...lines] = readFileSync(join(path, 'people.csv'), 'utf8').split('\r\n');
  expect(header).toMatch(/^id,object,number,organisation,/);
  expect(lines.filter((line) => line !== '')).toHaveLength(3);
  expect(manifestIn(path).files.find(({ name }) => name === 'people.csv')?.rows).toBe(3);
}, 60_000);

test('whoever sees more than the feed of their organisation tells of is told what is left out', async () => {
  const path = folder();
  const { exit, talk } = await typing({ token: door.key }).type([
    'export',
    path,
    '--only',
    'organisations,findings',
  ]);
  expect(exit).toBe(0);
  const short = manifestIn(path).files.filter(({ elsewhere }) => elsewhere > 0);
  expect(short.map(({ name }) => name)).toContain('organisations.ndjson');
  for (const { name, elsewhere } of short) expect(talk).toContain(`${String(elsewhere)} of ${name}`);
}, 60_000);

test('of what belongs to others nothing is in it', async () => {
  const path = folder();
  expect((await typing(stranger).type(['export', path])).exit).toBe(0);
  const all = readdirSync(path).map((name) => readFileSync(join(path, name), 'utf8'));
  expect(all.join('\n')).not.toContain(programme);
  expect(all.join('\n')).not.toContain(known(ana).organisation);
}, 60_000);

test('a folder with something else in it, a complete export, or one of somebody else is left as it is', async () => {
  const other = folder();
  mkdirSync(other);
  writeFileSync(join(other, 'notes.txt'), 'mine');
  const begun = folder();
  count = 0;
  const { child, ended } = typing(ana).start(['export', begun]);
  onRequest = (n) => {
    if (n > 3) child.kill('SIGKILL');
  };
  await ended;
  onRequest = () => undefined;
  for (const [somebody, path, words] of [
    [ana, other, 'something else'],
    [ana, whole, 'complete'],
    [stranger, begun, 'another export'],
  ] as const) {
    const before = filesIn(path);
    const { exit, talk } = await typing(somebody).type(['export', path]);
    expect([exit, talk]).toEqual([2, expect.stringContaining(words)]);
    expect(filesIn(path)).toEqual(before);
  }
  const wrong = await typing(ana).type(['export', folder(), '--format', 'xml', '--only', 'unicorns']);
  expect([wrong.exit, wrong.talk]).toEqual([2, expect.stringMatching(/--format[^]*--only: unicorns/)]);
}, 60_000);
