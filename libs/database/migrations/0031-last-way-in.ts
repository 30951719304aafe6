import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever takes an identity away ends every session that it opened, also the one that is being opened by it just then: a statement sees
 * what was committed before it began, so the sessions are ended by one that begins when nobody holds the identity any more. Whoever links
 * one waits, as a mailed link does, for its address: what the link sets is the only way in afterwards.
 */
const functions = `
create or replace function perennial.remove_identity(principal text, identity text) returns boolean
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  removed text;
begin
  delete from identity i using stream s where i.id = remove_identity.identity and s.id = remove_identity.principal and s.kind = 'person'
      and s.state->>'human' = i.human and i.address = address_of(mail_of(s.id)) returning i.id into removed;
  update credential c set revoked_at = clock_timestamp() where c.identity = removed and c.revoked_at is null;
  return removed is not null;
end $$;

create or replace function perennial.link_identity(proof text, challenge text, id text, principal text, session text) returns jsonb
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  mail text := mail_of(link_identity.principal);
begin
  if not exists (select from stream s where s.id = link_identity.principal and s.kind = 'person' and s.stage <> 'departed'
      and not in_sandbox(s.organisation)) then
    return jsonb_build_object('refused', 'person-required');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(address_of(mail), 0)) where mail is not null;
  if not exists (select from credential c where c.principal = link_identity.principal and c.revoked_at is null
      and session_id(c.hash) = link_identity.session and c.made_at > clock_timestamp() - interval '15 minutes') then
    return jsonb_build_object('refused', 'sign-in-not-fresh');
  end if;
  return keep_identity(link_identity.proof, link_identity.challenge, link_identity.id, link_identity.principal);
end $$;
`;

/** Nobody slips in while a way in is shut. */
export class LastWayIn1735689600031 implements MigrationInterface {
  name = 'LastWayIn1735689600031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(functions);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
