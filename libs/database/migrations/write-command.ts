import { byKey } from './by-key.js';

/**
 * All that a command leaves behind, in one statement. A thing that moved since it was read is a serialization failure. Its transaction
 * has a number before a position is drawn: the sequencer counts on that. `answer` is what the caller gets, kept with `w->'answer'`; it is
 * long, and no part of the JSON. Answers which processes are to be told of it.
 */
export const writeCommand = `
create or replace function perennial.write_command(w jsonb, answer text default null) returns text[]
language plpgsql volatile security definer
${byKey} as $$
declare
  found integer;
  told text[] := '{}';
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
    told := perennial.write_derived(w);
  end if;

  if w ? 'answer' then
    insert into idempotency_record (organisation, principal, route, key, fingerprint, status, answer)
      select a.organisation, a.principal, a.route, a.key, a.fingerprint, a.status, convert_to(write_command.answer, 'UTF8')
      from jsonb_to_record(w->'answer') as a(organisation text, principal text, route text, key text, fingerprint text, status integer);
  end if;
  return told;
end $$;
`;

/** What follows from the states: parties, obligations, processes. What is not named has no rows. Answers which processes are behind. */
export const writeDerived = `
create or replace function perennial.write_derived(w jsonb) returns text[]
language plpgsql volatile
${byKey} as $$
declare
  moved text[];
  opened text[];
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
    with touched as (
      update process p set last = s.version, status = case when s.ended then 'closed' else 'open' end,
          told = case when s.ended and p.status = 'closed' and p.told = p.last then s.version else p.told end
        from jsonb_to_recordset(w->'moved') as s(id text, version integer, ended boolean) where p.subject = s.id
        returning p.id, p.told < p.last as behind)
    select array_agg(t.id) into moved from touched t where t.behind;
  end if;
  if w ? 'processes' then
    with made as (
      insert into process (id, name, subject, organisation, programme, status, opened_by, last)
        select n.id, n.name, n.subject, n.organisation, n.programme, n.status, n.opened_by, n.last
        from jsonb_to_recordset(w->'processes') as n(id text, name text, subject text, organisation text, programme text,
          status text, opened_by text, last integer)
        order by n.id on conflict (id) do nothing returning id)
    select array_agg(m.id) into opened from made m;
  end if;
  return coalesce(moved, '{}') || coalesce(opened, '{}');
end $$;
`;

/** The same, with the trace in which it was recorded. */
export const writeTraced = `
create or replace function perennial.write_traced(w jsonb, context text, answer text default null) returns text[]
security definer set search_path = perennial, pg_temp language plpgsql as $$
begin
  insert into trace (organisation, command, context)
    select distinct e.organisation, e.command, write_traced.context
    from jsonb_to_recordset(w->'entries') as e(organisation text, command text)
    on conflict do nothing;
  return write_command(w, answer);
end $$;
`;
