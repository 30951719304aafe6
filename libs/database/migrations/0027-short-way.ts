import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';
import { readCommand } from './read-command.js';
import { writeCommand } from './write-command.js';

/** What most readers see of most things: it takes no look at another table, and stands in the place of its call. */
const sees = `
create function perennial.sees(who text, reach text[], thing perennial.stream) returns boolean
immutable parallel safe language sql
  return (thing.organisation = who or coalesce(thing.shared_with = who, false)) and perennial.reaches(reach, thing.programme);
create or replace function perennial.visible(who text, reach text[], thing perennial.stream) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return perennial.sees(who, reach, thing)
    or perennial.engine_room(thing.kind) and exists (select from installation i where i.organisation = who)
    or exists (select from sandbox_member m join sandbox b on b.id = m.sandbox
      where m.organisation = thing.organisation and b.organisation = who);
`;

const traced = `
drop function perennial.write_traced(jsonb, text);
create function perennial.write_traced(w jsonb, context text, answer text default null) returns void
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  perform write_command(w, answer);
  insert into trace (organisation, command, context)
    select distinct e.organisation, e.command, write_traced.context
    from jsonb_to_recordset(w->'entries') as e(organisation text, command text)
    on conflict do nothing;
end $$;
`;

const rights = `
revoke all on function perennial.write_command, perennial.write_traced from public;
grant execute on function perennial.write_command, perennial.write_traced to perennial_app, perennial_engine;
`;

/** A command asks less of the database: what is not there is not looked for, and its answer is not wrapped twice. */
export class ShortWay1735689600027 implements MigrationInterface {
  name = 'ShortWay1735689600027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `${sees + lockCommand + readCommand} drop function if exists perennial.write_command(jsonb); ${writeCommand + traced + rights}`,
    );
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
