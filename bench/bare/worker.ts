import { NativeConnection, Worker } from '@temporalio/worker';
import pg from 'pg';
import { fileURLToPath } from 'node:url';

const [, , address = '', databaseUrl = ''] = process.argv;
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });

const entry = 'insert into bare.entry (stream, body) values ($1, $2)';
const task = 'insert into bare.task values ($1, $2)';
const agenda = 'insert into bare.agenda values ($1, now()) on conflict (id) do update set at = now()';

async function inTransaction(...statements: readonly (readonly [string, unknown[]])[]): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const [text, values] of statements) await client.query(text, values);
    await client.query('commit');
  } finally {
    client.release();
  }
  return statements.length;
}

/** One transaction of the same shape as a step of ours: the fact, the task that it makes, what is waited for. */
const insertStep = (id: string, body: string): Promise<number> =>
  inTransaction([entry, [id, body]], [task, [id, body]], [agenda, [id]]);

const insertTask = (id: string, body: string): Promise<number> =>
  inTransaction([entry, [id, body]], [task, [id, body]]);

const writeAgenda = (id: string): Promise<number> => inTransaction([agenda, [id]]);

const readEntries = async (id: string): Promise<number> =>
  (await pool.query('select body from bare.entry where stream = $1', [id])).rows.length;

const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue: 'bare',
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities: { insertStep, insertTask, writeAgenda, readEntries },
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
