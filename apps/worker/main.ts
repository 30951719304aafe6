import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publicUrlOf, readConfig } from '#platform/config.js';
import { makeLog } from '#platform/log.js';
import { tellReady } from '#platform/ready.js';
import { onShutdown } from '#platform/shutdown.js';
import { startTracing } from '#platform/start-tracing.js';
import { WorkerProgram } from './program.js';
import { installLog } from './workers.js';

const config = readConfig();
const log = makeLog('worker', config.logLevel);
if (config.databaseUrl === undefined || config.temporalAddress === undefined)
  throw new Error(
    'DATABASE_URL and TEMPORAL_ADDRESS say where the ledger and the workflow server are; set both',
  );

installLog(log);
const tracing = await startTracing(config, 'worker', log);
const program = await WorkerProgram.start({
  databaseUrl: config.databaseUrl,
  temporal: {
    address: config.temporalAddress,
    namespace: config.temporalNamespace,
    payloadKeys: config.payloadKeys,
  },
  duties: config.duties,
  code: readFileSync(fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url)), 'utf8'),
  mailUrl: config.mailUrl,
  mailFrom: config.mailFrom,
  publicUrl: publicUrlOf(config),
  log,
  tracing,
});
onShutdown(async () => {
  await program.stop();
  await tracing.close();
});
tellReady();
log.info({ duties: config.duties }, 'at work');
