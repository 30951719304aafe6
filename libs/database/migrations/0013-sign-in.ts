import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';
import { secured } from './secured.js';

/**
 * A password belongs to a mail address, which stands here as its hash; sessions are tokens of one account. None of this is a fact
 * of the ledger: whose session an act came from stands in its entry.
 */
const tables = `
alter table perennial.credential add column idle_until timestamptz, add column device text;

create table perennial.password (
  address text collate "C" primary key check (address ~ '^[0-9a-f]{64}$'),
  phc text not null,
  set_at timestamptz not null default clock_timestamp()
);

create table perennial.knock (
  address text collate "C" not null,
  place text not null,
  at timestamptz not null default clock_timestamp()
);
create index knock_place on perennial.knock (place, at);

create table perennial.password_link (
  id bigint generated always as identity primary key,
  principal perennial.id not null,
  purpose text not null check (purpose in ('invitation', 'reset')),
  asked_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default clock_timestamp(),
  hash text collate "C" unique check (hash ~ '^[0-9a-f]{64}$'),
  address text collate "C",
  expires_at timestamptz,
  sent_at timestamptz,
  used_at timestamptz,
  answer integer
);
create index password_link_due on perennial.password_link (due_at) where sent_at is null;
create index password_link_principal on perennial.password_link (principal, asked_at);

create index private_content_mail on perennial.private_content (lower(content)) where name = 'mail';
${secured('password', 'knock', 'password_link')}
`;

/** The accounts of an address where real certifications are run; people of sandboxes get no mail and have no password. */
const accounts = `
create function perennial.address_of(mail text) returns text stable language sql
  return encode(sha256(convert_to(lower(mail), 'UTF8')), 'hex');

create function perennial.mail_of(account text) returns text
stable security definer set search_path = perennial, pg_temp language sql
  return (select t.content from stream s join private_content t on t.commitment = s.state->'texts'->>'mail'
    where s.id = mail_of.account and s.kind = 'person');

create function perennial.accounts_at(mail text) returns table (principal text, organisation text)
stable security definer set search_path = perennial, pg_temp language sql
begin atomic
  select s.id, s.organisation from private_content t join stream s on s.id = t.stream
    where t.name = 'mail' and lower(t.content) = lower(accounts_at.mail)
      and s.kind = 'person' and s.stage <> 'departed' and s.state->'texts'->>'mail' = t.commitment
      and not in_sandbox(s.organisation)
    order by s.created_at, s.id;
end;
`;

/**
 * Whoever knocks is counted before the password is looked at, so that a hundred at once are a hundred. Those from elsewhere have a
 * count of their own: a stranger shuts nobody out. Answers after how many seconds it is worth knocking again, else nothing.
 */
const knocking = `
create function perennial.try_knock(mail text, place text, most integer, most_of_place integer) returns integer
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  whose text := address_of(try_knock.mail);
  again timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended(try_knock.place, 0));
  delete from knock k where k.ctid = any (array(
    select o.ctid from knock o where o.at < clock_timestamp() - interval '1 hour' for update skip locked));
  select max(at) into again from (
    (select k.at from knock k where k.place = try_knock.place and k.address = whose order by k.at desc offset greatest(most, 1) - 1 limit 1)
    union all
    (select k.at from knock k where k.place = try_knock.place order by k.at desc offset greatest(most_of_place, 1) - 1 limit 1)) full_since;
  if again is not null then
    return greatest(1, ceil(extract(epoch from again + interval '1 hour' - clock_timestamp())));
  end if;
  insert into knock (address, place) values (whose, try_knock.place);
  return null;
end $$;

create function perennial.forget_knocks(mail text, place text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  delete from knock k where k.address = address_of($1) and k.place = $2;
$$;

create function perennial.find_password(mail text) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return jsonb_build_object(
    'phc', (select p.phc from password p where p.address = address_of(find_password.mail)),
    'accounts', coalesce((select jsonb_agg(to_jsonb(a)) from accounts_at(find_password.mail) a), '[]'));
`;

/** A link is asked for, taken up and sent by the worker, and used once. The newest that was sent to an address is the one that counts. */
const links = `
create function perennial.ask_for_link(mail text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  insert into password_link (principal, purpose)
    select a.principal, 'reset' from (select * from accounts_at($1) limit 1) a
      where (select count(*) from password_link l
        where l.principal = a.principal and l.asked_at > clock_timestamp() - interval '1 hour') < 5;
$$;

create function perennial.take_link(hash text, lease_ms integer) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  taken password_link;
begin
  delete from password_link l using stream s
    where s.id = l.principal and (s.stage = 'departed'
      or l.purpose = 'reset' and l.sent_at is null and l.asked_at < clock_timestamp() - interval '1 hour'
      or l.purpose = 'reset' and l.asked_at < clock_timestamp() - interval '30 days');
  update password_link l
    set hash = take_link.hash, address = address_of(mail_of(l.principal)), due_at = clock_timestamp() + lease_ms * interval '1 ms',
      expires_at = clock_timestamp() + case l.purpose when 'invitation' then interval '7 days' else interval '1 hour' end
    where l.id = (select d.id from password_link d
      where d.sent_at is null and d.due_at <= clock_timestamp() order by d.due_at, d.id limit 1 for update skip locked)
    returning l.* into taken;
  return (select jsonb_build_object('id', taken.id::text, 'purpose', taken.purpose, 'mail', mail_of(s.id), 'organisation', t.content)
    from stream s join stream o on o.id = s.organisation join private_content t on t.commitment = o.state->'texts'->>'name'
    where s.id = taken.principal);
end $$;

create function perennial.sent_link(link bigint, answer integer default null) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update password_link l set sent_at = clock_timestamp(), answer = $2 where l.id = $1;
  update password_link l set expires_at = clock_timestamp()
    where l.id <> $1 and l.used_at is null and l.expires_at > clock_timestamp()
      and l.address = (select n.address from password_link n where n.id = $1);
$$;

create function perennial.find_link(hash text) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (select jsonb_build_object('mail', t.content, 'name', n.content)
    from password_link l join stream s on s.id = l.principal and s.stage <> 'departed'
    join private_content t on t.commitment = s.state->'texts'->>'mail'
    left join private_content n on n.commitment = s.state->'texts'->>'name'
    where l.hash = find_link.hash and l.used_at is null and l.expires_at > clock_timestamp()
      and l.address = address_of(t.content));

create function perennial.set_password(hash text, phc text) returns boolean
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  mail text;
begin
  perform from password_link l where l.hash = set_password.hash for update;
  mail := find_link(set_password.hash)->>'mail';
  if mail is null then return false; end if;
  update password_link l set used_at = clock_timestamp() where l.address = address_of(mail) and l.used_at is null;
  insert into password as p (address, phc) values (address_of(mail), set_password.phc)
    on conflict (address) do update set (phc, set_at) = (excluded.phc, clock_timestamp());
  update credential c set revoked_at = clock_timestamp()
    where c.revoked_at is null and c.principal in (select a.principal from accounts_at(mail) a);
  delete from knock k where k.address = address_of(mail);
  return true;
end $$;

create function perennial.make_link(mail text, hash text) returns boolean
security definer set search_path = perennial, pg_temp language sql as $$
  insert into password_link (principal, purpose, hash, address, expires_at, sent_at)
    select a.principal, 'reset', $2, address_of($1), clock_timestamp() + interval '1 hour', clock_timestamp()
      from accounts_at($1) a limit 1
    returning true;
$$;

create function perennial.invite() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  if not in_sandbox(new.organisation) and not exists (select from password_link l where l.principal = new.id) then
    insert into password_link (principal, purpose) values (new.id, 'invitation');
  end if;
  return null;
end $$;
create trigger invite after insert on perennial.stream
  for each row when (new.kind = 'person' and new.stage = 'invited') execute function perennial.invite();
`;

/** A session counts until its last day, and until it has not been used for its time of rest. */
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
        'scopes', coalesce(k.state->'scopes', '[]'), 'holds', true)
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

create function perennial.open_session(hash text, principal text, organisation text, device text) returns text
security definer set search_path = perennial, pg_temp language sql as $$
  delete from credential c where c.principal = $2 and c.expires_at < clock_timestamp() - interval '30 days';
  insert into credential (hash, principal, organisation, expires_at, idle_until, device)
    values ($1, $2, $3, clock_timestamp() + interval '7 days', clock_timestamp() + interval '12 hours', $4)
    returning iso(expires_at);
$$;

create function perennial.use_session(hash text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update credential c set idle_until = clock_timestamp() + interval '12 hours' where c.hash = $1 and c.idle_until > clock_timestamp();
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
revoke all on function perennial.session_id, perennial.address_of, perennial.mail_of, perennial.accounts_at, perennial.try_knock, perennial.forget_knocks,
  perennial.find_password, perennial.ask_for_link, perennial.take_link, perennial.sent_link, perennial.find_link,
  perennial.set_password, perennial.make_link, perennial.invite, perennial.open_session, perennial.use_session,
  perennial.sessions_of, perennial.end_session from public;
grant execute on function perennial.try_knock, perennial.forget_knocks, perennial.find_password, perennial.ask_for_link, perennial.find_link,
  perennial.set_password, perennial.open_session, perennial.use_session, perennial.sessions_of, perennial.end_session
  to perennial_app;
grant execute on function perennial.take_link, perennial.sent_link, perennial.make_link to perennial_engine;
`;

/** People sign in with a password that they set by a link, and see and end their sessions. */
export class SignIn1735689600013 implements MigrationInterface {
  name = 'SignIn1735689600013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(names + tables + accounts + knocking + links + sessions + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
