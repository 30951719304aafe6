import type { MigrationInterface, QueryRunner } from 'typeorm';

const ledger = `
create domain perennial.id as text collate "C";

create table perennial.ledger_entry (
  position bigint generated always as identity (cache 1) primary key,
  organisation perennial.id not null,
  log text not null,
  stream perennial.id not null,
  version integer not null check (version > 0),
  command perennial.id not null,
  ordinal integer not null check (ordinal >= 0),
  type text not null,
  actor perennial.id not null,
  recorded_at timestamptz(3) not null,
  body bytea not null check (octet_length(body) <= 65535),
  leaf_hash bytea not null check (leaf_hash = sha256('\\x00'::bytea || body)),
  constraint ledger_entry_version unique (stream, version),
  constraint ledger_entry_command unique (organisation, command, ordinal)
);

create table perennial.private_content (
  commitment text collate "C" primary key,
  stream perennial.id not null,
  name text not null,
  salt bytea not null check (octet_length(salt) = 32),
  content text not null
);
create index private_content_stream on perennial.private_content (stream);
`;

/** A fence against accidents; it holds the owner and the superuser too. The grants hold everybody else. */
const fence = `
create function perennial.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % of % is refused', tg_op, tg_table_name using errcode = '42501';
end $$;

create trigger ledger_entry_rows before update or delete on perennial.ledger_entry
  for each row execute function perennial.refuse_change();
create trigger ledger_entry_table before update or delete or truncate on perennial.ledger_entry
  for each statement execute function perennial.refuse_change();
alter table perennial.ledger_entry enable always trigger ledger_entry_rows;
alter table perennial.ledger_entry enable always trigger ledger_entry_table;
`;

/** The facts, their private texts, and the fence around them. */
export class Ledger1735689600001 implements MigrationInterface {
  name = 'Ledger1735689600001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ledger + fence);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('the ledger has no way back: restore a backup'));
  }
}
