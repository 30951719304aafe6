import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the installation stands, as numbers; for whoever runs it, and for nobody else. Sandboxes live on clocks of their own and are left out of what is late. */
const metrics = `
create function perennial.standing() returns jsonb
stable security definer set search_path = perennial, pg_temp language sql
  return (select jsonb_build_object(
    'processes', (select coalesce(jsonb_object_agg(o.name, o.count), '{}')
      from (select p.name, count(*) from process p where p.status = 'open' group by p.name) o),
    'processesBehind', (select count(*) from process p where p.told < p.last),
    'oldestUntoldSeconds', (select coalesce(extract(epoch from clock_timestamp() - min(e.recorded_at)), 0)
      from process p join ledger_entry e on e.stream = p.subject and e.version = p.told + 1
      where p.told < p.last and not in_sandbox(p.organisation)),
    'dueMissed', (select count(*) from parking k join process p on p.id = k.process
      where k.next_due < clock_timestamp() - interval '15 minutes' and not in_sandbox(p.organisation)),
    'withoutRun', (select count(*) from jsonb_array_elements((select w.remarks from watch w order by w.ended_at desc limit 1)) r
      where r->>'kind' in ('no-run', 'failing') and not (r->>'repaired')::boolean),
    'tasks', (select coalesce(sum(c.open + c.held), 0) from task_count c where c.seen_by = c.organisation),
    'tasksOverdue', (select count(*) from task t where t.live and t.due < current_date and not in_sandbox(t.organisation)),
    'oldestOverdueDays', (select coalesce(max(current_date - t.due), 0) from task t
      where t.live and t.due < current_date and not in_sandbox(t.organisation)),
    'noticesOrdered', (select count(*) from stream s where s.kind = 'notice' and s.stage = 'ordered'),
    'noticesLate', (select count(*) from outage_item i join outage o on o.id = i.outage
      where i.kind = 'late' and o.ended_at > clock_timestamp() - interval '1 day'),
    'linksWaiting', (select count(*) from password_link l where l.sent_at is null),
    'feedLagSeconds', (select coalesce(extract(epoch from clock_timestamp() - min(e.recorded_at)), 0)
      from ledger_entry e where e.position > (select q.settled from sequencer q)
        and not exists (select from placed p where p.position = e.position) and not in_sandbox(e.organisation)),
    'heartbeatSeconds', (select extract(epoch from clock_timestamp() - max(h.beat_at)) from heartbeat h))
    from installation i where i.organisation = mine());
`;

const rights = `
revoke all on function perennial.standing from public;
grant execute on function perennial.standing to perennial_app;
`;

/** Numbers by which whoever runs the installation sees how it stands. */
export class Metrics1735689600016 implements MigrationInterface {
  name = 'Metrics1735689600016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(metrics + rights);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
