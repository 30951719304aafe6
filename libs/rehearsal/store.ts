import type { Id } from '#domain/actor.js';
import { hasEnded, type Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import type { Taken } from '#domain/process/news.js';
import { opens, processId } from '#domain/process/routing.js';
import type { Loaded, NewFact, Recorded } from '#domain/record.js';

/** Every fact in its order, and what follows from them: the things as they stand, the processes, the steps taken. */
export class Store {
  readonly facts: NewFact[] = [];
  private readonly things = new Map<Id, Loaded>();
  private readonly streams = new Map<Id, NewFact[]>();
  private readonly processes = new Map<Id, Id>();
  private readonly series = new Map<string, number>();

  thing(id: Id | undefined): Loaded | undefined {
    return id === undefined ? undefined : this.things.get(id);
  }

  /** The things that satisfy the predicate, in the order of their ids. */
  where(wanted: (thing: Thing) => boolean): readonly Loaded[] {
    return [...this.things.values()].filter(({ thing }) => wanted(thing)).sort(byId);
  }

  factsOf(stream: Id): readonly NewFact[] {
    return this.streams.get(stream) ?? [];
  }

  /** Adds what a command left behind; answers the processes that it concerns. */
  add({ facts, things }: Recorded): readonly Id[] {
    facts.forEach((one) => {
      this.facts.push(one);
      this.streams.set(one.fact.stream, [...this.factsOf(one.fact.stream), one]);
    });
    things.forEach((one) => this.things.set(one.thing.id, one));
    facts.forEach(({ fact: { type, stream } }) => {
      const name = opens[type];
      if (name !== undefined) this.processes.set(processId(name, stream), stream);
    });
    const moved = new Set(things.map(({ thing }) => thing.id));
    return [...this.processes].filter(([, subject]) => moved.has(subject)).map(([process]) => process);
  }

  /** Every process that was ever opened, with its subject. */
  get opened(): ReadonlyMap<Id, Id> {
    return this.processes;
  }

  isOpen(process: Id): boolean {
    const subject = this.thing(this.processes.get(process))?.thing;
    return subject !== undefined && !hasEnded(machineOf(subject.kind), subject);
  }

  /** The steps that a process has taken, in their order. */
  taken(process: Id): readonly Taken[] {
    const steps = new Map<string, Taken>();
    for (const { fact } of this.facts) {
      if (!fact.command.startsWith(`${process}/`) || steps.has(fact.command)) continue;
      const rungs = rungsIn(fact.data);
      steps.set(fact.command, { key: fact.command, ...(rungs ? { rungs } : {}) });
    }
    return [...steps.values()];
  }

  /** The next number of a series; it is given away when something is recorded with it. */
  nextOf(organisation: Id, series: string): number {
    return (this.series.get(`${organisation}/${series}`) ?? 0) + 1;
  }

  giveNumber(organisation: Id, series: string): void {
    this.series.set(`${organisation}/${series}`, this.nextOf(organisation, series));
  }
}

const byId = (a: Loaded, b: Loaded): number => (a.thing.id < b.thing.id ? -1 : 1);

function rungsIn(data: object): readonly string[] | undefined {
  if (!('rungs' in data) || !Array.isArray(data.rungs)) return undefined;
  return data.rungs.map(String);
}
