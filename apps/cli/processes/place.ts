import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '#platform/config.js';
import { urlsOf } from '#platform/postgres.js';
import { releaseOf } from '#platform/runs.js';
import { StartFailure } from '#platform/start-failure.js';
import type { TemporalPlace } from '#platform/temporal-client.js';
import { runningIn } from '../up/data-folder.js';

/** Where ledger and workflow server are, and under which release processes are started. */
export interface Place {
  readonly databaseUrl: string;
  readonly temporal: TemporalPlace;
  readonly release: string;
}

/** The servers that the configuration names, else those of the system that runs in the data folder. */
export function placeOf(config: Config): Place {
  const databaseUrl = databaseOf(config);
  const address = config.temporalAddress ?? runningIn(config.dataFolder)?.temporalAddress;
  if (databaseUrl === undefined || address === undefined) throw nowhere(config.dataFolder);
  const bundle = fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url));
  const temporal = { address, namespace: config.temporalNamespace, payloadKeys: config.payloadKeys };
  return { databaseUrl, temporal, release: releaseOf(readFileSync(bundle, 'utf8')) };
}

/** The database that the configuration names, else that of the system that runs in the data folder. */
export function databaseOf({ databaseUrl, dataFolder, secretsFolder }: Config): string | undefined {
  if (databaseUrl !== undefined) return databaseUrl;
  const port = runningIn(dataFolder)?.postgresPort;
  return port === undefined ? undefined : urlsOf(port, secretsFolder).appUrl;
}

const nowhere = (folder: string): StartFailure =>
  new StartFailure({
    code: 'E1009',
    what: `Nothing says where the database and the workflow server are, and no system runs in ${folder}.`,
    lines: ['Start one:   npm start', 'Or name them: DATABASE_URL and TEMPORAL_ADDRESS'],
  });
