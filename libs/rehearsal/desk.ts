import { act, type Command, type Situation } from '#domain/act.js';
import type { Actor, Id } from '#domain/actor.js';
import type { Event, Machine, Thing } from '#domain/machine.js';
import { machineOf, machineWith } from '#domain/machines.js';
import type { Step } from '#domain/process/news.js';
import { partsOf } from '#domain/process/routing.js';
import { readingOf } from '#domain/reading.js';
import {
  doneBy,
  record,
  type InRole,
  type Loaded,
  type NewFact,
  type Recorded,
  type Stamp,
} from '#domain/record.js';
import type { Refusal, Warning } from '#domain/refusal.js';
import { effectiveAt, engineOf, look, principal, situationOf, type Found } from './situation.js';
import type { Store } from './store.js';
import type { Clock, CommandIds, Tools } from './tools.js';

/** A command as it is asked for; one that makes a thing may leave its id open. */
export type Asked = Omit<Command, 'stream'> & { readonly stream?: Id };

/** Who calls, and by which key the call is known. */
export interface Caller {
  readonly principal: Id;
  readonly organisation: Id;
  readonly route: string;
  readonly key: string;
}

/** What came of a command. */
export type Answer =
  | { readonly refused: readonly Refusal[] }
  | {
      readonly thing: Loaded;
      readonly facts: readonly NewFact[];
      readonly warnings: readonly Warning[];
      readonly concerns: readonly Id[];
    };

/** The way of a command in memory: read, decided by the domain, recorded. The same rules as in the database, and no rows. */
export class Desk {
  private readonly answered = new Map<string, Answer>();

  constructor(
    private readonly store: Store,
    private readonly tools: Tools,
    private readonly clock: Clock,
  ) {}

  /** A command of a person or of a key; the same key gets the same answer. */
  execute(asked: Asked, { principal: who, organisation, route, key }: Caller): Answer {
    const whole = `${organisation}\n${who}\n${route}\n${key}`;
    const known = this.answered.get(whole);
    if (known) return known;
    const actor = principal(this.store, who);
    if (!actor) throw new RangeError(`nobody is called ${who}`);
    const issue = this.prepare(machineWith(asked.type, asked.stream), asked, { actor, key: whole });
    const outcome = act(issue.machine, issue.command, issue.situation);
    if ('refused' in outcome) return outcome;
    const recorded = this.recorded(issue, outcome.events, outcome);
    const concerns = this.store.add(recorded);
    const thing = this.store.thing(issue.command.stream) ?? issue.found.subject;
    const answer = { thing, facts: recorded.facts, warnings: outcome.warnings, concerns };
    this.answered.set(whole, answer);
    return answer;
  }

  /** A step of a process, once for ever: what it was refused is recorded too. Answers the processes concerned. */
  step(process: Id, { key, order }: Step): readonly Id[] {
    if (this.store.step(process, key)) return [];
    const { subject } = partsOf(process);
    const machine = order.makes ? machineOf(order.makes.kind) : machineWith(order.command, subject);
    const place = order.makes ? { under: subject } : { stream: subject };
    const organisation = this.store.thing(subject)?.thing.organisation ?? '';
    const asked = { type: order.command, input: order.input, ...place };
    const issue = this.prepare(machine, asked, { actor: engineOf(organisation), key, step: key });
    const outcome = act(machine, issue.command, issue.situation);
    const events = 'events' in outcome ? outcome.events : [];
    if (events.length > 0) return this.store.add(this.recorded(issue, events, { role: 'engine' }));
    const codes = 'refused' in outcome ? outcome.refused.map(({ code }) => code) : [];
    return this.store.add(this.recorded(issue, [aboutStep(issue, codes)], { role: 'engine' }));
  }

  private prepare(machine: Machine, asked: Asked, { actor, key, step }: Acting): Issue {
    const ids = this.tools.ids(key, this.clock.now);
    const stream = asked.stream ?? ids.newId(machine.prefix, 'stream');
    const command = { ...asked, stream };
    const subject = this.store.thing(stream) ?? { thing: machine.initial(stream), version: 0 };
    const reading = readingOf(machine, command, subject.thing);
    const found = look(this.store, command, actor, { ...reading, subject });
    const { series } = reading;
    const number =
      series === undefined
        ? {}
        : { number: { series, count: this.store.nextOf(actor.organisation, series) } };
    const situation = situationOf(found, { actor, clock: this.clock, tools: this.tools, ids, ...number });
    return { machine, command, situation, found, ids, step };
  }

  private recorded(
    { command, situation, found, ids, step }: Issue,
    events: readonly Event[],
    who: InRole,
  ): Recorded {
    const { series } = machineWith(command.type).commands[command.type] ?? {};
    if (series !== undefined) this.store.giveNumber(situation.actor.organisation, series);
    const stamp: Stamp = {
      actor: doneBy(situation.actor, who),
      at: situation.now,
      effectiveAt: effectiveAt(command.effectiveOn, situation, this.tools),
      command: step ?? ids.newId('cmd', 0),
      type: command.type,
      subject: command.stream,
      commit: (content, ordinal, name) => this.store.keepText(ids.commit(content, ordinal, name), content),
    };
    const loaded = new Set([found.subject, ...(found.under ? [found.under] : []), ...found.things]);
    const read = [...loaded].filter(({ version }) => version > 0);
    const unread = events.find(
      ({ stream }) => this.store.thing(stream) && !read.some(({ thing }) => thing.id === stream),
    );
    if (unread) throw new Error(`${command.type} moves ${unread.stream}, at which it does not look`);
    return record(events, read, stamp);
  }
}

interface Acting {
  readonly actor: Actor;
  readonly key: string;
  readonly step?: string;
}

interface Issue {
  readonly machine: Machine;
  readonly command: Command;
  readonly situation: Situation;
  readonly found: Found;
  readonly ids: CommandIds;
  readonly step: string | undefined;
}

/** What a step was refused, or had nothing to do, stands on the thing whose process took it. */
function aboutStep({ found, command }: Issue, codes: readonly string[]): Event {
  const thing: Thing = found.under?.thing ?? found.subject.thing;
  const type = codes.length > 0 ? 'step.refused' : 'step.taken';
  return {
    stream: thing.id,
    kind: thing.kind,
    type,
    data: { asked: command.type, ...(codes.length > 0 ? { codes } : {}) },
  };
}
