import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An endpoint is told of what stands in the feed from where it was added or switched on to where it was switched off or given up, both
 * included: its own events say where. So what had no place yet, or was not noted yet, when that happened is neither lost nor told to
 * somebody who had not asked. `seen`: the last of its own events that its cursor has passed; `listens`: whether it was on there.
 */
const listening = `
alter table perennial.webhook_cursor add seen integer not null default 0, add listens boolean not null default false;
update perennial.webhook_cursor c set (seen, listens) = (s.version, s.stage = 'active') from perennial.stream s where s.id = c.endpoint;

create or replace function perennial.follow_webhook() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  told bigint := coalesce((select f.last from feed f where f.seen_by = new.organisation), 0);
begin
  if tg_op = 'INSERT' then
    insert into webhook_cursor (endpoint, organisation, place) values (new.id, new.organisation, told) on conflict do nothing;
  elsif new.stage = 'active' and old.stage <> 'active' then
    update webhook_cursor c
      set place = case when c.seen < old.version then c.place else greatest(c.place, told) end, failing_since = null
      where c.endpoint = new.id;
  elsif new.stage = 'removed' then
    perform from webhook_cursor c where c.endpoint = new.id for no key update;
    update webhook_delivery d set (status, last_error, leased_until, next_at) = ('failed', 'endpoint-removed', null, null)
      where d.endpoint = new.id and d.status = 'pending';
  end if;
  return null;
end $$;

create or replace function perennial.note_webhooks(most integer) returns integer
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  hook record;
  told record;
  count integer := 0;
begin
  for hook in
    select c.endpoint, c.organisation, c.place, c.listens, s.state->'types' as types from webhook_cursor c
      join stream s on s.id = c.endpoint and s.stage <> 'removed' and (s.stage = 'active' or c.seen < s.version)
      join feed f on f.seen_by = c.organisation and f.last > c.place
      order by c.endpoint for no key update of c skip locked
  loop
    with fresh as materialized (
      select v.sequence, l.stream, l.type, convert_from(l.body, 'UTF8')::jsonb->>'id' as entry,
          case when l.stream = hook.endpoint then l.version end as own,
          case when l.stream <> hook.endpoint then null
            when l.type in ('webhook-endpoint.added', 'webhook-endpoint.enabled') then true
            when l.type in ('webhook-endpoint.disabled', 'webhook-endpoint.given-up') then false end as turned
        from event v join ledger_entry l on l.position = v.position
        where v.seen_by = hook.organisation and v.sequence > hook.place order by v.sequence limit most),
    turns as (
      select f.*, array_agg(f.turned) filter (where f.turned is not null) over (order by f.sequence) as so_far from fresh f),
    asked as materialized (
      select t.*, coalesce(t.so_far[cardinality(t.so_far)], hook.listens) as on_after from turns t),
    made as (
      insert into webhook_delivery (id, endpoint, organisation, entry, place, type, subject, next_at)
        select new_id('dlv'), hook.endpoint, hook.organisation, f.entry, f.sequence, f.type, f.stream,
          case when row_number() over (partition by f.stream order by f.sequence) = 1 and not exists (
            select from webhook_delivery d
              where d.endpoint = hook.endpoint and d.subject = f.stream and d.status = 'pending') then clock_timestamp() end
        from asked f where (f.on_after or f.turned is not null)
          and (hook.types = '[]' or hook.types ? ('perennial.' || f.type || '.v1'))
        order by f.sequence on conflict on constraint webhook_delivery_once do nothing)
    select max(a.sequence) as place, max(a.own) as own, (array_agg(a.on_after order by a.sequence desc))[1] as listens
      into told from asked a;
    update webhook_cursor c set (place, seen, listens) = (told.place, coalesce(told.own, c.seen), told.listens)
      where c.endpoint = hook.endpoint and told.place is not null;
    count := count + 1;
  end loop;
  return count;
end $$;
`;

/**
 * A task that is being looked at is put off for two minutes, and for a day when it was looked at. Whoever comes or goes meanwhile, and
 * whatever becomes of the task itself, has it looked at again within a minute, and that stands.
 */
const looking = `
create or replace function perennial.tasks_to_look_at(most integer) returns text[]
volatile security definer set search_path = perennial, pg_temp language sql
begin atomic
  with due as materialized (
    select t.id from task t where t.live and t.look_at <= clock_timestamp() and not in_sandbox(t.organisation)
      order by t.look_at limit most for no key update skip locked),
  taken as (
    update task t set look_at = clock_timestamp() + interval '2 minutes' from due d where t.id = d.id returning t.id)
  select coalesce(array_agg(k.id), '{}') from taken k;
end;

create or replace function perennial.looked_at(tasks text[]) returns void
volatile security definer set search_path = perennial, pg_temp language sql
begin atomic
  update task set look_at = clock_timestamp() + interval '1 day'
    where id = any (tasks) and look_at > clock_timestamp() + interval '1 minute';
end;
`;

/** What happens between two looks is missed neither by endpoints nor by tasks. */
export class BetweenLooks1735689600030 implements MigrationInterface {
  name = 'BetweenLooks1735689600030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(listening + looking);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
