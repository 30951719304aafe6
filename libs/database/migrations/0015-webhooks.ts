import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';
import { secured } from './secured.js';

/**
 * Who is called with what happens: how far into the feed of its organisation each endpoint has been told, and each call as a row. Of
 * each subject the first call that is pending has a time, and the others wait for it. No role reads the secrets but by a function.
 */
const tables = `
create table perennial.webhook_secret (
  id perennial.id primary key,
  kind text not null check (kind in ('v1', 'v1a')),
  secret bytea not null,
  made_at timestamptz not null default clock_timestamp()
);

create table perennial.webhook_cursor (
  endpoint perennial.id primary key,
  organisation perennial.id not null,
  place bigint not null,
  taken_at timestamptz not null default '-infinity',
  failing_since timestamptz
);

create table perennial.webhook_delivery (
  id perennial.id primary key,
  endpoint perennial.id not null,
  organisation perennial.id not null,
  entry perennial.id not null,
  place bigint not null,
  type text not null,
  subject perennial.id not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  lease integer not null default 0,
  leased_until timestamptz,
  next_at timestamptz,
  last_status integer,
  last_error text,
  made_at timestamptz not null default clock_timestamp(),
  delivered_at timestamptz,
  constraint webhook_delivery_once unique (endpoint, place)
);
create index webhook_delivery_due on perennial.webhook_delivery (endpoint, next_at) where status = 'pending' and next_at is not null;
create index webhook_delivery_leased on perennial.webhook_delivery (endpoint, leased_until) where leased_until is not null;
create index webhook_delivery_subject on perennial.webhook_delivery (endpoint, subject, place) where status = 'pending';
create index webhook_delivery_endpoint on perennial.webhook_delivery (endpoint, id);
create index webhook_delivery_organisation on perennial.webhook_delivery (organisation, id);
create index webhook_delivery_made on perennial.webhook_delivery (made_at) where status <> 'pending';
`;

/** The same form of id as everywhere: 26 characters that hold the 128 bits of a UUIDv7 behind two zeros. */
const ids = `
create function perennial.new_id(prefix text) returns text volatile language sql
begin atomic
  with made as materialized (select B'00' || ('x' || replace(uuidv7()::text, '-', ''))::bit(128) as bits)
  select new_id.prefix || '_' || string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz',
      1 + substring(m.bits from 1 + 5 * n for 5)::bit(5)::integer, 1), '' order by n)
    from made m, generate_series(0, 25) n;
end;
`;

/** An endpoint is told of what happens from when it was added or switched on; what is removed is called no more. */
const follows = `
create function perennial.follow_webhook() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  told bigint := coalesce((select f.last from feed f where f.seen_by = new.organisation), 0);
begin
  if tg_op = 'INSERT' then
    insert into webhook_cursor (endpoint, organisation, place) values (new.id, new.organisation, told) on conflict do nothing;
  elsif new.stage = 'active' and old.stage <> 'active' then
    update webhook_cursor c set place = greatest(c.place, told), failing_since = null where c.endpoint = new.id;
  elsif new.stage = 'removed' then
    perform from webhook_cursor c where c.endpoint = new.id for no key update;
    update webhook_delivery d set (status, last_error, leased_until, next_at) = ('failed', 'endpoint-removed', null, null)
      where d.endpoint = new.id and d.status = 'pending';
  end if;
  return null;
end $$;
create trigger follow_webhook after insert or update on perennial.stream
  for each row when (new.kind = 'webhookEndpoint') execute function perennial.follow_webhook();
`;

/** Places of a feed are gapless and for ever, so a cursor over them skips nothing. */
const notes = `
create function perennial.note_webhooks(most integer) returns integer
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  hook record;
  told bigint;
  count integer := 0;
begin
  for hook in
    select c.endpoint, c.organisation, c.place, s.state->'types' as types from webhook_cursor c
      join stream s on s.id = c.endpoint and s.stage = 'active'
      join feed f on f.seen_by = c.organisation and f.last > c.place
      order by c.endpoint for no key update of c skip locked
  loop
    with fresh as materialized (
      select v.sequence, l.stream, l.type, convert_from(l.body, 'UTF8')::jsonb->>'id' as entry
        from event v join ledger_entry l on l.position = v.position
        where v.seen_by = hook.organisation and v.sequence > hook.place order by v.sequence limit most),
    made as (
      insert into webhook_delivery (id, endpoint, organisation, entry, place, type, subject, next_at)
        select new_id('dlv'), hook.endpoint, hook.organisation, f.entry, f.sequence, f.type, f.stream,
          case when row_number() over (partition by f.stream order by f.sequence) = 1 and not exists (
            select from webhook_delivery d
              where d.endpoint = hook.endpoint and d.subject = f.stream and d.status = 'pending') then clock_timestamp() end
        from fresh f where hook.types = '[]' or hook.types ? ('perennial.' || f.type || '.v1')
        order by f.sequence on conflict on constraint webhook_delivery_once do nothing)
    select max(f.sequence) into told from fresh f;
    update webhook_cursor c set place = told where c.endpoint = hook.endpoint and told is not null;
    count := count + 1;
  end loop;
  return count;
end $$;
`;

/** All that a call needs. An event that the organisation may not see any more is told to nobody. */
const call = `
create function perennial.webhook_call(d perennial.webhook_delivery) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (select jsonb_build_object('id', d.id, 'endpoint', d.endpoint, 'attempt', d.attempts, 'lease', d.lease,
      'turn', coalesce((h.state->'entered'->>'active')::integer, 0),
      'url', (select t.content from private_content t where t.commitment = h.state->'texts'->>'address'),
      'secrets', (select coalesce(jsonb_agg(encode(k.secret, 'base64') order by k.id = h.state->>'signsWith' desc), '[]')
        from webhook_secret k where k.id = h.state->>'signsWith'
          or (k.id = h.state->>'signedWith' and exists (select from webhook_secret n
            where n.id = h.state->>'signsWith' and n.made_at > clock_timestamp() - interval '24 hours'))),
      'pair', (select encode(k.secret, 'base64') from webhook_secret k where k.id = h.state->>'pairedWith'),
      'event', (select jsonb_build_object('body', convert_from(l.body, 'UTF8'), 'kind', s.kind, 'sequence', d.place,
          'organisation', s.organisation, 'programme', s.programme, 'sandbox', in_sandbox(s.organisation))
        from event v join ledger_entry l on l.position = v.position join stream s on s.id = l.stream
        where v.seen_by = d.organisation and v.sequence = d.place and visible(d.organisation, s)))
    from stream h where h.id = d.endpoint);
`;

/**
 * Calls that are due, under a lease; of each endpoint so many at once, of one that fails a single one, those first that waited longest
 * for their turn. The row of its cursor is locked, so that workers count the same.
 */
const takes = `
create function perennial.take_webhooks(most integer, each integer, lease_ms integer) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  hook record;
  free integer;
  more jsonb;
  taken jsonb := '[]';
begin
  for hook in
    select c.endpoint, c.failing_since from webhook_cursor c join stream s on s.id = c.endpoint and s.stage = 'active'
      where exists (select from webhook_delivery d where d.endpoint = c.endpoint and d.status = 'pending'
        and d.next_at <= clock_timestamp() and coalesce(d.leased_until, '-infinity') < clock_timestamp())
      order by c.taken_at, c.endpoint for no key update of c skip locked
  loop
    select least(most - jsonb_array_length(taken), case when hook.failing_since is null then each else 1 end - count(*)) into free
      from webhook_delivery d where d.endpoint = hook.endpoint and d.leased_until > clock_timestamp();
    continue when free <= 0;
    with due as (
      select d.id from webhook_delivery d where d.endpoint = hook.endpoint and d.status = 'pending'
        and d.next_at <= clock_timestamp() and coalesce(d.leased_until, '-infinity') < clock_timestamp()
        order by d.next_at, d.place limit free),
    leased as (
      update webhook_delivery d set attempts = d.attempts + 1, lease = d.lease + 1,
          leased_until = clock_timestamp() + lease_ms * interval '1 ms'
        from due where d.id = due.id returning d as row)
    select coalesce(jsonb_agg(webhook_call(l.row)), '[]') into more from leased l;
    update webhook_cursor c set taken_at = clock_timestamp() where c.endpoint = hook.endpoint;
    taken := taken || more;
    exit when jsonb_array_length(taken) >= most;
  end loop;
  return taken;
end $$;
`;

/**
 * What came of a call; a worker that has lost its lease may still say that it arrived. When a call is over, the next one of its subject
 * has its time. Answers for how many milliseconds its endpoint has done nothing but fail.
 */
const ends = `
create function perennial.end_webhook(delivery text, lease integer, came jsonb) returns float8
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  arrived boolean := (came->>'arrived')::boolean;
  again timestamptz := clock_timestamp() + (came->>'againMs')::float8 * interval '1 ms';
  done webhook_delivery;
  failing timestamptz;
begin
  perform from webhook_cursor c where c.endpoint = (select d.endpoint from webhook_delivery d where d.id = end_webhook.delivery)
    for no key update;
  update webhook_delivery d
    set status = case when arrived then 'delivered' when again is null then 'failed' else 'pending' end,
      leased_until = null, next_at = case when not arrived then again end,
      last_status = (came->>'status')::integer, last_error = came->>'error',
      delivered_at = case when arrived then clock_timestamp() else d.delivered_at end
    where d.id = end_webhook.delivery and d.status = 'pending' and (arrived or d.lease = end_webhook.lease)
    returning * into done;
  if not found then return null; end if;
  if done.status <> 'pending' then
    update webhook_delivery n set next_at = clock_timestamp() where n.next_at is null and n.id = (
      select w.id from webhook_delivery w where w.endpoint = done.endpoint and w.subject = done.subject and w.status = 'pending'
        order by w.place limit 1);
  end if;
  update webhook_cursor c set failing_since = case when not arrived then coalesce(c.failing_since, clock_timestamp()) end
    where c.endpoint = done.endpoint returning c.failing_since into failing;
  return extract(epoch from clock_timestamp() - failing) * 1000;
end $$;
`;

const keeps = `
create function perennial.keep_webhook_secret(id text, kind text, secret bytea) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  insert into webhook_secret (id, kind, secret) values ($1, $2, $3);
$$;

create function perennial.drop_webhook_secrets(names text[]) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  delete from webhook_secret k where k.id = any ($1) and not exists (
    select from webhook_cursor c join stream s on s.id = c.endpoint
      where k.id in (s.state->>'signsWith', s.state->>'signedWith', s.state->>'pairedWith'));
$$;

create function perennial.redeliver_webhook(organisation text, delivery text) returns boolean
security definer set search_path = perennial, pg_temp language sql as $$
  with again as (update webhook_delivery d set status = 'pending', attempts = 0,
      next_at = case when d.status <> 'pending' or d.next_at is not null then clock_timestamp() end
    where d.id = $2 and d.organisation = $1 returning true)
  select exists (select from again);
$$;

create function perennial.tidy_webhooks() returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update webhook_delivery d set (status, last_error, leased_until, next_at) = ('failed', 'endpoint-removed', null, null)
    where d.status = 'pending' and d.endpoint in (
    select s.id from webhook_cursor c join stream s on s.id = c.endpoint and s.stage = 'removed');
  delete from webhook_delivery d where d.ctid = any (array(
    select o.ctid from webhook_delivery o where o.status <> 'pending' and o.made_at < clock_timestamp() - interval '30 days'
    limit 10000 for update skip locked));
  delete from webhook_secret k where k.made_at < clock_timestamp() - interval '24 hours' and not exists (
    select from webhook_cursor c join stream s on s.id = c.endpoint and s.stage <> 'removed'
      where (k.id in (s.state->>'signsWith', s.state->>'pairedWith')
        or (k.id = s.state->>'signedWith' and exists (select from webhook_secret n
          where n.id = s.state->>'signsWith' and n.made_at > clock_timestamp() - interval '24 hours'))));
$$;
`;

const rights = `
${secured('webhook_secret', 'webhook_cursor', 'webhook_delivery')}
create policy of_app on perennial.webhook_delivery for select to perennial_app using (organisation = perennial.mine());
grant select on perennial.webhook_delivery to perennial_app;
revoke all on function perennial.new_id, perennial.follow_webhook, perennial.note_webhooks, perennial.webhook_call, perennial.take_webhooks,
  perennial.end_webhook, perennial.keep_webhook_secret, perennial.drop_webhook_secrets, perennial.redeliver_webhook, perennial.tidy_webhooks from public;
grant execute on function perennial.keep_webhook_secret, perennial.drop_webhook_secrets, perennial.redeliver_webhook to perennial_app;
grant execute on function perennial.note_webhooks, perennial.take_webhooks, perennial.end_webhook, perennial.tidy_webhooks
  to perennial_engine;
`;

/** Addresses are called with what happens: signed, in the order of each subject, until they take it or have failed for days. */
export class Webhooks1735689600015 implements MigrationInterface {
  name = 'Webhooks1735689600015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables + ids + follows + notes + call + takes + ends + keeps + rights + lockCommand);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
