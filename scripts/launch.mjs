// The only code that runs before the packages are there: no dependency, any Node from 20.19 on.
// Installs what is missing, heals what skipped install scripts left undone, builds what has changed,
// and hands over to the real command on the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bar, line, step } from './steps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...names) => join(root, ...names);
const modules = at('node_modules');
const STAMP = at('node_modules', '.perennial');
const PINNED = at('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const LOCK = at('.cache', 'launch.lock');
const OWN = { test: 'scripts/test.mjs', check: 'scripts/test.mjs' };
const PROGRAMS = { bench: 'dist/bench/run.js', fuzz: 'dist/test/fuzz/run.js' };

const [command = 'up', ...words] = process.argv.slice(2);
const talks = ['up', 'test', 'check'].includes(command);

class Failure extends Error {
  constructor(code, exit, what, ...lines) {
    super([`  ${code}  ${what}`, ...lines.map((text) => `         ${text}`)].join('\n'));
    this.exit = exit;
    this.page = `         More about it: docs/errors/${code}.md\n`;
  }
}

const version = (text) => text.replace(/^v/, '').split('.').map(Number);
const isAtLeast = ([major, minor], wanted, least) => major > wanted || (major === wanted && minor >= least);

function refuseOldNode() {
  if (isAtLeast(version(process.versions.node), 20, 19)) return;
  const what = `Node ${process.versions.node} is too old: 20.19 or newer is needed to begin.`;
  throw new Failure(
    'E1000',
    69,
    what,
    'Get one from https://nodejs.org, then type the same again.',
    'Nothing was changed.',
  );
}

/** An install deletes the Node that is installed: so it is not run on that one. */
function otherNode() {
  const under = process.env.npm_node_execpath;
  if (under !== undefined && !under.startsWith(modules) && fs.existsSync(under)) return under;
  const copy = at('.cache', 'launch-node');
  fs.mkdirSync(dirname(copy), { recursive: true });
  fs.copyFileSync(process.execPath, copy);
  return copy;
}

const hashOf = (...texts) =>
  texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex');
/** Nothing where there is no such file, or no more; nor such a process, in /proc. */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) return '';
    throw error;
  }
}
const lockHash = () => hashOf(read(at('package-lock.json')));

/** What npm says it has put there is what the lock asks for, whoever ran the install. */
function isInstalled() {
  if (read(STAMP) === lockHash()) return true;
  const hidden = read(at('node_modules', '.package-lock.json'));
  if (hidden === '') return false;
  const there = JSON.parse(hidden).packages;
  const asked = Object.entries(JSON.parse(read(at('package-lock.json'))).packages);
  const same = ([path, entry]) =>
    path === '' ||
    entry.optional === true ||
    entry.devOptional === true ||
    there[path]?.version === entry.version;
  if (!asked.every(same)) return false;
  fs.writeFileSync(STAMP, lockHash());
  return true;
}

/** npm as it was started; otherwise the one on the path. */
function npm(args, onText = () => {}) {
  const own = process.env.npm_execpath;
  const [program, ...first] =
    own !== undefined && basename(own) === 'npm-cli.js' ? [process.execPath, own] : ['npm'];
  return run(program, [...first, ...args, '--loglevel=error', '--no-fund', '--no-audit'], onText);
}

function run(program, args, onText) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        onText(String(chunk));
      });
    }
    child.on('error', (error) => done({ code: 1, output: error.message }));
    child.on('close', (code) => done({ code, output }));
  });
}

async function install() {
  const asked = Object.keys(JSON.parse(read(at('package-lock.json'))).packages).filter((path) => path !== '');
  const there = () => asked.filter((path) => fs.existsSync(at(path, 'package.json'))).length;
  const progress = bar(1, 'Packages');
  const look = setInterval(() => progress(there() / asked.length, `${there()} packages`), 500);
  const { code, output } = await npm(['ci']);
  clearInterval(look);
  if (code !== 0) {
    fs.mkdirSync(at('.cache'), { recursive: true });
    fs.writeFileSync(at('.cache', 'npm-ci.log'), output);
    const cause =
      output.split('\n').find((text) => /npm error|ENOSPC|ENOTFOUND/.test(text)) ?? `it ended with ${code}`;
    throw new Failure(
      'E1002',
      69,
      `npm could not install the packages: ${cause.replace(/npm error /, '').slice(0, 200)}`,
      'What npm said: .cache/npm-ci.log',
      'Type the same again when the cause is gone: it begins afresh.',
    );
  }
  fs.writeFileSync(STAMP, lockHash());
}

function nodeVersionOf(program) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 ? version(stdout.trim()) : [0, 0];
}

/** The npm package `node` puts its program in place by an install script, which may have been skipped in silence. */
async function healNode() {
  const asked = version(JSON.parse(read(at('package.json'))).devDependencies?.node ?? '24.9.0');
  const fits = (program) => fs.existsSync(program) && nodeVersionOf(program)[0] === asked[0];
  if (fits(PINNED)) return PINNED;
  await npm(['rebuild', 'node', '--ignore-scripts=false']);
  if (fits(PINNED)) return PINNED;
  if (isAtLeast(version(process.versions.node), 24, 9)) return process.execPath;
  throw new Failure(
    'E1003',
    69,
    `Node ${asked[0]} could not be put in place, and this is Node ${process.versions.node}.`,
    'With a connection to the npm registry:   npm rebuild node --ignore-scripts=false',
    'or start with Node 24.9 or newer of your own.',
  );
}

/** One at a time in a checkout, while it installs and builds; one that died is no obstacle. */
async function locked(work) {
  fs.mkdirSync(dirname(LOCK), { recursive: true });
  for (let told = false; !taken(); told = true) {
    if (!told) line('Another start is installing or building here; waiting for it.');
    await new Promise((done) => setTimeout(done, 300));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(LOCK, { recursive: true, force: true });
  }
}

function taken() {
  try {
    fs.mkdirSync(LOCK);
    fs.writeFileSync(join(LOCK, 'pid'), `${process.pid} ${beginningOf(process.pid)}`);
    return true;
  } catch (error) {
    if (!['EEXIST', 'ENOENT'].includes(error.code)) throw error;
    if (!isHeld()) putAside();
    return false;
  }
}

/** By a process that lives, and is the one that took it: where files outlive processes, numbers come again, our own first of all. */
function isHeld() {
  const [pid, beginning] = read(join(LOCK, 'pid')).split(' ');
  if (pid !== '')
    return Number(pid) !== process.pid && isAlive(Number(pid)) && beginningOf(pid) === beginning;
  return Date.now() - (fs.statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < 5_000;
}

function putAside() {
  const aside = `${LOCK}.${process.pid}`;
  try {
    fs.renameSync(LOCK, aside);
  } catch (error) {
    // Somebody else has moved it.
    if (error.code !== 'ENOENT') throw error;
  }
  fs.rmSync(aside, { recursive: true, force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !read(`/proc/${pid}/stat`).includes(') Z ');
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** When a process began, as libs/platform/child.ts says it; the same for all where there is no /proc. */
function beginningOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return `${read('/proc/sys/kernel/random/boot_id').trim()}/${afterName[19] ?? ''}`;
}

/** The same words again, on another Node; its exit is ours. */
function handOver(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // Whoever started this may be killed without a word: then its child has another parent.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1_000).unref();
  return new Promise((done) => {
    child.on('error', () => done(70));
    child.on('exit', (code, signal) =>
      done(code ?? 128 + ({ SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1)),
    );
  });
}

async function prepare() {
  const started = Date.now();
  if (!isInstalled()) await install();
  const node = await healNode();
  const packages = Object.keys(JSON.parse(read(at('package-lock.json'))).packages).length - 1;
  if (talks) step(1, 'Packages', started, `${packages} packages, Node ${nodeVersionOf(node).join('.')}`);
  const { build } = await import('./build.mjs');
  const built = await build(root, node, talks);
  if (!built.ok && !(command in OWN)) {
    throw new Failure(
      'E1014',
      65,
      'The build failed.',
      ...built.errors.slice(0, 3),
      'All of it:   npm run check',
    );
  }
  return { node, built };
}

async function main() {
  refuseOldNode();
  if (!isInstalled() && process.execPath.startsWith(modules + sep)) {
    return handOver(otherNode(), [fileURLToPath(import.meta.url), command, ...words]);
  }
  if (talks) line(`Perennial ${JSON.parse(read(at('package.json'))).version}`);
  const { node, built } = await locked(prepare);
  const own = OWN[command];
  const program = command in PROGRAMS ? [PROGRAMS[command]] : ['dist/apps/cli/main.js', command];
  if (own !== undefined && !built.ok) built.errors.forEach((text) => line(text));
  const args = own === undefined ? program : [own, command, built.ok ? 'built' : 'broken'];
  return handOver(node, ['--disable-warning=ExperimentalWarning', ...args, ...words]);
}

main().then(
  (exit) => process.exit(exit),
  (error) => {
    process.stderr.write(error instanceof Failure ? `\n${error.message}\n${error.page}` : `${error.stack}\n`);
    process.exit(error.exit ?? 70);
  },
);
