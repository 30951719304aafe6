import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';
import { writeCommand, writeDerived } from './write-command.js';

/** What a process waits for, unless there are facts that it has not seen; none can slip in between. */
const park = `
create function perennial.park_process(process text, seen integer, clock timestamptz, next timestamptz, items jsonb)
returns boolean language plpgsql volatile
${byKey} as $$
begin
  perform 1 from process p where p.id = park_process.process and p.last <= park_process.seen for no key update;
  if not found then return false; end if;
  delete from agenda a where a.process = park_process.process;
  insert into agenda (process, place, label, on_date, at, due)
    select park_process.process, i.place, i.label, i."on", i.at, i.due
    from jsonb_to_recordset(items) as i(place integer, label text, "on" date, at text, due timestamptz);
  insert into parking as k (process, seen, clock, next_due)
    values (park_process.process, park_process.seen, park_process.clock, park_process.next)
    on conflict on constraint parking_pkey do update
      set (seen, clock, next_due) = (excluded.seen, excluded.clock, excluded.next_due);
  return true;
end $$;
`;

/** The one write of a command, and the one of a process that comes to rest. */
export class Write1735689600005 implements MigrationInterface {
  name = 'Write1735689600005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(writeDerived + writeCommand + park);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
