import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';

/** `app.organisation` is set for each transaction that reads; without it nothing is to be seen. */
const mine = `
create function perennial.mine() returns text stable language sql
  return nullif(current_setting('app.organisation', true), '');

create function perennial.kept_organisations() returns setof text
stable security definer set search_path = perennial, pg_temp language sql
begin atomic
  select m.organisation from sandbox_member m join sandbox b on b.id = m.sandbox where b.organisation = mine();
end;

create function perennial.keeps(sandbox text) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return exists (select from sandbox b where b.id = keeps.sandbox and b.organisation = mine());

create function perennial.in_sandbox(organisation text) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return exists (select from sandbox_member m where m.organisation = in_sandbox.organisation);
`;

/** Row-level security binds everybody, the owner by policies of its own: its functions see both sides of a programme. */
const security = `
do $$
declare
  name text;
begin
  for name in select c.relname from pg_class c where c.relnamespace = 'perennial'::regnamespace and c.relkind = 'r'
    and c.relname <> 'migration' loop
    execute format('alter table perennial.%I enable row level security', name);
    execute format('alter table perennial.%I force row level security', name);
    execute format('create policy of_owner on perennial.%I to perennial_owner using (true) with check (true)', name);
    execute format('create policy of_engine on perennial.%I to perennial_engine using (true) with check (true)', name);
  end loop;
end $$;

create policy of_app on perennial.stream for select to perennial_app using (
  organisation = perennial.mine()
  or (visibility = 'both' and programme in (select p.programme from perennial.programme_party p
    where p.organisation = perennial.mine() and p.until is null))
  or (perennial.engine_room(kind) and perennial.mine() in (select i.organisation from perennial.installation i))
  or organisation in (select perennial.kept_organisations()));

create policy of_app on perennial.ledger_entry for select to perennial_app
  using (exists (select from perennial.stream s where s.id = ledger_entry.stream));
create policy of_app on perennial.private_content for select to perennial_app
  using (exists (select from perennial.stream s where s.id = private_content.stream));
create policy of_app on perennial.obligation for select to perennial_app
  using (exists (select from perennial.stream s where s.id = obligation.stream));
create policy of_app on perennial.process for select to perennial_app
  using (exists (select from perennial.stream s where s.id = process.subject));
create policy of_app on perennial.parking for select to perennial_app
  using (exists (select from perennial.process p where p.id = parking.process));
create policy of_app on perennial.agenda for select to perennial_app
  using (exists (select from perennial.process p where p.id = agenda.process));
create policy of_app on perennial.programme_party for select to perennial_app
  using (organisation = perennial.mine());
create policy of_app on perennial.installation for select to perennial_app using (true);
create policy of_app on perennial.evidence_content to perennial_app
  using (organisation = perennial.mine()) with check (organisation = perennial.mine());
create policy of_app on perennial.sandbox to perennial_app
  using (organisation = perennial.mine()
    or id in (select m.sandbox from perennial.sandbox_member m where m.organisation = perennial.mine()))
  with check (organisation = perennial.mine());
create policy of_app on perennial.sandbox_member to perennial_app
  using (organisation = perennial.mine() or perennial.keeps(sandbox)) with check (perennial.keeps(sandbox));
create policy of_app on perennial.operation to perennial_app
  using (organisation = perennial.mine()) with check (organisation = perennial.mine());
`;

/** The app reads rows and calls functions; facts and states are written by the functions alone. */
const grants = `
revoke all on all functions in schema perennial from public;
grant usage on schema perennial to perennial_app, perennial_engine;
grant select on perennial.ledger_entry, perennial.private_content, perennial.stream, perennial.programme_party,
  perennial.obligation, perennial.process, perennial.parking, perennial.agenda, perennial.installation,
  perennial.evidence_content, perennial.sandbox, perennial.sandbox_member, perennial.operation
  to perennial_app, perennial_engine;
grant insert on perennial.evidence_content, perennial.sandbox, perennial.sandbox_member, perennial.operation to perennial_app;
grant delete on perennial.sandbox to perennial_app;
grant update (told, leased_until, release) on perennial.process to perennial_engine;
grant insert, update, delete on perennial.parking, perennial.agenda to perennial_engine;
grant update (now) on perennial.sandbox to perennial_engine;
grant update (status, progress, result, problem, leased_until, started_at, finished_at) on perennial.operation
  to perennial_engine;
grant execute on function perennial.lock_command, perennial.read_command, perennial.read_people, perennial.write_command,
  perennial.mine, perennial.kept_organisations, perennial.keeps, perennial.in_sandbox, perennial.iso, perennial.engine_room, perennial.as_read, perennial.programme_of,
  perennial.find_credential, perennial.is_over, perennial.add_credential, perennial.revoke_credentials
  to perennial_app, perennial_engine;
grant execute on function perennial.park_process to perennial_engine;
`;

/** A credential is looked up by its hash alone, and never listed: keys are things, tokens of people rows of their own. */
const credentials = `
create function perennial.find_credential(hash text) returns jsonb
stable security definer
${byKey} language sql
  return coalesce(
    (select jsonb_build_object('principal', c.principal, 'organisation', c.organisation, 'auth', 'aut_' || left(c.hash, 12),
        'scopes', '[]'::jsonb)
      from credential c join stream p on p.id = c.principal and p.stage <> 'departed'
      where c.hash = find_credential.hash and c.revoked_at is null and c.expires_at > clock_timestamp()),
    (select jsonb_build_object('principal', k.id, 'organisation', k.organisation, 'auth', k.id,
        'scopes', coalesce(k.state->'scopes', '[]'))
      from stream k
      left join sandbox_member m on m.organisation = k.organisation
      left join sandbox b on b.id = m.sandbox
      where k.kind = 'apiKey' and k.state->>'hash' = find_credential.hash and k.stage = 'active'
        and k.state->>'expiresOn' >= left(iso(coalesce(b.now, clock_timestamp())), 10)));

create function perennial.is_over(hash text) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return exists (select from credential c
      where c.hash = is_over.hash and c.revoked_at is null and c.expires_at <= clock_timestamp())
    or exists (select from stream k
      left join sandbox_member m on m.organisation = k.organisation
      left join sandbox b on b.id = m.sandbox
      where k.kind = 'apiKey' and k.state->>'hash' = is_over.hash and k.stage = 'active'
        and k.state->>'expiresOn' < left(iso(coalesce(b.now, clock_timestamp())), 10));

create function perennial.add_credential(hash text, principal text, organisation text, expires_at timestamptz) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  insert into credential (hash, principal, organisation, expires_at) values ($1, $2, $3, $4);
$$;

create function perennial.revoke_credentials(principal text) returns void
security definer set search_path = perennial, pg_temp language sql as $$
  update credential c set revoked_at = clock_timestamp()
    where c.principal = revoke_credentials.principal and c.revoked_at is null;
$$;
`;

/** Who may do what: read under row-level security, write by functions, change nothing that was recorded. */
export class Rights1735689600006 implements MigrationInterface {
  name = 'Rights1735689600006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(mine + credentials + security + grants);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
