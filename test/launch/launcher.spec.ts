import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { beginningOf } from '#platform/child.js';

const root = resolve(import.meta.dirname, '../..');
const pinned = join(root, 'node_modules/node/bin/node');
/** The Node that the machine itself has, beside the pinned one. */
const machine = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path) && !path.includes('node_modules'));
const trees: string[] = [];
afterAll(() => trees.forEach((tree) => rmSync(tree, { recursive: true, force: true })));

const program = `
process.on('SIGTERM', () => process.exit(7));
const [, , ...words] = process.argv;
process.stdout.write(JSON.stringify({ node: process.versions.node, words }) + '\\n');
if (words.includes('wait')) setInterval(() => undefined, 1000);
else process.exit(words.includes('fail') ? 3 : 0);
export {};
`;

/** A checkout with the launcher, one program of two lines, and packages that are links to ours. */
function checkout(): string {
  const tree = mkdtempSync(join(tmpdir(), 'launch-'));
  trees.push(tree);
  for (const name of ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  const modules = join(tree, 'node_modules');
  mkdirSync(join(modules, 'node/bin'), { recursive: true });
  symlinkSync(pinned, join(modules, 'node/bin/node'));
  for (const name of ['typescript', '@types', 'undici-types', '.package-lock.json']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  mkdirSync(join(tree, 'apps/cli'), { recursive: true });
  writeFileSync(join(tree, 'apps/cli/main.ts'), program);
  return tree;
}

interface Run {
  exit: number | null;
  out: string;
  talk: string;
}

function launch(
  tree: string,
  words: string[],
  more: { node?: string; env?: Record<string, string>; flags?: string[] } = {},
) {
  const args = [...(more.flags ?? []), 'scripts/launch.mjs', ...words];
  const child = spawn(more.node ?? process.execPath, args, {
    cwd: tree,
    env: { ...process.env, ...more.env },
  });
  const run: Run = { exit: null, out: '', talk: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.talk += chunk.toString()));
  const ended = new Promise<Run>((done) => {
    child.on('close', (exit) => done({ ...run, exit }));
  });
  return { child, run, ended };
}

/** Stands in for npm, which is not ours: writes down what it was asked, and does one thing. */
function npmThat(tree: string, does: string): Record<string, string> {
  const file = join(tree, 'npm-cli.js');
  const record = `require('node:fs').appendFileSync(${JSON.stringify(join(tree, 'npm.log'))}, process.argv.slice(2).join(' ') + '\\n');`;
  mkdirSync(join(tree, 'npm'), { recursive: true });
  writeFileSync(join(tree, 'npm/package.json'), '{"type":"commonjs"}');
  writeFileSync(join(tree, 'npm/npm-cli.js'), `${record}${does}`);
  chmodSync(join(tree, 'npm/npm-cli.js'), 0o755);
  return { npm_execpath: file.replace('npm-cli.js', 'npm/npm-cli.js') };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 20_000 && !condition(); waited += 50) {
    await new Promise((done) => setTimeout(done, 50));
  }
  expect(condition()).toBe(true);
}

test.each([
  ['the pinned Node', process.execPath],
  ...(machine === undefined ? [] : [["the machine's Node", machine]]),
])(
  'started by %s, the command runs on the pinned one, with its words and its exit code',
  async (_title, node = '') => {
    const tree = checkout();
    const first = await launch(tree, ['greet', 'fail', '--loud'], { node }).ended;
    expect(JSON.parse(first.out)).toEqual({ node: readVersion(), words: ['greet', 'fail', '--loud'] });
    expect(first.exit).toBe(3);
  },
);

const readVersion = (): string =>
  (JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8')) as { version: string })
    .version;

test('what has not changed is not built again; a stamp of something else is not believed', async () => {
  const tree = checkout();
  expect((await launch(tree, ['up']).ended).talk).toMatch(/Build +ok .* compiled/);
  expect((await launch(tree, ['up']).ended).talk).toMatch(/Build +ok .* nothing has changed/);
  writeFileSync(join(tree, 'dist/.stamp'), 'of something else');
  rmSync(join(tree, 'node_modules/.perennial'));
  writeFileSync(join(tree, 'node_modules/.perennial'), 'of something else');
  const third = await launch(tree, ['up']).ended;
  expect(third.talk).toMatch(/Packages +ok[^]*Build +ok .* compiled/);
  expect(third.exit).toBe(0);
}, 60_000);

test('an old Node gets a sentence and not a stack', async () => {
  const tree = checkout();
  writeFileSync(
    join(tree, 'old.cjs'),
    `Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`,
  );
  const run = await launch(tree, ['up'], { flags: ['--require', './old.cjs'] }).ended;
  expect(run.exit).toBe(69);
  expect(run.talk).toMatch(/E1000 {2}Node 18\.20\.4 is too old: 20\.19 or newer[^]*docs\/errors\/E1000\.md/);
  expect(run.talk).not.toContain('at ');
});

const lockIn = (tree: string): string => join(tree, '.cache/launch.lock');

/** Leaves the lock as a launcher does that is at work, or was killed. */
function hold(tree: string, holder: string): void {
  mkdirSync(lockIn(tree), { recursive: true });
  writeFileSync(join(lockIn(tree), 'pid'), holder);
}

test('a launcher that was killed is no obstacle, one that works is waited for', async () => {
  const tree = checkout();
  const lock = lockIn(tree);
  const dead = spawn(process.execPath, ['-e', '']);
  const beginning = beginningOf(dead.pid ?? 0);
  await new Promise((done) => dead.on('exit', done));
  hold(tree, `${String(dead.pid)} ${beginning}`);
  expect((await launch(tree, ['greet']).ended).exit).toBe(0);

  hold(tree, `${String(process.pid)} ${beginningOf(process.pid)}`);
  const waiting = launch(tree, ['greet']);
  await until(() => waiting.run.talk.includes('waiting for it'));
  expect(waiting.run.out).toBe('');
  rmSync(lock, { recursive: true });
  expect((await waiting.ended).exit).toBe(0);
}, 60_000);

test.each([
  ['another process has its number', String(process.pid)],
  [
    'another process has its number since another boot',
    `${String(process.pid)} before/${String(process.pid)}`,
  ],
])('where %s, a launcher that was killed is no obstacle', async (_title, holder) => {
  const tree = checkout();
  hold(tree, holder);
  expect((await launch(tree, ['greet']).ended).exit).toBe(0);
});

test('a launcher does not wait for one of its own number', async () => {
  const tree = checkout();
  hold(tree, '');
  writeFileSync(
    join(tree, 'before.cjs'),
    `require('node:fs').writeFileSync('.cache/launch.lock/pid', String(process.pid));`,
  );
  const run = await launch(tree, ['greet'], { flags: ['--require', './before.cjs'] }).ended;
  expect(run.exit).toBe(0);
});

test('what a killed launcher left may be moved by another one at the same moment', async () => {
  const tree = checkout();
  hold(tree, '0 never');
  const first = `
const fs = require('node:fs');
const move = fs.renameSync;
fs.renameSync = (from, to) => {
  fs.renameSync = move;
  move(from, from + '.another');
  move(from, to);
};
require('node:module').syncBuiltinESMExports();`;
  writeFileSync(join(tree, 'first.cjs'), first);
  const run = await launch(tree, ['greet'], { flags: ['--require', './first.cjs'] }).ended;
  expect([run.exit, existsSync(`${lockIn(tree)}.another`)]).toEqual([0, true]);
});

test('two at once build one after the other, and both run', async () => {
  const tree = checkout();
  const both = await Promise.all([launch(tree, ['greet']).ended, launch(tree, ['greet']).ended]);
  expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
}, 60_000);

test('when npm cannot install, its cause is told in one line and its words are kept', async () => {
  const tree = checkout();
  rmSync(join(tree, 'node_modules/.package-lock.json'));
  const env = npmThat(
    tree,
    `process.stderr.write('npm error network ENOTFOUND registry\\n'); process.exitCode = 1;`,
  );
  const run = await launch(tree, ['up'], { env: { ...env, npm_node_execpath: process.execPath } }).ended;
  expect(run.exit).toBe(69);
  expect(run.talk).toMatch(/E1002 {2}npm could not install the packages: network ENOTFOUND registry/);
  expect(readFileSync(join(tree, 'npm.log'), 'utf8')).toMatch(/^ci /);
  expect(readFileSync(join(tree, '.cache/npm-ci.log'), 'utf8')).toContain('ENOTFOUND');
});

test('a Node that a skipped install script left out is put in place', async () => {
  const tree = checkout();
  const node = join(tree, 'node_modules/node/bin/node');
  rmSync(node);
  const env = npmThat(
    tree,
    `require('node:fs').symlinkSync(${JSON.stringify(pinned)}, ${JSON.stringify(node)});`,
  );
  const run = await launch(tree, ['greet'], { env }).ended;
  expect(run.exit).toBe(0);
  expect(readFileSync(join(tree, 'npm.log'), 'utf8')).toMatch(/^rebuild node --ignore-scripts=false /);
});

test('without it, a Node of 24.9 or newer that launched stands in; an older one says what to do', async () => {
  const tree = checkout();
  rmSync(join(tree, 'node_modules/node/bin/node'));
  const env = npmThat(tree, '');
  expect((await launch(tree, ['greet'], { env }).ended).exit).toBe(0);
  writeFileSync(
    join(tree, 'older.cjs'),
    `Object.defineProperty(process.versions, 'node', { value: '22.1.0' });`,
  );
  const run = await launch(tree, ['greet'], { env, flags: ['--require', './older.cjs'] }).ended;
  expect(run.exit).toBe(69);
  expect(run.talk).toMatch(/E1003 {2}Node 24 could not be put in place, and this is Node 22\.1\.0/);
}, 60_000);

test('a build that fails tells its first errors', async () => {
  const tree = checkout();
  writeFileSync(join(tree, 'apps/cli/main.ts'), `export const port: number = 'eighty';\n`);
  const run = await launch(tree, ['up']).ended;
  expect(run.exit).toBe(65);
  expect(run.talk).toMatch(/E1014 {2}The build failed\.\n +apps\/cli\/main\.ts\(1,14\): error TS2322/);
  expect(existsSync(join(tree, 'dist/.stamp'))).toBe(false);
}, 60_000);

test('a signal is passed on, and the exit code is the command’s', async () => {
  const tree = checkout();
  const waiting = launch(tree, ['greet', 'wait']);
  await until(() => waiting.run.out.includes('wait'));
  waiting.child.kill('SIGTERM');
  expect((await waiting.ended).exit).toBe(7);
});
