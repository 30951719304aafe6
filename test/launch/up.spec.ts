import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { freePort } from '#platform/ports.js';

const root = resolve(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'up-'));
const data = join(home, 'data');
let port = 0;
beforeAll(async () => {
  port = await freePort(0);
});
afterAll(async () => {
  for (const pid of ours()) process.kill(pid, 'SIGKILL');
  await until(() => ours().length === 0);
  rmSync(home, { recursive: true, force: true });
});

interface Up {
  exit: number | null;
  talk: string;
  signal: (name: NodeJS.Signals) => void;
  ended: Promise<void>;
}

/** As `npm start` does it, in a data folder of the test's own. */
function start(...more: string[]): Up {
  const args = ['scripts/launch.mjs', 'up', '--data', data, '--port', String(port), ...more];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((done) => {
    child.on('close', (exit) => {
      up.exit = exit;
      done();
    });
  });
  const up: Up = { exit: null, talk: '', signal: (name) => child.kill(name), ended };
  child.stderr.on('data', (chunk: Buffer) => (up.talk += chunk.toString()));
  return up;
}

async function started(): Promise<Up> {
  const up = start();
  await until(
    () => up.talk.includes('Stop    Ctrl+C') || up.exit !== null,
    () => up.talk,
  );
  expect(up.talk).toContain(`API     http://127.0.0.1:${String(port)}`);
  return up;
}

async function until(condition: () => boolean | Promise<boolean>, why = () => ''): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`in vain: ${why()}`);
}

/** Every process whose command names our data folder. */
function ours(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandOf(name).includes(data))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

interface RunRecord {
  pid: number;
  pids: Record<string, number>;
}
const record = (): RunRecord => JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as RunRecord;

async function serves(): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${String(port)}/readyz`)).ok;
  } catch {
    return false;
  }
}

test('everything starts, a second start only says where, another folder is told who has the port', async () => {
  const first = await started();
  expect(await serves()).toBe(true);
  expect(statSync(join(data, 'dev.env')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(data, 'dev.env'), 'utf8')).toMatch(
    /^PERENNIAL_URL=http:.*\nPERENNIAL_KEY=prn_live_/,
  );

  const second = start();
  await second.ended;
  expect([second.exit, second.talk]).toEqual([0, expect.stringMatching(/runs already[^]*API +http:\/\/127/)]);

  const other = start('--data', join(home, 'other'));
  await other.ended;
  expect([other.exit, other.talk]).toEqual([
    69,
    expect.stringMatching(/E1001 {2}Port \d+ is in use by node \(pid \d+\)/),
  ]);

  first.signal('SIGTERM');
  await first.ended;
  expect(first.exit).toBe(0);
  expect(ours()).toEqual([]);
}, 120_000);

test('a part that is killed is started again, and the system serves as before', async () => {
  const up = await started();
  for (const name of ['api', 'worker', 'temporal', 'postgres']) {
    const killed = record().pids[name] ?? 0;
    process.kill(killed, 'SIGKILL');
    await until(
      () => record().pids[name] !== killed,
      () => `${name}\n${up.talk}`,
    );
  }
  await until(serves, () => up.talk);
  expect(up.talk).toMatch(/API ended \(SIGKILL\); it is started again/);
  up.signal('SIGINT');
  await up.ended;
  expect([up.exit, ours()]).toEqual([0, []]);
}, 180_000);

test('after a kill -9 of the whole the next start finds what was left, and goes on', async () => {
  const up = await started();
  const { pid } = record();
  process.kill(pid, 'SIGKILL');
  await up.ended;
  const again = await started();
  expect(record().pid).not.toBe(pid);
  again.signal('SIGTERM');
  await again.ended;
  expect(ours()).toEqual([]);
}, 120_000);

test('a second Ctrl+C ends at once and leaves nothing running', async () => {
  const up = await started();
  up.signal('SIGINT');
  await new Promise((done) => setTimeout(done, 800));
  up.signal('SIGINT');
  await up.ended;
  await until(
    () => ours().length === 0,
    () => ours().map(String).map(commandOf).join('\n'),
  );
}, 120_000);

test('a folder that another start holds, and that does not answer, is not touched', async () => {
  const port4201 = await freePort(port + 1);
  const holder = createServer().listen(port4201, '127.0.0.1');
  const up = await started();
  process.kill(record().pids['api'] ?? 0, 'SIGSTOP');
  const second = start('--port', String(port4201));
  await second.ended;
  process.kill(record().pids['api'] ?? 0, 'SIGCONT');
  holder.close();
  expect([second.exit, second.talk]).toEqual([
    73,
    expect.stringMatching(/E1005 {2}Another Perennial uses the data folder/),
  ]);
  up.signal('SIGTERM');
  await up.ended;
}, 120_000);
