import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accountFor } from './account.js';
import { isAlive, startChild, stopOrphan, type Child, type Rung } from './child.js';
import { pause } from './pause.js';
import { freePort } from './ports.js';
import {
  doesNotStart,
  ensureCluster,
  healLinks,
  passwordsIn,
  postgresPrograms,
  type Passwords,
} from './postgres-folder.js';

export interface PostgresOptions {
  /** The data folder of the cluster itself. */
  folder: string;
  secretsFolder: string;
  logFile: string;
  /** The port wanted; the next free one is taken if it is not free. 0: any. */
  port: number;
  /** False in tests only: what the operating system has is not forced to the disk. */
  durable?: boolean;
}

export interface Postgres {
  port: number;
  made: boolean;
  /** As the superuser, for migrations. */
  ownerUrl: string;
  /** As `perennial_app`, which owns nothing. */
  appUrl: string;
  child: Child;
  stop: () => Promise<void>;
}

const READY_MS = 60_000;
const ATTEMPTS = 4;

/** Fast shutdown, then immediate (recovery will do the rest), then none. */
const ladder: readonly Rung[] = [
  { signal: 'SIGINT', patienceMs: 10_000 },
  { signal: 'SIGQUIT', patienceMs: 5_000 },
  { signal: 'SIGKILL', patienceMs: 5_000 },
];

/** A real PostgreSQL 18 in a folder, on loopback. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { folder, secretsFolder, logFile } = options;
  const { home } = postgresPrograms();
  healLinks(home);
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(secretsFolder, { recursive: true, mode: 0o700 });
  const account = accountFor([join(home, 'native/bin/postgres'), dirname(folder)]);
  await endEarlier(folder);
  const { made, passwords } = await ensureCluster({ folder, secretsFolder, account });
  const start = (port: number) =>
    startChild(account.as(postgresPrograms().postgres, flags(options, port)), { logFile });
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.port);
    const child = await start(port);
    if (await ready(folder, child))
      return { port, made, ...urls(port, passwords), child, stop: () => child.stop(ladder) };
    await child.stop(ladder);
    // A postmaster killed a moment ago leaves children that hold its memory a little longer.
    if (attempt === ATTEMPTS) throw doesNotStart('it ended while starting', readFileSync(logFile, 'utf8'));
    await pause(500 * attempt);
  }
}

function flags({ folder, durable = true }: PostgresOptions, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', file_copy_method: 'clone' }),
  };
  const listed = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', folder, '-p', String(port), ...listed];
}

/** How the embedded server is reached from another program of the same account. */
export const urlsOf = (port: number, secretsFolder: string): Pick<Postgres, 'ownerUrl' | 'appUrl'> =>
  urls(port, passwordsIn(secretsFolder));

function urls(port: number, passwords: Passwords): Pick<Postgres, 'ownerUrl' | 'appUrl'> {
  const at = `127.0.0.1:${String(port)}/perennial`;
  return {
    ownerUrl: `postgres://postgres:${passwords.superuser}@${at}`,
    appUrl: `postgres://perennial_app:${passwords.app}@${at}`,
  };
}

/** The postmaster writes `ready` into its pid file when it takes connections: what pg_ctl waits for. */
async function ready(folder: string, child: Child): Promise<boolean> {
  const over = new AbortController();
  void child.exited.then(() => over.abort());
  for (let waited = 0; waited < READY_MS && !over.signal.aborted; waited += 25) {
    const lines = pidFile(folder);
    if (lines[0] === String(child.pid) && lines[7]?.startsWith('ready') === true) return true;
    await pause(25);
  }
  return false;
}

function pidFile(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8')
      .split('\n')
      .map((line) => line.trim());
  } catch {
    return [];
  }
}

/** What an earlier run left: a server without its master is ended; a pid file without its server is removed. */
async function endEarlier(folder: string): Promise<void> {
  const pid = Number(pidFile(folder)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (isAlive(pid)) await stopOrphan(pid, folder, ladder);
  rmSync(join(folder, 'postmaster.pid'), { force: true });
}
