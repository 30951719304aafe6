import pg from 'pg';
import { openDatabase } from './data-source.js';

/** One migration at a time in a database; the number is arbitrary, and for ever. */
const TURN = 4200142001;

const roles = `
do $$
declare
  wanted record;
begin
  for wanted in select * from (values ('perennial_owner', 'nologin'), ('perennial_app', 'login'), ('perennial_engine', 'login'))
    as r(name, login) loop
    begin
      if not exists (select from pg_roles where rolname = wanted.name) then
        execute format('create role %I %s', wanted.name, wanted.login);
      end if;
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant perennial_owner to %I with set true', current_user);
  end if;
end $$;
`;

/** One login serves both programs: who is connected as the app may act as the engine, by saying so and never by accident. */
const membership = `
do $$
begin
  if not exists (select from pg_auth_members where roleid = 'perennial_engine'::regrole and member = 'perennial_app'::regrole) then
    grant perennial_engine to perennial_app with inherit false, set true;
  end if;
exception when unique_violation then null;
end $$;
`;

/** Makes roles, schema and tables, or brings them up to this release; nothing to do is no error, twice at once neither. */
export async function migrate(ownerUrl: string): Promise<void> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [TURN]);
    await client.query(roles + membership);
    await client.query('create schema if not exists perennial authorization perennial_owner');
    await runMigrations(ownerUrl);
  } finally {
    await client.end();
  }
}

async function runMigrations(ownerUrl: string): Promise<void> {
  const source = await openDatabase(ownerUrl, 'owner', 2);
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}
