import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Folded from the ledger: each can be dropped and built again (rebuild.ts). */
const derived = `
create table perennial.stream (
  id perennial.id primary key,
  kind text not null,
  organisation perennial.id not null,
  programme perennial.id,
  about perennial.id,
  visibility text not null check (visibility in ('both', 'owner')),
  number text,
  stage text not null,
  version integer not null check (version > 0),
  state jsonb not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index stream_programme on perennial.stream (programme, kind, id);
create index stream_organisation on perennial.stream (organisation, kind, created_at, id);
create index stream_about on perennial.stream (about, kind) where about is not null;
create index stream_number on perennial.stream (number) where number is not null;
create index stream_human on perennial.stream ((state->>'human')) where kind = 'person';
create unique index stream_key on perennial.stream ((state->>'hash')) where kind = 'apiKey';
create index stream_queue on perennial.stream (organisation, (state->>'queue'), stage) where kind = 'task';

create table perennial.programme_party (
  programme perennial.id not null,
  organisation perennial.id not null,
  side text not null check (side in ('client', 'certificationBody')),
  since timestamptz(3) not null,
  until timestamptz(3),
  primary key (programme, organisation, side)
);
create index programme_party_organisation on perennial.programme_party (organisation, programme);

create table perennial.obligation (
  stream perennial.id not null,
  key text collate "C" not null,
  what text not null,
  due date not null,
  kind text not null check (kind in ('hard', 'soft')),
  rule text not null,
  ladder text not null,
  escalation text,
  owed_by text[] not null,
  explanation jsonb not null,
  primary key (stream, key)
);
create index obligation_due on perennial.obligation (due, stream);

create table perennial.number_series (
  organisation perennial.id not null,
  series text collate "C" not null,
  last integer not null check (last > 0),
  primary key (organisation, series)
);

create table perennial.process (
  id perennial.id primary key,
  name text not null,
  subject perennial.id not null unique,
  organisation perennial.id not null,
  programme perennial.id,
  status text not null check (status in ('open', 'closed')),
  opened_by text not null,
  last integer not null,
  told integer not null default 0,
  leased_until timestamptz,
  release text
);
create index process_untold on perennial.process (id) where told < last;
create index process_open on perennial.process (organisation, id) where status = 'open';
`;

/** What the runs write again by themselves. */
const waiting = `
create table perennial.parking (
  process perennial.id primary key references perennial.process on delete cascade,
  seen integer not null,
  clock timestamptz(3) not null,
  next_due timestamptz(3)
);
create index parking_due on perennial.parking (next_due, process) where next_due is not null;

create table perennial.agenda (
  process perennial.id not null references perennial.process on delete cascade,
  place integer not null,
  label text not null,
  on_date date,
  at text check (at in ('passed', 'morning')),
  due timestamptz(3),
  primary key (process, place)
);
`;

/** Things as they stand, whom a programme joins, what is owed, which processes exist and what they wait for. */
export class Things1735689600002 implements MigrationInterface {
  name = 'Things1735689600002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(derived + waiting);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
