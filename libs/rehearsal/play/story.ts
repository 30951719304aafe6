import type { Id } from '#domain/actor.js';
import type { ExplainedDate } from '#domain/explanation.js';
import { evolve, type Fact, type Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import { noticeMachine, type Notice } from '#domain/notice/notice.js';
import type { Obligation } from '#domain/obligation.js';
import type { Answer, Entry } from './door.js';
import type { Names } from './names.js';
import type { Script, ScriptAct } from './script.js';

/** One line of a timeline: an act of somebody, files that came in, or something that happened by itself. */
export type Told =
  | { readonly what: 'act'; readonly act: ScriptAct; readonly answer: Answer; readonly place: number }
  | { readonly what: 'filed'; readonly act: ScriptAct }
  | { readonly what: 'notice'; readonly notice: Reminder }
  | { readonly what: 'moved'; readonly entry: Entry; readonly thing: Thing; readonly from: string };

/** A notice that went out, or a series that was withdrawn. */
export interface Reminder {
  readonly at: string;
  readonly kind: 'sent' | 'late' | 'withdrawn';
  /** The thing on whose account it went out. */
  readonly about: Id | undefined;
  readonly obligation: string;
  readonly due?: string;
  readonly rungs: readonly string[];
  readonly to: readonly string[];
}

/** A date that a rule made, where it stands. */
export interface FoundDate {
  readonly thing: Id;
  readonly kind: string;
  readonly member: string;
  readonly date: ExplainedDate;
}

/** Everything that happened, folded: the things as they stand, the reminders, the dates. */
export class Story {
  readonly entries: Entry[] = [];
  readonly reminders: Reminder[] = [];
  readonly things = new Map<Id, Thing>();
  private readonly found = new Map<string, FoundDate>();

  constructor(
    readonly script: Script,
    private readonly names: Names,
  ) {}

  /** Takes in one fact; answers the lines that it is worth. */
  tell(entry: Entry): readonly Told[] {
    this.entries.push(entry);
    const { kind, fact } = entry;
    const machine = machineOf(kind);
    const before = this.things.get(fact.stream) ?? machine.initial(fact.stream);
    const thing = evolve(machine, before, fact);
    this.things.set(fact.stream, thing);
    Object.entries(fact.data).forEach(([member, date]: [string, unknown]) => {
      if (isExplained(date))
        this.found.set(`${fact.stream}/${member}`, { thing: fact.stream, kind, member, date });
    });
    if (noticeMachine.is(thing)) return this.notice(fact, thing);
    return fact.actor.role === 'engine' && kind !== 'task'
      ? [{ what: 'moved', entry, thing, from: before.stage }]
      : [];
  }

  /** The dates that rules made, the last version of each. */
  get dates(): readonly FoundDate[] {
    return [...this.found.values()];
  }

  /** What a thing owes now. */
  owed(id: Id): readonly Obligation[] {
    const thing = this.things.get(id);
    return thing ? (machineOf(thing.kind).obligations?.(thing) ?? []) : [];
  }

  /** What people call a thing: its name in the script, else its number, else its kind. */
  callOf(id: Id | undefined): string {
    if (id === undefined) return '';
    const thing = this.things.get(id);
    return this.names.nameOf(id) ?? thing?.number ?? thing?.kind ?? id;
  }

  private notice({ type, at }: Fact, { about, obligation, due, rungs, to }: Notice): readonly Told[] {
    const kind = noticeKinds[type];
    if (kind === undefined) return [];
    const notice = { at, kind, about, obligation, rungs, to, ...(due === undefined ? {} : { due }) };
    this.reminders.push(notice);
    return [{ what: 'notice', notice }];
  }
}

const noticeKinds: Readonly<Record<string, Reminder['kind']>> = {
  'notice.sent': 'sent',
  'notice.late': 'late',
  'notice.withdrawn': 'withdrawn',
};

/** True for a date that carries the rule behind it. */
export const isExplained = (value: unknown): value is ExplainedDate =>
  typeof value === 'object' &&
  value !== null &&
  'date' in value &&
  'rule' in value &&
  'basis' in value &&
  Array.isArray(value.basis);
