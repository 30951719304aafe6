import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { readlinkSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { Client } from '@temporalio/client';
import pg from 'pg';
import { isAlive } from '#platform/child.js';
import { healLinks, postgresPrograms } from '#platform/postgres-folder.js';
import { startPostgres, type Postgres, type PostgresOptions } from '#platform/postgres.js';
import { connectTemporal } from '#platform/temporal-client.js';
import { findTemporalCli } from '#platform/temporal-cli.js';
import { startTemporal } from '#platform/temporal-server.js';

const root = resolve(import.meta.dirname, '../..');
const folders: string[] = [];
const servers: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Closed to all others, as a checkout under a home folder is. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'servers-'));
  folders.push(made);
  return made;
}

const optionsIn = (home: string): PostgresOptions => ({
  folder: join(home, 'postgres'),
  secretsFolder: join(home, 'secrets'),
  logFile: join(home, 'postgres.log'),
  port: 0,
  durable: false,
});

async function postgres(home: string, more: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const server = await startPostgres({ ...optionsIn(home), ...more });
  servers.push(server);
  return server;
}

async function ask(url: string, query: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ answer: unknown }>(query);
  await client.end();
  return rows[0]?.answer;
}

async function occupy(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  servers.push({ stop: () => new Promise((done) => server.close(() => done())) });
  return { port: typeof address === 'object' && address !== null ? address.port : 0, server };
}

test('PostgreSQL is made in a folder, with a role that owns nothing, and is found again', async () => {
  const home = folder();
  const first = await postgres(home);
  expect(first.made).toBe(true);
  expect(await ask(first.appUrl, 'select current_user::text as answer')).toBe('perennial_app');
  await ask(first.ownerUrl, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await postgres(home);
  expect(second.made).toBe(false);
  expect(await ask(second.ownerUrl, 'select answer from kept')).toBe(42);
});

test('nobody gets in without the password that was made for this folder', async () => {
  const { port } = await postgres(folder());
  const refused = ask(
    `postgres://postgres:postgres@127.0.0.1:${String(port)}/perennial`,
    'select 1 as answer',
  );
  await expect(refused).rejects.toMatchObject({ code: '28P01' });
});

test('after a kill -9 the next start recovers what was committed', async () => {
  const home = folder();
  const killed = await postgres(home);
  await ask(killed.ownerUrl, 'create table kept as select 42 as answer');
  process.kill(killed.child.pid, 'SIGKILL');
  await killed.child.exited;
  expect(existsSync(join(home, 'postgres/postmaster.pid'))).toBe(true);
  expect(await ask((await postgres(home)).ownerUrl, 'select answer from kept')).toBe(42);
});

test('a server that an earlier run left behind is ended, the process of somebody else is not', async () => {
  const home = folder();
  const left = await startPostgres(optionsIn(home));
  await postgres(home);
  expect(isAlive(left.child.pid)).toBe(false);
  await servers.pop()?.stop();

  const other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  writeFileSync(join(home, 'postgres/postmaster.pid'), `${String(other.pid)}\n`);
  await postgres(home);
  expect(isAlive(other.pid ?? 0)).toBe(true);
  other.kill();
});

test('a folder that was never finished is put aside and made again', async () => {
  const home = folder();
  mkdirSync(join(home, 'postgres/base'), { recursive: true });
  writeFileSync(join(home, 'postgres/PG_VERSION'), '18\n');
  mkdirSync(join(home, 'postgres.making/base'), { recursive: true });
  expect((await postgres(home)).made).toBe(true);
  expect(readdirSync(home).filter((name) => name.startsWith('postgres.unfinished'))).toHaveLength(1);
});

test('a folder that was finished and is damaged is left as it is, and told', async () => {
  const home = folder();
  await (await postgres(home)).stop();
  rmSync(join(home, 'postgres/global/pg_control'));
  await expect(startPostgres(optionsIn(home))).rejects.toMatchObject({ code: 'E1006', exit: 70 });
  expect(existsSync(join(home, 'postgres/base'))).toBe(true);
});

test('a lost password is made anew', async () => {
  const home = folder();
  await (await postgres(home)).stop();
  rmSync(join(home, 'secrets'), { recursive: true });
  expect(await ask((await postgres(home)).appUrl, 'select 1 as answer')).toBe(1);
});

test('when the port is taken, the next free one is used', async () => {
  const { port } = await occupy();
  const server = await postgres(folder(), { port });
  expect(server.port).toBeGreaterThan(port);
  expect(await ask(server.appUrl, 'select 1 as answer')).toBe(1);
});

test('library links that a skipped install script left out are made', () => {
  const home = join(folder(), 'package');
  const real = postgresPrograms().home;
  mkdirSync(join(home, 'native/lib'), { recursive: true });
  cpSync(join(real, 'native/pg-symlinks.json'), join(home, 'native/pg-symlinks.json'));
  symlinkSync('libpq.so.5.18', join(home, 'native/lib/libpq.so'));
  const listed = readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8').match(/"target"/g) ?? [];
  expect(healLinks(home)).toBe(listed.length - 1);
  expect(readlinkSync(join(home, 'native/lib/libicuuc.so.60'))).toBe('libicuuc.so.60.2');
  expect(healLinks(home)).toBe(0);
});

const nothing = (): void => undefined;

async function cliFound(): Promise<string> {
  const cacheFolder = process.env['PERENNIAL_CACHE'] ?? join(root, '.cache');
  const search = {
    configured: process.env['PERENNIAL_TEMPORAL_CLI'],
    cacheFolder,
    failed: nothing,
    progress: nothing,
  };
  return (await findTemporalCli(search)).path;
}

test('the workflow server remembers over a restart, after a kill -9 too', async () => {
  const home = folder();
  const options = {
    cli: await cliFound(),
    databaseFile: join(home, 'temporal.db'),
    logFile: join(home, 'log'),
    port: 0,
  };
  const first = await startTemporal(options);
  servers.push(first);
  const client = await connectTemporal(first, 10_000);
  await client.workflow.start('certificate', { workflowId: 'certificate/1', taskQueue: 'nobody' });
  await client.connection.close();
  process.kill(first.child.pid, 'SIGKILL');
  await first.child.exited;

  const second = await startTemporal(options);
  servers.push(second);
  const again = new Client({ connection: (await connectTemporal(second, 10_000)).connection });
  expect((await again.workflow.getHandle('certificate/1').describe()).status.name).toBe('RUNNING');
  await again.connection.close();
}, 60_000);

test('a server that answers in the place of the one that was started is not taken for it', async () => {
  const home = folder();
  const cli = join(home, 'other');
  // what answers is a child of what was started, and ends with it
  writeFileSync(cli, `#!/bin/sh\n"${await cliFound()}" "$@" &\ntrap "kill $!" TERM\nwait\nwait\n`);
  chmodSync(cli, 0o755);
  const options = { cli, databaseFile: join(home, 'temporal.db'), logFile: join(home, 'log'), port: 0 };
  await expect(startTemporal(options)).rejects.toMatchObject({ code: 'E1004' });
}, 60_000);

test('a workflow server that does not answer is told with its address', async () => {
  const { port } = await occupy();
  const place = { address: `127.0.0.1:${String(port + 1)}`, namespace: 'default' };
  await expect(connectTemporal(place, 300)).rejects.toMatchObject({ code: 'E1009' });
});

/** In a process with this environment: where is the program found, and which ways failed before? */
function find(
  more: Record<string, string>,
  configured?: string,
): Promise<{ path?: string; code?: string; failed: string[] }> {
  const script = `
    import { importSource } from '${join(root, 'test/support/source.mjs')}';
    const { findTemporalCli } = await importSource('libs/platform/temporal-cli.ts');
    const failed = [];
    const search = { configured: process.argv[1] || undefined, cacheFolder: process.argv[2], failed: (line) => failed.push(line), progress() {} };
    const found = await findTemporalCli(search).catch((error) => ({ code: error.code, text: error.text() }));
    process.stdout.write(JSON.stringify({ ...found, failed }));`;
  const args = ['--input-type=module', '-e', script, configured ?? '', more['cache'] ?? ''];
  const env = {
    PATH: more['PATH'] ?? '/nowhere',
    HOME: tmpdir(),
    HTTPS_PROXY: 'http://127.0.0.1:9',
    https_proxy: 'http://127.0.0.1:9',
  };
  const child = spawn(process.execPath, args, { env, cwd: root });
  let out = '';
  let talk = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (talk += chunk.toString()));
  return new Promise((done, failed) => {
    child.on('close', () => {
      if (out === '') failed(new Error(talk));
      else done(JSON.parse(out) as { path?: string; code?: string; failed: string[] });
    });
  });
}

/** A program that answers as the Temporal CLI does. */
function cliIn(place: string, version: string): string {
  mkdirSync(place, { recursive: true });
  const path = join(place, 'temporal');
  writeFileSync(path, `#!/bin/sh\necho "temporal version ${version} (Server 1.29.1, UI 2.42.1)"\n`);
  chmodSync(path, 0o755);
  return path;
}

test('the workflow server’s program is taken as configured, then from the path, then from the cache', async () => {
  const home = folder();
  const own = cliIn(join(home, 'own'), '1.5.1');
  const onPath = join(home, 'bin');
  const cache = join(home, 'cache');
  const kept = cliIn(join(cache, 'temporal/1.5.1'), '0.0.0-DEV');
  cliIn(onPath, '1.6.0');
  expect(await find({ PATH: `${onPath}:/bin`, cache }, own)).toMatchObject({ path: own, failed: [] });
  expect(await find({ PATH: `${onPath}:/bin`, cache })).toMatchObject({ path: 'temporal' });
  expect(await find({ PATH: '/bin', cache })).toMatchObject({ path: kept });
});

test('while another start is getting one, it is waited for and taken', async () => {
  const cache = join(folder(), 'cache');
  const making = join(cache, `temporal/making-${String(process.ppid)}`);
  mkdirSync(making, { recursive: true });
  const found = find({ PATH: '/bin', cache });
  await new Promise((done) => setTimeout(done, 700));
  const kept = cliIn(join(cache, 'temporal/1.5.1'), '0.0.0-DEV');
  rmSync(making, { recursive: true });
  expect(await found).toMatchObject({ path: kept });
});

test('one that is too old, or was cut off while it was fetched, is passed over with a line', async () => {
  const home = folder();
  const cache = join(home, 'cache');
  const kept = cliIn(join(cache, 'temporal/1.5.1'), '0.0.0-DEV');
  const cut = cliIn(join(cache, 'temporal/1.9.9'), '1.9.9');
  truncateSync(cut, 12);
  const old = cliIn(join(home, 'old'), '1.4.1');
  const { path, failed } = await find({ PATH: '/bin', cache }, old);
  expect(path).toBe(kept);
  expect(failed[0]).toBe('PERENNIAL_TEMPORAL_CLI: it is 1.4.1, and 1.5 is needed');
});

test('when every way fails, each is told with its reason, and what would help', async () => {
  const home = folder();
  const found = await find({ cache: join(home, 'cache') }, join(home, 'nothing'));
  expect(found.code).toBe('E1004');
  const begin = [
    'PERENNIAL_TEMPORAL_CLI: ',
    'the path: ',
    'the cache: ',
    'download: ',
    'go install: there is no Go',
  ];
  expect(found.failed).toHaveLength(5);
  for (const [place, text] of begin.entries()) expect(found.failed[place]).toContain(text);
  expect(readdirSync(join(home, 'cache/temporal'))).toEqual([]);
}, 90_000);

test('each message has its page', () => {
  const codes = readFileSync(join(root, 'libs/platform/start-failure.ts'), 'utf8').match(/E10\d\d/g) ?? [];
  const launcher = readFileSync(join(root, 'scripts/launch.mjs'), 'utf8').match(/E10\d\d/g) ?? [];
  const pages = readdirSync(join(root, 'docs/errors')).map((name) => name.replace('.md', ''));
  expect(pages.sort()).toEqual([...new Set([...codes, ...launcher])].sort());
});
