import type { Id } from '#domain/actor.js';
import { evolve, type Fact, type Opening, type Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import { programmeOf } from '#domain/programme/parties.js';
import type { NewFact } from '#domain/record.js';
import { derivedRows } from '../command-write.js';
import { sidesOf } from '../situation.js';
import { factOf } from './entry.js';

/** The rows of the derived tables, by their columns. */
export interface Tables {
  readonly stream: readonly object[];
  readonly programme_party: readonly object[];
  readonly obligation: readonly object[];
  readonly number_series: readonly object[];
  readonly process: readonly object[];
}

interface Life {
  thing: Thing;
  readonly facts: NewFact[];
  readonly opens: Opening;
}

interface Party {
  readonly programme: Id;
  readonly organisation: Id;
  readonly side: string;
  readonly since: string;
  until: string | null;
}

const NUMBER = /^(.+)-\d{4}-(\d+)$/;

/** Folds entries, stream by stream and in the order of versions, into what the derived tables must hold. */
export class Fold {
  private readonly lives = new Map<Id, Life>();
  private readonly parties = new Map<string, Party>();
  private readonly series = new Map<string, { organisation: Id; series: string; last: number }>();

  add(organisation: Id, body: string): void {
    const { kind, fact } = factOf(body);
    const life = this.lives.get(fact.stream) ?? begin(fact, kind);
    this.lives.set(fact.stream, life);
    const machine = machineOf(life.thing.kind);
    if (fact.version !== life.facts.length + 1)
      throw new Error(`${fact.stream} has no version ${life.facts.length + 1}`);
    life.thing = evolve(machine, life.thing, fact);
    life.facts.push({ kind: life.thing.kind, fact });
    this.count(organisation, fact);
    if (life.thing.kind === 'programme') this.join(life.thing, fact);
  }

  tables(): Tables {
    const lives = [...this.lives.values()];
    const rows = lives.map(({ thing, facts }) =>
      derivedRows({ facts, things: [{ thing, version: facts.length }] }),
    );
    const processes = rows.flatMap((row) => row.processes);
    const present = Map.groupBy(
      [...this.parties.values()].filter(({ until }) => until === null),
      ({ programme }) => programme,
    );
    return {
      stream: lives.map((life) => streamRow(life, present.get(programmeOf(life.thing) ?? ''))),
      programme_party: [...this.parties.values()],
      obligation: rows.flatMap((row) => row.obligations),
      number_series: [...this.series.values()],
      process: [...new Map(processes.toReversed().map((row) => [row.id, row])).values()],
    };
  }

  private count(organisation: Id, { opens }: Fact): void {
    const [, series, count] = NUMBER.exec(opens?.number ?? '') ?? [];
    if (series === undefined) return;
    const key = `${organisation}/${series}`;
    const last = Math.max(Number(count), this.series.get(key)?.last ?? 0);
    this.series.set(key, { organisation, series, last });
  }

  private join(programme: Thing, { at }: Fact): void {
    const sides = sidesOf(programme);
    const present = new Set(sides.map(({ side, organisation }) => keyOf(programme.id, organisation, side)));
    for (const { side, organisation } of sides) {
      const key = keyOf(programme.id, organisation, side);
      const known = this.parties.get(key);
      if (known) known.until = null;
      else this.parties.set(key, { programme: programme.id, organisation, side, since: at, until: null });
    }
    for (const [key, party] of this.parties) {
      if (party.programme === programme.id && !present.has(key)) party.until ??= at;
    }
  }
}

const keyOf = (programme: Id, organisation: Id, side: string): string =>
  [programme, organisation, side].join('/');

function begin({ stream, opens }: Fact, kind: string | undefined): Life {
  if (kind === undefined || opens === undefined)
    throw new Error(`${stream} does not begin with its belongings`);
  return { thing: machineOf(kind).initial(stream), facts: [], opens };
}

const otherSide = (parties: readonly Party[], side: Id | undefined): Id | undefined =>
  parties.find(({ organisation }) => organisation !== side)?.organisation;

function streamRow({ thing, facts, opens: { visibility } }: Life, parties: readonly Party[] = []): object {
  const { id, kind, organisation, about, number, stage } = thing;
  return {
    ...{ id, kind, organisation, programme: programmeOf(thing), about, visibility, number, stage },
    ...{ version: facts.length, state: thing },
    created_at: facts[0]?.fact.at,
    updated_at: facts.at(-1)?.fact.at,
    shared_with: visibility === 'both' ? otherSide(parties, organisation) : undefined,
  };
}
