import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secured } from './secured.js';
import { writeTraced } from './write-command.js';

/** In which trace a command was recorded, where traces are kept: no part of the entries, and forgotten after a month. */
const traces = `
create table perennial.trace (
  organisation perennial.id not null,
  command perennial.id not null,
  context text collate "C" not null check (context ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$'),
  noted_at timestamptz not null default clock_timestamp(),
  primary key (organisation, command)
);
create index trace_noted on perennial.trace (noted_at);
${secured('trace')}
grant select on perennial.trace to perennial_engine;

${writeTraced}
create function perennial.tidy_traces() returns void
security definer set search_path = perennial, pg_temp language sql as $$
  delete from trace t where t.ctid = any (array(
    select o.ctid from trace o where o.noted_at < clock_timestamp() - interval '30 days' limit 10000 for update skip locked));
$$;

revoke all on function perennial.write_traced, perennial.tidy_traces from public;
grant execute on function perennial.write_traced to perennial_app, perennial_engine;
grant execute on function perennial.tidy_traces to perennial_engine;
`;

/** What follows from a command later can be found in its trace, or beside it. */
export class Traces1735689600018 implements MigrationInterface {
  name = 'Traces1735689600018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(traces);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
