import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';
import { secured } from './secured.js';

/**
 * A password belongs to a human at a mail address, which stands here as its hash; sessions are tokens of one account. None of this
 * is a fact of the ledger, and all of it can be erased: whose session an act came from stands in its entry.
 */
const tables = `
alter table perennial.credential add column idle_until timestamptz, add column device text;

create table perennial.key_use (
  key perennial.id primary key,
  used_at timestamptz(3) not null
);

create table perennial.password (
  human perennial.id not null,
  address text collate "C" not null check (address ~ '^[0-9a-f]{64}$'),
  phc text not null,
  set_at timestamptz not null default clock_timestamp(),
  primary key (address, human)
);
create index password_human on perennial.password (human);

create table perennial.knock (
  about text collate "C" not null,
  place text collate "C" not null,
  at timestamptz not null default clock_timestamp()
);
create index knock_place on perennial.knock (place, at);
create index knock_about on perennial.knock (about, place, at);
create index knock_at on perennial.knock (at);

create table perennial.password_link (
  id bigint generated always as identity primary key,
  principal perennial.id not null,
  purpose text not null check (purpose in ('invitation', 'reset')),
  asked_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default clock_timestamp(),
  tries integer not null default 0,
  hash text collate "C" unique check (hash ~ '^[0-9a-f]{64}$'),
  address text collate "C",
  expires_at timestamptz,
  sent_at timestamptz,
  used_at timestamptz,
  answer integer
);
create index password_link_due on perennial.password_link (due_at) where sent_at is null;
create index password_link_principal on perennial.password_link (principal, asked_at);
create index password_link_address on perennial.password_link (address) where used_at is null;
create index password_link_asked on perennial.password_link (asked_at);

create index private_content_mail on perennial.private_content (lower(content collate "C")) where name = 'mail';
${secured('password', 'knock', 'password_link', 'key_use')}
create policy of_app on perennial.key_use for select to perennial_app
  using (exists (select from perennial.stream s where s.id = key_use.key));
grant select on perennial.key_use to perennial_app, perennial_engine;
`;

/**
 * The accounts of an address where real certifications are run; people of sandboxes get no mail and have no password. Letters are
 * folded in ASCII alone, the same in every locale: other letters have look-alikes that fold into them.
 */
const accounts = `
create function perennial.address_of(mail text) returns text stable language sql
  return encode(sha256(convert_to(lower(mail collate "C"), 'UTF8')), 'hex');

create function perennial.mail_of(account text) returns text
stable security definer set search_path = perennial, pg_temp language sql
  return (select t.content from stream s join private_content t on t.commitment = s.state->'texts'->>'mail'
    where s.id = mail_of.account and s.kind = 'person');

create function perennial.accounts_at(mail text) returns table (principal text, organisation text, human text)
stable security definer set search_path = perennial, pg_temp language sql
begin atomic
  select s.id, s.organisation, s.state->>'human' from private_content t join stream s on s.id = t.stream
    where t.name = 'mail' and lower(t.content collate "C") = lower(accounts_at.mail collate "C")
      and s.kind = 'person' and s.stage <> 'departed' and s.state->'texts'->>'mail' = t.commitment
      and not in_sandbox(s.organisation)
    order by s.created_at, s.id;
end;
`;

/**
 * Whoever knocks is counted before the password is looked at, so that a hundred at once are a hundred. Those from elsewhere have a
 * count of their own: a stranger elsewhere shuts nobody out. Answers after how many seconds it is worth knocking again, else nothing.
 */
const knocking = `
create function perennial.try_knock(mail text, place text, most integer, most_of_place integer) returns integer
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  whose text := address_of(try_knock.mail);
  since timestamptz := clock_timestamp() - interval '1 hour';
  again timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended(try_knock.place, 0));
  select max(at) into again from (
    (select k.at from knock k where k.about = whose and k.place = try_knock.place and k.at > since
      order by k.at desc offset greatest(most, 1) - 1 limit 1)
    union all
    (select k.at from knock k where k.place = try_knock.place and k.at > since
      order by k.at desc offset greatest(most_of_place, 1) - 1 limit 1)) full_since;
  if again is not null then
    return greatest(1, ceil(extract(epoch from again + interval '1 hour' - clock_timestamp())));
  end if;
  insert into knock (about, place) values (whose, try_knock.place);
  return null;
end $$;

create function perennial.forget_knocks(mail text, place text, most integer) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  delete from knock k where k.ctid = any (array(
    select o.ctid from knock o where o.about = address_of($1) and o.place = $2 order by o.at desc limit $3 for update skip locked));
$$;

create function perennial.find_password(mail text) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (with known as (select * from accounts_at(find_password.mail)),
      kept as (select p.human, p.phc from password p
        where p.address = address_of(find_password.mail) and p.human in (select k.human from known k)
        order by p.set_at desc limit 1)
    select jsonb_build_object('phc', (select phc from kept), 'accounts', coalesce((select
      jsonb_agg(jsonb_build_object('principal', k.principal, 'organisation', k.organisation))
      from known k where k.human = (select human from kept)), '[]')));
`;

/** A link is asked for, taken up and sent by the worker, and used once; with it end all others of its address. */
const links = `
create function perennial.ask_for_link(mail text) returns void
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(address_of(ask_for_link.mail), 0));
  insert into password_link (principal, purpose)
    select a.principal, 'reset' from (select * from accounts_at(ask_for_link.mail) limit 1) a
      where (select count(*) from password_link l
        where l.principal = a.principal and l.asked_at > clock_timestamp() - interval '1 hour') < 5;
end $$;

create function perennial.take_link(hash text, lease_ms integer) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  taken password_link;
  mail text;
begin
  select * into taken from password_link d
    where d.sent_at is null and d.due_at <= clock_timestamp()
      and (d.purpose = 'invitation' or d.asked_at > clock_timestamp() - interval '1 hour')
      and exists (select from stream s where s.id = d.principal and s.stage <> 'departed')
    order by d.due_at, d.id limit 1 for update skip locked;
  if not found then return null; end if;
  mail := mail_of(taken.principal);
  update password_link l
    set hash = take_link.hash, address = address_of(mail), tries = l.tries + 1,
      due_at = clock_timestamp() + lease_ms * interval '1 ms',
      expires_at = clock_timestamp() + case l.purpose when 'invitation' then interval '7 days' else interval '1 hour' end
    where l.id = taken.id;
  return (select jsonb_build_object('id', taken.id::text, 'purpose', taken.purpose, 'mail', mail, 'organisation', t.content)
    from stream s join stream o on o.id = s.organisation join private_content t on t.commitment = o.state->'texts'->>'name'
    where s.id = taken.principal);
end $$;

create function perennial.sent_link(link bigint, answer integer default null) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update password_link l set sent_at = clock_timestamp(), answer = $2 where l.id = $1;
$$;

create function perennial.put_off_link(link bigint) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update password_link l set due_at = clock_timestamp() + least(60, power(2, l.tries)) * interval '1 minute' where l.id = $1;
$$;

create function perennial.find_link(hash text) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (select jsonb_build_object('mail', t.content, 'name', n.content, 'human', s.state->>'human')
    from password_link l join stream s on s.id = l.principal and s.stage <> 'departed'
    join private_content t on t.commitment = s.state->'texts'->>'mail'
    left join private_content n on n.commitment = s.state->'texts'->>'name'
    where l.hash = find_link.hash and l.used_at is null and l.expires_at > clock_timestamp()
      and l.address = address_of(t.content));

create function perennial.set_password(hash text, phc text) returns boolean
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  found jsonb := find_link(set_password.hash);
  whose text := address_of(found->>'mail');
begin
  perform pg_advisory_xact_lock(hashtextextended(whose, 0)) where whose is not null;
  found := find_link(set_password.hash);
  if found is null then return false; end if;
  update password_link l set used_at = clock_timestamp() where l.address = whose and l.used_at is null;
  insert into password as p (human, address, phc) values (found->>'human', whose, set_password.phc)
    on conflict (address, human) do update set (phc, set_at) = (excluded.phc, clock_timestamp());
  update credential c set revoked_at = clock_timestamp()
    where c.revoked_at is null and c.principal in (select a.principal from accounts_at(found->>'mail') a);
  delete from knock k where k.about = whose;
  return true;
end $$;

create function perennial.make_link(mail text, hash text) returns boolean
security definer set search_path = perennial, pg_temp language sql as $$
  insert into password_link (principal, purpose, hash, address, expires_at, sent_at)
    select a.principal, 'reset', $2, address_of($1), clock_timestamp() + interval '1 hour', clock_timestamp()
      from accounts_at($1) a limit 1
    returning true;
$$;

create function perennial.tidy_sign_in() returns void
security definer set search_path = perennial, pg_temp language sql as $$
  delete from knock k where k.ctid = any (array(
    select o.ctid from knock o where o.at < clock_timestamp() - interval '1 hour' limit 10000 for update skip locked));
  delete from password_link l where l.ctid = any (array(
    select o.ctid from password_link o where o.asked_at < clock_timestamp() - interval '40 days'
      or (o.purpose = 'reset' and o.sent_at is null and o.asked_at < clock_timestamp() - interval '1 hour')
    limit 10000 for update skip locked));
  delete from credential c where c.ctid = any (array(
    select o.ctid from credential o where o.expires_at < clock_timestamp() - interval '30 days' limit 10000 for update skip locked));
$$;
`;

/** Whoever is invited gets a link; of whoever leaves no session and, where they have no other account, no password is left. */
const follows = `
create function perennial.invite() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  if not in_sandbox(new.organisation) and not exists (select from password_link l where l.principal = new.id) then
    insert into password_link (principal, purpose) values (new.id, 'invitation');
  end if;
  return null;
end $$;
create trigger invite after insert on perennial.stream for each row
  when (new.kind = 'person' and new.stage = 'invited' and new.created_at > now() - interval '1 day') execute function perennial.invite();

create function perennial.forget_password() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  update credential c set revoked_at = clock_timestamp() where c.principal = new.id and c.revoked_at is null;
  delete from password p where p.human = new.state->>'human' and not exists (select from stream o
    where o.kind = 'person' and o.state->>'human' = p.human and o.stage <> 'departed' and address_of(mail_of(o.id)) = p.address);
  return null;
end $$;
create trigger forget_password after update on perennial.stream for each row
  when (new.kind = 'person' and new.stage = 'departed' and old.stage <> 'departed') execute function perennial.forget_password();
`;

/** A session counts until its last day, and until it has not been used for its time of rest; of a key it is noted when it was used last, to the hour. */
const sessions = `
create or replace function perennial.find_credential(hash text) returns jsonb
stable security definer
${byKey} language sql
  return coalesce(
    (select jsonb_build_object('principal', c.principal, 'organisation', c.organisation, 'auth', session_id(c.hash),
        'scopes', '[]'::jsonb, 'holds', exists (select from jsonb_array_elements(p.state->'grants') g
          where (g->>'from')::date <= coalesce(b.now, clock_timestamp())::date + 1
            and coalesce((g->>'until')::date, 'infinity') >= coalesce(b.now, clock_timestamp())::date - 1),
        'rests', c.idle_until < clock_timestamp() + interval '11 hours 50 minutes')
      from credential c join stream p on p.id = c.principal and p.stage <> 'departed'
      left join sandbox_member m on m.organisation = c.organisation
      left join sandbox b on b.id = m.sandbox
      where c.hash = find_credential.hash and c.revoked_at is null
        and least(c.expires_at, c.idle_until) > clock_timestamp()),
    (select jsonb_build_object('principal', k.id, 'organisation', k.organisation, 'auth', k.id,
        'scopes', coalesce(k.state->'scopes', '[]'), 'holds', true, 'rests', not exists (select from key_use u
          where u.key = k.id and u.used_at > clock_timestamp() - interval '1 hour'))
      from stream k
      left join sandbox_member m on m.organisation = k.organisation
      left join sandbox b on b.id = m.sandbox
      where k.kind = 'apiKey' and k.state->>'hash' = find_credential.hash and k.stage = 'active'
        and k.state->>'expiresOn' >= left(iso(coalesce(b.now, clock_timestamp())), 10)));

create or replace function perennial.is_over(hash text) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return exists (select from credential c
      where c.hash = is_over.hash and c.revoked_at is null and least(c.expires_at, c.idle_until) <= clock_timestamp())
    or exists (select from stream k
      left join sandbox_member m on m.organisation = k.organisation
      left join sandbox b on b.id = m.sandbox
      where k.kind = 'apiKey' and k.state->>'hash' = is_over.hash and k.stage = 'active'
        and k.state->>'expiresOn' < left(iso(coalesce(b.now, clock_timestamp())), 10));

create function perennial.open_session(hash text, principal text, device text, phc text) returns text
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  account stream;
begin
  select s.* into account from stream s where s.id = open_session.principal and s.kind = 'person' and s.stage <> 'departed';
  perform from password p where p.human = account.state->>'human' and p.address = address_of(mail_of(account.id))
    and p.phc = open_session.phc for share;
  if not found then return null; end if;
  update credential c set revoked_at = clock_timestamp() where c.hash in (
    select o.hash from credential o where o.principal = account.id and o.revoked_at is null order by o.made_at desc offset 49);
  insert into credential (hash, principal, organisation, expires_at, idle_until, device) values (open_session.hash, account.id,
    account.organisation, clock_timestamp() + interval '7 days', clock_timestamp() + interval '12 hours', open_session.device);
  return iso(clock_timestamp() + interval '7 days');
end $$;

create function perennial.note_use(hash text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update credential c set idle_until = clock_timestamp() + interval '12 hours' where c.hash = $1 and c.idle_until > clock_timestamp();
  insert into key_use (key, used_at) select k.id, clock_timestamp() from stream k where k.kind = 'apiKey' and k.state->>'hash' = $1
    on conflict (key) do update set used_at = excluded.used_at;
$$;

create function perennial.sessions_of(principal text) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (select coalesce(jsonb_agg(jsonb_build_object('id', session_id(c.hash), 'device', c.device, 'madeAt', iso(c.made_at),
      'usedAt', iso(coalesce(c.idle_until - interval '12 hours', c.made_at)),
      'expiresAt', iso(least(c.expires_at, c.idle_until)))
      order by c.made_at desc), '[]')
    from credential c where c.principal = sessions_of.principal and c.revoked_at is null
      and least(c.expires_at, c.idle_until) > clock_timestamp());

create function perennial.end_session(principal text, session text) returns boolean
security definer set search_path = perennial, pg_temp language sql as $$
  with ended as (update credential c set revoked_at = clock_timestamp()
    where c.principal = $1 and session_id(c.hash) = $2 and c.revoked_at is null returning true)
  select exists (select from ended);
$$;
`;

/** A hash is written in letters that ids have too. */
const names = `
create function perennial.session_id(hash text) returns text immutable language sql
  return 'aut_0' || left(hash, 25);
`;

const rights = `
revoke all on function perennial.session_id, perennial.address_of, perennial.mail_of, perennial.accounts_at, perennial.try_knock,
  perennial.forget_knocks, perennial.find_password, perennial.ask_for_link, perennial.take_link, perennial.sent_link,
  perennial.put_off_link, perennial.find_link, perennial.set_password, perennial.make_link, perennial.tidy_sign_in, perennial.invite,
  perennial.forget_password, perennial.open_session, perennial.note_use, perennial.sessions_of, perennial.end_session from public;
grant execute on function perennial.try_knock, perennial.forget_knocks, perennial.find_password, perennial.ask_for_link,
  perennial.find_link, perennial.set_password, perennial.open_session, perennial.note_use, perennial.sessions_of,
  perennial.end_session to perennial_app;
grant execute on function perennial.take_link, perennial.sent_link, perennial.put_off_link, perennial.make_link,
  perennial.tidy_sign_in to perennial_engine;
`;

/** People sign in with a password that they set by a link, and see and end their sessions. */
export class SignIn1735689600013 implements MigrationInterface {
  name = 'SignIn1735689600013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(names + tables + accounts + knocking + links + follows + sessions + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
