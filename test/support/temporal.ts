import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { connectTemporal, type TemporalPlace } from '#platform/temporal-client.js';
import { startTemporal, type TemporalServer } from '#platform/temporal-server.js';
import { searchAttributes } from '#platform/temporal-server.js';
import { endsWithFile, fromRun } from './postgres.js';

/** As the protocol numbers the types of search attributes. */
const typeNumbers = { Keyword: 2, Bool: 5, Datetime: 6 } as const;
const DAY_S = 86_400;
const READY_MS = 30_000;

let made = 0;

/** A namespace of the spec file's own on the run's Temporal server, with the search attributes that we set. */
export async function freshNamespace(): Promise<TemporalPlace> {
  made += 1;
  const namespace = `test-${String(process.pid)}-${String(Date.now())}-${String(made)}`;
  const address = fromRun('TEST_TEMPORAL_ADDRESS');
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: DAY_S as never },
  });
  const client = await connectTemporal({ address, namespace }, READY_MS);
  await client.connection.close();
  await addAttributes(connection, namespace);
  await connection.close();
  return { address, namespace };
}

/** The server learns of a new namespace a moment after it has been made: asked again until it knows. */
async function addAttributes(connection: Connection, namespace: string): Promise<void> {
  const entries = Object.entries(searchAttributes).map(([name, type]) => [name, typeNumbers[type]] as const);
  const end = Date.now() + READY_MS;
  for (;;) {
    try {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(entries),
      });
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** A Temporal server of the spec's own, to be stopped, killed and emptied. */
export async function ownTemporal(name: string, port = 0): Promise<TemporalServer> {
  const folder = join(fromRun('TEST_RUN_FOLDER'), name);
  const server = await startTemporal({
    cli: fromRun('TEST_TEMPORAL_CLI'),
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    port,
  });
  endsWithFile(server);
  return server;
}
