import type { Command, Situation } from '#domain/act.js';
import { actorOf } from '#domain/actor-of.js';
import { heldFor, type Actor, type Id, type Role } from '#domain/actor.js';
import type { CivilDate, Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import { isPerson } from '#domain/person/facts.js';
import { policyFor } from '#domain/policy-version/policy-version.js';
import { partiesOf, programmeOf } from '#domain/programme/parties.js';
import { zoneOf } from '#domain/programme/zone.js';
import type { Reading } from '#domain/reading.js';
import type { Loaded } from '#domain/record.js';
import { handedFor, isInHandsOf, isOpenTask, whoHas } from '#domain/task/facts.js';
import { byId, type Store } from './store.js';
import type { Clock, CommandIds, Tools } from './tools.js';

const HALF_A_DAY_MS = 12 * 60 * 60 * 1000;

/** Perennial itself, acting on what belongs to this organisation. */
export const engineOf = (organisation: Id): Actor => ({
  id: 'process',
  kind: 'engine',
  organisation,
  human: 'process',
  grants: [],
  alsoIn: [],
});

/** Who acts behind an account, with the other organisations in which the same human has one. */
export function principal(store: Store, id: Id): Actor | undefined {
  const thing = store.thing(id)?.thing;
  if (!thing) return undefined;
  const accounts = isPerson(thing) ? [...store.accountsOf(thing.human)] : [];
  return actorOf(
    thing,
    accounts.map((account) => account.thing),
  );
}

/** What a command looks at, as it was read. */
export interface Found {
  readonly subject: Loaded;
  readonly under?: Loaded;
  readonly things: readonly Loaded[];
  /** The organisation to which the thing belongs, or will belong. */
  readonly owner: Id;
  /** What the first of two agreed to. */
  readonly agreed: string | undefined;
}

/** Reads what the definition of the command names, and nothing else, so that what it forgot to name is missed here too. */
export function look(store: Store, command: Command, actor: Actor, asks: Asks): Found {
  const { subject, kinds } = asks;
  const under = store.thing(command.under);
  const place = placeOf(store, subject, under, actor);
  const { programme, owner, owners } = place;
  const own = [...store.about(subject.thing.id)].map(({ thing }) => thing).filter(isOpenTask);
  const hands = [...heldFor(actor), ...handedFor(actor.id, own), ...whoHas(subject.thing)];
  const known = accountsOf(store, [actor.id, ...asks.people, ...hands]);
  const asked = subject.thing.kind === 'task' ? store.thing(subject.thing.about)?.thing.about : undefined;
  const about = [subject.thing.about, under?.thing.about, asked];
  const named = [programme, ...owners, actor.organisation, ...about, ...known];
  const [topics, tasksOf] = [[subject.thing.id, command.under], kinds.length > 0 ? programme : undefined];
  const near = [
    ...named.flatMap((id) => store.thing(id) ?? []),
    ...those(store.ofKind('policyVersion'), ({ organisation }) => owners.includes(organisation)),
    ...known.flatMap((id) => those(store.about(id), ({ kind }) => kind !== 'task')),
    ...kinds.flatMap((kind) => those(store.ofKind(kind), (thing) => isOf(place, thing))),
    ...those(
      store.openTasks,
      (task) => asksFor(task, topics, tasksOf) || isInHandsOf(subject.thing.id, task),
    ),
    ...holdersOf(store, asks.holders, place),
  ];
  const others = near.filter(({ thing }) => thing.id !== subject.thing.id).sort(byId);
  const things = others.filter((one, at) => one !== others[at - 1]); // each once
  const agreed = store.text(subject.thing.texts['agreedTo']);
  return { subject, things, owner, agreed, ...(under ? { under } : {}) };
}

/** Of these things the ones that are wanted. */
function those(things: Iterable<Loaded>, wanted: (thing: Thing) => boolean): Loaded[] {
  const found: Loaded[] = [];
  for (const one of things) if (wanted(one.thing)) found.push(one);
  return found;
}

interface Asks extends Reading {
  readonly subject: Loaded;
}

/** Where a command happens: the programme, the organisations concerned, and those among whom roles are looked for. */
interface Place {
  readonly programme: Id | undefined;
  readonly owner: Id;
  readonly owners: readonly Id[];
  readonly tellers: readonly Id[];
}

function placeOf(store: Store, subject: Loaded, under: Loaded | undefined, actor: Actor): Place {
  const first = subject.version > 0 ? subject : under;
  const programme = (first && programmeOf(first.thing)) ?? (under && programmeOf(under.thing));
  const owner = first?.thing.organisation ?? actor.organisation;
  const sides = sidesOf(store, programme);
  return { programme, owner, owners: [...sides, owner], tellers: programme === undefined ? [owner] : sides };
}

function sidesOf(store: Store, programme: Id | undefined): readonly Id[] {
  const joins = store.thing(programme)?.thing;
  const { client, certificationBody } = partiesOf(joins ? [joins] : [], programme) ?? {};
  return [client, certificationBody].filter((side) => side !== undefined);
}

const accountsOf = (store: Store, people: readonly Id[]): readonly Id[] => {
  const accounts = people
    .map((id) => store.thing(id)?.thing)
    .flatMap((one) => (one && isPerson(one) ? [...store.accountsOf(one.human)] : []));
  return [...new Set([...people, ...accounts.map(({ thing }) => thing.id)])];
};

const isOf = ({ programme, owners }: Place, thing: Thing): boolean =>
  thing.programme === undefined ? owners.includes(thing.organisation) : thing.programme === programme;

const asksFor = (task: Thing, about: readonly (Id | undefined)[], programme: Id | undefined): boolean =>
  about.includes(task.about) || (programme !== undefined && task.programme === programme);

const holdersOf = (store: Store, roles: readonly Role[], { tellers }: Place): readonly Loaded[] =>
  roles.length === 0
    ? []
    : those(
        store.ofKind('person'),
        (one) =>
          isPerson(one) &&
          tellers.includes(one.organisation) &&
          one.grants.some(({ role }) => roles.includes(role)),
      );

/** What surrounds a command besides the things that were read. */
export interface Surroundings {
  readonly actor: Actor;
  readonly clock: Clock;
  readonly tools: Tools;
  readonly ids: CommandIds;
  /** The next of its series, for a command that numbers what it makes. */
  readonly number?: { readonly series: string; readonly count: number };
}

/** Everything on which the answer rests, from what was read. */
export function situationOf(found: Found, { actor, clock, tools, ids, number }: Surroundings): Situation {
  const things = found.things.map(({ thing }) => thing);
  const under = found.under?.thing;
  const made = found.subject.version > 0 ? [found.subject.thing] : []; // what is only being made has no zone of its own yet
  const zone = zoneOf([...made, ...(under ? [under] : []), ...things], found.owner) ?? clock.zone;
  const today = tools.dateAt(clock.now, zone);
  return {
    subject: found.subject.thing,
    version: found.subject.version,
    actor,
    now: clock.now,
    today,
    ...(found.subject.thing.since ? { since: tools.dateAt(found.subject.thing.since, zone) } : {}),
    ...(found.agreed === undefined ? {} : { agreed: found.agreed }),
    zone,
    policy: policyFor({ subject: found.subject.thing, under, things }, found.owner),
    things,
    ...(under ? { under } : {}),
    newNumber: number ? `${number.series}-${today.slice(0, 4)}-${String(number.count).padStart(4, '0')}` : '',
    sandbox: true,
    newId: (prefix, ordinal) => ids.newId(prefix, ordinal),
  };
}

/** A back-dated act counts from twelve hours after its day began. */
export function effectiveAt(
  on: CivilDate | undefined,
  { now, today, zone }: Situation,
  tools: Tools,
): Instant {
  if (on === undefined || on >= today) return now;
  return asInstant(new Date(Date.parse(tools.startOf(on, zone)) + HALF_A_DAY_MS));
}

function asInstant(date: Date): Instant {
  return date.toISOString() as Instant;
}
