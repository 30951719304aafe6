import { byKey } from './by-key.js';

/**
 * What the decision rests on is locked in a fixed order, so that nobody waits in a circle: the key of the command, the address of
 * somebody new, people (who acts, and whom it is about, in id order), the programme (shared; alone for a command that looks across),
 * the thing under which a new one stands, the thing itself, the open tasks about both in id order; of a person, the tasks in their
 * hands. The clock of a sandbox is shared at any time: whoever moves it holds nothing else. What is found is read by what locks it.
 */
export const lockCommand = `
drop function if exists perennial.lock_command(jsonb);
create function perennial.lock_command(ask jsonb) returns json
language plpgsql volatile security definer
${byKey} as $$
declare
  who text := ask->>'organisation';
  me text := ask->>'principal';
  thing_id text := ask->>'stream';
  under_id text := ask->>'under';
  turn bigint := hashtextextended(ask->>'lock', 0);
  usual text;
  kept idempotency_record;
  thing stream;
  above stream;
  actor stream;
  place stream;
  clock sandbox;
  people boolean;
  scope text;
  reach text[];
  next integer;
begin
  if not pg_try_advisory_xact_lock(turn) then
    usual := current_setting('lock_timeout');
    perform set_config('lock_timeout', ask->>'patience', true);
    begin
      perform pg_advisory_xact_lock(turn);
    exception when lock_not_available then
      return json_build_object('answer', 'in-flight');
    end;
    perform set_config('lock_timeout', usual, true);
  end if;

  if ask ? 'address' then
    perform pg_advisory_xact_lock(hashtextextended(address_of(ask->>'address'), 0));
  end if;

  if ask ? 'step' then
    if ask ? 'process' then
      select organisation into who from process where id = ask->>'process';
    else
      select organisation into who from stream where id = thing_id;
    end if;
    if not found then return json_build_object('answer', 'not-found'); end if;
    if exists (select from ledger_entry where organisation = who and command = ask->>'step') then
      return json_build_object('answer', 'taken');
    end if;
  end if;
  if thing_id is not null then
    select * into thing from stream where id = thing_id;
  end if;
  if under_id is not null then
    select * into above from stream where id = under_id;
  end if;

  people := coalesce(thing.kind in ('person', 'apiKey'), false) or coalesce(above.kind in ('person', 'apiKey'), false);
  if people then
    select * into actor from stream where id = me; -- locked below
  elsif me is not null then
    select * into actor from stream where id = me for share;
  end if;
  select b.* into clock from sandbox b where b.id = (select m.sandbox from sandbox_member m
    where m.organisation in (thing.organisation, above.organisation, thing_id, who) limit 1) for share;
  if not ask ? 'step' then
    if ask ? 'credential' and (actor.stage = 'departed' or not exists (
      select from credential c where c.hash = ask->>'credential' and c.principal = me and c.revoked_at is null
        and least(c.expires_at, c.idle_until) > clock_timestamp())) then
      return json_build_object('answer', 'signed-out');
    end if;
    select * into kept from idempotency_record r
      where r.organisation = who and r.principal = me and r.route = ask->>'route' and r.key = ask->>'key';
    if found then
      if kept.recorded_at > clock_timestamp() - interval '30 days' then
        return json_build_object('answer', 'kept', 'fingerprint', kept.fingerprint, 'status', kept.status,
          'text', convert_from(kept.answer, 'UTF8'));
      end if;
      delete from idempotency_record r
        where r.organisation = who and r.principal = me and r.route = ask->>'route' and r.key = ask->>'key';
    end if;
    if thing.programme is not null or above.programme is not null then
      reach := reach_by(actor, clock); -- what belongs to no programme is in everybody's reach
    end if;
    if (thing.id is not null and not sees(who, reach, thing) and not visible(who, reach, thing))
      or (above.id is not null and not sees(who, reach, above) and not visible(who, reach, above))
      or (above.id is null and under_id is not null) or (thing.id is null and not (ask->>'makes')::boolean) then
      return json_build_object('answer', 'not-found');
    end if;
  end if;

  if people then
    perform 1 from stream where id in (me, thing_id, under_id) and kind in ('person', 'apiKey') order by id for update;
    select * into actor from stream where id = me;
  end if;
  scope := coalesce(programme_of(thing), thing.organisation, programme_of(above), above.organisation, who);
  if scope is distinct from thing_id then
    if (ask->>'looks')::boolean then
      select * into place from stream where id = scope for update;
    else
      select * into place from stream where id = scope for share;
    end if;
  end if;
  if under_id is not null and ask ? 'process' then
    select * into above from stream where id = under_id for update;
  elsif under_id = scope then
    above := place;
  elsif under_id is not null then
    select * into above from stream where id = under_id for share;
  end if;
  if thing_id is not null or ask ? 'process' then
    select * into thing from stream where id = thing_id for update;
    perform 1 from stream t where t.kind = 'task' and t.stage in ('open', 'claimed')
      and t.about in (thing_id, case when ask ? 'process' then under_id end) order by t.id for update;
    if thing.kind = 'person' then
      perform 1 from stream t where t.id in (select k.id from task k where k.holder = thing_id and k.live) order by t.id for update;
    end if;
  end if;
  if ask ? 'series' then
    insert into number_series as n values (who, ask->>'series', 1)
      on conflict (organisation, series) do update set last = n.last + 1 returning n.last into next;
  end if;
  return json_build_object('answer', 'go', 'organisation', who, 'number', next,
    'found', found_by(ask, thing, above, actor, clock));
end $$;
`;
