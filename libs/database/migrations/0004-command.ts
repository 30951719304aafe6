import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';

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
 * What the decision rests on is locked in a fixed order: the key of the command, the acting person, the programme (shared; alone
 * for a command that looks across), the thing under which a new one stands, the thing itself, its open tasks in id order.
 */
const lock = `
create function perennial.lock_command(ask jsonb) returns jsonb
language plpgsql volatile security definer
${byKey} as $$
declare
  who text := ask->>'organisation';
  thing_id text := ask->>'stream';
  under_id text := ask->>'under';
  turn bigint := hashtextextended(ask->>'lock', 0);
  usual text := current_setting('lock_timeout');
  kept idempotency_record;
  thing stream;
  scope text;
  next integer;
begin
  if not pg_try_advisory_xact_lock(turn) then
    perform set_config('lock_timeout', ask->>'patience', true);
    begin
      perform pg_advisory_xact_lock(turn);
    exception when lock_not_available then
      return jsonb_build_object('answer', 'in-flight');
    end;
    perform set_config('lock_timeout', usual, true);
  end if;

  if ask ? 'process' then
    select organisation into who from process where id = ask->>'process';
    if not found then return jsonb_build_object('answer', 'not-found'); end if;
    if exists (select from ledger_entry where organisation = who and command = ask->>'step') then
      return jsonb_build_object('answer', 'taken');
    end if;
  else
    select * into kept from idempotency_record r
      where r.organisation = who and r.principal = ask->>'principal' and r.route = ask->>'route' and r.key = ask->>'key'
        and r.recorded_at > clock_timestamp() - interval '30 days';
    if found then
      return jsonb_build_object('answer', 'kept', 'fingerprint', kept.fingerprint, 'status', kept.status,
        'bytes', encode(kept.answer, 'base64'));
    end if;
    if ask->>'principal' is distinct from thing_id then
      perform 1 from stream where id = ask->>'principal' for share;
    end if;
    if exists (select from stream s where s.id in (thing_id, under_id) and not visible(who, s))
      or (under_id is not null and not exists (select from stream where id = under_id))
      or (not (ask->>'makes')::boolean and not exists (select from stream where id = thing_id)) then
      return jsonb_build_object('answer', 'not-found');
    end if;
  end if;

  select * into thing from stream s where s.id in (thing_id, under_id) order by s.id = thing_id desc limit 1;
  scope := coalesce(programme_of(thing), thing.organisation, who);
  if scope is distinct from thing_id then
    if (ask->>'looks')::boolean then
      perform 1 from stream where id = scope for update;
    else
      perform 1 from stream where id = scope for share;
    end if;
  end if;
  if under_id is not null and ask ? 'process' then
    perform 1 from stream where id = under_id for update;
  elsif under_id is distinct from scope then
    perform 1 from stream where id = under_id for share;
  end if;
  perform 1 from stream where id = thing_id for update;
  perform 1 from stream t where t.kind = 'task' and t.stage in ('open', 'claimed') and t.about = thing_id
    order by t.id for update;
  perform 1 from sandbox b where b.id in (select sandbox from sandbox_member
    where organisation in (thing.organisation, thing_id, who)) for share;
  if ask ? 'series' then
    insert into number_series as n values (who, ask->>'series', 1)
      on conflict (organisation, series) do update set last = n.last + 1 returning n.last into next;
  end if;
  return jsonb_build_object('answer', 'go', 'organisation', who, 'number', next);
end $$;
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
    await runner.query(helpers + lock + read);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
