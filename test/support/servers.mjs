// The servers of a test run: one PostgreSQL, one Temporal, in a folder of the run's own, gone when it ends.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { importSource } from './source.mjs';

const home = fileURLToPath(new URL('../../.perennial-test', import.meta.url));
const run = join(home, String(process.pid));
const ladder = [{ signal: 'SIGKILL', patienceMs: 5_000 }];
const running = new Map();

async function prepare() {
  if (existsSync(run) && running.size > 0) return;
  const { isAlive, stopOrphan } = await importSource('libs/platform/child.ts');
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home).filter((entry) => /^\d+$/.test(entry))) {
    if (isAlive(Number(name))) continue;
    for (const pid of pidsOf(join(home, name))) await stopOrphan(pid, join(home, name), ladder);
    rmSync(join(home, name), { recursive: true, force: true });
  }
  mkdirSync(run, { recursive: true });
  process.env.TEST_RUN_FOLDER = run;
  process.once('SIGINT', abandon);
  process.once('SIGTERM', abandon);
}

const pidsOf = (folder) =>
  existsSync(join(folder, 'pids'))
    ? readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number)
    : [];

function abandon() {
  for (const { child } of running.values()) process.kill(child.pid, 'SIGKILL');
  process.exit(130);
}

function keep(name, server) {
  running.set(name, server);
  appendFileSync(join(run, 'pids'), `${server.child.pid}\n`);
}

/** A cluster, and in it a database that is migrated once; each spec file gets a copy of it (postgres.ts). */
export async function startPostgres() {
  await prepare();
  if (running.has('postgres')) return;
  const platform = await importSource('libs/platform/postgres.ts');
  const server = await platform.startPostgres({
    folder: join(run, 'postgres'),
    secretsFolder: join(run, 'secrets'),
    logFile: join(run, 'postgres.log'),
    port: 0,
    durable: false,
  });
  keep('postgres', server);
  process.env.TEST_OWNER_URL = server.ownerUrl;
  process.env.TEST_APP_URL = server.appUrl;
  const client = new pg.Client(server.ownerUrl);
  await client.connect();
  await client.query('create database perennial_template owner perennial_owner');
  await client.end();
  const { migrate } = await importSource('libs/database/migrate.ts');
  await migrate(server.ownerUrl.replace(/\/perennial$/, '/perennial_template'));
}

export async function startTemporal() {
  await prepare();
  if (running.has('temporal')) return;
  const { readConfig } = await importSource('libs/platform/config.ts');
  const { findTemporalCli } = await importSource('libs/platform/temporal-cli.ts');
  const platform = await importSource('libs/platform/temporal-server.ts');
  const config = readConfig();
  const say = (line) => process.stderr.write(`  ${line}\n`);
  const search = { configured: config.temporalCli, cacheFolder: config.cacheFolder, progress: counting(say) };
  const { path } = await findTemporalCli({ ...search, failed: say });
  const server = await platform.startTemporal({
    cli: path,
    databaseFile: join(run, 'temporal.db'),
    logFile: join(run, 'temporal.log'),
    port: 0,
  });
  keep('temporal', server);
  process.env.TEST_TEMPORAL_ADDRESS = server.address;
  process.env.TEST_TEMPORAL_CLI = path;
}

/** One line every ten per cent or fifteen seconds. */
function counting(say) {
  let told = { share: 0, at: Date.now() };
  return (what, share = 0) => {
    if (share - told.share < 0.1 && Date.now() - told.at < 15_000) return;
    told = { share, at: Date.now() };
    say(`Workflow server: ${what}${share > 0 ? `, ${Math.round(share * 100)} %` : ''}`);
  };
}

export async function stopServers() {
  for (const server of [...running.values()].reverse()) await server.stop();
  running.clear();
  rmSync(run, { recursive: true, force: true });
}
