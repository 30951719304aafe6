import type { MigrationInterface, QueryRunner } from 'typeorm';
import { byKey } from './by-key.js';
import { writeCommand } from './write-command.js';

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

/** What follows from the states: parties, obligations, processes. What is not named has no rows. */
const derived = `
create function perennial.write_derived(w jsonb) returns void
language plpgsql volatile
${byKey} as $$
begin
  if w ? 'joined' then
    insert into programme_party as p (programme, organisation, side, since)
      select j.programme, j.organisation, j.side, j.at
      from jsonb_to_recordset(w->'parties') as j(programme text, organisation text, side text, at timestamptz)
      on conflict (programme, organisation, side) do update set until = null where p.until is not null;
    update programme_party p set until = j.at
      from jsonb_to_recordset(w->'joined') as j(programme text, organisations jsonb, at timestamptz)
      where p.programme = j.programme and p.until is null and not j.organisations ? p.organisation;
    if exists (
      select from jsonb_to_recordset(w->'joined') as j(programme text)
      join programme_party p on p.programme = j.programme and p.until is null
      left join sandbox_member m on m.organisation = p.organisation
      group by j.programme having count(distinct coalesce(m.sandbox::text, '')) > 1) then
      raise exception 'these organisations live on different clocks' using errcode = 'PC001';
    end if;
  end if;

  if w ? 'owing' then
    delete from obligation o using jsonb_to_recordset(w->'owing') as s(stream text, keys jsonb)
      where o.stream = s.stream and not s.keys ? o.key;
  end if;
  if w ? 'obligations' then
    insert into obligation as o (stream, key, what, due, kind, rule, ladder, escalation, owed_by, explanation)
      select n.stream, n.key, n.what, n.due, n.kind, n.rule, n.ladder, n.escalation,
        array(select jsonb_array_elements_text(n.owed_by)), n.explanation
      from jsonb_to_recordset(w->'obligations') as n(stream text, key text, what text, due date, kind text, rule text,
        ladder text, escalation text, owed_by jsonb, explanation jsonb)
      on conflict (stream, key) do update
        set (what, due, kind, rule, ladder, escalation, owed_by, explanation) = (excluded.what, excluded.due, excluded.kind,
          excluded.rule, excluded.ladder, excluded.escalation, excluded.owed_by, excluded.explanation)
        where (o.what, o.ladder, o.escalation, o.owed_by, o.explanation)
          is distinct from (excluded.what, excluded.ladder, excluded.escalation, excluded.owed_by, excluded.explanation);
  end if;

  if w ? 'moved' then
    update process p set last = s.version, status = case when s.ended then 'closed' else 'open' end,
        told = case when s.ended and p.status = 'closed' and p.told = p.last then s.version else p.told end
      from jsonb_to_recordset(w->'moved') as s(id text, version integer, ended boolean) where p.subject = s.id;
  end if;
  if w ? 'processes' then
    insert into process (id, name, subject, organisation, programme, status, opened_by, last)
      select n.id, n.name, n.subject, n.organisation, n.programme, n.status, n.opened_by, n.last
      from jsonb_to_recordset(w->'processes') as n(id text, name text, subject text, organisation text, programme text,
        status text, opened_by text, last integer)
      order by n.id on conflict (id) do nothing;
  end if;
end $$;
`;

/** The one write of a command, and the one of a process that comes to rest. */
export class Write1735689600005 implements MigrationInterface {
  name = 'Write1735689600005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(derived + writeCommand + park);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
