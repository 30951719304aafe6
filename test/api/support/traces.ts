import { readdirSync } from 'node:fs';
import pg from 'pg';
import type { ApiDoor } from './door.js';

/** Everything that a request could leave: the rows of every table, by number and content, and the files. */
export type Traces = Readonly<Record<string, string>>;

/** Looks at all of it, behind the rows' security. */
export async function tracesOf({ behind }: ApiDoor): Promise<Traces> {
  const client = new pg.Client(behind.database.ownerUrl);
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'perennial' order by 1`,
    );
    const parts = tables.map(({ name }) => `select '${name}' as name, ${content} as found from ${name} t`);
    const { rows } = await client.query<{ name: string; found: string }>(parts.join(' union all '));
    const files = readdirSync(behind.evidenceFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
    return {
      ...Object.fromEntries(rows.map(({ name, found }) => [name, found])),
      files: files.toSorted().join(' '),
    };
  } finally {
    await client.end();
  }
}

const content = `count(*) || ' rows, ' || md5(coalesce(string_agg(t::text, ';' order by t::text), ''))`;

/** What is tried must leave everything as it was. */
export async function leavesNothing<T>(door: ApiDoor, attempt: () => Promise<T>): Promise<T> {
  const before = await tracesOf(door);
  const came = await attempt();
  expect(await tracesOf(door)).toEqual(before);
  return came;
}
