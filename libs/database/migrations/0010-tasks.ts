import type { MigrationInterface, QueryRunner } from 'typeorm';
import { readCommand } from './read-command.js';
import { secured } from './secured.js';

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
create index task_holder on perennial.task (holder, due, id) include (organisation, shared_with, snoozed_until, queue) where live;
create index task_queue on perennial.task (organisation, queue, due, id) include (shared_with, programme)
  where live and holder is null;
create index task_held on perennial.task (organisation, due, id) include (shared_with, holder, queue, snoozed_until)
  where live and holder is not null;
create index task_shared on perennial.task (shared_with, due, id) include (organisation, queue, snoozed_until) where live;
create index task_done on perennial.task (done_by, ended_at, id) include (organisation, shared_with) where done_by is not null;
create index task_programme on perennial.task (programme) where programme is not null;

create table perennial.task_count (
  seen_by perennial.id not null,
  organisation perennial.id not null,
  queue text not null,
  shard smallint not null,
  open integer not null,
  held integer not null,
  primary key (seen_by, organisation, queue, shard)
);
`;

/**
 * The rows follow their tasks and the sides of programmes by themselves, so a rebuild needs no word about them. What a queue holds
 * is counted with them, in shards by connection: those who write at once seldom wait for each other, and a sum is exact.
 */
const follows = `
create function perennial.other_side(of_programme text, side text) returns text
stable security definer set search_path = perennial, pg_temp language sql
  return (select p.organisation from programme_party p
    where p.programme = other_side.of_programme and p.organisation <> other_side.side and p.until is null limit 1);

create view perennial.task_row with (security_invoker) as
  select s.id, s.organisation, perennial.other_side(s.programme, s.organisation) as shared_with, s.programme, s.state->>'queue' as queue,
    coalesce(s.state->>'claimant', s.state->>'of') as holder, s.stage in ('open', 'claimed') as live,
    coalesce((s.state->>'due')::date, 'infinity') as due, (s.state->>'snoozedUntil')::date as snoozed_until,
    s.state->>'doneBy' as done_by, case when s.stage not in ('open', 'claimed') then s.updated_at end as ended_at
  from perennial.stream s where s.kind = 'task';

create function perennial.follow_task() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  insert into task as t select * from task_row r where r.id = new.id
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

create function perennial.count_task(t perennial.task, change integer) returns void
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  if t.live is not true then return; end if;
  insert into task_count as c (seen_by, organisation, queue, shard, open, held)
    select seer, t.organisation, t.queue, pg_backend_pid() % 32,
      case when t.holder is null then change else 0 end, case when t.holder is null then 0 else change end
    from unnest(array[t.organisation, t.shared_with]) seer where seer is not null order by seer
    on conflict (seen_by, organisation, queue, shard) do update
      set (open, held) = (c.open + excluded.open, c.held + excluded.held);
end $$;

create function perennial.follow_count() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform count_task(old, -1); end if;
  if tg_op <> 'DELETE' then perform count_task(new, 1); end if;
  return null;
end $$;
create trigger count_made after insert or delete on perennial.task for each row execute function perennial.follow_count();
create trigger count_changed after update on perennial.task for each row
  when ((old.live, old.holder is null, old.shared_with) is distinct from (new.live, new.holder is null, new.shared_with))
  execute function perennial.follow_count();

insert into perennial.task select * from perennial.task_row;
`;

const rights = `
${secured('task', 'task_count')}
create policy of_app on perennial.task_count for select to perennial_app using (seen_by = perennial.mine());
create policy of_app on perennial.task for select to perennial_app using (
  organisation = perennial.mine() or shared_with = perennial.mine()
  or organisation in (select perennial.kept_organisations()));
revoke all on function perennial.other_side, perennial.follow_task, perennial.follow_party, perennial.count_task,
  perennial.follow_count from public;
grant select on perennial.task, perennial.task_count to perennial_app, perennial_engine;
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
