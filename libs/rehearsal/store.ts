import type { Id } from '#domain/actor.js';
import { hasEnded } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import type { Taken } from '#domain/process/news.js';
import { isPerson } from '#domain/person/facts.js';
import { opens, partsOf, processId } from '#domain/process/routing.js';
import type { Loaded, NewFact, Recorded } from '#domain/record.js';
import { isOpenTask } from '#domain/task/facts.js';

/** Every fact in its order, and what follows from them: the things as they stand, the processes, the steps taken. */
export class Store {
  readonly facts: NewFact[] = [];
  private readonly things = new Map<Id, Loaded>();
  private readonly kinds: Index = new Map();
  private readonly subjects: Index = new Map();
  private readonly tasks = new Map<Id, Loaded>();
  private readonly humans: Index = new Map();
  private readonly streams = new Map<Id, NewFact[]>();
  /** Every process that was ever opened, by the thing that it is about. */
  private readonly processes = new Map<Id, Opened[]>();
  private opened = 0;
  private readonly steps = new Map<Id, Map<string, Taken>>();
  private readonly series = new Map<string, number>();
  private readonly texts = new Map<string, string>();

  thing(id: Id | undefined): Loaded | undefined {
    return id === undefined ? undefined : this.things.get(id);
  }

  /** The things of a kind. */
  ofKind(kind: string): Iterable<Loaded> {
    return this.kinds.get(kind)?.values() ?? [];
  }

  /** The tasks that wait to be done. */
  get openTasks(): Iterable<Loaded> {
    return this.tasks.values();
  }

  /** The accounts of a human. */
  accountsOf(human: Id): Iterable<Loaded> {
    return this.humans.get(human)?.values() ?? [];
  }

  /** The things that are about this one. */
  about(id: Id): Iterable<Loaded> {
    return this.subjects.get(id)?.values() ?? [];
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
      if (name !== undefined) this.open(processId(name, stream), stream);
    });
    return inOrder(things.flatMap(({ thing }) => this.processes.get(thing.id) ?? []));
  }

  private open(process: Id, subject: Id): void {
    const known = this.processes.get(subject) ?? [];
    if (known.some((one) => one.process === process)) return;
    this.opened += 1;
    this.processes.set(subject, [...known, { process, place: this.opened }]);
  }

  private keep(one: Loaded): void {
    const { thing } = one;
    this.things.set(thing.id, one);
    addTo(this.kinds, thing.kind, one);
    if (thing.about !== undefined) addTo(this.subjects, thing.about, one);
    if (isPerson(thing)) addTo(this.humans, thing.human, one);
    if (isOpenTask(thing)) this.tasks.set(thing.id, one);
    else this.tasks.delete(thing.id);
  }

  private keepStep({ fact: { command, data } }: NewFact): void {
    const [name = '', subject = '', step] = command.split('/');
    if (step === undefined) return;
    const process = processId(name, subject);
    const steps = this.steps.get(process) ?? new Map<string, Taken>();
    if (steps.has(command)) return;
    const rungs = rungsIn(data);
    this.steps.set(process, steps.set(command, { key: command, ...(rungs ? { rungs } : {}) }));
  }

  /** The processes whose subjects have not ended. */
  get openProcesses(): readonly Id[] {
    return inOrder([...this.processes].flatMap(([subject, known]) => (this.lives(subject) ? known : [])));
  }

  isOpen(process: Id): boolean {
    const { subject } = partsOf(process);
    return this.lives(subject) && (this.processes.get(subject) ?? []).some((one) => one.process === process);
  }

  private lives(id: Id): boolean {
    const subject = this.thing(id)?.thing;
    return subject !== undefined && !hasEnded(machineOf(subject.kind), subject);
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

/** A process, and its place among all that were opened. */
interface Opened {
  readonly process: Id;
  readonly place: number;
}

const inOrder = (opened: readonly Opened[]): readonly Id[] =>
  opened.toSorted((a, b) => a.place - b.place).map(({ process }) => process);

/** Things in the order in which they came up, by what is asked for. */
type Index = Map<string, Map<Id, Loaded>>;

function addTo(index: Index, key: string, one: Loaded): void {
  const things = index.get(key);
  if (things) things.set(one.thing.id, one);
  else index.set(key, new Map([[one.thing.id, one]]));
}

/** In the order of their ids, as the database reads them. */
export const byId = (a: Loaded, b: Loaded): number => (a.thing.id < b.thing.id ? -1 : 1);

function rungsIn(data: object): readonly string[] | undefined {
  if (!('rungs' in data) || !Array.isArray(data.rungs)) return undefined;
  return data.rungs.map(String);
}
