import type { Id, OnBehalf, Who } from './actor.js';
import type { Instant } from './instant.js';
import { evolve, type Event, type Fact, type Thing } from './machine.js';
import { machineOf } from './machines.js';
import { isOpenTask, taskDone, taskVoided, taskWithdrawn, type Task } from './task/facts.js';

/** A thing as it was read, with the number of its facts. */
export interface Loaded {
  readonly thing: Thing;
  readonly version: number;
}

/** What all facts of one command have in common. */
export interface Stamp {
  readonly actor: Fact['actor'];
  readonly at: Instant;
  readonly effectiveAt: Instant;
  /** The key of the command. */
  readonly command: string;
  /** The command's name, and the thing to which it was issued. */
  readonly type: string;
  readonly subject: Id;
  /** Makes the commitment that stands in the ledger in place of a text. */
  commit(text: string, ordinal: number, name: string): string;
}

/** A fact with its kind, and the clear texts behind its commitments for those who store them apart. */
export interface NewFact {
  readonly kind: string;
  readonly fact: Fact;
}

/** The role in which somebody acts, and whose it is where it is a colleague's. */
export interface InRole {
  readonly role: Who;
  readonly actingFor?: OnBehalf | undefined;
}

/** Who a fact says did it: the account, in which role, and for which colleague. (SOD-15) */
export const doneBy = ({ id }: { readonly id: Id }, { role, actingFor }: InRole): Fact['actor'] => ({
  id,
  role,
  ...(actingFor ? { for: actingFor.account } : {}),
});

/** What a command leaves behind: its facts in order, and the things that they moved. */
export interface Recorded {
  readonly facts: readonly NewFact[];
  readonly things: readonly Loaded[];
}

/**
 * Numbers the events, folds them into the things, and closes the tasks that they settle: the task that asked for this
 * command is done, one that asks for what its thing no longer allows is withdrawn, and one that asks the second of two to confirm
 * what has changed since is void. (SUP-0)
 */
export function record(events: readonly Event[], loaded: readonly Loaded[], stamp: Stamp): Recorded {
  const work = new Recording(loaded, stamp);
  events.forEach((event) => {
    work.add(event);
  });
  settledTasks(work, loaded, stamp, events).forEach((event) => {
    work.add(event);
  });
  return { facts: work.facts, things: [...work.moved.values()] };
}

class Recording {
  readonly facts: NewFact[] = [];
  readonly moved = new Map<Id, Loaded>();

  constructor(
    private readonly loaded: readonly Loaded[],
    private readonly stamp: Stamp,
  ) {}

  /** The thing as it stands after what was recorded so far. */
  now(id: Id): Loaded | undefined {
    return this.moved.get(id) ?? this.before(id);
  }

  /** True for what asks a second to confirm, when the first's consent fell by this command. */
  isVoid({ asks, queue }: Task, about: Thing): boolean {
    const awaited = this.before(about.id)?.thing.awaited;
    return awaited?.command === asks && awaited.awaits.includes(queue) && about.awaited?.command !== asks;
  }

  add(event: Event): void {
    const machine = machineOf(event.kind);
    const { thing, version } = this.now(event.stream) ?? { thing: machine.initial(event.stream), version: 0 };
    const fact = this.factOf(event, version + 1);
    this.facts.push({ kind: event.kind, fact });
    this.moved.set(event.stream, { thing: evolve(machine, thing, fact), version: fact.version });
  }

  private before(id: Id): Loaded | undefined {
    return this.loaded.find(({ thing }) => thing.id === id);
  }

  private factOf(
    { stream, type, data, opens, texts = {}, evidence = [], effectiveAt, mirrored }: Event,
    version: number,
  ): Fact {
    const ordinal = this.facts.length;
    const commit = ([name, text]: [string, string]): [string, string] => {
      const member = memberName(name);
      return [member, this.stamp.commit(text, ordinal, member)];
    };
    return {
      stream,
      version,
      type,
      data,
      ...(opens === undefined ? {} : { opens }),
      texts: Object.fromEntries(Object.entries(texts).map(commit)),
      evidence,
      actor: this.stamp.actor,
      ...(mirrored === undefined ? {} : { mirrored }),
      at: this.stamp.at,
      effectiveAt: effectiveAt ?? this.stamp.effectiveAt,
      command: this.stamp.command,
    };
  }
}

/** Names of texts may be made of keys that people gave; in the ledger a member begins with a letter, and has letters, digits and `_` alone. */
export const memberName = (name: string): string =>
  name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?![a-zA-Z])/, 'n');

function settledTasks(
  work: Recording,
  loaded: readonly Loaded[],
  stamp: Stamp,
  events: readonly Event[],
): Event[] {
  const halfDone = events.some(({ type }) => type === 'second.awaited');
  return loaded
    .map(({ thing }) => thing)
    .filter(isOpenTask)
    .flatMap((task) => {
      if (isAsked(task, stamp) && (!halfDone || task.queue === stamp.actor.role))
        return [taskDone(task.id, stamp.actor.id)];
      const about = task.about === undefined ? undefined : work.moved.get(task.about)?.thing;
      if (!about) return [];
      if (!allows(about, task.asks)) return [taskWithdrawn(task.id, `it is ${about.stage}`)];
      return work.isVoid(task, about) ? [taskVoided(task.id, 'what the first agreed to has changed')] : [];
    });
}

const isAsked = ({ asks, about, of }: Task, { type, subject, actor }: Stamp): boolean =>
  asks === type && about === subject && (of === undefined || of === actor.id || of === actor.for);

function allows(thing: Thing, command: string): boolean {
  const { commands, ends } = machineOf(thing.kind);
  const { from = [], passesOver = [] } = commands[command] ?? {};
  if (from.includes(thing.stage) || (thing.mirrored && passesOver.includes(thing.stage))) return true;
  return from.includes('*') && !ends.includes(thing.stage);
}
