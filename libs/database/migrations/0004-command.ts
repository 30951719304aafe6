import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';
import { lockCommand } from './lock-command.js';

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

/**
 * What a rule may look at: it sees both sides of a programme; what a caller may see was asked before. Planned once for each
 * connection, since planning it costs more than running it.
 */
const read = `
create function perennial.read_command(ask jsonb) returns jsonb
language plpgsql stable security definer
${byKey} as $$
declare
  who text := ask->>'organisation';
  kinds text[] := array(select jsonb_array_elements_text(ask->'kinds'));
  roles text[] := array(select jsonb_array_elements_text(ask->'holders'));
  subject stream;
  above stream;
  joined text;
  owner text;
  sides text[];
  wanted text[];
begin
  select * into subject from stream where id = ask->>'stream';
  select * into above from stream where id = ask->>'under';
  joined := coalesce(programme_of(subject), programme_of(above));
  owner := coalesce(subject.organisation, above.organisation, who);
  sides := array(select organisation from programme_party where programme = joined and until is null);
  wanted := array(
    select joined union select owner union select who union select unnest(sides)
    union select subject.about union select above.about
    union select id from stream where kind = 'policyVersion' and organisation = any (sides || owner)
    union select id from stream where about = ask->>'principal' and kind <> 'task'
    union select account from accounts_of(array[ask->>'principal']) account
    union select id from stream where programme = joined and kind = any (kinds)
    union select id from stream where programme is null and organisation = any (sides || owner) and kind = any (kinds)
    union select id from stream where kind = 'task' and stage in ('open', 'claimed') and about = subject.id
    union select id from stream where kind = 'task' and stage in ('open', 'claimed') and programme = joined
      and cardinality(kinds) > 0
    union select p.id from stream p where p.kind = 'person' and cardinality(roles) > 0
      and p.organisation = any (case when joined is null then array[owner] else sides end)
      and exists (select from jsonb_array_elements(p.state->'grants') g where g->>'role' = any (roles))
  );
  return jsonb_build_object(
    'subject', case when subject.id is not null then as_read(subject) end,
    'under', case when above.id is not null then as_read(above) end,
    'principal', (select as_read(p) from stream p where p.id = ask->>'principal'),
    'visiting', not exists (select from sandbox_member where organisation = who),
    'owner', owner,
    'alsoIn', (select coalesce(jsonb_agg(distinct o.organisation), '[]') from stream p
      join stream o on o.kind = 'person' and o.state->>'human' = p.state->>'human' and o.organisation <> p.organisation
      where p.id = ask->>'principal' and p.kind = 'person'),
    'things', (select coalesce(jsonb_agg(as_read(t) order by t.id), '[]') from stream t
      where t.id = any (wanted) and t.id is distinct from subject.id),
    'sandbox', (select jsonb_build_object('id', b.id, 'zone', b.zone, 'now', iso(b.now), 'seed', b.seed)
      from sandbox_member m join sandbox b on b.id = m.sandbox
      where m.organisation in (subject.organisation, above.organisation, ask->>'stream', who) limit 1));
end $$;

create function perennial.read_people(people text[]) returns jsonb
stable security definer
${byKey} language sql
  return (select coalesce(jsonb_agg(as_read(t) order by t.id), '[]') from stream t
    where t.id in (select id from stream where id = any (people)
      union select account from accounts_of(people) account
      union select id from stream where about = any (people) and kind <> 'task'));
`;

/** The two reads of a command: one that locks, one that sees what was locked. */
export class Command1735689600004 implements MigrationInterface {
  name = 'Command1735689600004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(helpers + lockCommand + read);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
