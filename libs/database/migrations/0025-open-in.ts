import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is open in queues of one's organisation, by its day. Whoever reaches all of the organisation sees each of these rows: that is
 * asked once and not of each. All of it is counted already; what is due within a week is counted in its index.
 */
const openIn = `
create function perennial.open_in(queues text[], today date) returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (select jsonb_build_object('overdue', near.overdue, 'today', near.today, 'week', near.week,
      'later', whole.open - near.overdue - near.today - near.week)
    from (select count(*) filter (where t.due < open_in.today) as overdue, count(*) filter (where t.due = open_in.today) as today,
        count(*) filter (where t.due > open_in.today) as week
      from task t where t.live and t.holder is null and t.organisation = perennial.mine() and t.queue = any (queues)
        and t.due <= open_in.today + 7 and perennial.reaches('*')) near,
      (select coalesce(sum(c.open), 0) as open from task_count c
        where c.seen_by = perennial.mine() and c.organisation = perennial.mine() and c.queue = any (queues) and perennial.reaches('*')) whole);

revoke all on function perennial.open_in from public;
grant execute on function perennial.open_in to perennial_app;
`;

/** An inbox is counted in a few milliseconds, however many tasks are overdue. */
export class OpenIn1735689600025 implements MigrationInterface {
  name = 'OpenIn1735689600025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(openIn);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
