import { act, type Command, type Outcome, type Situation } from './act.js';
import { heldFor, type Actor, type Id, type Role } from './actor.js';
import { civilDate, instant, type CivilDate } from './instant.js';
import type { Event, Machine, Opening, Thing } from './machine.js';
import { machineWith } from './machines.js';
import { humanOf, isPerson, type Person } from './person/facts.js';
import { Policy } from './policy.js';
import { partiesOf, programmeOf } from './programme/parties.js';
import { readingOf } from './reading.js';
import { doneBy, record, type InRole, type Loaded, type Stamp } from './record.js';
import type { RefusalCode, RuleId, Warning, WarningCode } from './refusal.js';
import { handedFor, isInHandsOf, isOpenTask, whoHas } from './task/facts.js';
import { tellShown, tellTried } from './witness.js';

/** Somebody who acts, on a day. */
export interface By {
  readonly actor: Actor;
  readonly on: CivilDate;
}

/** Something that somebody did before. */
export interface Deed extends By {
  readonly command: Command;
}

/** What a specification begins with: what was done, single facts, and things as they stand. */
export type Past = Deed | Event | Thing;

const DAY = '2029-03-01';
const ENGINE: Actor = { id: 'engine', kind: 'engine', organisation: '', human: '', grants: [], alsoIn: [] };

/** Perennial itself. */
export const engine = ENGINE;

/** The client and the certification body of a specification. */
export const client: Id = 'org_client';
export const body: Id = 'org_body';

/** A person with roles that hold for ever, in all of the organisation unless a programme is named. */
export function person(who: Partial<Actor> & { roles: readonly Role[]; programme?: Id }): Actor {
  const { roles, programme, id = `per_${roles.join('-')}`, organisation = client, ...rest } = who;
  const grants = roles.map((role) => ({
    role,
    from: civilDate('1999-01-01'),
    ...(programme ? { programme } : {}),
  }));
  return { kind: 'person', human: id, grants, alsoIn: [], ...rest, id, organisation };
}

/** A machine account with roles. */
export const machineAccount = (who: Parameters<typeof person>[0]): Actor =>
  person({ kind: 'machine', ...who });

/** Who acts, and on which day. */
export const by = (actor: Actor, on: string = DAY): By => ({ actor, on: civilDate(on) });

/** A command to one thing. */
export const command = (
  type: string,
  stream: Id,
  input: object = {},
  more: Partial<Command> = {},
): Command => ({
  type,
  stream,
  input,
  ...more,
});

/** A command that was issued before. */
export const did = (what: Command, who: By): Deed => ({ command: what, ...who });

/** A fact that stands already, however it came about. */
export function fact(event: {
  kind: string;
  type: string;
  stream: Id;
  data?: object;
  opens?: Partial<Opening>;
}): Event {
  const { opens, data = {}, ...rest } = event;
  const opening = opens ? { opens: { organisation: client, visibility: 'both' as const, ...opens } } : {};
  return { ...rest, data, ...opening };
}

/** Tells what came before; `when` says what somebody tries, and its answer says what comes of it. */
export const given = (...past: readonly Past[]): Scene =>
  past.reduce((scene: Scene, one) => scene.and(one), new Scene(new Map(), new Policy()));

/** A small world in memory: the same rules and the same reading as the real one, without a store. */
class Scene {
  constructor(
    private readonly world: ReadonlyMap<Id, Loaded>,
    private readonly policy: Policy,
    private readonly sandbox = true,
  ) {}

  /** The same under a policy of the body. */
  under(policy: Policy): Scene {
    return new Scene(this.world, policy, this.sandbox);
  }

  /** The same where what goes out really goes out. */
  onRealClock(): Scene {
    return new Scene(this.world, this.policy, false);
  }

  /** Adds a piece of the past. */
  and(past: Past): Scene {
    if ('command' in past) return this.when(past.command, past).done();
    if ('stage' in past) return this.with([{ thing: past, version: 1 }]);
    const { things } = record(
      [past],
      [...this.world.values()],
      this.stamp(command('told', past.stream), by(ENGINE), { role: 'engine' }),
    );
    return this.with(things);
  }

  /** The thing as it stands, which must be one of the machine's kind. */
  thing<S extends Thing>(machine: Machine<S>, id: Id): S {
    const thing = this.world.get(id)?.thing;
    if (!thing || !machine.is(thing)) throw new Error(`there is no ${machine.kind} ${id}`);
    return thing;
  }

  /** Every thing that stands. */
  get things(): readonly Thing[] {
    return [...this.world.values()].map(({ thing }) => thing);
  }

  /** How many facts a thing has. */
  version(id: Id): number {
    return this.world.get(id)?.version ?? 0;
  }

  /** Somebody tries something. */
  when(what: Command, who: By): Answer {
    const machine = machineWith(what.type, what.stream);
    const subject = this.world.get(what.stream)?.thing ?? machine.initial(what.stream);
    const outcome = act(machine, what, this.situation(machine, what, subject, who));
    const after = 'refused' in outcome ? this : this.recorded(outcome, what, who);
    tellTried({ machine, command: what.type, by: who.actor.kind, outcome, things: after.things });
    return new Answer(outcome, what, after);
  }

  private recorded({ events, ...who }: Exclude<Outcome, { refused: unknown }>, what: Command, by: By): Scene {
    return this.with(record(events, [...this.world.values()], this.stamp(what, by, who)).things);
  }

  private with(things: readonly Loaded[]): Scene {
    const moved = things.map((one): [Id, Loaded] => [one.thing.id, one]);
    return new Scene(new Map([...this.world, ...moved]), this.policy, this.sandbox);
  }

  private situation(machine: Machine, what: Command, subject: Thing, { actor, on }: By): Situation {
    const under = what.under === undefined ? undefined : this.world.get(what.under)?.thing;
    const made = this.world.size;
    const { series, address } = readingOf(machine, what, subject);
    return {
      subject,
      version: this.version(subject.id),
      actor,
      now: instant(`${on}T10:00:00.000Z`),
      today: on,
      ...(subject.since ? { since: civilDate(subject.since.slice(0, 10)) } : {}),
      ...agreedTo(subject),
      zone: 'Etc/UTC',
      policy: this.policy,
      things: this.read(machine, what, subject, actor),
      atAddress: this.atAddress(address),
      ...(under ? { under } : {}),
      newNumber: series ? `${series}-${on.slice(0, 4)}-${String(made).padStart(4, '0')}` : '',
      sandbox: this.sandbox,
      newId: (prefix, ordinal) => `${prefix}_${String(made)}_${String(ordinal)}`,
    };
  }

  /** What the store would read for this command and nothing more, so that a forgotten `looks` or `people` is seen here. */
  private read(machine: Machine, what: Command, subject: Thing, actor: Actor): readonly Thing[] {
    const { kinds, people, holders, address } = readingOf(machine, what, subject);
    const under = what.under === undefined ? undefined : this.world.get(what.under)?.thing;
    const first = subject.stage === 'none' && under ? under : subject;
    const programme = programmeOf(first);
    const parties = partiesOf(this.things, programme);
    const owners = [actor.organisation, first.organisation, parties?.client, parties?.certificationBody];
    const asked = [subject.id, what.under];
    const tasks = this.things.filter((thing) => isOpenTask(thing) && asked.includes(thing.about));
    const known = [
      ...[actor.id, ...people, ...heldFor(actor), ...handedFor(actor.id, tasks)],
      ...[...whoHas(subject), ...this.atAddress(address)],
    ];
    const humans = known.map((id) => humanOf(id, this.things));
    const above =
      subject.kind === 'task' ? this.things.find(({ id }) => id === subject.about)?.about : undefined;
    const named = [...known, ...owners, programme, subject.about, under?.about, above];
    const ofOwners = ({ organisation }: Thing): boolean => owners.includes(organisation);
    const looked = (thing: Thing): boolean =>
      kinds.includes(thing.kind) && (thing.programme ? thing.programme === programme : ofOwners(thing));
    const ofPeople = (thing: Thing): boolean =>
      isPerson(thing)
        ? humans.includes(thing.human) || holds(thing, holders)
        : thing.about !== undefined && known.includes(thing.about);
    const wanted = (thing: Thing): boolean =>
      named.includes(thing.id) ||
      tasks.includes(thing) ||
      isInHandsOf(subject.id, thing) ||
      ofPeople(thing) ||
      looked(thing) ||
      (thing.kind === 'policyVersion' && ofOwners(thing));
    return this.things.filter((thing) => thing.id !== subject.id && wanted(thing));
  }

  /** Where real certifications are run, whose an address is. */
  private atAddress(address: string | undefined): readonly Id[] {
    if (this.sandbox || address === undefined) return [];
    const people = this.things.filter(isPerson).filter(({ stage }) => stage !== 'departed');
    return people.filter(({ texts }) => texts['mail'] === `${COMMITTED}${address}`).map(({ id }) => id);
  }

  private stamp(what: Command, { actor, on }: By, who: InRole): Stamp {
    const { type, stream, effectiveOn = on } = what;
    const at = instant(`${on}T10:00:00.000Z`);
    return {
      actor: doneBy(actor, who),
      at,
      effectiveAt: instant(`${effectiveOn}T10:00:00.000Z`),
      command: `${type}/${stream}`,
      type,
      subject: stream,
      commit: (text) => `${COMMITTED}${text}`,
    };
  }
}

/** The commitments of a specification hide nothing. */
const COMMITTED = 'commitment of ';

const agreedTo = ({ texts }: Thing): { agreed?: string } =>
  texts['agreedTo'] === undefined ? {} : { agreed: texts['agreedTo'].slice(COMMITTED.length) };

const holds = ({ grants }: Person, roles: readonly Role[]): boolean =>
  grants.some(({ role }) => roles.includes(role));

/** What came of what somebody tried. */
class Answer {
  constructor(
    private readonly outcome: Outcome,
    private readonly what: Command,
    private readonly after: Scene,
  ) {}

  /** It was done, and precisely these facts were recorded by it, in this order. Answers the world after it. */
  records(...types: readonly string[]): Scene {
    const made = this.events.map(({ type }) => type);
    if (made.join() !== types.join()) throw this.unexpected(`records ${types.join(', ')}`);
    return this.after;
  }

  /** It was refused, with this code and for these rules among others. */
  refuses(code: RefusalCode, ...rules: readonly RuleId[]): Scene {
    const refused = 'refused' in this.outcome ? this.outcome.refused : [];
    const meant = refused.some((one) => one.code === code && rules.every((rule) => one.rules.includes(rule)));
    if (!meant) throw this.unexpected(`refuses ${code} for ${rules.join(', ')}`);
    this.sayWhy(code, rules);
    return this.after;
  }

  /** It was done with this remark. */
  warns(code: WarningCode): Scene {
    if (!this.warnings.some((one) => one.code === code)) throw this.unexpected(`warns ${code}`);
    tellShown({ machine: this.machine, command: this.what.type, code, rules: [] });
    return this.after;
  }

  /** It was done; how is not the question. */
  done(): Scene {
    if ('refused' in this.outcome) throw this.unexpected('is done');
    return this.after;
  }

  private get machine(): Machine {
    return machineWith(this.what.type, this.what.stream);
  }

  /** What its refusals name as missing. */
  get missing(): readonly string[] {
    return 'refused' in this.outcome ? this.outcome.refused.flatMap(({ missing = [] }) => missing) : [];
  }

  /** What it was told beside. */
  get warnings(): readonly Warning[] {
    return 'warnings' in this.outcome ? this.outcome.warnings : [];
  }

  /** The facts that it made. */
  get events(): readonly Event[] {
    return 'events' in this.outcome ? this.outcome.events : [];
  }

  /** A machine's table names every code with which a command of it refuses; those that any command may give go without saying. */
  private sayWhy(code: RefusalCode, rules: readonly RuleId[]): void {
    tellShown({ machine: this.machine, command: this.what.type, code, rules });
    const { refuses = [] } = this.machine.commands[this.what.type] ?? {};
    if (refuses.includes(code) || anyCommandRefuses.includes(code)) return;
    throw new Error(`${this.what.type} does not name ${code} among its refusals (${refuses.join(', ')})`);
  }

  private unexpected(expected: string): Error {
    const happened =
      'refused' in this.outcome
        ? `refused: ${JSON.stringify(this.outcome.refused, null, 1)}`
        : `recorded ${this.events.map(({ type }) => type).join(', ')}, warned ${JSON.stringify(this.warnings)}`;
    return new Error(
      `${this.what.type} on ${this.what.stream}: expected that it ${expected}; it ${happened}`,
    );
  }
}

/** Refusals that any command can give and that no table repeats. */
export const anyCommandRefuses: readonly RefusalCode[] = [
  ...([
    'not-permitted',
    'person-required',
    'wrong-state',
    'stale-version',
    'on-hold',
    'reason-missing',
  ] as const),
  ...(['evidence-missing', 'date-in-future', 'four-eyes-required', 'acknowledgement-missing'] as const),
  ...(['separation-of-duties', 'date-before-evidence'] as const),
];
