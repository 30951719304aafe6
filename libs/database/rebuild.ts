import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { openDatabase } from './data-source.js';
import { Fold, type Tables } from './ledger/fold.js';
import { inTransaction } from './transaction.js';

const PAGE = 2_000;

/** The derived tables, with the columns that follow from the ledger; what a relay has told, and to whom, does not. */
const derived = {
  stream: '*',
  programme_party: '*',
  obligation: '*',
  number_series: '*',
  process: 'id, name, subject, organisation, programme, status, opened_by, last',
} as const satisfies Record<keyof Tables, string>;

const names: readonly (keyof Tables)[] = [
  'stream',
  'programme_party',
  'obligation',
  'number_series',
  'process',
];

/** A row that stands in a table and does not follow from the ledger, or the other way round. */
export interface Difference {
  readonly table: string;
  readonly side: 'table' | 'ledger';
  readonly row: string;
}

/** Folds the whole ledger into copies of the derived tables and compares them byte for byte; changes nothing. */
export async function rebuildAndCompare(ownerUrl: string): Promise<readonly Difference[]> {
  return asOwner(ownerUrl, async (client) => {
    await fill(client);
    const differences: Difference[] = [];
    for (const table of names) differences.push(...(await compare(client, table)));
    for (const [table, sides] of following) differences.push(...(await differing(client, table, sides)));
    return differences;
  });
}

/** Writes the derived tables anew from the ledger. What processes were told is kept: they hold no truth of their own. */
export async function rebuild(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, async (client) => {
    await client.query('lock table perennial.ledger_entry in share row exclusive mode');
    await fill(client);
    await client.query('delete from perennial.task; delete from perennial.task_count');
    for (const table of names.filter((name) => name !== 'process')) {
      await client.query(
        `delete from perennial.${table}; insert into perennial.${table} select * from rebuilt_${table}`,
      );
    }
    await client.query(`
      delete from perennial.notice_reader r where not exists (select from perennial.notice_reader_row v
        where v.person = r.person and v.notice = r.notice and v.organisation = r.organisation
          and v.programme is not distinct from r.programme and v.ordered_at = r.ordered_at);
      insert into perennial.notice_reader (${READER}) select ${READER} from perennial.notice_reader_row on conflict do nothing;
      delete from perennial.process where id not in (select id from rebuilt_process);
      insert into perennial.process (${derived.process}) select ${derived.process} from rebuilt_process
        on conflict (id) do update set (name, subject, organisation, programme, status, opened_by, last)
          = (excluded.name, excluded.subject, excluded.organisation, excluded.programme, excluded.status, excluded.opened_by,
             excluded.last)`);
  });
}

async function asOwner<T>(ownerUrl: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const source: DataSource = await openDatabase(ownerUrl, 'owner', 1);
  try {
    return await inTransaction(source, 'begin isolation level repeatable read', work);
  } finally {
    await source.destroy();
  }
}

/** The copies, in temporary tables of this transaction. */
async function fill(client: ClientBase): Promise<void> {
  const tables = await fold(client);
  for (const table of names) {
    await client.query(
      `create temporary table rebuilt_${table} (like perennial.${table} including defaults) on commit drop`,
    );
    await client.query(
      `insert into rebuilt_${table} (${await columnsOf(client, table)})
       select ${await columnsOf(client, table)} from jsonb_populate_recordset(null::perennial.${table}, $1)`,
      [JSON.stringify(tables[table])],
    );
  }
}

async function columnsOf(client: ClientBase, table: keyof Tables): Promise<string> {
  if (derived[table] !== '*') return derived[table];
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [`perennial.${table}`],
  );
  return rows[0]?.columns ?? '*';
}

async function fold(client: ClientBase): Promise<Tables> {
  const folding = new Fold();
  for (let [stream, version] = ['', 0]; ;) {
    const { rows } = await client.query<{
      organisation: string;
      stream: string;
      version: number;
      body: string;
    }>(
      `select organisation, stream, version, convert_from(body, 'UTF8') as body from perennial.ledger_entry
       where (stream, version) > ($1, $2) order by stream, version limit ${String(PAGE)}`,
      [stream, version],
    );
    rows.forEach(({ organisation, body }) => {
      folding.add(organisation, body);
    });
    const last = rows.at(-1);
    if (!last) return folding.tables();
    [stream, version] = [last.stream, last.version];
  }
}

const rows = (from: string, columns = '*'): string =>
  `select (r.*)::text as row from (select ${columns} from ${from}) r`;

const compare = (client: ClientBase, table: keyof Tables): Promise<readonly Difference[]> =>
  differing(client, table, [
    rows(`perennial.${table}`, derived[table]),
    rows(`rebuilt_${table}`, derived[table]),
  ]);

const counted = (open: string, held: string, from: string): string =>
  rows(`(select seen_by::text, organisation::text, queue, ${open} as open, ${held} as held from ${from}
    group by 1, 2, 3) c where open <> 0 or held <> 0`);

/** When a task is looked at again is no part of it. */
const taskColumns = `id, organisation, shared_with, programme, queue, holder, live, due, snoozed_until, done_by, ended_at,
  urgent, level, nobody_left`;

const READER = 'person, notice, organisation, programme, ordered_at';

/** What follows from the things by itself: the rows of the inbox, how many each queue holds, and to whom each notice goes. */
const following: readonly (readonly [string, readonly [string, string]])[] = [
  ['task', [rows('perennial.task', taskColumns), rows('perennial.task_row')]],
  ['notice_reader', [rows('perennial.notice_reader', READER), rows('perennial.notice_reader_row', READER)]],
  [
    'task_count',
    [
      counted('sum(open)', 'sum(held)', 'perennial.task_count'),
      counted(
        'count(*) filter (where holder is null)',
        'count(holder)',
        '(select unnest(array[organisation, shared_with]) as seen_by, organisation, queue, holder from perennial.task where live) t where seen_by is not null',
      ),
    ],
  ],
];

async function differing(
  client: ClientBase,
  table: string,
  [stored, folded]: readonly [string, string],
): Promise<readonly Difference[]> {
  const { rows: found } = await client.query<Difference>(
    `select '${table}' as table, 'table' as side, row from (${stored} except all ${folded}) a
     union all select '${table}', 'ledger', row from (${folded} except all ${stored}) b`,
  );
  return found;
}
