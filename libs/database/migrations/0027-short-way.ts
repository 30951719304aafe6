import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';
import { readCommand, readPeople } from './read-command.js';
import { writeCommand, writeDerived, writeTraced } from './write-command.js';

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

/** Answers are written as text once: what is put together as jsonb is taken apart and put together again at each level. */
const read = `
drop function perennial.read_people(text[]);
drop function perennial.as_read(perennial.stream);
create function perennial.as_read(thing perennial.stream) returns json
immutable language sql
  return json_build_object('version', thing.version, 'visibility', thing.visibility, 'thing', thing.state);
${readCommand}
${readPeople}
`;

/** The worker is woken when a process is to be told of something, and only then. */
const write = `
drop function if exists perennial.write_traced(jsonb, text);
drop function if exists perennial.write_command(jsonb);
drop function perennial.write_derived(jsonb);
${writeDerived}
${writeCommand}
${writeTraced}
`;

const rights = `
revoke all on function perennial.sees, perennial.as_read, perennial.read_command, perennial.read_people, perennial.write_derived,
  perennial.write_command, perennial.write_traced from public;
grant execute on function perennial.as_read, perennial.read_command, perennial.read_people, perennial.write_command,
  perennial.write_traced to perennial_app, perennial_engine;
`;

/** A command asks less of the database: what is not there is not looked for, and its answer is not wrapped twice. */
export class ShortWay1735689600027 implements MigrationInterface {
  name = 'ShortWay1735689600027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(sees + lockCommand + read + write + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
