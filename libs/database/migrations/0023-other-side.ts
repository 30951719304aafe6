import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each row names the other side of its programme where that side sees it too, so that a reader's rows are told by a comparison and
 * not by a look at every programme that they take part in. The rows follow by themselves; a rebuild needs no word about them.
 */
const column = `
alter table perennial.stream add shared_with perennial.id;
update perennial.stream s set shared_with = perennial.other_side(s.programme, s.organisation)
  where s.visibility = 'both' and s.programme is not null;
create index stream_shared on perennial.stream (shared_with, kind, created_at, id) where shared_with is not null;

create function perennial.share() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  new.shared_with := other_side(new.programme, new.organisation);
  return new;
end $$;
create trigger share before insert on perennial.stream
  for each row when (new.visibility = 'both' and new.programme is not null) execute function perennial.share();

create or replace function perennial.follow_party() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  update stream s set shared_with = other_side(s.programme, s.organisation)
    where s.programme = new.programme and s.visibility = 'both'
      and s.shared_with is distinct from other_side(s.programme, s.organisation);
  return null;
end $$;
`;

/** A task's row says what its thing says. */
const tasks = `
create or replace view perennial.task_row with (security_invoker) as
  select s.id, s.organisation, s.shared_with::text as shared_with, s.programme, s.state->>'queue' as queue,
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
      set (shared_with, holder, live, due, snoozed_until, done_by, ended_at, urgent, level, nobody_left, look_at)
        = (excluded.shared_with, excluded.holder, excluded.live, excluded.due, excluded.snoozed_until, excluded.done_by,
          excluded.ended_at, excluded.urgent, excluded.level, excluded.nobody_left, clock_timestamp() + interval '1 minute');
  return null;
end $$;
`;

const rights = `
revoke all on function perennial.share from public;
`;

/** What both sides of a programme see is seen as fast among ten thousand programmes as among ten. */
export class OtherSide1735689600023 implements MigrationInterface {
  name = 'OtherSide1735689600023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(column + tasks + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
