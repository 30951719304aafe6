import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secured } from './secured.js';

/**
 * Who somebody is at a provider: issuer and subject, never a mail address. It belongs to a human at a mail address, as a password
 * does, and to no other. A way to the provider is begun in one browser and ended there once; what it proves is good once, for whoever
 * knows what was begun with.
 */
const tables = `
create table perennial.identity (
  id perennial.id primary key,
  issuer text collate "C" not null,
  subject text collate "C" not null,
  human perennial.id not null,
  address text collate "C" not null check (address ~ '^[0-9a-f]{64}$'),
  linked_at timestamptz not null default clock_timestamp(),
  used_at timestamptz,
  unique (issuer, subject)
);
create index identity_human on perennial.identity (human, address);

create table perennial.identity_flow (
  state text collate "C" primary key check (state ~ '^[0-9a-f]{64}$'),
  browser text collate "C" not null check (browser ~ '^[0-9a-f]{64}$'),
  provider text collate "C" not null,
  nonce text not null,
  verifier text not null,
  challenge text collate "C" not null,
  begun_at timestamptz not null default clock_timestamp()
);
create index identity_flow_begun on perennial.identity_flow (begun_at);

create table perennial.identity_proof (
  hash text collate "C" primary key check (hash ~ '^[0-9a-f]{64}$'),
  challenge text collate "C" not null,
  issuer text collate "C" not null,
  subject text collate "C" not null,
  made_at timestamptz not null default clock_timestamp()
);
create index identity_proof_made on perennial.identity_proof (made_at);

alter table perennial.credential add column identity perennial.id;
${secured('identity', 'identity_flow', 'identity_proof')}
`;

/** The way to a provider and back. A state from another browser, or of another provider, uses nothing up. */
const flows = `
create function perennial.begin_flow(state text, browser text, provider text, nonce text, verifier text, challenge text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  insert into identity_flow (state, browser, provider, nonce, verifier, challenge) values ($1, $2, $3, $4, $5, $6);
$$;

create function perennial.end_flow(state text, browser text, provider text) returns jsonb
security definer set search_path = perennial, pg_temp language sql as $$
  delete from identity_flow f where f.state = $1 and f.browser = $2 and f.provider = $3
      and f.begun_at > clock_timestamp() - interval '10 minutes'
    returning jsonb_build_object('nonce', f.nonce, 'verifier', f.verifier, 'challenge', f.challenge);
$$;

create function perennial.keep_proof(hash text, challenge text, issuer text, subject text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  insert into identity_proof (hash, challenge, issuer, subject) values ($1, $2, $3, $4);
$$;

create function perennial.use_proof(hash text, challenge text) returns setof identity_proof
security definer set search_path = perennial, pg_temp language sql as $$
  delete from identity_proof p where p.hash = $1 and p.challenge = $2 and p.made_at > clock_timestamp() - interval '10 minutes'
    returning p.*;
$$;
`;

/** An identity opens the accounts of its human at its address, and no others. */
const signingIn = `
create function perennial.opened_by(human text, address text) returns table (principal text, organisation text)
stable security definer set search_path = perennial, pg_temp language sql
begin atomic
  select s.id, s.organisation from stream s
    where s.kind = 'person' and s.state->>'human' = opened_by.human and s.stage <> 'departed' and not in_sandbox(s.organisation)
      and address_of(mail_of(s.id)) = opened_by.address
    order by s.created_at, s.id;
end;

create function perennial.find_proof(hash text, challenge text) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql as $$
  select jsonb_build_object('accounts', (select
      coalesce(jsonb_agg(jsonb_build_object('principal', a.principal, 'organisation', a.organisation)), '[]')
      from identity i, opened_by(i.human, i.address) a where i.issuer = p.issuer and i.subject = p.subject))
    from identity_proof p
    where p.hash = $1 and p.challenge = $2 and p.made_at > clock_timestamp() - interval '10 minutes';
$$;

create function perennial.add_session(hash text, account text, device text, identity text) returns text
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  update credential c set revoked_at = clock_timestamp() where c.hash in (
    select o.hash from credential o where o.principal = account and o.revoked_at is null order by o.made_at desc offset 49);
  insert into credential (hash, principal, organisation, expires_at, idle_until, device, identity)
    select add_session.hash, s.id, s.organisation, clock_timestamp() + interval '7 days', clock_timestamp() + interval '12 hours',
      add_session.device, add_session.identity
    from stream s where s.id = account;
  return iso(clock_timestamp() + interval '7 days');
end $$;

create or replace function perennial.open_session(hash text, principal text, device text, phc text) returns text
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  account stream;
begin
  select s.* into account from stream s where s.id = open_session.principal and s.kind = 'person' and s.stage <> 'departed';
  perform from password p where p.human = account.state->>'human' and p.address = address_of(mail_of(account.id))
    and p.phc = open_session.phc for share;
  if not found then return null; end if;
  return add_session(open_session.hash, account.id, open_session.device, null);
end $$;

create function perennial.open_by_proof(proof text, challenge text, principal text, hash text, device text) returns text
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  whose identity;
begin
  update identity i set used_at = clock_timestamp() from use_proof(open_by_proof.proof, open_by_proof.challenge) p
    where i.issuer = p.issuer and i.subject = p.subject returning i.* into whose;
  perform from opened_by(whose.human, whose.address) a where a.principal = open_by_proof.principal;
  if not found then return null; end if;
  return add_session(open_by_proof.hash, open_by_proof.principal, open_by_proof.device, whose.id);
end $$;
`;

/**
 * An identity is linked by somebody who signed in a moment ago, or by the link that only the mailbox gets. What a mailed link sets is
 * the only way in afterwards: whoever takes their account back shuts everybody else out.
 */
const linking = `
create function perennial.keep_identity(proof text, challenge text, id text, account text) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  shown identity_proof;
  mail text := mail_of(account);
  kept text;
begin
  select * into shown from use_proof(keep_identity.proof, keep_identity.challenge);
  if not found then return jsonb_build_object('refused', 'proof-invalid'); end if;
  insert into identity (id, issuer, subject, human, address)
    select keep_identity.id, shown.issuer, shown.subject, s.state->>'human', address_of(mail) from stream s where s.id = account
    on conflict (issuer, subject) do nothing;
  select i.id into kept from identity i join stream s on s.state->>'human' = i.human
    where s.id = account and i.issuer = shown.issuer and i.subject = shown.subject and i.address = address_of(mail) for update of i;
  if not found then return jsonb_build_object('refused', 'identity-taken'); end if;
  return jsonb_build_object('id', kept, 'mail', mail);
end $$;

create function perennial.link_identity(proof text, challenge text, id text, principal text, session text) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  if not exists (select from stream s where s.id = link_identity.principal and s.kind = 'person' and s.stage <> 'departed'
      and not in_sandbox(s.organisation)) then
    return jsonb_build_object('refused', 'person-required');
  end if;
  if not exists (select from credential c where c.principal = link_identity.principal and c.revoked_at is null
      and session_id(c.hash) = link_identity.session and c.made_at > clock_timestamp() - interval '15 minutes') then
    return jsonb_build_object('refused', 'sign-in-not-fresh');
  end if;
  return keep_identity(link_identity.proof, link_identity.challenge, link_identity.id, link_identity.principal);
end $$;

create function perennial.link_identity_by_link(proof text, challenge text, id text, link text) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  found jsonb := find_link(link_identity_by_link.link);
  whose text := address_of(found->>'mail');
  kept jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended(whose, 0)) where whose is not null;
  found := find_link(link_identity_by_link.link);
  if found is null then return jsonb_build_object('refused', 'link-invalid'); end if;
  kept := keep_identity(link_identity_by_link.proof, link_identity_by_link.challenge, link_identity_by_link.id,
    (select l.principal from password_link l where l.hash = link_identity_by_link.link));
  if kept ? 'refused' then return kept; end if;
  update password_link l set used_at = clock_timestamp() where l.address = whose and l.used_at is null;
  delete from password p where p.address = whose and p.human = found->>'human';
  delete from identity i where i.address = whose and i.human = found->>'human' and i.id <> kept->>'id';
  update credential c set revoked_at = clock_timestamp()
    where c.revoked_at is null and c.principal in (select a.principal from accounts_at(found->>'mail') a);
  return kept;
end $$;

create or replace function perennial.set_password(hash text, phc text) returns boolean
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
  delete from identity i where i.address = whose and i.human = found->>'human';
  update credential c set revoked_at = clock_timestamp()
    where c.revoked_at is null and c.principal in (select a.principal from accounts_at(found->>'mail') a);
  delete from knock k where k.about = whose;
  return true;
end $$;
`;

/** Whose identities are listed and removed: those of the human at the address of the account that asks. */
const keeping = `
create function perennial.identities_of(principal text, before text, most integer) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'issuer', o.issuer, 'subject', o.subject, 'linkedAt', iso(o.linked_at),
      'usedAt', iso(o.used_at)) order by o.id desc), '[]')
    from (select i.* from identity i join stream s on s.id = $1 and s.kind = 'person' and s.state->>'human' = i.human
      where i.address = address_of(mail_of(s.id)) and ($2 is null or i.id < $2) order by i.id desc limit $3) o;
$$;

create function perennial.remove_identity(principal text, identity text) returns boolean
security definer set search_path = perennial, pg_temp language sql as $$
  with removed as (delete from identity i using stream s where i.id = $2 and s.id = $1 and s.kind = 'person'
      and s.state->>'human' = i.human and i.address = address_of(mail_of(s.id)) returning i.id),
    ended as (update credential c set revoked_at = clock_timestamp() from removed r where c.identity = r.id and c.revoked_at is null)
  select exists (select from removed);
$$;

create or replace function perennial.forget_password() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  update credential c set revoked_at = clock_timestamp() where c.principal = new.id and c.revoked_at is null;
  delete from password p where p.human = new.state->>'human'
    and not exists (select from opened_by(p.human, p.address) a);
  delete from identity i where i.human = new.state->>'human'
    and not exists (select from opened_by(i.human, i.address) a);
  return null;
end $$;

create or replace function perennial.tidy_sign_in() returns void
security definer set search_path = perennial, pg_temp language sql as $$
  delete from knock k where k.ctid = any (array(
    select o.ctid from knock o where o.at < clock_timestamp() - interval '1 hour' limit 10000 for update skip locked));
  delete from password_link l where l.ctid = any (array(
    select o.ctid from password_link o where o.asked_at < clock_timestamp() - interval '40 days'
      or (o.purpose = 'reset' and o.sent_at is null and o.asked_at < clock_timestamp() - interval '1 hour')
    limit 10000 for update skip locked));
  delete from credential c where c.ctid = any (array(
    select o.ctid from credential o where o.expires_at < clock_timestamp() - interval '30 days' limit 10000 for update skip locked));
  delete from identity_flow f where f.ctid = any (array(
    select o.ctid from identity_flow o where o.begun_at < clock_timestamp() - interval '10 minutes' limit 10000 for update skip locked));
  delete from identity_proof p where p.ctid = any (array(
    select o.ctid from identity_proof o where o.made_at < clock_timestamp() - interval '10 minutes' limit 10000 for update skip locked));
$$;
`;

const rights = `
revoke all on function perennial.begin_flow, perennial.end_flow, perennial.keep_proof, perennial.use_proof,
  perennial.opened_by, perennial.find_proof, perennial.add_session, perennial.open_by_proof, perennial.keep_identity,
  perennial.link_identity, perennial.link_identity_by_link, perennial.identities_of, perennial.remove_identity from public;
grant execute on function perennial.begin_flow, perennial.end_flow, perennial.keep_proof, perennial.find_proof,
  perennial.open_by_proof, perennial.link_identity, perennial.link_identity_by_link, perennial.identities_of,
  perennial.remove_identity to perennial_app;
`;

/** People sign in by a provider of their organisation, with an identity that they have linked to their account. */
export class Identities1735689600017 implements MigrationInterface {
  name = 'Identities1735689600017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables + flows + signingIn + linking + keeping + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
