import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { Event } from '#domain/machine.js';
import { lastReminders, type Item, type News, type Step } from '#domain/process/news.js';
import { partsOf } from '#domain/process/routing.js';
import { record, type Loaded, type NewFact } from '#domain/record.js';
import { live } from '#workflows/host.js';
import { processes } from '#workflows/processes.js';
import { Desk, type Answer, type Asked, type Caller } from './desk.js';
import { Run } from './run.js';
import { zoneOf } from '#domain/programme/zone.js';
import { byId, Store } from './store.js';
import type { Clock, Tools } from './tools.js';

const AT_MOST_TURNS = 100_000;

/** What may be done to a rehearsal from outside, to see that nothing comes of it. */
export interface Mischief {
  /** Makes of each message what arrives: nothing, the same again, other messages first. */
  deliver?(news: News, process: Id): readonly News[];
  /** True when the run that has just recorded its step dies before it learns of it. */
  strikes?(process: Id, step: Step): boolean;
}

/** How a rehearsal begins. */
export interface Beginning {
  readonly tools: Tools;
  readonly startsAt: Instant;
  readonly zone: string;
  /** Facts that stand before anybody acts, such as the first key. */
  readonly past?: readonly Event[];
  readonly mischief?: Mischief;
}

/** Begins a rehearsal: any number of things and their processes, in memory, with a clock that is moved. */
export const rehearse = (beginning: Beginning): Rehearsal => new Rehearsal(beginning);

/** The same rules and the same processes as on real servers; years pass in a moment. */
export class Rehearsal {
  private readonly store = new Store();
  private readonly clock: Clock;
  private readonly desk: Desk;
  private readonly runs = new Map<Id, Run>();
  /** The run that was told something last: until it waits again, the others are told nothing. */
  private told: Run | undefined;
  /** What is still to be told, in the order in which it came up. */
  private readonly untold = new Set<Id>();
  private failure: Error | undefined;

  constructor(private readonly beginning: Beginning) {
    const { tools, startsAt, zone, past = [] } = beginning;
    this.clock = { now: startsAt, zone };
    this.desk = new Desk(this.store, tools, this.clock);
    if (past.length > 0) this.tell(past);
  }

  get now(): Instant {
    return this.clock.now;
  }

  /** Every fact so far, in the order in which they were recorded. */
  get entries(): readonly NewFact[] {
    return this.store.facts;
  }

  thing(id: Id): Loaded | undefined {
    return this.store.thing(id);
  }

  things(kind: string): readonly Loaded[] {
    return [...this.store.ofKind(kind)].sort(byId);
  }

  /** What every open process waits for, with the instants. */
  agenda(): readonly { readonly process: Id; readonly items: Run['agenda'] }[] {
    return this.waiting.map(({ process, agenda }) => ({ process, items: agenda }));
  }

  /** Somebody does something; answers when every process that it concerns waits again. */
  async execute(asked: Asked, caller: Caller): Promise<Answer> {
    const answer = this.desk.execute(asked, caller);
    if ('concerns' in answer) this.concern(answer.concerns);
    await this.settle();
    return answer;
  }

  /** Moves the clock from due instant to due instant; at each, what is due goes on until all wait again. */
  async advance(to: Instant): Promise<void> {
    if (to < this.clock.now)
      throw new RangeError(`the clock shows ${this.clock.now}; it never goes back to ${to}`);
    await this.settle();
    for (let next = this.nextDue(to); next !== undefined; next = this.nextDue(to)) {
      if (next > this.clock.now) this.clock.now = next;
      this.concern(this.dueNow());
      await this.settle();
    }
    this.clock.now = to;
  }

  /** Every run dies and a fresh one begins from the ledger. */
  async restart(): Promise<void> {
    for (const run of this.runs.values()) run.kill();
    this.runs.clear();
    this.concern(this.store.openProcesses);
    await this.settle();
  }

  private tell(events: readonly Event[]): void {
    const at = this.clock.now;
    const ids = this.beginning.tools.ids('beginning', at);
    const actor = { id: 'installation', role: 'engine' as const };
    const commit = (content: string, ordinal: number, name: string): string =>
      ids.commit(content, ordinal, name);
    const stamp = { actor, at, effectiveAt: at, command: ids.newId('cmd', 0), type: '', subject: '', commit };
    this.store.add(record(events, [], stamp));
  }

  private concern(processes: readonly Id[]): void {
    processes.forEach((process) => this.untold.add(process));
  }

  /** Tells one process after the other what concerns it, until every one of them waits. */
  private async settle(): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      if (this.failure !== undefined) throw this.failure;
      if (turn > AT_MOST_TURNS) throw new Error('the processes do not come to rest');
      if (this.told?.state === 'running') await Promise.resolve();
      else if (!this.tellNext()) return;
    }
  }

  private tellNext(): boolean {
    const [process] = this.untold;
    if (process === undefined) return false;
    this.untold.delete(process);
    const run = this.runs.get(process);
    if (!run || run.state === 'over') this.begin(process);
    else this.inform(run);
    return true;
  }

  private inform(run: Run): void {
    const news = this.news(run.process, Math.max(run.seen, 0), false);
    if (news.facts.length === 0 && !isDue(run, this.clock.now)) return;
    this.told = run;
    const arriving = this.beginning.mischief?.deliver?.(news, run.process) ?? [news];
    arriving.forEach((one) => {
      run.tell(one);
    });
  }

  private begin(process: Id): void {
    const { name, subject } = partsOf(process);
    const known = processes[name];
    if (!known) throw new RangeError(`no process is called ${name}`);
    if (!this.store.isOpen(process) && this.runs.has(process)) return;
    const run = new Run(process, {
      news: (id, seen, first) => this.news(id, seen, first),
      reminders: (id) => lastReminders(this.store.taken(id)),
      take: (id, step, seen) => this.take(id, step, seen),
      instants: (id, items) => this.instants(id, items),
    });
    this.runs.set(process, run);
    this.told = run;
    live(known, process, subject, run).then(
      () => {
        run.state = 'over';
      },
      (error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
        run.state = 'over';
      },
    );
  }

  private news(process: Id, seen: number, first: boolean): News {
    const all = this.store.factsOf(partsOf(process).subject);
    const facts = all.slice(seen).map(({ fact }) => fact);
    const taken = first ? this.store.taken(process) : [];
    return { facts, taken, last: all.length, clock: this.clock.now, sandbox: true };
  }

  private take(process: Id, step: Step, seen: number): News {
    const concerns = this.desk.step(process, step);
    this.concern(concerns.filter((one) => one !== process));
    if (this.beginning.mischief?.strikes?.(process, step)) {
      this.runs.get(process)?.kill();
      this.runs.delete(process);
      this.concern([process]);
    }
    const taken = this.store.step(process, step.key);
    return { ...this.news(process, seen, false), taken: taken ? [taken] : [] };
  }

  private instants(process: Id, items: readonly Item[]): readonly (Instant | null)[] {
    const subject = this.store.thing(partsOf(process).subject)?.thing;
    const around = [subject?.programme, subject?.organisation].map((id) => this.store.thing(id)?.thing);
    const things = [subject, ...around].filter((one) => one !== undefined);
    const zone = zoneOf(things, subject?.organisation ?? '') ?? this.clock.zone;
    const { tools } = this.beginning;
    return items.map(({ on, at }) =>
      on === undefined ? null : at === 'morning' ? tools.morningOf(on, zone) : tools.endOf(on, zone),
    );
  }

  private nextDue(to: Instant): Instant | undefined {
    let next: Instant | undefined;
    for (const { state, due } of this.runs.values())
      if (state === 'asleep' && due !== undefined && due <= (next ?? to)) next = due;
    return next;
  }

  private dueNow(): readonly Id[] {
    const due = this.waiting.filter((run) => isDue(run, this.clock.now));
    return due.map(({ process }) => process).sort();
  }

  private get waiting(): readonly Run[] {
    return [...this.runs.values()].filter(({ state }) => state === 'asleep');
  }
}

/** True when something that the run waits for is due by then. */
const isDue = ({ due }: Run, by: Instant): boolean => due !== undefined && due <= by;
