import type { Id } from '#domain/actor.js';
import { hasEnded, type Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import type { Taken } from '#domain/process/news.js';
import { isPerson } from '#domain/person/facts.js';
import { opens, processId } from '#domain/process/routing.js';
import type { Loaded, NewFact, Recorded } from '#domain/record.js';
import { isOpenTask } from '#domain/task/facts.js';

/** Every fact in its order, and what follows from them: the things as they stand, the processes, the steps taken. */
export class Store {
  readonly facts: NewFact[] = [];
  private readonly things = new Map<Id, Loaded>();
  private readonly kinds = new Map<string, Set<Id>>();
  private readonly subjects = new Map<Id, Set<Id>>();
  private readonly tasks = new Set<Id>();
  private readonly humans = new Map<Id, Set<Id>>();
  private readonly streams = new Map<Id, NewFact[]>();
  /** Every process that was ever opened, with its subject. */
  private readonly processes = new Map<Id, Id>();
  private readonly steps = new Map<Id, Map<string, Taken>>();
  private readonly series = new Map<string, number>();
  private readonly texts = new Map<string, string>();

  thing(id: Id | undefined): Loaded | undefined {
    return id === undefined ? undefined : this.things.get(id);
  }

  /** The ids of all things of a kind, in the order in which they came up. */
  ids(kind: string): readonly Id[] {
    return [...(this.kinds.get(kind) ?? [])];
  }

  /** The things of a kind that satisfy the predicate, in the order of their ids. */
  ofKind(kind: string, wanted: (thing: Thing) => boolean = () => true): readonly Loaded[] {
    return this.among(this.ids(kind), wanted);
  }

  /** The tasks that wait to be done. */
  get openTasks(): readonly Id[] {
    return [...this.tasks];
  }

  /** The accounts of a human. */
  accountsOf(human: Id): readonly Id[] {
    return [...(this.humans.get(human) ?? [])];
  }

  /** The things that are about one of these. */
  about(ids: readonly Id[]): readonly Id[] {
    return ids.flatMap((id) => [...(this.subjects.get(id) ?? [])]);
  }

  /** Those of these things that are there and satisfy the predicate, each once, in the order of their ids. */
  among(ids: readonly (Id | undefined)[], wanted: (thing: Thing) => boolean): readonly Loaded[] {
    const found: Loaded[] = [];
    for (const id of new Set(ids)) {
      const one = this.thing(id);
      if (one && wanted(one.thing)) found.push(one);
    }
    return found.sort(byId);
  }

  factsOf(stream: Id): readonly NewFact[] {
    return this.streams.get(stream) ?? [];
  }

  /** Adds what a command left behind; answers the processes that it concerns. */
  add({ facts, things }: Recorded): readonly Id[] {
    facts.forEach((one) => {
      this.facts.push(one);
      const stream = this.streams.get(one.fact.stream);
      if (stream) stream.push(one);
      else this.streams.set(one.fact.stream, [one]);
      this.keepStep(one);
    });
    things.forEach((one) => {
      this.keep(one);
    });
    facts.forEach(({ fact: { type, stream } }) => {
      const name = opens[type];
      if (name !== undefined) this.processes.set(processId(name, stream), stream);
    });
    const moved = new Set(things.map(({ thing }) => thing.id));
    return this.processesOf((subject) => moved.has(subject));
  }

  private keep(one: Loaded): void {
    const { thing } = one;
    this.things.set(thing.id, one);
    addTo(this.kinds, thing.kind, thing.id);
    if (thing.about !== undefined) addTo(this.subjects, thing.about, thing.id);
    if (isPerson(thing)) addTo(this.humans, thing.human, thing.id);
    if (isOpenTask(thing)) this.tasks.add(thing.id);
    else this.tasks.delete(thing.id);
  }

  private keepStep({ fact: { command, data } }: NewFact): void {
    const process = command.split('/', 2).join('/');
    const steps = this.steps.get(process) ?? new Map<string, Taken>();
    if (!command.startsWith(`${process}/`) || steps.has(command)) return;
    const rungs = rungsIn(data);
    steps.set(command, { key: command, ...(rungs ? { rungs } : {}) });
    this.steps.set(process, steps);
  }

  /** The processes whose subjects have not ended. */
  get openProcesses(): readonly Id[] {
    return this.processesOf((subject) => this.lives(subject));
  }

  isOpen(process: Id): boolean {
    return this.lives(this.processes.get(process));
  }

  private lives(id: Id | undefined): boolean {
    const subject = this.thing(id)?.thing;
    return subject !== undefined && !hasEnded(machineOf(subject.kind), subject);
  }

  /** In the order in which they were opened. */
  private processesOf(isMeant: (subject: Id) => boolean): readonly Id[] {
    const found: Id[] = [];
    for (const [process, subject] of this.processes) if (isMeant(subject)) found.push(process);
    return found;
  }

  /** The steps that a process has taken, in their order. */
  taken(process: Id): readonly Taken[] {
    return [...(this.steps.get(process)?.values() ?? [])];
  }

  /** A step that was taken, by its key. */
  step(process: Id, key: string): Taken | undefined {
    return this.steps.get(process)?.get(key);
  }

  /** Keeps the text behind a commitment; answers the commitment. */
  keepText(commitment: string, text: string): string {
    this.texts.set(commitment, text);
    return commitment;
  }

  text(commitment: string | undefined): string | undefined {
    return commitment === undefined ? undefined : this.texts.get(commitment);
  }

  /** The next number of a series; it is given away when something is recorded with it. */
  nextOf(organisation: Id, series: string): number {
    return (this.series.get(`${organisation}/${series}`) ?? 0) + 1;
  }

  giveNumber(organisation: Id, series: string): void {
    this.series.set(`${organisation}/${series}`, this.nextOf(organisation, series));
  }
}

function addTo(index: Map<string, Set<Id>>, key: string, id: Id): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

const byId = (a: Loaded, b: Loaded): number => (a.thing.id < b.thing.id ? -1 : 1);

function rungsIn(data: object): readonly string[] | undefined {
  if (!('rungs' in data) || !Array.isArray(data.rungs)) return undefined;
  return data.rungs.map(String);
}
