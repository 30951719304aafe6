import { byKey } from './by-key.js';

/**
 * What a rule may look at: it sees both sides of a programme; what a caller may see was asked before. Planned once for each
 * connection, since planning it costs more than running it.
 */
export const readCommand = `
create or replace function perennial.read_command(ask jsonb) returns jsonb
language plpgsql stable security definer
${byKey} as $$
declare
  who text := ask->>'organisation';
  kinds text[] := array(select jsonb_array_elements_text(ask->'kinds'));
  roles text[] := array(select jsonb_array_elements_text(ask->'holders'));
  subject stream;
  above stream;
  joined text;
  owner text;
  sides text[];
  hands text[];
  known text[] := '{}';
  wanted text[];
begin
  select * into subject from stream where id = ask->>'stream';
  select * into above from stream where id = ask->>'under';
  joined := coalesce(programme_of(subject), programme_of(above));
  owner := coalesce(subject.organisation, above.organisation, who);
  sides := array(select organisation from programme_party where programme = joined and until is null);
  hands := array(select ask->>'principal' union select g->'for'->>'account'
    from stream p, jsonb_array_elements(p.state->'grants') g where p.id = ask->>'principal' and g ? 'for'
    union select t.state->'handed'->'for'->>'account' from stream t where t.kind = 'task' and t.stage = 'claimed'
      and t.about = subject.id and t.state->'handed'->>'to' = ask->>'principal'
    union select unnest(array[subject.state->>'claimant', subject.state->'handed'->'for'->>'account']) where subject.kind = 'task');
  if ask ? 'address' and not in_sandbox(above.organisation) then
    known := array(select a.principal from accounts_at(ask->>'address') a);
  end if;
  wanted := array(
    select unnest(known) union
    select joined union select owner union select who union select unnest(sides)
    union select subject.about union select above.about
    union select id from stream where kind = 'policyVersion' and organisation = any (sides || owner)
    union select id from stream where about = any (hands) and kind <> 'task'
    union select account from accounts_of(hands) account
    union select a.about from stream a where a.id = subject.about and subject.kind = 'task'
    union select k.id from task k where k.holder = subject.id and k.live and subject.kind = 'person'
    union select id from stream where programme = joined and kind = any (kinds)
    union select id from stream where programme is null and organisation = any (sides || owner) and kind = any (kinds)
    union select id from stream where kind = 'task' and stage in ('open', 'claimed') and about in (subject.id, above.id)
    union select id from stream where kind = 'task' and stage in ('open', 'claimed') and programme = joined
      and cardinality(kinds) > 0
    union select p.id from stream p where p.kind = 'person' and cardinality(roles) > 0
      and p.organisation = any (case when joined is null then array[owner] else sides end)
      and exists (select from jsonb_array_elements(p.state->'grants') g where g->>'role' = any (roles))
  );
  return jsonb_build_object(
    'subject', case when subject.id is not null then as_read(subject) end,
    'under', case when above.id is not null then as_read(above) end,
    'principal', (select as_read(p) from stream p where p.id = ask->>'principal'),
    'visiting', not exists (select from sandbox_member where organisation = who),
    'owner', owner,
    'alsoIn', (select coalesce(jsonb_agg(distinct o.organisation), '[]') from stream p
      join stream o on o.kind = 'person' and o.state->>'human' = p.state->>'human' and o.organisation <> p.organisation
      where p.id = ask->>'principal' and p.kind = 'person'),
    'things', (select coalesce(jsonb_agg(as_read(t) order by t.id), '[]') from stream t
      where t.id = any (wanted) and t.id is distinct from subject.id),
    'atAddress', to_jsonb(known),
    'sandbox', (select jsonb_build_object('id', b.id, 'zone', b.zone, 'now', iso(b.now), 'seed', b.seed)
      from sandbox_member m join sandbox b on b.id = m.sandbox
      where m.organisation in (subject.organisation, above.organisation, ask->>'stream', who) limit 1),
    'agreed', (select content from private_content where commitment = subject.state->'texts'->>'agreedTo'));
end $$;
`;
