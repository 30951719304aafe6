import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from '#client/client.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { compare } from '#rehearsal/play/ledgers.js';
import { play } from '#rehearsal/play/player.js';
import { HttpDoor } from '../../apps/cli/journey/http-door.js';
import { RehearsalDoor } from '../../apps/cli/journey/rehearsal-door.js';
import { scriptIn } from '../support/script-in.js';
import { WholeSystem, type Up } from '../support/whole-system.js';

const SAMPLE = 'samples/customer-chat-assistant.yaml';
/** Specs that start a system beside this one do so in the same checkout. */
const OTHERS = /^.*Another start is installing or building here; waiting for it\.\n/m;
const text = readFileSync(SAMPLE, 'utf8');

let system: WholeSystem;
let up: Up;
beforeAll(async () => {
  system = await WholeSystem.prepare();
  up = await system.started();
}, 180_000);
afterAll(async () => {
  up.signal('SIGTERM');
  await up.ended;
  await system.remove();
}, 60_000);

interface Typed {
  readonly exit: number | null;
  readonly out: string;
  readonly talk: string;
}

/** As somebody types it. */
function journey(...words: string[]): Promise<Typed> {
  return type('journey', ...words);
}

function type(...words: string[]): Promise<Typed> {
  const args = ['scripts/launch.mjs', ...words, '--data', system.data];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, talk] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (talk += chunk.toString()));
  return new Promise((done) => child.on('close', (exit) => done({ exit, out, talk })));
}

test('the journey tells what happens as it happens, and ends with the certificate and what led to it', async () => {
  const { exit, talk } = await journey(SAMPLE);
  expect(talk).toContain('C-2027-0001');
  expect(talk).toContain('Everything that the file expects held.');
  expect(exit).toBe(0);
}, 300_000);

test('for machines it is one document', async () => {
  const { exit, out } = await journey(SAMPLE, '--json', '--rehearse');
  expect(JSON.parse(out)).toMatchObject({
    ...{ held: true, unmet: [] },
    certificate: { number: 'C-2027-0001', stage: 'active', expires: '2033-07-18' },
  });
  expect(exit).toBe(0);
}, 300_000);

test('what does not come as expected is told with its line, and the exit says so', async () => {
  const file = join(system.home, 'other.yaml');
  writeFileSync(file, text.replace('is: 2033-07-18', 'is: 2033-07-19'));
  const { exit, talk } = await journey(file, '--rehearse');
  const line = text.split('\n').findIndex((one) => one.includes('is: 2033-07-18')) + 1;
  expect(talk).toContain(String(line));
  expect(talk).toContain('2033-07-19');
  expect(exit).toBe(1);
}, 300_000);

test('a file with mistakes gets all of them at once, and nothing is changed', async () => {
  const file = join(system.home, 'wrong.yaml');
  writeFileSync(
    file,
    text
      .replace('roles: [top-management]', 'roles: [boss]')
      .replace('does: signAgreement', 'does: signAgrement'),
  );
  const known = (): Promise<unknown> => new Client(system.url, system.key()).call(sandboxes.list);
  const before = await known();
  const { exit, talk } = await journey(file);
  expect(talk).toMatch(/boss/);
  expect(talk).toMatch(/signAgrement/);
  expect(exit).toBe(65);
  expect(await known()).toEqual(before);
}, 60_000);

test('a file that is not there is said to be so', async () => {
  const { exit, talk } = await journey('samples/none.yaml');
  expect([exit, talk]).toEqual([66, expect.stringContaining('samples/none.yaml cannot be read')]);
  expect(talk).not.toContain(' at ');
}, 60_000);

test.each([SAMPLE, 'samples/pump-failure-forecast.yaml'])(
  '[R20] the same journey in memory and through the door of a running system leaves the same ledger: %s',
  async (path) => {
    const script = scriptIn(path);
    const rehearsed = await play(script, new RehearsalDoor());
    const performed = await play(script, new HttpDoor(system.url, system.key()));
    expect(performed.unmet).toEqual([]);
    expect(compare(rehearsed.story.entries, performed.story.entries)).toBeUndefined();
    expect(performed.story.entries.length).toBe(rehearsed.story.entries.length);
  },
  300_000,
);

test('the command line finds the system and its key by the data folder, and an advance is waited for', async () => {
  const words = [
    '--name',
    'A first look',
    '--starts-at',
    '2029-01-08T08:00:00Z',
    '--zone',
    'Europe/Vienna',
    '--seed',
    '7',
  ];
  const made = await type('sandboxes', 'create', ...words, '--json');
  expect([made.exit, made.talk.replace(OTHERS, '')]).toEqual([0, '']);
  const { id } = JSON.parse(made.out) as { id: string };
  const moved = await type('sandboxes', 'advance', id, '--by', 'P3D', '--wait', '60', '--json');
  expect([moved.exit, JSON.parse(moved.out)]).toMatchObject([0, { status: 'succeeded' }]);
  const shown = await type('sandboxes', 'show', id);
  expect(shown.out).toMatch(/^now +2029-01-11T08:00:00.000Z$/m);
  const back = await type('sandboxes', 'advance', id, '--to', '2029-01-09T08:00:00Z', '--json');
  expect([back.exit, JSON.parse(back.out)]).toMatchObject([1, { code: 'clock-backwards' }]);
}, 300_000);
