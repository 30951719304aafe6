import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';
import { readCommand, readPeople } from './read-command.js';

const helpers = `
create function perennial.iso(at timestamptz) returns text immutable language sql
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

create function perennial.as_read(thing perennial.stream) returns jsonb immutable language sql
  return jsonb_build_object('version', thing.version, 'visibility', thing.visibility, 'thing', thing.state);

create function perennial.engine_room(kind text) returns boolean immutable language sql
  return kind in ('organisation', 'person', 'apiKey', 'policyVersion');

create function perennial.visible(who text, thing perennial.stream) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return thing.organisation = who
    or (thing.visibility = 'both' and exists (
      select from programme_party p where p.programme = thing.programme and p.organisation = who and p.until is null))
    or (engine_room(thing.kind) and exists (select from installation where organisation = who))
    or exists (select from sandbox_member m join sandbox b on b.id = m.sandbox
      where m.organisation = thing.organisation and b.organisation = who);

create function perennial.accounts_of(people text[]) returns setof text
stable security definer set search_path = perennial, pg_temp language sql
begin atomic
  select o.id from stream p join stream o on o.kind = 'person' and o.state->>'human' = p.state->>'human'
    where p.id = any (people) and p.kind = 'person';
end;

create function perennial.programme_of(thing perennial.stream) returns text immutable language sql
  return coalesce(thing.programme, case when thing.kind = 'programme' then thing.id end);
`;

/** The two reads of a command: one that locks, one that sees what was locked. */
export class Command1735689600004 implements MigrationInterface {
  name = 'Command1735689600004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(helpers + lockCommand + readCommand + readPeople);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
