import type { Actor, Id, OnBehalf, Role, Who } from './actor.js';
import type { CivilDate, Instant } from './instant.js';
import type { Obligation } from './obligation.js';
import type { Policy } from './policy.js';
import type { Refusal, RefusalCode, RuleId, Warning } from './refusal.js';

/** A stored file that a fact rests on, by the hash of its bytes. (R-EVD-1) */
export interface EvidenceRef {
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
}

/** The first of two who must both act ("X + Y"): which human has acted, in which role, and who is awaited. (SUP-0) */
export interface Awaited {
  readonly command: string;
  readonly by: Id;
  /** The human for whom the first acted. (SOD-15) */
  readonly actingFor?: Id;
  readonly role: Who;
  readonly awaits: readonly Role[];
}

/** A rule from which an act of a body departs that is not on Perennial; a client cannot refuse what has happened. */
export interface Departure {
  readonly code: RefusalCode;
  readonly rules: readonly RuleId[];
}

/** Says that the client recorded the act for its body, and from which rules the body departed. */
export interface Mirrored {
  readonly departures?: readonly Departure[];
}

/** What every thing with a life has: its stage, how often each stage was entered, and to whom it belongs. */
export interface Thing {
  readonly id: Id;
  readonly kind: string;
  readonly number?: string;
  /** The stage of its machine; `none` before its first fact. */
  readonly stage: string;
  readonly entered: Readonly<Record<string, number>>;
  /** When the present stage was entered; absent before the first fact. */
  readonly enteredAt?: Instant;
  /** From when its present stage counts: an act of an earlier date may have led there. (R-CAL-14) */
  readonly since?: Instant;
  readonly organisation: Id;
  readonly programme?: Id;
  /** The thing that it is about: the audit of a finding, the person of a competence, the subject of a task. */
  readonly about?: Id;
  /** Commitments of the texts that were recorded last under each name; the texts themselves live apart. */
  readonly texts: Readonly<Record<string, string>>;
  readonly awaited?: Awaited | undefined;
  /** True when the client opened it for a body that is not on Perennial. */
  readonly mirrored?: true;
  /** From what the body departed in what it did here, with the day on which it did. */
  readonly departures?: readonly (Departure & { readonly at: Instant })[];
}

/** To whom a new thing belongs. `both`: the two sides of its programme see it; `owner`: its organisation alone. */
export interface Opening {
  readonly organisation: Id;
  readonly programme?: Id;
  readonly about?: Id;
  readonly visibility: 'both' | 'owner';
  readonly number?: string;
}

/** A fact about to be recorded. Text and personal data stand in `texts` and never enter the ledger in clear. */
export interface Event {
  readonly stream: Id;
  readonly kind: string;
  /** `thing.past-participle`. */
  readonly type: string;
  /** Ids, enums, numbers, dates; at most 1 KiB. */
  readonly data: object;
  readonly opens?: Opening;
  readonly texts?: Readonly<Record<string, string>>;
  readonly evidence?: readonly EvidenceRef[];
  readonly effectiveAt?: Instant;
  readonly mirrored?: Mirrored;
}

/** A recorded fact, as machines and processes read it. `version` is its place in the life of its thing: 1, 2, 3 … */
export interface Fact<D = object> {
  readonly stream: Id;
  readonly version: number;
  readonly type: string;
  readonly data: D;
  readonly opens?: Opening;
  readonly texts: Readonly<Record<string, string>>;
  readonly evidence: readonly EvidenceRef[];
  /** Who, in which role, and for which colleague. */
  readonly actor: { readonly id: Id; readonly role: Who; readonly for?: Id };
  /** Of an act of the body that the client recorded. */
  readonly mirrored?: Mirrored;
  /** When it was written, on the organisation's clock. */
  readonly at: Instant;
  /** When it counts. (R-CAL-14) */
  readonly effectiveAt: Instant;
  /** The key of the command that made it; a process's step is found by it. */
  readonly command: string;
}

/** Everything that a rule may look at besides the thing itself. Plain data, put together by whoever asks. */
export interface Context {
  readonly actor: Actor;
  /** The role in which the actor acts, chosen from the command's `who`. */
  readonly role: Who;
  /** Whose role it is, where a colleague acts in it. (SOD-15) */
  readonly actingFor?: OnBehalf | undefined;
  /** True when the act is of a body that is not on Perennial, and the client records it. */
  readonly mirrored: boolean;
  readonly now: Instant;
  /** `now` as a day in the governing zone. */
  readonly today: CivilDate;
  readonly zone: string;
  /** The civil date on which the act counts: today, or earlier with a reason. (R-CAL-14) */
  readonly effectiveOn: CivilDate;
  readonly policy: Policy;
  /** The other things that the command looks at: of the programme, and of the people concerned. */
  readonly things: readonly Thing[];
  /** The accounts that have the address which the command names, and have not left. */
  readonly atAddress?: readonly Id[];
  /** The thing under which a new one is made. */
  readonly under?: Thing;
  readonly evidence: readonly EvidenceRef[];
  readonly reason?: string;
  /** True on an organisation's sandbox clock: what would go out is caught. */
  readonly sandbox: boolean;
  /** The id of a thing that the command makes; the same each time for the same command, prefix and ordinal. */
  readonly newId: (prefix: string, ordinal: number) => Id;
  /** The next number for people of the new thing, `AIMS-2029-0042`; empty when the command numbers nothing. */
  readonly newNumber: string;
}

/** Something that stands against a command, or nothing. */
export type Objection = Refusal | undefined;

/**
 * One command of a machine: who may issue it, from which stages, which guards it has and which facts it records.
 * The table is read by `act`, by the list of actions, by the diagrams and by the tests that walk it.
 */
export interface CommandRule<S extends Thing = Thing, I = object> {
  /** What it does, as a sentence for people. */
  readonly does: string;
  readonly who: readonly Who[];
  /** The roles of the second where two must act ("X + Y"); whoever acts in one of them is a person. */
  readonly and?: readonly Role[];
  /** Stages in which it is possible; `none` makes a new thing; `*` is every stage that is no end. */
  readonly from: readonly string[];
  /** Stages to which it can lead, for the diagram; empty when the stage stays. */
  readonly to: readonly string[];
  /** Where the body is a record, also possible from these stages: what lies between is among its own people. */
  readonly passesOver?: readonly string[];
  /** What a body does among its own people: nothing of it reaches a client, so no client records it. */
  readonly inside?: true;
  /** Needs a human being: an approval, decision, verification, signature or grading. */
  readonly person?: boolean;
  /** Which rules stand behind its guards, and the codes with which they refuse. */
  readonly rules: readonly RuleId[];
  readonly refuses: readonly RefusalCode[];
  readonly needs?: readonly ('reason' | 'evidence')[];
  /** Kinds of the programme's other things that it looks at or moves. With any, it excludes all other commands of the programme. */
  readonly looks?: readonly string[];
  /** The series of numbers for people from which the new thing takes one, such as `AIMS` or `N`. */
  readonly series?: string;
  /** The people and organisations at which it looks: the things with these ids, and the competences about these people. */
  people?(input: I, state: S): readonly Id[];
  /** The roles whose holders, on both sides of the programme, it looks at. */
  holders?(input: I): readonly Role[];
  /** A mail address: whose it is already, where real certifications are run, is looked up and locked. (SOD-10) */
  address?(input: I): string | undefined;
  /** Of a command that puts a task into somebody's hands: who will have it, to be asked as if they acted. (SOD-15) */
  handsTo?(input: Partial<I>, state: S, context: Context): Actor | undefined;
  /** Guards that need no input: the list of actions asks them too. */
  may?(state: S, context: Context): readonly Objection[];
  guard?(input: I, state: S, context: Context): readonly Objection[];
  warns?(input: I, state: S, context: Context): readonly (Warning | undefined)[];
  record(input: I, state: S, context: Context): readonly Event[];
}

/** Applies a fact to the thing that it is about; pure, and blind to everything else. */
export type Evolver<S extends Thing = Thing, D = object> = { apply(state: S, fact: Fact<D>): S }['apply'];

/** The life of one kind of thing: its stages, its commands, and how its facts move it. */
export interface Machine<S extends Thing = Thing> {
  readonly kind: string;
  readonly prefix: string;
  /** The machine's id in the rules: SM-4, SUP-0. */
  readonly id: RuleId;
  readonly stages: readonly string[];
  /** Stages in which nothing more happens by itself; its process ends there. */
  readonly ends: readonly string[];
  readonly commands: Readonly<Record<string, CommandRule<S>>>;
  readonly evolve: Readonly<Record<string, Evolver<S>>>;
  initial(id: Id): S;
  readonly is: (thing: Thing) => thing is S;
  /** What the thing owes, by which date; reminders and explanations come from here. */
  obligations?(state: S): readonly Obligation[];
}

/** What all kinds have in common before their first fact. */
export const nothingYet = (id: Id): Omit<Thing, 'kind'> => ({
  id,
  stage: 'none',
  entered: {},
  organisation: '',
  texts: {},
});

/** True when the thing has reached an end of its life. */
export const hasEnded = (machine: Machine, state: Thing): boolean => machine.ends.includes(state.stage);

/** How often the thing has entered the stage in which it stands. */
export const entryOf = (state: Thing): number => state.entered[state.stage] ?? 0;

/**
 * The next state of a thing: belongings and texts from the fact's envelope, the rest by the machine's own evolver.
 * A fact of a type that the machine does not know leaves it as it is, so that newer facts harm no older release.
 * A fact that says `reenters` enters its stage anew although the stage stays the same.
 */
export function evolve<S extends Thing>(machine: Machine<S>, state: S, fact: Fact): S {
  const own = machine.evolve[fact.type];
  const before = recordedFor(enveloped(state, fact), fact);
  const after = own ? own(before, fact) : before;
  if (after.stage === state.stage && !('reenters' in fact.data)) return after;
  const times = (after.entered[after.stage] ?? 0) + 1;
  return {
    ...after,
    enteredAt: fact.at,
    since: fact.effectiveAt,
    entered: { ...after.entered, [after.stage]: times },
  };
}

/** To whom it belongs, and its texts. What the first of two agreed to is void as soon as a person records anything else on the thing. */
function enveloped<S extends Thing>(state: S, { type, data, actor, opens, texts: more }: Fact): S {
  const texts = isEmpty(more) ? state.texts : { ...state.texts, ...more };
  const own = opens ? belongings(opens) : {};
  if (type === 'second.awaited' && isAwaited(data)) return { ...state, ...own, awaited: data, texts };
  if (actor.role !== 'engine') return { ...state, ...own, awaited: undefined, texts: withoutAgreed(texts) };
  return opens || texts !== state.texts ? { ...state, ...own, texts } : state;
}

function belongings({ visibility: _, ...own }: Opening): Partial<Thing> {
  return own;
}

function withoutAgreed(texts: Thing['texts']): Thing['texts'] {
  if (!('agreedTo' in texts)) return texts;
  const { agreedTo: _, ...others } = texts;
  return others;
}

const isEmpty = (texts: Thing['texts']): boolean => Object.keys(texts).length === 0;

/** What was recorded for a body, and from what it departed. */
function recordedFor<S extends Thing>(state: S, { opens, mirrored, effectiveAt: at }: Fact): S {
  if (!mirrored) return state;
  const { departures = [] } = state;
  const more = mirrored.departures ?? [];
  return {
    ...state,
    ...(opens ? { mirrored: true } : {}),
    ...(more.length > 0 ? { departures: [...departures, ...more.map((one) => ({ ...one, at }))] } : {}),
  };
}

const isAwaited = (data: object): data is Awaited => 'command' in data && 'by' in data && 'awaits' in data;

/** What a fact may carry besides its data. */
export type Envelope = Partial<Pick<Event, 'opens' | 'texts' | 'evidence' | 'effectiveAt'>>;

/** Makes events of one kind, their data checked against the machine's table of events. */
export const recorder =
  <E extends Record<keyof E, object>>(kind: string) =>
  <T extends keyof E & string>(type: T, stream: Id, data: E[T], envelope: Envelope = {}): Event => ({
    stream,
    kind,
    type,
    data,
    ...envelope,
  });

/** The evolvers of a machine, each reading the data of its own event type. */
export type Evolvers<S extends Thing, E> = { readonly [T in keyof E & string]: Evolver<S, E[T]> };
