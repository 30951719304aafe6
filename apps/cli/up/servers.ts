import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '#database/migrate.js';
import type { Config } from '#platform/config.js';
import { pause } from '#platform/pause.js';
import { startPostgres, type Postgres } from '#platform/postgres.js';
import { StartFailure } from '#platform/start-failure.js';
import { connectTemporal } from '#platform/temporal-client.js';
import { findTemporalCli } from '#platform/temporal-cli.js';
import { startTemporal, type TemporalServer } from '#platform/temporal-server.js';
import { say, type Step } from '../output.js';

const POSTGRES_PORT = 5433;
const TEMPORAL_PORT = 7233;
const TEMPORAL_PAGES_PORT = 8233;
const OWN_SERVER_MS = 15_000;
const PORT_TRIES = 40;

/** The embedded PostgreSQL. Started again it must listen where it did: its address has been given away. */
export function postgresStarter(config: Config, wanted: number | undefined): () => Promise<Postgres> {
  let port: number | undefined;
  const once = (at: number): Promise<Postgres> =>
    startPostgres({
      folder: join(config.dataFolder, 'postgres'),
      secretsFolder: config.secretsFolder,
      logFile: join(config.dataFolder, 'logs/postgres.log'),
      port: at,
    });
  return async () => {
    const server = await again(
      () => once(port ?? wanted ?? POSTGRES_PORT),
      (found) => port === undefined || found.port === port,
    );
    port = server.port;
    return server;
  };
}

/** The Temporal dev server, its state in the data folder. */
export function temporalStarter(
  config: Config,
  cli: string,
  wanted: number | undefined,
): () => Promise<TemporalServer> {
  let address: string | undefined;
  const once = (port: number): Promise<TemporalServer> =>
    startTemporal({
      cli,
      databaseFile: join(config.dataFolder, 'temporal.db'),
      logFile: join(config.dataFolder, 'logs/temporal.log'),
      port,
      pagesPort: TEMPORAL_PAGES_PORT,
    });
  return async () => {
    const port = address === undefined ? (wanted ?? TEMPORAL_PORT) : Number(address.split(':')[1]);
    const server = await again(
      () => once(port),
      (found) => address === undefined || found.address === address,
    );
    address = server.address;
    return server;
  };
}

/** Starts until it stands at the right place. @throws when somebody else stays there: the keeper says so, and tries again. */
async function again<T extends { stop: () => Promise<void> }>(
  start: () => Promise<T>,
  right: (server: T) => boolean,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const server = await start();
    if (right(server)) return server;
    await server.stop();
    if (attempt === PORT_TRIES) throw new Error('another program listens at its port');
    await pause(250);
  }
}

export const hasWaited = (config: Config): boolean => existsSync(join(config.dataFolder, 'temporal.db'));

/** The ways that failed are told when it takes longer: who has one in the cache need not read of them. */
export async function findCli(config: Config, shown: Step): Promise<{ path: string; detail: string }> {
  const failed: string[] = [];
  const tell = (): void => failed.splice(0).forEach((line) => say(`      not by ${line}`));
  const cli = await findTemporalCli({
    configured: config.temporalCli,
    cacheFolder: config.cacheFolder,
    failed: (line) => failed.push(line),
    progress: (what, share) => {
      tell();
      shown.progress(what, share);
    },
  });
  if (!cli.from.startsWith('the cache')) tell();
  return { path: cli.path, detail: `${cli.server}, from ${cli.from}` };
}

/** Somebody else's server: it must answer now. */
export async function reachOwnTemporal(config: Config): Promise<string> {
  const address = config.temporalAddress ?? '';
  const client = await connectTemporal({ address, namespace: config.temporalNamespace }, OWN_SERVER_MS);
  await client.connection.close();
  return address;
}

export async function bringUpToDate(ownerUrl: string): Promise<void> {
  try {
    await migrate(ownerUrl);
  } catch (cause) {
    throw whyNot(ownerUrl, cause);
  }
}

/** Login refused, no such database, no right: what PostgreSQL calls it, and what the network calls it. */
const UNREACHABLE = /^(28|3D|42501|08|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)/;

function whyNot(ownerUrl: string, cause: unknown): StartFailure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = cause instanceof Error ? cause.message : String(cause);
  const { host, pathname } = new URL(ownerUrl);
  if (!UNREACHABLE.test(code)) {
    return new StartFailure(
      {
        code: 'E1008',
        what: `A migration of the database failed: ${why}`,
        lines: ['The schema stands at the one before. Nothing else was changed.'],
      },
      cause,
    );
  }
  return new StartFailure(
    {
      code: 'E1009',
      what: `The database ${pathname.slice(1)} at ${host} cannot be used: ${why || code}`,
      lines: [
        'See that DATABASE_URL is right, or leave it out: then one is started here.',
        'Migrations need the rights of an owner; give them a login of their own:',
        '  PERENNIAL_DATABASE_OWNER_URL=postgres://owner@host/database',
        `or grant:   grant create on database ${pathname.slice(1)} to <user>; alter role <user> createrole;`,
      ],
    },
    cause,
  );
}
