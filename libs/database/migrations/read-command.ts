import { byKey } from './by-key.js';

/**
 * What a rule may look at: it sees both sides of a programme; what a caller may see was asked before. Planned once for each
 * connection, since planning it costs more than running it.
 */
export const readCommand = `
create or replace function perennial.found_by(ask jsonb, subject stream, above stream, actor stream, clock sandbox) returns json
language plpgsql stable as $$
declare
  who text := ask->>'organisation';
  joined text := coalesce(programme_of(subject), programme_of(above));
  owner text := coalesce(subject.organisation, above.organisation, who);
  sides text[] := array(select organisation from programme_party where programme = joined and until is null);
  hands text[] := array[actor.id];
  humans text[] := array[case when actor.kind = 'person' then actor.state->>'human' end];
  known text[] := '{}';
  kinds text[];
  wanted text[];
  visiting boolean := false;
  agreed text;
  things json;
begin
  if actor.state @? '$.grants[*].for' then
    hands := hands || array(select g->'for'->>'account' from jsonb_array_elements(actor.state->'grants') g where g ? 'for');
  end if;
  if ask ? 'address' and not in_sandbox(above.organisation) then
    known := array(select a.principal from accounts_at(ask->>'address') a);
  end if;
  wanted := known || sides || array[joined, owner, who, subject.about, above.about];
  if subject.id is not null then
    if subject.kind = 'task' then
      hands := hands || array[subject.state->>'claimant', subject.state->'handed'->'for'->>'account'];
      wanted := wanted || array(select about::text from stream where id = subject.about);
    else
      hands := hands || array(select t.state->'handed'->'for'->>'account' from stream t where t.kind = 'task' and t.stage = 'claimed'
        and t.about = subject.id and t.state->'handed'->>'to' = actor.id);
    end if;
    if subject.kind = 'person' then
      wanted := wanted || array(select id::text from task where holder = subject.id and live);
    end if;
    if subject.state->'texts' ? 'agreedTo' then
      select content into agreed from private_content where commitment = subject.state->'texts'->>'agreedTo';
    end if;
  end if;
  if ask->'kinds' <> '[]' then
    kinds := array(select jsonb_array_elements_text(ask->'kinds'));
    wanted := wanted || array(
      select id from stream where programme = joined and kind = any (kinds)
      union all select id from stream where programme is null and organisation = any (sides || owner) and kind = any (kinds)
      union all select id from stream where kind = 'task' and stage in ('open', 'claimed') and programme = joined);
  end if;
  if ask->'holders' <> '[]' then
    wanted := wanted || array(select p.id::text from stream p
      where p.kind = 'person' and p.organisation = any (case when joined is null then array[owner] else sides end)
        and exists (select from jsonb_array_elements(p.state->'grants') g where ask->'holders' ? (g->>'role')));
  end if;
  if clock.id is not null then
    visiting := not exists (select from sandbox_member where organisation = who);
  end if;
  if cardinality(hands) > 1 then
    humans := humans || array(select state->>'human' from stream where id = any (hands) and kind = 'person');
  end if;
  select json_agg(as_read(t) order by t.id) into things from stream t
    where t.id is distinct from subject.id and t.id = any (wanted || array(
      select id from stream where kind = 'policyVersion' and organisation = any (sides || owner)
      union all select id from stream where about = any (hands) and kind <> 'task'
      union all select id from stream where kind = 'person' and state->>'human' = any (humans)
      union all select id from stream where kind = 'task' and stage in ('open', 'claimed') and about in (subject.id, above.id)));
  return json_build_object(
    'subject', case when subject.id is not null then as_read(subject) end,
    'under', case when above.id is not null then as_read(above) end,
    'principal', case when actor.id is not null then as_read(actor) end,
    'visiting', visiting,
    'owner', owner,
    'things', coalesce(things, '[]'),
    'atAddress', to_json(known),
    'sandbox', case when clock.id is not null then
      json_build_object('id', clock.id, 'zone', clock.zone, 'now', iso(clock.now), 'seed', clock.seed) end,
    'agreed', agreed);
end $$;

drop function if exists perennial.read_command(jsonb);
create function perennial.read_command(ask jsonb) returns json
language plpgsql stable security definer
${byKey} as $$
declare
  subject stream;
  above stream;
  actor stream;
  clock sandbox;
begin
  select * into subject from stream where id = ask->>'stream';
  select * into above from stream where id = ask->>'under';
  select * into actor from stream where id = ask->>'principal';
  select b.* into clock from sandbox b where b.id = (select m.sandbox from sandbox_member m
    where m.organisation in (subject.organisation, above.organisation, ask->>'stream', ask->>'organisation') limit 1);
  return found_by(ask, subject, above, actor, clock);
end $$;
`;

/** People with their accounts, and what is recorded about them. */
export const readPeople = `
create or replace function perennial.read_people(people text[]) returns json
stable security definer
${byKey} language sql
  return (select coalesce(json_agg(as_read(t) order by t.id), '[]') from stream t
    where t.id in (select id from stream where id = any (people)
      union select account from accounts_of(people) account
      union select id from stream where about = any (people) and kind <> 'task'));
`;
