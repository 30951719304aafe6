// Replays the history of a run under the code of a bundle, and says whether it bears it: node replay.mjs <bundle> <address> <namespace> <id>
import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { Runtime, Worker } from '@temporalio/worker';

const [bundle, address, namespace, id] = process.argv.slice(2);
const silent = () => {};
Runtime.install({
  logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent },
});
const connection = await Connection.connect({ address });
const history = await new Client({ connection, namespace }).workflow.getHandle(id).fetchHistory();
await connection.close();
const code = readFileSync(bundle, 'utf8');
try {
  await Worker.runReplayHistory({ workflowBundle: { code }, replayName: id }, history, id);
  process.stdout.write('bears it\n');
} catch (error) {
  process.stdout.write(`${error.name}: ${error.message}\n`);
}
process.exit(0);
