import { NativeConnection, Worker } from '@temporalio/worker';
import pg from 'pg';
import { fileURLToPath } from 'node:url';

const [, , address = '', databaseUrl = ''] = process.argv;
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });

/** One transaction of the same shape as a step of ours: the fact, the task that it makes, what is waited for. */
async function insertStep(id: string, body: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into bare.entry (stream, body) values ($1, $2)', [id, body]);
    await client.query('insert into bare.task values ($1, $2)', [id, body]);
    await client.query(
      'insert into bare.agenda values ($1, now()) on conflict (id) do update set at = now()',
      [id],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
  return 1;
}

const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue: 'bare',
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities: { insertStep },
  maxCachedWorkflows: 500,
  maxConcurrentLocalActivityExecutions: 16,
});
process.on('SIGTERM', () => {
  worker.shutdown();
});
process.on('disconnect', () => {
  worker.shutdown();
});
process.send?.('ready');
await worker.run();
await pool.end();
await connection.close();
process.exit(0);
