import { Client, type ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { pause } from '#platform/pause.js';
import { isUnanswered, mayBeRetried } from './sqlstate.js';

const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 5;

/** A connection of the pool for the time of one piece of work; one that is broken or silent is thrown away, not given back. */
export async function withClient<T>(
  source: DataSource,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    const client: unknown = await runner.connect();
    if (!isClient(client)) throw new Error('the driver gave no connection of PostgreSQL');
    return await work(client).catch(async (error: unknown) => {
      if (isUnanswered(error)) await client.end();
      throw error;
    });
  } finally {
    await runner.release();
  }
}

/** One of the pool, which is a whole client. */
const isClient = (value: unknown): value is Client => value instanceof Client;

/** What a function of the schema answers with: `find_link($1)`. */
export async function valueOf<T>(source: DataSource, call: string, values: unknown[]): Promise<T | null> {
  return withClient(source, async (client) => {
    const { rows } = await client.query<{ value: T | null }>(`select perennial.${call} as value`, values);
    return rows[0]?.value ?? null;
  });
}

/** Work in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(
  source: DataSource,
  begin: string,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  return withClient(source, async (client) => {
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await rollback(client, error);
      throw error;
    }
  });
}

/** Ends what is open, because of an error or for none; a connection that is gone has nothing open, and on a silent one nothing is said. */
export async function rollback(client: ClientBase, because?: unknown): Promise<void> {
  if (!isUnanswered(because)) await client.query('rollback').catch(() => undefined);
}

/** What PostgreSQL broke off to resolve a conflict is done again, each time after a longer pause. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !mayBeRetried(error)) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}
