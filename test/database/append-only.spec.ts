import pg from 'pg';
import { sqlstateOf } from '#database/sqlstate.js';
import { raised, world } from './world.js';

const tables = ['ledger_entry', 'private_content'] as const;
const logins = ['app', 'engine'] as const;

/** What nobody who can log in may do to a table of the ledger, nor round about it. */
const statements = (table: string): string[] => [
  `insert into perennial.${table} overriding system value select * from perennial.${table}`,
  `update perennial.${table} set stream = stream`,
  `delete from perennial.${table}`,
  `merge into perennial.${table} t using (select 1) s on true when matched then delete`,
  `truncate perennial.${table}`,
  `drop table perennial.${table}`,
  `alter table perennial.${table} add column note text`,
  `alter table perennial.${table} disable trigger all`,
  `alter table perennial.${table} no force row level security`,
  `alter table perennial.${table} owner to current_user`,
  `create trigger away before insert on perennial.${table} execute function perennial.refuse_change()`,
  `create rule away as on insert to perennial.${table} do instead nothing`,
  `create policy more on perennial.${table} using (true)`,
  `copy perennial.${table} from program 'true'`,
  `grant all on perennial.${table} to current_user; delete from perennial.${table}`,
  `select * from perennial.${table} for update`,
  `lock table perennial.${table} in access exclusive mode`,
];

const aroundIt = [
  'set session_replication_role = replica',
  'set role perennial_owner',
  'set session authorization postgres',
  'alter role current_user bypassrls',
  'drop schema perennial cascade',
  'drop function perennial.refuse_change cascade',
  'create or replace function perennial.write_command(w jsonb, answer text) returns void language sql as $$ select $$',
  'alter function perennial.lock_command owner to current_user',
  'create table perennial.mine (id text)',
];

async function codeOf(client: pg.Client, statement: string): Promise<string | undefined> {
  await client.query('begin');
  try {
    await client.query(statement);
    return 'done';
  } catch (error) {
    return sqlstateOf(error);
  } finally {
    await client.query('rollback');
  }
}

test('[L5] whoever logs in changes nothing that was recorded: every role, every statement', async () => {
  const w = await world();
  await raised(w);
  const all = [...tables.flatMap(statements), ...aroundIt];
  for (const login of logins) {
    const client = new pg.Client({
      connectionString: w.database.appUrl,
      options: `-c role=perennial_${login}`,
    });
    await client.connect();
    await client.query("select set_config('app.organisation', $1, false)", [w.client]);
    const answers: string[] = [];
    for (const statement of all)
      answers.push(`${(await codeOf(client, statement)) ?? 'no code'}: ${statement}`);
    await client.end();
    expect(answers).toEqual(all.map((statement) => `42501: ${statement}`));
  }
});

test('[L5] the owner and even the superuser change no entry: the triggers hold them too', async () => {
  const w = await world();
  await raised(w);
  const client = new pg.Client(w.database.ownerUrl);
  await client.connect();
  for (const role of ['perennial_owner', 'postgres'])
    for (const statement of [
      'update perennial.ledger_entry set actor = actor',
      'update perennial.ledger_entry set actor = actor where false',
      'delete from perennial.ledger_entry',
      'truncate perennial.ledger_entry',
      'set session_replication_role = replica; delete from perennial.ledger_entry',
    ]) {
      const code = await codeOf(client, `set local role ${role}; ${statement}`);
      expect({ role, statement, code }).toEqual({ role, statement, code: '42501' });
    }
  await client.end();
});

test('[L5] no role that logs in is superuser, may bypass row-level security, or belongs to the owner', async () => {
  const w = await world();
  const roles = await w.look<{ rolname: string }>(
    `select rolname from pg_roles where rolname like 'perennial_%' and rolcanlogin order by rolname`,
  );
  expect(roles.map(({ rolname }) => rolname)).toEqual(['perennial_app', 'perennial_engine']);
  const wrong = await w.look(
    `select rolname from pg_roles where rolname like 'perennial_%' and rolcanlogin and (rolsuper or rolbypassrls
       or rolcreaterole or rolcreatedb or pg_has_role(oid, 'perennial_owner', 'member'))`,
  );
  expect(wrong).toEqual([]);
});

test('an entry whose bytes and hash do not belong together is not stored', async () => {
  const w = await world();
  const insert = (leaf: string) =>
    w.look(
      `insert into perennial.ledger_entry (organisation, log, stream, version, command, ordinal, type, actor, recorded_at, body, leaf_hash)
       values ('org_1', 'l', 's', 1, 'c', 0, 't', 'a', now(), 'x', ${leaf})`,
    );
  await expect(insert(String.raw`sha256('x')`)).rejects.toMatchObject({ code: '23514' });
  await w.look('begin');
  await insert(String.raw`sha256('\x00'::bytea || 'x')`);
  await w.look('rollback');
});
