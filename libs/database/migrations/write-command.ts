import { byKey } from './by-key.js';

/**
 * All that a command leaves behind, in one statement. A thing that moved since it was read is a serialization failure. Its transaction
 * has a number before a position is drawn: the sequencer counts on that. `answer` is what the caller gets, kept with `w->'answer'`; it is
 * long, and no part of the JSON.
 */
export const writeCommand = `
create or replace function perennial.write_command(w jsonb, answer text default null) returns void
language plpgsql volatile security definer
${byKey} as $$
declare
  found integer;
begin
  perform pg_current_xact_id();
  insert into ledger_entry (organisation, log, stream, version, command, ordinal, type, actor, recorded_at, body, leaf_hash)
    select e.organisation, e.log, e.stream, e.version, e.command, e.ordinal, e.type, e.actor, e.recorded_at,
      convert_to(e.body, 'UTF8'), decode(e.leaf, 'hex')
    from jsonb_to_recordset(w->'entries') as e(organisation text, log text, stream text, version integer, command text,
      ordinal integer, type text, actor text, recorded_at timestamptz, body text, leaf text)
    order by e.ordinal;

  if w ? 'made' then
    insert into stream (id, kind, organisation, programme, about, visibility, number, stage, version, state, created_at, updated_at)
      select s.id, s.kind, s.organisation, s.programme, s.about, s.visibility, s.number, s.stage, s.version, s.state, s.at, s.at
      from jsonb_to_recordset(w->'made') as s(id text, kind text, organisation text, programme text, about text,
        visibility text, number text, stage text, version integer, state jsonb, at timestamptz);
  end if;
  if w ? 'moved' then
    update stream t set stage = s.stage, version = s.version, state = s.state, updated_at = s.at
      from jsonb_to_recordset(w->'moved') as s(id text, stage text, version integer, before integer, state jsonb, at timestamptz)
      where t.id = s.id and t.version = s.before;
    get diagnostics found = row_count;
    if found <> jsonb_array_length(w->'moved') then
      raise exception 'a thing has moved since it was read' using errcode = '40001';
    end if;
  end if;
  if w ? 'texts' then
    insert into private_content (commitment, stream, name, salt, content)
      select p.commitment, p.stream, p.name, decode(p.salt, 'hex'), p.content
      from jsonb_to_recordset(w->'texts') as p(commitment text, stream text, name text, salt text, content text);
  end if;
  if w ?| array['moved', 'processes', 'joined', 'owing', 'obligations'] then
    perform perennial.write_derived(w);
  end if;

  if w ? 'answer' then
    insert into idempotency_record as r (organisation, principal, route, key, fingerprint, status, answer)
      select a.organisation, a.principal, a.route, a.key, a.fingerprint, a.status, convert_to(write_command.answer, 'UTF8')
      from jsonb_to_record(w->'answer') as a(organisation text, principal text, route text, key text, fingerprint text, status integer)
      on conflict (organisation, principal, route, key) do update
        set (fingerprint, status, answer, recorded_at)
          = (excluded.fingerprint, excluded.status, excluded.answer, clock_timestamp());
  end if;
end $$;
`;
