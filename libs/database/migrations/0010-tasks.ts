import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readCommand } from './read-command.js';

/** What the inbox reads: a narrow row for each task, whose indexes answer pages and counts without the task itself. */
const table = `
create table perennial.task (
  id perennial.id primary key references perennial.stream on delete cascade,
  organisation perennial.id not null,
  shared_with perennial.id,
  programme perennial.id,
  queue text not null,
  holder perennial.id,
  live boolean not null,
  due date not null,
  snoozed_until date,
  done_by perennial.id,
  ended_at timestamptz(3)
);
create index task_holder on perennial.task (holder, due, id) include (organisation, shared_with, snoozed_until) where live;
create index task_queue on perennial.task (organisation, queue, due, id) include (shared_with, programme)
  where live and holder is null;
create index task_own on perennial.task (organisation, due, id) include (shared_with, queue, holder, programme) where live;
create index task_shared on perennial.task (shared_with, due, id) include (organisation) where live;
create index task_done on perennial.task (done_by, ended_at, id) include (organisation, shared_with) where done_by is not null;
create index task_programme on perennial.task (programme) where programme is not null;
`;

/** The rows follow their tasks and the sides of programmes by themselves, so a rebuild needs no word about them. */
const follows = `
create function perennial.other_side(of_programme text, side text) returns text
stable security definer set search_path = perennial, pg_temp language sql
  return (select p.organisation from programme_party p
    where p.programme = other_side.of_programme and p.organisation <> other_side.side and p.until is null limit 1);

create function perennial.follow_task() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  insert into task as t (id, organisation, shared_with, programme, queue, holder, live, due, snoozed_until, done_by, ended_at)
    values (new.id, new.organisation, other_side(new.programme, new.organisation), new.programme, new.state->>'queue',
      coalesce(new.state->>'claimant', new.state->>'of'), new.stage in ('open', 'claimed'),
      coalesce((new.state->>'due')::date, 'infinity'), (new.state->>'snoozedUntil')::date, new.state->>'doneBy',
      case when new.stage not in ('open', 'claimed') then new.updated_at end)
    on conflict (id) do update
      set (holder, live, due, snoozed_until, done_by, ended_at)
        = (excluded.holder, excluded.live, excluded.due, excluded.snoozed_until, excluded.done_by, excluded.ended_at);
  return null;
end $$;
create trigger follow_task after insert or update on perennial.stream
  for each row when (new.kind = 'task') execute function perennial.follow_task();

create function perennial.follow_party() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  update task t set shared_with = other_side(t.programme, t.organisation)
    where t.programme = new.programme and t.shared_with is distinct from other_side(t.programme, t.organisation);
  return null;
end $$;
create trigger follow_party after insert or update on perennial.programme_party
  for each row execute function perennial.follow_party();

insert into perennial.task (id, organisation, shared_with, programme, queue, holder, live, due, snoozed_until, done_by, ended_at)
  select s.id, s.organisation, perennial.other_side(s.programme, s.organisation), s.programme, s.state->>'queue',
    coalesce(s.state->>'claimant', s.state->>'of'), s.stage in ('open', 'claimed'),
    coalesce((s.state->>'due')::date, 'infinity'), null, null,
    case when s.stage not in ('open', 'claimed') then s.updated_at end
  from perennial.stream s where s.kind = 'task';
`;

const rights = `
alter table perennial.task enable row level security;
alter table perennial.task force row level security;
create policy of_owner on perennial.task to perennial_owner using (true) with check (true);
create policy of_engine on perennial.task to perennial_engine using (true) with check (true);
create policy of_app on perennial.task for select to perennial_app using (
  organisation = perennial.mine() or shared_with = perennial.mine()
  or organisation in (select perennial.kept_organisations()));
revoke all on function perennial.other_side, perennial.follow_task, perennial.follow_party from public;
grant select on perennial.task to perennial_app, perennial_engine;
`;

/** The inbox; and rules see what the first of two agreed to, and for whom somebody acts. */
export class Tasks1735689600010 implements MigrationInterface {
  name = 'Tasks1735689600010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readCommand + table + follows + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
