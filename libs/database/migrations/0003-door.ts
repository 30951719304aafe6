import type { MigrationInterface, QueryRunner } from 'typeorm';

const door = `
create table perennial.idempotency_record (
  organisation perennial.id not null,
  principal perennial.id not null,
  route text collate "C" not null,
  key text collate "C" not null,
  fingerprint text not null,
  status integer not null,
  answer bytea not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (organisation, principal, route, key)
);

create table perennial.credential (
  hash text collate "C" primary key check (hash ~ '^[0-9a-f]{64}$'),
  principal perennial.id not null,
  organisation perennial.id not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  made_at timestamptz not null default clock_timestamp()
);
create index credential_principal on perennial.credential (principal);

create table perennial.evidence_content (
  organisation perennial.id not null,
  sha256 text collate "C" not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null check (bytes >= 0),
  type text not null,
  path text not null,
  stored_at timestamptz not null default clock_timestamp(),
  primary key (organisation, sha256)
);

create table perennial.installation (
  organisation perennial.id primary key,
  only_one boolean not null default true unique check (only_one)
);
`;

const sandboxes = `
create table perennial.sandbox (
  id perennial.id primary key,
  name text not null,
  organisation perennial.id not null,
  zone text not null,
  now timestamptz(3) not null,
  seed text not null,
  made_at timestamptz not null default clock_timestamp()
);

create table perennial.sandbox_member (
  organisation perennial.id primary key,
  sandbox perennial.id not null references perennial.sandbox on delete cascade
);
create index sandbox_member_sandbox on perennial.sandbox_member (sandbox);

create table perennial.operation (
  id perennial.id primary key,
  kind text not null,
  organisation perennial.id not null,
  sandbox perennial.id references perennial.sandbox on delete cascade,
  status text not null check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  input jsonb not null,
  progress jsonb,
  result jsonb,
  problem jsonb,
  leased_until timestamptz,
  made_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz
);
create index operation_work on perennial.operation (kind, made_at) where status in ('queued', 'running');
create unique index operation_one_clock on perennial.operation (sandbox)
  where kind = 'clock-advance' and status in ('queued', 'running');
`;

/** Answers that are kept, credentials, files of evidence, and organisations on a clock of their own. */
export class Door1735689600003 implements MigrationInterface {
  name = 'Door1735689600003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(door + sandboxes);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
