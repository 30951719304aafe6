import pg, { type ClientBase } from 'pg';
import { thingThen, type Bounds } from '#domain/as-of.js';
import type { Instant } from '#domain/instant.js';
import type { Fact, Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import { milestones } from '#domain/roadmap/happened.js';
import { roadmapKinds } from '#domain/roadmap/roadmap.js';
import { factOf } from '../ledger/entry.js';
import { prepared } from '../prepared.js';

/** A programme with those of its things and its facts that stand on its roadmap, as far as a reader sees them. */
export interface OnTheWay {
  readonly programme: Thing;
  readonly things: readonly Thing[];
  readonly facts: readonly Pick<Fact, 'type' | 'effectiveAt'>[];
  /** What its clock shows; nothing where that is the real one. */
  readonly now: Instant | null;
}

const listed = (words: readonly string[]): string => words.map((word) => pg.escapeLiteral(word)).join(', ');

// What never changes stands in the text: with one parameter a connection keeps one plan, and planning costs more than reading.
// Most of a programme's things are tasks that are over: they owe nothing.
const text = `with found as materialized (
    select s.id, s.organisation, s.state from perennial.stream s
    where (s.id = $1 or s.number = $1) and s.kind = 'programme' order by s.id limit 1)
  select p.state as programme,
    (select coalesce(json_agg(s.state order by s.id), '[]') from perennial.stream s
      where s.programme = p.id and s.kind in (${listed(roadmapKinds)})
        and (s.kind <> 'task' or s.stage in ('open', 'claimed'))) as things,
    (select coalesce(json_agg(convert_from(l.body, 'UTF8') order by l.version), '[]') from perennial.ledger_entry l
      where l.stream = p.id and l.type in (${listed(Object.keys(milestones))})) as facts,
    (select perennial.iso(max(b.now)) from perennial.sandbox_member m join perennial.sandbox b on b.id = m.sandbox
      where m.organisation in (perennial.mine(), p.organisation)) as now
  from found p`;

/** All that is on the way of a programme, by its id or its number for people, in one query; nothing for a stranger. */
export async function onTheWay(client: ClientBase, idOrNumber: string): Promise<OnTheWay | undefined> {
  const { rows } = await client.query<Omit<OnTheWay, 'facts'> & { facts: readonly string[] }>(
    prepared(text, [idOrNumber]),
  );
  return rows.map((row) => ({ ...row, facts: row.facts.map((body) => factOf(body).fact) }))[0];
}

/** The things of a programme as they were, those that existed then: folds all their entries. */
export async function thingsOnTheWayThen(
  client: ClientBase,
  programme: string,
  bounds: Bounds,
): Promise<readonly Thing[]> {
  const { rows } = await client.query<{ kind: string; body: string }>(
    `select s.kind, convert_from(l.body, 'UTF8') as body
     from perennial.stream s join perennial.ledger_entry l on l.stream = s.id
     where s.programme = $1 and s.kind = any ($2) order by l.stream, l.version`,
    [programme, roadmapKinds],
  );
  const lives = Map.groupBy(
    rows.map(({ kind, body }) => ({ kind, fact: factOf(body).fact })),
    ({ fact }) => fact.stream,
  );
  return [...lives.values()].flatMap((life) => {
    const machine = machineOf(life[0]?.kind ?? '');
    const facts = life.map(({ fact }) => fact);
    return thingThen(machine, facts, bounds)?.thing ?? [];
  });
}
