import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PerennialProblem } from '#client/client.js';
import { routes } from '#contract/routes/all.js';
import { freePort } from '#platform/ports.js';
import { orderOf } from '../../apps/cli/api/order.js';
import { perform } from '../../apps/cli/api/perform.js';
import { verbsOf } from '../../apps/cli/api/verbs.js';
import { CommandLine } from '../support/command-line.js';
import { fromRun } from '../support/postgres.js';
import { leastBody, leastQuery } from './support/bodies.js';
import { certification } from './support/certification.js';
import { ApiDoor } from './support/door.js';
import { look } from './support/traces.js';

let door: ApiDoor;
let finding: string;
let programme: string;
let tokens: Readonly<Record<string, string>>;

/** The day on which the plan for the finding has been submitted and confirmed, and nobody has accepted it. */
const DAY = '2027-02-02';

beforeAll(async () => {
  door = await ApiDoor.open();
  const { people, names } = await certification(door, DAY);
  finding = names.id('unfair-refunds');
  programme = names.id('programme');
  tokens = Object.fromEntries(
    ['ines', 'suri', 'kofi', 'lena', 'greta'].map((name) => [
      name,
      people.find(({ id }) => id === names.find(name))?.token ?? '',
    ]),
  );
}, 120_000);
afterAll(() => door.close());

let follower: ChildProcess | undefined;
afterEach(() => follower?.kill('SIGKILL'));

const as = (name: string): CommandLine =>
  new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY: tokens[name] ?? door.key });

test('every route of the contract is called by its command, and the real API understands the call', async () => {
  const folder = mkdtempSync(join(fromRun('TEST_RUN_FOLDER'), 'bodies-'));
  const [input, file] = [join(folder, 'input.json'), join(folder, 'file.txt')];
  writeFileSync(file, 'some words');
  const called: string[] = [];
  for (const verb of verbsOf(routes)) {
    for (const route of verb.routes) {
      const words = { documentKind: 'other', datedOn: '2026-01-01' };
      writeFileSync(input, JSON.stringify(route.kind === 'upload' ? words : leastBody(route)));
      const given = route.params.map((name) => (name === 'code' ? 'wrong-state' : programme));
      const typed = {
        input,
        version: '1',
        ...leastQuery(route),
        ...(route.kind === 'upload' ? { file } : {}),
      };
      const order = await orderOf(verb, given, typed);
      expect(order.route).toBe(route);
      const problem = await perform(door.as(tokens['greta']), order).catch((error: unknown) => error);
      if (problem instanceof Error) expect(problem).toBeInstanceOf(PerennialProblem);
      if (problem instanceof PerennialProblem) {
        expect(problem.problem.status).toBeLessThan(500);
        expect(problem.problem.code).not.toMatch(/malformed|unknown-parameter|invalid-parameter|key-missing/);
      }
      called.push(route.name);
    }
  }
  expect(called.length).toBe(routes.length);
}, 120_000);

test('a list is a table for people, and one document for programs, with every page when all are asked for', async () => {
  const ines = as('ines');
  const table = await ines.type(['findings', 'list']);
  expect([table.exit, table.talk]).toEqual([0, '']);
  expect(table.data).toMatch(/^number +id +state/);
  expect(table.data).toContain(finding);
  const page = await ines.type(['people', 'list', '--page-size', '2', '--json']);
  const { data, nextPageToken } = JSON.parse(page.data) as { data: object[]; nextPageToken: string };
  expect([data.length, typeof nextPageToken]).toEqual([2, 'string']);
  const all = await ines.type(['people', 'list', '--page-size', '2', '--all', '--json']);
  const rows = JSON.parse(all.data) as { id: string }[];
  expect(rows.length).toBeGreaterThan(4);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
}, 180_000);

test('a thing is shown with what one may do, also by its number', async () => {
  const { number } = JSON.parse((await as('kofi').type(['findings', 'show', finding, '--json'])).data) as {
    number: string;
  };
  const shown = await as('kofi').type(['findings', 'show', number, '--include', 'actions']);
  expect(shown.data).toMatch(new RegExp(`^id +${finding}$`, 'm'));
  expect(shown.data).toMatch(/^possible .*accept-plan/m);
}, 180_000);

test('a refusal ends with 1, tells the rule, and leaves one document for programs', async () => {
  const { exit, data, talk } = await as('suri').type(['findings', 'accept-plan', finding, '--json']);
  expect(exit).toBe(1);
  const problem = JSON.parse(data) as { code: string; refusals: { rules: string[]; whoCould?: string[] }[] };
  expect(['not-permitted', 'separation-of-duties']).toContain(problem.code);
  expect(problem.refusals.length).toBeGreaterThan(0);
  for (const { rules, whoCould = [] } of problem.refusals)
    for (const word of [...rules, ...whoCould]) expect(talk).toContain(word);
  expect(talk).toContain(problem.code);
  expect(talk).toMatch(/say the very same again: +--idempotency-key cli-[0-9a-f-]{36}/);
}, 180_000);

test('what was typed wrongly ends with 2: every mistake at once, with what would be right, and nothing is sent', async () => {
  const before = await facts();
  const wrong = ['--grade', 'huge', '--effective-on', '2027-02-31', '--evidence', 'fnd_1', '--version', '1'];
  const { exit, data, talk } = await as('lena').type(['findings', 'raise-nonconformity', finding, ...wrong]);
  expect([exit, data]).toEqual([2, '']);
  expect(talk).toContain('--grade: write one of major, minor.');
  expect(talk).toMatch(/--effective-on: .*2029-03-01/);
  expect(talk).toMatch(/--evidence\[0\]: .*evd_/);
  const words = await as('lena').type(['findings', 'raise-nonconformity', finding, '--grave', 'major']);
  expect([words.exit, words.data]).toEqual([2, '']);
  expect(words.talk).toContain('--grade');
  expect((await as('lena').type(['findings', 'accept-plan'])).exit).toBe(2);
  expect(await facts()).toBe(before);
}, 180_000);

test('nobody who listens is 3, and says where it was looked for; so is a folder in which nothing runs', async () => {
  const url = `http://127.0.0.1:${String(await freePort(0))}`;
  const gone = await new CommandLine({ PERENNIAL_URL: url, PERENNIAL_KEY: door.key }).type([
    'tasks',
    'list',
    '--json',
  ]);
  expect([gone.exit, gone.data]).toEqual([3, '']);
  expect(gone.talk).toContain(url);
  const tail = await new CommandLine({ PERENNIAL_URL: url, PERENNIAL_KEY: door.key }).type([
    'entries',
    'tail',
  ]);
  expect([tail.exit, tail.data]).toEqual([3, '']);
  const nowhere = await new CommandLine({}).type(['tasks', 'list']);
  expect([nowhere.exit, nowhere.talk]).toEqual([3, expect.stringContaining('npm start')]);
}, 180_000);

test("a key comes from a file that is its owner's alone; without one, or with a wrong one, it ends with 4", async () => {
  const typed = new CommandLine({ PERENNIAL_URL: door.url });
  const none = await typed.type(['session', 'show']);
  expect([none.exit, none.talk]).toEqual([4, expect.stringContaining('PERENNIAL_KEY_FILE')]);
  const file = join(typed.folder, 'key');
  writeFileSync(file, `PERENNIAL_KEY=${door.key}\n`, { mode: 0o600 });
  const withFile = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY_FILE: file });
  expect((await withFile.type(['session', 'show'])).exit).toBe(0);
  chmodSync(file, 0o644);
  const open = await withFile.type(['session', 'show']);
  expect([open.exit, open.talk]).toEqual([78, expect.stringContaining('chmod 600')]);
  const changed = `${door.key.slice(0, -1)}${door.key.endsWith('a') ? 'b' : 'a'}`;
  const other = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY: changed });
  expect((await other.type(['session', 'show'])).exit).toBe(4);
}, 180_000);

test('the key of a data folder goes to the Perennial of that folder, and to no other', async () => {
  const typed = new CommandLine({});
  const env = join(typed.folder, 'dev.env');
  writeFileSync(env, `PERENNIAL_URL=${door.url}\nPERENNIAL_KEY=${door.key}\n`, { mode: 0o600 });
  expect((await typed.type(['session', 'show', '--url', door.url])).exit).toBe(0);
  const stranger = await typed.type(['session', 'show', '--url', door.url.replace('127.0.0.1', 'localhost')]);
  expect([stranger.exit, stranger.talk]).toEqual([4, expect.stringContaining('is not sent')]);
  expect(stranger.talk).not.toContain(door.key);
}, 180_000);

test.each([['--key', 'a-secret'], ['--token=a-secret'], ['prn_live_a-secret']])(
  'a secret among the arguments is refused and not said again: %s',
  async (...words) => {
    const { exit, data, talk } = await as('ines').type(['tasks', 'list', ...words]);
    expect([exit, data]).toEqual([2, '']);
    expect(talk).toContain('no secret is taken here');
    expect(talk).not.toContain('a-secret');
  },
  30_000,
);

test('a command is given by flags over what stdin holds; the very same again has no second effect; a dry run has none', async () => {
  const kofi = as('kofi');
  const words = [
    'findings',
    'accept-plan',
    finding,
    '--json',
    '--input',
    '-',
    '--idempotency-key',
    'accepts',
  ];
  const note = JSON.stringify({ note: 'It reaches the cause.' });
  const before = await facts();
  const dry = await kofi.type([...words.slice(0, -2), '--dry-run'], note);
  expect([dry.exit, JSON.parse(dry.data)]).toMatchObject([
    0,
    { recorded: [], wouldRecord: ['nonconformity.plan-accepted'] },
  ]);
  expect(await facts()).toBe(before);
  const version = String((JSON.parse(dry.data) as { version: number }).version - 1);
  const stale = await kofi.type([...words, '--version', '1'], note);
  expect([stale.exit, JSON.parse(stale.data)]).toMatchObject([1, { code: 'stale-version' }]);
  const done = await kofi.type([...words, '--version', version], note);
  expect(done.exit).toBe(0);
  expect(JSON.parse(done.data)).toMatchObject({ id: finding, state: 'planAccepted' });
  const again = await kofi.type([...words, '--version', version], note);
  expect([again.exit, again.data]).toEqual([0, done.data]);
  expect((await as('suri').type(['findings', 'start-implementation', 'N-2027-0001'])).exit).toBe(0);
}, 90_000);

test('why a date is as it is: the rule, the fact that set it, and who did what it counts from', async () => {
  const { exit, data } = await as('kofi').type(['explain', finding]);
  expect(exit).toBe(0);
  expect(data).toMatch(/\d{4}-\d\d-\d\d: \d+ days after .* of 2027-01-25 \(R-[A-Z]+-\d+\)/);
  expect(data).toMatch(/set by +nonconformity\.raised on 2027-01-25 by per_\w+ as /);
  const whole = await as('kofi').type(['explain', programme, '--json']);
  const { dates } = JSON.parse(whole.data) as {
    dates: { name: string; thing: string; date: { basis: object[] } }[];
  };
  expect(new Set(dates.map(({ thing }) => thing)).size).toBeGreaterThan(1);
  for (const { date } of dates) expect(date.basis.length).toBeGreaterThan(0);
  const one = await as('kofi').type(['explain', finding, 'no-such']);
  expect([one.exit, one.talk]).toEqual([2, expect.stringContaining('There are:')]);
}, 180_000);

test('the ledger is followed a line for each fact, nothing of the key stands in the arguments, and Ctrl+C ends it with 0', async () => {
  const line = as('ines').start(['entries', 'tail', '--since', '0', '--programme', programme, '--json']);
  follower = line.child;
  const lines = (): string[] => line.data().split('\n').slice(0, -1);
  await soon(() => lines().length > 3);
  const argv = readFileSync(`/proc/${String(line.child.pid)}/cmdline`, 'utf8');
  expect(argv).toContain('tail');
  expect(argv).not.toContain(tokens['ines']);
  expect(argv).not.toMatch(/prn_/);
  const minutes = join(as('ines').folder, 'minutes.txt');
  writeFileSync(minutes, 'Said while somebody followed.');
  const said = ['--document-kind', 'other', '--dated-on', '2027-02-01', '--under', programme];
  expect((await as('ines').type(['evidence', 'record-evidence', '--file', minutes, ...said])).exit).toBe(0);
  await soon(() => lines().at(-1)?.includes('evidence.recorded') === true);
  line.child.kill('SIGINT');
  const { exit } = await line.ended;
  expect(exit).toBe(0);
  const positions = lines().map((text) => (JSON.parse(text) as { position: number }).position);
  expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
}, 180_000);

test('a file goes in and comes out as it was', async () => {
  const ines = as('ines');
  const [file, out] = [join(ines.folder, 'minutes.txt'), join(ines.folder, 'out.txt')];
  writeFileSync(file, 'What was said.\n');
  const words = ['--document-kind', 'other', '--dated-on', '2027-02-01', '--under', programme];
  const made = await ines.type(['evidence', 'record-evidence', '--file', file, ...words, '--json']);
  expect([made.exit, made.talk]).toEqual([0, '']);
  const { id } = JSON.parse(made.data) as { id: string };
  expect((await ines.type(['evidence', 'content', id])).data).toBe('What was said.\n');
  expect((await ines.type(['evidence', 'content', id, '--output', out])).exit).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe('What was said.\n');
  const nobody = await ines.type(['evidence', 'content', id.replace(/.{6}$/, '000000'), '--json']);
  expect([nobody.exit, JSON.parse(nobody.data)]).toMatchObject([1, { code: 'not-found' }]);
}, 180_000);

test('what stands in front of Perennial, or in its place, is not taken for it', async () => {
  const answers = [
    [502, '<html>Bad gateway</html>', 3, 'is not Perennial'],
    [200, '<html>Welcome</html>', 1, 'another release'],
    [200, '{"hello":"world"}', 1, 'another release'],
  ] as const;
  for (const [status, text, exit, words] of answers) {
    const server = createServer((_, answer) => answer.writeHead(status).end(text));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const typed = new CommandLine({
      PERENNIAL_URL: `http://127.0.0.1:${String(port)}`,
      PERENNIAL_KEY: 'a-key',
    });
    const ended = await typed.type(['tasks', 'list', '--json']);
    server.close();
    expect([ended.exit, ended.data]).toEqual([exit, '']);
    expect(ended.talk).toContain(words);
  }
}, 180_000);

/** How many facts there are. */
async function facts(): Promise<number> {
  const [row] = await look<{ count: string }>(door, 'select count(*) from perennial.ledger_entry');
  return Number(row?.count);
}

async function soon(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !condition(); n += 1) await new Promise((done) => setTimeout(done, 100));
  expect(condition()).toBe(true);
}
