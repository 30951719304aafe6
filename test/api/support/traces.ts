import { readdirSync } from 'node:fs';
import pg from 'pg';
import type { ApiDoor } from './door.js';

/** Everything that a request could leave: the rows of every table, by number and content, and the files; that a key was used is no trace. */
export type Traces = Readonly<Record<string, string>>;

/** A question to the database, or a change of it, behind the rows' security. */
export async function look<T extends object>(
  { behind }: ApiDoor,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client(behind.database.ownerUrl);
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Looks at all of it. */
export async function tracesOf(door: ApiDoor): Promise<Traces> {
  const tables = await look<{ name: string }>(
    door,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'perennial' and tablename <> 'key_use' order by 1`,
  );
  const parts = tables.map(({ name }) => `select '${name}' as name, ${content} as found from ${name} t`);
  const rows = await look<{ name: string; found: string }>(door, parts.join(' union all '));
  const files = readdirSync(door.behind.evidenceFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  return {
    ...Object.fromEntries(rows.map(({ name, found }) => [name, found])),
    files: files.toSorted().join(' '),
  };
}

const content = `count(*) || ' rows, ' || md5(coalesce(string_agg(t::text, ';' order by t::text), ''))`;

/** What is tried must leave everything as it was. */
export async function leavesNothing<T>(door: ApiDoor, attempt: () => Promise<T>): Promise<T> {
  const before = await tracesOf(door);
  const came = await attempt();
  expect(await tracesOf(door)).toEqual(before);
  return came;
}
