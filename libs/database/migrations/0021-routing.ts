import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockCommand } from './lock-command.js';
import { readCommand } from './read-command.js';

/**
 * What managers look for in queues: what is urgent, late, or can be done by nobody. And when each task is looked at again, whether
 * somebody may do it: a minute after it changed, every day, and when people come, go or are away. A rebuild needs no word about it.
 */
const raised = `
alter table perennial.task
  add urgent boolean not null default false,
  add level smallint not null default 0,
  add nobody_left boolean not null default false,
  add look_at timestamptz(3) not null default clock_timestamp() + interval '1 minute';
create index task_raised on perennial.task (organisation, due, id) include (shared_with, holder, queue, programme, urgent, level, nobody_left)
  where live and (urgent or level > 0 or nobody_left);
create index task_look on perennial.task (look_at) where live;

create or replace view perennial.task_row with (security_invoker) as
  select s.id, s.organisation, perennial.other_side(s.programme, s.organisation) as shared_with, s.programme, s.state->>'queue' as queue,
    coalesce(s.state->>'claimant', s.state->>'of') as holder, s.stage in ('open', 'claimed') as live,
    coalesce((s.state->>'due')::date, 'infinity') as due, (s.state->>'snoozedUntil')::date as snoozed_until,
    s.state->>'doneBy' as done_by, case when s.stage not in ('open', 'claimed') then s.updated_at end as ended_at,
    s.state->>'priority' is not distinct from 'urgent' as urgent, coalesce((s.state->>'level')::smallint, 0) as level,
    s.stage = 'open' and s.state ? 'nobodyLeft' as nobody_left
  from perennial.stream s where s.kind = 'task';

create or replace function perennial.follow_task() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  insert into task as t select * from task_row r where r.id = new.id
    on conflict (id) do update
      set (holder, live, due, snoozed_until, done_by, ended_at, urgent, level, nobody_left, look_at)
        = (excluded.holder, excluded.live, excluded.due, excluded.snoozed_until, excluded.done_by, excluded.ended_at,
          excluded.urgent, excluded.level, excluded.nobody_left, clock_timestamp() + interval '1 minute');
  return null;
end $$;
`;

/** Whoever goes, is away or has an interest may leave a task to nobody; whoever comes may find one. In sandboxes nobody is told. */
const looking = `
create function perennial.follow_person() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  update task t set look_at = clock_timestamp()
    where t.organisation = new.organisation and t.live
      and (t.nobody_left or t.queue in (select g->>'role' from jsonb_array_elements(old.state->'grants') g));
  return null;
end $$;
create trigger follow_person after update on perennial.stream
  for each row when (new.kind = 'person' and (old.stage, old.state->'grants', old.state->'absences', old.state->'interests')
    is distinct from (new.stage, new.state->'grants', new.state->'absences', new.state->'interests'))
  execute function perennial.follow_person();

create function perennial.tasks_to_look_at(most integer) returns text[]
stable security definer set search_path = perennial, pg_temp language sql
  return array(select t.id from task t where t.live and t.look_at <= clock_timestamp()
    and not in_sandbox(t.organisation) order by t.look_at limit most);

create function perennial.looked_at(tasks text[]) returns void
volatile security definer set search_path = perennial, pg_temp language sql
begin atomic
  update task set look_at = clock_timestamp() + interval '1 day' where id = any (tasks);
end;
`;

const rights = `
revoke all on function perennial.follow_person, perennial.tasks_to_look_at, perennial.looked_at from public;
grant execute on function perennial.tasks_to_look_at, perennial.looked_at to perennial_engine;
`;

/** Tasks that are urgent, late or left to nobody; commands on a task look at what the command that it asks for looks at. */
export class Routing1735689600021 implements MigrationInterface {
  name = 'Routing1735689600021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(raised + looking + rights + lockCommand + readCommand);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
