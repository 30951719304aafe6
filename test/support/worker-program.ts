import { readFileSync } from 'node:fs';
import { makeLog } from '#platform/log.js';
import { onShutdown } from '#platform/shutdown.js';
import { startTracing } from '#platform/start-tracing.js';
import { WorkerProgram, type Setting } from '../../apps/worker/program.js';
import { installLog } from '../../apps/worker/workers.js';

type Told = Pick<Setting, 'databaseUrl' | 'temporal' | 'duties' | 'mailUrl'> & {
  readonly bundle: string;
  readonly otlpUrl?: string | undefined;
  readonly behindMs?: number;
};

/**
 * The worker program as a spec starts it, from the source: it says on its standard output when it is at work. Its clock may be
 * behind; that of the workflow server never is.
 */
const { bundle, otlpUrl, behindMs = 0, ...told } = JSON.parse(process.env['WORKER_SETTING'] ?? '{}') as Told;
const log = makeLog('worker', 'warn');
installLog(log);
const tracing = await startTracing({ otlpUrl }, 'worker', log);
const program = await WorkerProgram.start({
  ...told,
  code: readFileSync(bundle, 'utf8'),
  mailFrom: 'perennial@example.org',
  publicUrl: 'https://perennial.example',
  log,
  tracing,
  clock: { now: () => Date.now() - behindMs },
});
onShutdown(async () => {
  await program.stop();
  await tracing.close();
});
process.stdout.write('started\n');
await program.atWork();
process.stdout.write('at work\n');
