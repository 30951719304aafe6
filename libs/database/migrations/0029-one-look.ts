import type { MigrationInterface, QueryRunner } from 'typeorm';
import { watched } from './0022-apart.js';
import { byKey } from './by-key.js';
import { lockCommand } from './lock-command.js';
import { readCommand } from './read-command.js';
import { writeCommand } from './write-command.js';

/**
 * How far somebody sees, of what is known of them and of their clock: see the migration of reach. A path finds the roles in the state
 * that is at hand, where a query would begin and end once more for each command and each look.
 */
const reach = `
create function perennial.reach_by(actor stream, clock sandbox) returns text[]
language plpgsql stable as $$
declare
  zone text;
  held jsonb;
begin
  if actor.kind = 'apiKey' and actor.state @? '$.roles[*] ? (@ != "system-administrator")' then return '{*}'; end if;
  select state->>'zone' into zone from stream where id = actor.organisation;
  held := jsonb_path_query_array(actor.state, '$.grants[*] ? (@.role != "system-administrator"
    && (!exists(@.from) || @.from <= $today) && (!exists(@.until) || @.until >= $today))',
    jsonb_build_object('today', (coalesce(clock.now, clock_timestamp()) at time zone coalesce(zone, 'UTC'))::date));
  if held @? '$[*] ? (!exists(@.programme))' then return '{*}'; end if;
  return array(select distinct g->>'programme' from jsonb_array_elements(held) g
    union select distinct t.programme::text from task t where t.live and t.holder = actor.id and t.programme is not null);
end $$;

create or replace function perennial.reach_of(account text) returns text[]
language plpgsql stable security definer
${byKey} as $$
declare
  actor stream;
  clock sandbox;
begin
  select * into actor from stream where id = account;
  select b.* into clock from sandbox b where b.id = (select sandbox from sandbox_member where organisation = actor.organisation);
  return reach_by(actor, clock);
end $$;
`;

/** Whom a credential stands for, asked of one table after the other: most callers are people, and their first row says which is next. */
const credential = `
create or replace function perennial.find_credential(hash text) returns jsonb
language plpgsql stable security definer
${byKey} as $$
declare
  held credential;
  who stream;
  clock sandbox;
begin
  select * into held from credential c where c.hash = find_credential.hash and c.revoked_at is null
    and least(c.expires_at, c.idle_until) > clock_timestamp();
  if held.principal is not null then
    select * into who from stream where id = held.principal and stage <> 'departed';
  else
    select * into who from stream where kind = 'apiKey' and state->>'hash' = find_credential.hash and stage = 'active';
  end if;
  if who.id is null then return null; end if;
  select b.* into clock from sandbox b where b.id = (select sandbox from sandbox_member where organisation = who.organisation);
  clock.now := coalesce(clock.now, clock_timestamp());
  if who.kind = 'person' then
    return jsonb_build_object('principal', who.id, 'organisation', held.organisation, 'auth', session_id(held.hash), 'scopes', '[]'::jsonb,
      'holds', jsonb_path_exists(who.state, '$.grants[*] ? (@.from <= $tomorrow && (!exists(@.until) || @.until >= $yesterday))',
        jsonb_build_object('tomorrow', clock.now::date + 1, 'yesterday', clock.now::date - 1)),
      'rests', held.idle_until < clock_timestamp() + interval '11 hours 50 minutes');
  end if;
  if (who.state->>'expiresOn' >= left(iso(clock.now), 10)) is not true then return null; end if;
  return jsonb_build_object('principal', who.id, 'organisation', who.organisation, 'auth', who.id,
    'scopes', coalesce(who.state->'scopes', '[]'), 'holds', true,
    'rests', not exists (select from key_use u where u.key = who.id and u.used_at > clock_timestamp() - interval '1 hour'));
end $$;
`;

/** Asked of each entry: a call is, other than a list, not read anew for each statement. */
const apart = `
create function perennial.must_be_apart(type text) returns boolean
language plpgsql immutable as $$
begin
  return type in (${watched.map((type) => `'${type}'`).join(', ')});
end $$;
drop trigger apart on perennial.ledger_entry;
create trigger apart after insert on perennial.ledger_entry
  for each row when (perennial.must_be_apart(new.type)) execute function perennial.keep_apart();
alter table perennial.ledger_entry enable always trigger apart;
`;

const rights = `
revoke all on function perennial.lock_command, perennial.read_command, perennial.found_by, perennial.reach_by,
  perennial.must_be_apart from public;
grant execute on function perennial.lock_command, perennial.read_command to perennial_app, perennial_engine;
`;

/** What is locked is read while it is locked: the answer of `lock_command` has all that a rule may look at. */
export class OneLook1735689600029 implements MigrationInterface {
  name = 'OneLook1735689600029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(reach + credential + lockCommand + readCommand + writeCommand + apart + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
