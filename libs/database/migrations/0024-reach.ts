import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';

/**
 * How far somebody sees: the programmes in which they hold a role today, or a task that a colleague handed to them; `*` for all of their
 * organisation. An administrator of the system holds accounts and sees into no programme. (SOD-12) A role held by a key is held everywhere.
 */
const reach = `
create function perennial.reach_of(account text) returns text[]
stable security definer set search_path = perennial, pg_temp language sql
  return (
    with held as (
      select coalesce(array_agg(distinct coalesce(g.held->>'programme', '*')), '{}') as programmes
      from stream p join stream o on o.id = p.organisation
        left join sandbox_member m on m.organisation = p.organisation left join sandbox b on b.id = m.sandbox,
        lateral (select * from jsonb_array_elements(p.state->'grants')
          union all select jsonb_build_object('role', role) from jsonb_array_elements(p.state->'roles') role) g(held)
      where p.id = account and p.kind in ('person', 'apiKey') and g.held->>'role' <> 'system-administrator'
        and (coalesce(b.now, clock_timestamp()) at time zone coalesce(o.state->>'zone', 'UTC'))::date
          between coalesce((g.held->>'from')::date, '-infinity') and coalesce((g.held->>'until')::date, 'infinity'))
    select case when '*' = any (h.programmes) then '{*}' else h.programmes || array(
      select distinct t.programme::text from task t where t.live and t.holder = account and t.programme is not null) end
    from held h);

create function perennial.reach() returns text[]
stable parallel safe language sql
  return coalesce(nullif(current_setting('app.reach', true), '')::text[], '{}');

create function perennial.reaches(reach text[], programme text) returns boolean
immutable parallel safe language sql
  return reach = '{*}' or programme is null or programme = any (reach);

-- For a policy, which asks it of every row: a comparison of texts for most readers.
create function perennial.reaches(programme text) returns boolean
stable parallel safe language sql
  return current_setting('app.reach', true) is not distinct from '{*}' or programme is null or programme = any (perennial.reach());
`;

const policies = `
alter policy of_app on perennial.stream using (
  ((organisation = perennial.mine() or shared_with = perennial.mine()) and perennial.reaches(programme))
  or (perennial.engine_room(kind) and perennial.mine() in (select i.organisation from perennial.installation i))
  or organisation in (select perennial.kept_organisations()));
alter policy of_app on perennial.task using (
  ((organisation = perennial.mine() or shared_with = perennial.mine()) and perennial.reaches(programme))
  or organisation in (select perennial.kept_organisations()));
alter policy of_app on perennial.task_count using (seen_by = perennial.mine() and perennial.reaches('*'));
alter policy of_app on perennial.programme_party using (
  organisation = perennial.mine() and perennial.reaches(programme));
alter policy of_app on perennial.notice_reader using (
  person = perennial.me() and perennial.reaches(programme)
  and (organisation = perennial.mine() or exists (select from perennial.programme_party p
    where p.programme = notice_reader.programme and p.organisation = perennial.mine() and p.until is null)));

create function perennial.visible(who text, reach text[], thing perennial.stream) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return (thing.organisation = who or coalesce(thing.shared_with = who, false)) and perennial.reaches(reach, thing.programme)
    or perennial.engine_room(thing.kind) and exists (select from installation i where i.organisation = who)
    or exists (select from sandbox_member m join sandbox b on b.id = m.sandbox
      where m.organisation = thing.organisation and b.organisation = who);
create or replace function perennial.visible(who text, thing perennial.stream) returns boolean
stable security definer set search_path = perennial, pg_temp language sql
  return perennial.visible(who, '{*}', thing);

revoke all on function perennial.reach_of, perennial.visible(text, text[], perennial.stream) from public;
grant execute on function perennial.reach_of to perennial_app;
`;

/** Whoever holds a role in one programme alone sees that programme alone. */
export class Reach1735689600024 implements MigrationInterface {
  name = 'Reach1735689600024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(reach + policies + lockCommand);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
