import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Credentials } from '#database/credentials.js';
import { EvidenceFiles } from '#database/evidence.js';
import type { Log } from '#platform/log.js';
import { appModule, type Ground } from './app.module.js';
import { FileStore } from './evidence/file-store.js';
import { startSweeping } from './evidence/sweeping.js';
import { Doorman } from './http/doorman.js';
import { makeServer } from './http/server.js';

/** The whole API, ready to listen. */
export async function makeApi(ground: Ground, log: Log): Promise<NestFastifyApplication> {
  const app = await makeServer(appModule(ground), new Doorman(new Credentials(ground.source)), ground, log);
  const files = new EvidenceFiles(ground.source);
  const sweepNoMore = startSweeping(
    new FileStore(ground.evidenceFolder),
    (sha256) => files.isRecorded(sha256),
    log,
  );
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onClose', () => {
      sweepNoMore();
      return Promise.resolve();
    });
  return app;
}
