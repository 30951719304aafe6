import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type Postgres } from '#platform/postgres.js';

export interface TestDatabase {
  name: string;
  /** As the superuser: what migrations use, and a look behind the rows' security. */
  ownerUrl: string;
  /** As `perennial_app`, the role of API and worker. */
  appUrl: string;
}

let made = 0;
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server that a spec started for itself: it ends with the file, and is found if the run is cut off. */
export function endsWithFile(server: { child: { pid: number }; stop: () => Promise<void> }): void {
  appendFileSync(join(fromRun('TEST_RUN_FOLDER'), 'pids'), `${String(server.child.pid)}\n`);
  ends.push(() => server.stop());
}

/** A migrated, empty database of the spec's own: a copy of the run's template. It goes with the run. */
export async function freshDatabase(): Promise<TestDatabase> {
  made += 1;
  const name = `test_${String(process.pid)}_${String(Date.now())}_${String(made)}`;
  await asOwner(`create database ${name} template perennial_template owner perennial_owner`);
  return { name, ownerUrl: urlOf('TEST_OWNER_URL', name), appUrl: urlOf('TEST_APP_URL', name) };
}

/** A PostgreSQL of the spec's own, to be stopped and killed; its schema is for the caller to make. */
export async function ownPostgres(name: string, port = 0): Promise<Postgres> {
  const folder = join(fromRun('TEST_RUN_FOLDER'), name);
  const server = await startPostgres({
    folder: join(folder, 'postgres'),
    secretsFolder: join(folder, 'secrets'),
    logFile: join(folder, 'postgres.log'),
    port,
    durable: false,
  });
  endsWithFile(server);
  return server;
}

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client(urlOf('TEST_OWNER_URL', 'postgres'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const urlOf = (variable: string, database: string): string =>
  fromRun(variable).replace(/\/perennial$/, `/${database}`);

/** What the run's set-up has told (test/support/servers.mjs). */
export function fromRun(variable: string): string {
  const value = process.env[variable];
  if (value === undefined)
    throw new Error(`${variable} is not set: this project has no such server (jest.config.mjs)`);
  return value;
}
