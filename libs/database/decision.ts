import type { ClientBase } from 'pg';
import type { Command, Outcome, Situation } from '#domain/act.js';
import type { Id, Who } from '#domain/actor.js';
import type { Event, Thing } from '#domain/machine.js';
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
import type { Warning } from '#domain/refusal.js';
import type { IdSource } from '#platform/ids.js';
import { CommandIds } from './command-ids.js';
import { readOnly, readPeople, type Found, type Row } from './command-read.js';
import { rowsOf, type PrivateText } from './command-write.js';
import type { Issue } from './issue.js';
import { commitment } from './ledger/entry.js';
import { actorIn, after, clockOf, effectiveAt, engineOf, situationOf } from './situation.js';

/** What a command did: the thing as it stands now, its facts, and the situation in which further actions are asked. */
export interface Done {
  readonly thing: Loaded;
  readonly made: boolean;
  readonly facts: readonly NewFact[];
  /** The ids of the entries, in the order of the facts. */
  readonly entries: readonly Id[];
  readonly moved: readonly Loaded[];
  readonly warnings: readonly Warning[];
  readonly role: Who;
  readonly situation: Situation;
}

export interface Surroundings {
  readonly now: () => number;
  readonly random: IdSource['random'];
  readonly instance: string;
}

/** What was locked and read, and where more can be read. */
export interface Locked {
  readonly organisation: Id;
  readonly number: number | null;
  readonly found: Found;
  readonly client: ClientBase;
}

type Decided = Extract<Outcome, { events: unknown }>;

/** One command between its reading and its writing. */
export class Decision {
  private recorded: Recorded = { facts: [], things: [] };
  private readonly texts: PrivateText[] = [];

  private constructor(
    private readonly issue: Issue,
    readonly command: Command,
    readonly situation: Situation,
    private readonly given: Given,
  ) {}

  /** Puts together what the rules look at; nothing for an account that may not act any more. */
  static async prepare(
    issue: Issue,
    locked: Locked,
    { now, random, instance }: Surroundings,
  ): Promise<Decision | undefined> {
    const { organisation, client } = locked;
    const at = clockOf(locked.found, now);
    const ids = new CommandIds({
      key: issue.key,
      seed: locked.found.sandbox?.seed,
      now: () => Date.parse(at),
      random,
    });
    const actor = issue.step === undefined ? actorIn(locked.found, now) : engineOf(organisation);
    if (!actor) return undefined;
    const command = {
      ...issue.asked,
      stream: issue.asked.stream ?? ids.newId(issue.machine.prefix, 'stream'),
    };
    const subject = locked.found.subject ?? { thing: issue.machine.initial(command.stream), version: 0 };
    const { kinds, people } = readingOf(issue.machine, command, subject.thing);
    const looked = kinds.length > issue.ask.kinds.length; // only the thing itself says what else it needs
    const seen = looked ? await readOnly(client, { ...issue.ask, kinds }) : locked.found;
    const found = await withPeople(client, seen, people);
    const number = numberOf(issue, locked);
    const situation = situationOf(found, { subject, actor, now: at, number, ids });
    return new Decision(issue, command, situation, { found, subject, organisation, instance, ids });
  }

  /** Numbers and folds the events of a command that was not refused. */
  record({ events, warnings, ...who }: Decided): Done {
    const { subject } = this.given;
    this.fold(events, who, this.command.type);
    const thing = this.recorded.things.find((one) => one.thing.id === this.command.stream) ?? subject;
    return {
      thing,
      made: subject.version === 0,
      facts: this.recorded.facts,
      entries: this.entryIds(),
      moved: this.recorded.things,
      warnings,
      role: who.role,
      situation: after(this.situation, this.recorded.things),
    };
  }

  /** A step leaves a fact in any case, so that it is never taken again. */
  recordStep(outcome: Outcome): void {
    const refused = 'refused' in outcome ? outcome.refused : [];
    const events = 'events' in outcome ? outcome.events : [];
    if (events.length > 0) {
      this.fold(events, { role: 'engine' }, this.command.type);
    } else {
      const type = refused.length > 0 ? 'step.refused' : 'step.taken';
      const codes = refused.map(({ code }) => code);
      this.fold(
        [this.aboutStep(type, { asked: this.command.type, ...(refused.length > 0 ? { codes } : {}) })],
        { role: 'engine' },
        '',
      );
    }
  }

  /** The rows to be written. */
  rows(): object {
    const { organisation, instance } = this.given;
    const origin = `${instance}/log/${organisation}/1`;
    const log = { organisation, origin, auth: this.issue.auth, entryIds: this.entryIds() };
    return rowsOf(this.recorded, this.loaded(), this.texts, log);
  }

  private fold(events: readonly Event[], who: InRole, type: string): void {
    this.recorded = record(events, this.loaded(), this.stamp(who, type));
  }

  private stamp(who: InRole, type: string): Stamp {
    const { situation, command, issue } = this;
    return {
      actor: doneBy(situation.actor, who),
      at: situation.now,
      effectiveAt: effectiveAt(command.effectiveOn, situation),
      command: issue.step ?? this.given.ids.newId('cmd', 0),
      type,
      subject: command.stream,
      commit: (content, ordinal, name) => this.commit(content, ordinal, name),
    };
  }

  private commit(content: string, ordinal: number, name: string): string {
    const salt = this.given.ids.salt(ordinal, name);
    const hidden = commitment(salt, content);
    this.texts.push({ commitment: hidden, name, ordinal, salt: Buffer.from(salt).toString('hex'), content });
    return hidden;
  }

  /** What a step was refused, or had nothing to do, stands on the thing whose process took it. */
  private aboutStep(type: string, data: object): Event {
    const { found, subject } = this.given;
    const thing: Thing = found.under?.thing ?? subject.thing;
    return { stream: thing.id, kind: thing.kind, type, data };
  }

  private loaded(): readonly Loaded[] {
    const { subject, found } = this.given;
    const all: readonly Loaded[] = [subject, ...(found.under ? [found.under] : []), ...found.things];
    return [...new Map(all.map((one) => [one.thing.id, one])).values()].filter(({ version }) => version > 0);
  }

  private entryIds(): readonly Id[] {
    return this.recorded.facts.map((_, ordinal) => this.given.ids.newId('ent', ordinal));
  }
}

interface Given {
  readonly found: Found;
  readonly subject: Loaded;
  readonly organisation: Id;
  readonly instance: string;
  readonly ids: CommandIds;
}

/** The situation of a thing for a caller who asks what could be done; nothing for a stranger or an unknown thing. */
export function outline(found: Found, { now, random }: Surroundings): Situation | undefined {
  const actor = actorIn(found, now);
  if (!actor || !found.subject) return undefined;
  const at = clockOf(found, now);
  const ids = new CommandIds({ key: '', seed: found.sandbox?.seed, now: () => Date.parse(at), random });
  return situationOf(found, { subject: found.subject, actor, now: at, ids });
}

function numberOf({ ask }: Issue, { number }: Locked): { series: string; count: number } | undefined {
  return ask.series === undefined || number === null ? undefined : { series: ask.series, count: number };
}

/** What was read, and the accounts of these people with what is recorded about them. */
export async function withPeople(client: ClientBase, found: Found, people: readonly Id[]): Promise<Found> {
  if (people.length === 0) return found;
  const more = await readPeople(client, people);
  const rows = new Map<Id, Row>([...found.things, ...more].map((row) => [row.thing.id, row]));
  if (found.subject) rows.delete(found.subject.thing.id);
  return { ...found, things: [...rows.values()].sort((a, b) => (a.thing.id < b.thing.id ? -1 : 1)) };
}
