import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#database/data-source.js';
import { onWake, Waker } from '#database/wake.js';
import { Bell } from '#platform/bell.js';
import { publicUrlOf, readConfig, refuseOpenDoor } from '#platform/config.js';
import { makeLog } from '#platform/log.js';
import { tellReady } from '#platform/ready.js';
import { secretOf } from '#platform/secrets.js';
import { onShutdown } from '#platform/shutdown.js';
import { StartFailure } from '#platform/start-failure.js';
import { startTracing } from '#platform/start-tracing.js';
import { Registry } from 'prom-client';
import { databaseAnswers, reaches } from './health/looks.js';
import { makeApi } from './make-api.js';

const config = readConfig();
const log = makeLog('api', config.logLevel);

/** Files of the repository, which lies above the compiled program as it lies above the source. */
const fileOf = (name: string): string => {
  const up = import.meta.url.includes('/dist/') ? '../../../' : '../../';
  return fileURLToPath(new URL(`${up}${name}`, import.meta.url));
};

async function start(): Promise<void> {
  refuseOpenDoor(config);
  if (config.databaseUrl === undefined)
    throw new StartFailure({
      code: 'E1013',
      what: 'DATABASE_URL is not set.',
      lines: ['The API needs its database.'],
    });
  const source = await openDatabase(config.databaseUrl, 'app', 16);
  const waker = new Waker(config.databaseUrl, 'perennial_work');
  const [over, tracing] = [new Bell(), await startTracing(config, 'api', log)];
  const listenNoMore = onWake(config.databaseUrl, {
    perennial_rest: () => {
      over.ring();
    },
  });
  const api = await makeApi(
    {
      source,
      evidenceFolder: config.evidenceFolder,
      publicUrl: publicUrlOf(config),
      providers: config.oidc,
      behindProxy: config.behindProxy,
      requestsPerMinute: config.requestsPerMinute,
      registry: new Registry(),
      tracing,
      pageSecret: secretOf(config.secretsFolder, 'page-token'),
      looks: {
        database: databaseAnswers(source),
        ...(config.temporalAddress === undefined ? {} : { temporal: reaches(config.temporalAddress) }),
      },
      documents: { manifest: fileOf('package.json'), openapi: fileOf('openapi.json') },
      committed: () => {
        waker.wake();
      },
      over,
    },
    log,
  );
  await api.listen({ port: config.port, host: config.host });
  onShutdown(async () => {
    await api.close();
    await waker.close();
    await listenNoMore();
    await source.destroy();
    await tracing.close();
  });
  tellReady();
  log.info({ port: config.port }, 'the API takes requests');
}

start().catch((error: unknown) => {
  log.fatal({ err: error }, error instanceof StartFailure ? error.text() : 'the API did not start');
  process.exit(error instanceof StartFailure ? error.exit : 70);
});
