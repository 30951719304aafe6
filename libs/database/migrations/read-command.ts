import { byKey } from './by-key.js';

/**
 * What a rule may look at: it sees both sides of a programme; what a caller may see was asked before. Planned once for each
 * connection, since planning it costs more than running it.
 */
export const readCommand = `
drop function if exists perennial.read_command(jsonb);
create function perennial.read_command(ask jsonb) returns json
language plpgsql stable security definer
${byKey} as $$
declare
  who text := ask->>'organisation';
  kinds text[] := array(select jsonb_array_elements_text(ask->'kinds'));
  roles text[] := array(select jsonb_array_elements_text(ask->'holders'));
  subject stream;
  above stream;
  actor stream;
  joined text;
  owner text;
  sides text[];
  hands text[];
  known text[] := '{}';
  wanted text[];
begin
  select * into actor from stream where id = ask->>'principal';
  if ask ? 'stream' then
    select * into subject from stream where id = ask->>'stream';
  end if;
  if ask ? 'under' then
    select * into above from stream where id = ask->>'under';
  end if;
  joined := coalesce(programme_of(subject), programme_of(above));
  owner := coalesce(subject.organisation, above.organisation, who);
  sides := array(select organisation from programme_party where programme = joined and until is null);
  hands := array[ask->>'principal'] || array(select g->'for'->>'account' from jsonb_array_elements(actor.state->'grants') g where g ? 'for');
  if subject.kind = 'task' then
    hands := hands || array[subject.state->>'claimant', subject.state->'handed'->'for'->>'account'];
  elsif subject.id is not null then
    hands := hands || array(select t.state->'handed'->'for'->>'account' from stream t where t.kind = 'task' and t.stage = 'claimed'
      and t.about = subject.id and t.state->'handed'->>'to' = ask->>'principal');
  end if;
  if ask ? 'address' and not in_sandbox(above.organisation) then
    known := array(select a.principal from accounts_at(ask->>'address') a);
  end if;
  wanted := known || sides || array[joined, owner, who, subject.about, above.about] || array(
    select id from stream where kind = 'policyVersion' and organisation = any (sides || owner)
    union all select id from stream where about = any (hands) and kind <> 'task'
    union all select o.id from stream p join stream o on o.kind = 'person' and o.state->>'human' = p.state->>'human'
      where p.id = any (hands) and p.kind = 'person'
    union all select id from stream where kind = 'task' and stage in ('open', 'claimed') and about in (subject.id, above.id));
  if subject.kind = 'task' then
    wanted := wanted || array(select about::text from stream where id = subject.about);
  elsif subject.kind = 'person' then
    wanted := wanted || array(select id::text from task where holder = subject.id and live);
  end if;
  if cardinality(kinds) > 0 then
    wanted := wanted || array(
      select id from stream where programme = joined and kind = any (kinds)
      union all select id from stream where programme is null and organisation = any (sides || owner) and kind = any (kinds)
      union all select id from stream where kind = 'task' and stage in ('open', 'claimed') and programme = joined);
  end if;
  if cardinality(roles) > 0 then
    wanted := wanted || array(select p.id::text from stream p
      where p.kind = 'person' and p.organisation = any (case when joined is null then array[owner] else sides end)
        and exists (select from jsonb_array_elements(p.state->'grants') g where g->>'role' = any (roles)));
  end if;
  return json_build_object(
    'subject', case when subject.id is not null then as_read(subject) end,
    'under', case when above.id is not null then as_read(above) end,
    'principal', case when actor.id is not null then as_read(actor) end,
    'visiting', not exists (select from sandbox_member where organisation = who),
    'owner', owner,
    'alsoIn', (select coalesce(json_agg(distinct o.organisation), '[]') from stream o
      where actor.kind = 'person' and o.kind = 'person' and o.state->>'human' = actor.state->>'human'
        and o.organisation <> actor.organisation),
    'things', (select coalesce(json_agg(as_read(t) order by t.id), '[]') from stream t
      where t.id = any (wanted) and t.id is distinct from subject.id),
    'atAddress', to_json(known),
    'sandbox', (select json_build_object('id', b.id, 'zone', b.zone, 'now', iso(b.now), 'seed', b.seed)
      from sandbox_member m join sandbox b on b.id = m.sandbox
      where m.organisation in (subject.organisation, above.organisation, ask->>'stream', who) limit 1),
    'agreed', (select content from private_content where commitment = subject.state->'texts'->>'agreedTo'));
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
