import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { freePort, isFree } from '#platform/ports.js';
import { commandOf, until, WholeSystem } from '../support/whole-system.js';

let system: WholeSystem;
beforeAll(async () => {
  system = await WholeSystem.prepare();
});
afterAll(() => system.remove());

test('everything starts, a second start only says where, another folder is told who has the port', async () => {
  const first = await system.started();
  expect(await system.serves()).toBe(true);
  expect(statSync(join(system.data, 'dev.env')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(system.data, 'dev.env'), 'utf8')).toMatch(
    /^PERENNIAL_URL=http:.*\nPERENNIAL_KEY=prn_live_/,
  );

  const second = system.start();
  await second.ended;
  expect([second.exit, second.talk]).toEqual([0, expect.stringMatching(/runs already[^]*API +http:\/\/127/)]);

  const other = system.start('--data', join(system.home, 'other'));
  await other.ended;
  expect([other.exit, other.talk]).toEqual([
    69,
    expect.stringMatching(/E1001 {2}Port \d+ is in use by node \(pid \d+\)/),
  ]);

  first.signal('SIGTERM');
  await first.ended;
  expect(first.exit).toBe(0);
  expect(system.processes()).toEqual([]);
}, 120_000);

test('a part that is killed is started again, and the system serves as before', async () => {
  const up = await system.started();
  for (const name of ['api', 'worker', 'temporal', 'postgres']) {
    const killed = system.record().pids[name] ?? 0;
    process.kill(killed, 'SIGKILL');
    await until(
      () => system.record().pids[name] !== killed,
      () => `${name}\n${up.talk}`,
    );
  }
  await until(
    () => system.serves(),
    () => up.talk,
  );
  expect(up.talk).toMatch(/API ended \(SIGKILL\); it is started again/);
  up.signal('SIGINT');
  await up.ended;
  expect([up.exit, system.processes()]).toEqual([0, []]);
}, 180_000);

/** Another installation has got the port meanwhile, and then somebody the number of the process too: neither is taken for the system. */
async function nobodyIsTakenFor(): Promise<void> {
  const heard: string[] = [];
  const other = createServer(({ url = '', headers }, response) => {
    heard.push(`${url} ${headers.authorization ?? ''}`);
    response.end('{}');
  });
  await until(() => isFree(system.port));
  other.listen(system.port, '127.0.0.1');
  const record = join(system.data, 'run.json');
  const left = readFileSync(record, 'utf8');
  for (const pid of [system.record().pid, process.pid]) {
    writeFileSync(record, JSON.stringify({ ...system.record(), pid }));
    const asked = await system.typed('people', 'list');
    expect([asked.exit, asked.talk]).toEqual([3, expect.stringMatching(/No Perennial runs in /)]);
    const processes = await system.typed('processes', 'list');
    expect([processes.exit, processes.talk]).toEqual([
      69,
      expect.stringMatching(/E1009[^]*no system runs in/),
    ]);
    const start = system.start();
    await start.ended;
    expect([start.exit, start.talk]).toEqual([69, expect.stringMatching(/E1001 {2}Port \d+ is in use/)]);
  }
  expect(heard).toEqual([]);
  writeFileSync(record, left);
  await new Promise((done) => other.close(done));
}

test('after a kill -9 of the whole the next start finds what was left, and goes on', async () => {
  const up = await system.started();
  const { pid } = system.record();
  process.kill(pid, 'SIGKILL');
  await up.ended;
  await nobodyIsTakenFor();
  const again = await system.started();
  expect(system.record().pid).not.toBe(pid);
  again.signal('SIGTERM');
  await again.ended;
  expect(system.processes()).toEqual([]);
}, 120_000);

test('a second Ctrl+C ends at once and leaves nothing running', async () => {
  const up = await system.started();
  up.signal('SIGINT');
  await new Promise((done) => setTimeout(done, 800));
  up.signal('SIGINT');
  await up.ended;
  await until(
    () => system.processes().length === 0,
    () => system.processes().map(commandOf).join('\n'),
  );
}, 120_000);

test('a folder that another start holds, and that does not answer, is not touched', async () => {
  const port4201 = await freePort(system.port + 1);
  const holder = createServer().listen(port4201, '127.0.0.1');
  const up = await system.started();
  process.kill(system.record().pids['api'] ?? 0, 'SIGSTOP');
  const second = system.start('--port', String(port4201));
  await second.ended;
  process.kill(system.record().pids['api'] ?? 0, 'SIGCONT');
  holder.close();
  expect([second.exit, second.talk]).toEqual([
    73,
    expect.stringMatching(/E1005 {2}Another Perennial uses the data folder/),
  ]);
  up.signal('SIGTERM');
  await up.ended;
}, 120_000);

test.each([
  ['a start', 'up', 'Workflow server'],
  ['a start', 'up', 'Worker'],
  ['a journey that started its own system', 'journey', 'opened'],
] as const)(
  '%s that is stopped in the middle leaves nothing running: %s, %s',
  async (_, command, word) => {
    const up = system.begin(command);
    await until(
      () => up.talk.includes(word) || up.exit !== null,
      () => up.talk,
    );
    up.signal('SIGTERM');
    await up.ended;
    expect([up.exit, system.processes()]).toEqual([command === 'up' ? 0 : 130, []]);
    expect(up.talk).not.toMatch(/E10\d\d/);
  },
  120_000,
);
