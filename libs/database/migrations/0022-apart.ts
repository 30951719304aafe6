import type { MigrationInterface, QueryRunner } from 'typeorm';

export const watched = [
  ...[
    'task.done',
    'role.granted',
    'competence.qualified',
    'competence.requalified',
    'policy.approved',
    'step.completed',
  ],
  ...[
    'nonconformity.plan-accepted',
    'nonconformity.closed',
    'nonconformity.found-effective',
    'decision.made',
  ],
];

/**
 * The rules decide who may act. Where the thing itself says who acted before, PostgreSQL keeps the two apart as well: whatever is
 * written past the rules, nobody confirms, closes or decides on their own work, nor gives themselves a role. (SUP-0, SOD-1, SOD-7, SOD-8)
 */
const apart = `
create function perennial.keep_apart() returns trigger
security definer set search_path = perennial, pg_temp language plpgsql as $$
declare
  act jsonb := convert_from(new.body, 'UTF8')::jsonb;
  who text[] := array(select unnest(array[p.id, p.state->>'human']) from stream p
    where p.kind = 'person' and p.id in (new.actor, act->'actor'->>'for'));
  thing stream;
  before jsonb;
begin
  if act ? 'mirrored' or cardinality(who) = 0 then return null; end if;
  select * into thing from stream where id = new.stream;
  before := case new.type
    when 'task.done' then (select jsonb_build_array(a.state->'awaited'->'by', a.state->'awaited'->'actingFor') from stream a
      where a.id = thing.about and a.state->'awaited'->>'command' = thing.state->>'asks')
    when 'role.granted' then jsonb_build_array(thing.state->'human')
    when 'competence.qualified' then (select jsonb_build_array(p.state->'human') from stream p where p.id = thing.about)
    when 'competence.requalified' then (select jsonb_build_array(p.state->'human') from stream p where p.id = thing.about)
    when 'policy.approved' then jsonb_build_array(thing.state->'draftedBy')
    when 'step.completed' then jsonb_build_array(thing.state->'submittedBy')
    when 'nonconformity.plan-accepted' then thing.state->'planBy'
    when 'decision.made' then (select jsonb_agg(m) from stream a, jsonb_array_elements(a.state->'everInTeam') m
      where a.id in (select jsonb_array_elements_text(thing.state->'audits')))
    else thing.state->'workedBy' end;
  if before ?| who then
    raise exception '% by somebody whose own work it is about', new.type using errcode = 'check_violation',
      hint = 'Nobody confirms, closes or decides on their own work (SUP-0, SOD-1, SOD-7, SOD-8).';
  end if;
  return null;
end $$;

create trigger apart after insert on perennial.ledger_entry
  for each row when (new.type in (${watched.map((type) => `'${type}'`).join(', ')}))
  execute function perennial.keep_apart();
alter table perennial.ledger_entry enable always trigger apart;
revoke all on function perennial.keep_apart from public;
`;

/** Separation of duties, held by the database too. */
export class Apart1735689600022 implements MigrationInterface {
  name = 'Apart1735689600022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(apart);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('no way back: restore a backup'));
  }
}
