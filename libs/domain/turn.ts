import {
  grantsOn,
  isOwnRole,
  isSameHuman,
  sideOf,
  type Actor,
  type Grant,
  type Id,
  type OnBehalf,
  type Role,
  type Who,
} from './actor.js';
import { bothSides, notPermitted, personRequired, sameHand } from './in-person.js';
import type { CivilDate } from './instant.js';
import type { Awaited, CommandRule, Context, Objection } from './machine.js';
import type { Hands } from './mirrored.js';
import { isPerson } from './person/facts.js';
import { partiesAt, placeOf, programmeOf, type Around, type Parties } from './programme/parties.js';
import type { Refusal } from './refusal.js';
import { handedTo } from './task/facts.js';

// In which role somebody acts: one of their own, or one that they hold for a colleague. (R-GEN-1, SOD-15)

interface Here extends Around {
  readonly actor: Actor;
  readonly today: CivilDate;
}

/** Where somebody stands, whatever they would do about a thing: the sides of its programme, and their roles in it today. */
export interface Standing {
  readonly parties: Parties | undefined;
  readonly grants: readonly Grant[];
}

export const standingOf = (here: Here): Standing => ({
  parties: partiesAt(here),
  grants: grantsOn(here.actor, here.today, programmeOf(placeOf(here))),
});

type Place = Here & Standing;

/** One role in which somebody could act, or what stands in their way whatever they want to do. */
export interface Turn {
  readonly refused: readonly Refusal[];
  readonly role?: Who;
  /** True when the actor is the first of two who must both act. */
  readonly first: boolean;
  readonly actingFor?: OnBehalf | undefined;
}

interface Held {
  readonly role: Who;
  readonly for?: OnBehalf | undefined;
}

/** The roles in which somebody could issue a command, in the order of its row; their own before those of others. */
export function turnsOf(rule: CommandRule, type: string, { who, and }: Hands, place: Place): readonly Turn[] {
  const awaited = place.subject.awaited?.command === type ? place.subject.awaited : undefined;
  const able: readonly Who[] = awaited?.awaits ?? (and.length > 0 ? [...who, ...and] : who);
  const held = rolesHeld(place, type);
  const roles = able.flatMap((role) => ofRole(role, held));
  if (roles.length === 0) return [{ refused: [notPermitted(able)], first: false }];
  return roles.map(({ role, for: actingFor }): Turn => {
    const refused = inTheirWay({ able, awaited, actingFor, forPeople: isForPeople(rule, role) }, place);
    if (refused) return { refused: [refused], first: false };
    return { refused: [], role, actingFor, first: and.length > 0 && awaited === undefined };
  });
}

const ofRole = (role: Who, held: readonly Held[]): readonly Held[] => {
  const mine = held.filter((one) => one.role === role);
  const own = mine.find((one) => one.for === undefined);
  return own ? [own] : mine;
};

interface Way {
  readonly able: readonly Who[];
  readonly awaited: Awaited | undefined;
  readonly actingFor: OnBehalf | undefined;
  readonly forPeople: boolean;
}

function inTheirWay({ able, awaited, actingFor, forPeople }: Way, place: Place): Refusal | undefined {
  const { actor } = place;
  if (forPeople && actor.kind !== 'person') return personRequired(able);
  const hands = [actor, ...(actingFor ? [{ id: actingFor.account, human: actingFor.human }] : [])];
  const first = awaited ? [awaited.by, ...(awaited.actingFor ? [awaited.actingFor] : [])] : [];
  if (awaited && hands.some((hand) => first.some((human) => isSameHuman(hand, human))))
    return sameHand(awaited.awaits);
  return actingFor && isOnOtherSide(actingFor, place) ? bothSides(actingFor.account) : undefined;
}

/** What needs a human being; and where two must act, whoever releases what the first prepared. (R-GEN-1, SUP-0) */
const isForPeople = ({ person, and = [] }: CommandRule, role: Who): boolean =>
  person === true || and.some((one) => one === role);

/** The engine holds no role of people; people hold the roles of their own side of the programme alone. (R-GEN-1, R-GEN-6) */
function rolesHeld(place: Place, type: string): readonly Held[] {
  const { actor, today, subject, things, parties, grants } = place;
  if (actor.kind === 'engine') return [{ role: 'engine' }];
  const isTheirs = (role: Role): boolean => {
    const side = sideOf(role);
    return !parties || side === undefined || parties[side] === actor.organisation;
  };
  const inPerson = subject.kind === 'person' || subject.kind === 'apiKey'; // accounts and keys are kept by nobody for another
  const programme = programmeOf(placeOf(place));
  const held: readonly Held[] = [
    ...grants,
    ...handedTo(actor.id, { type, about: subject.id, today }, things).filter((one) =>
      stillHolds(one, { things, today, programme }),
    ),
  ];
  return held.filter(({ role, for: whose }) => role !== 'engine' && isTheirs(role) && !(whose && inPerson));
}

/** Whoever handed a task over must hold its role still, as their own: with the role goes what was handed on of it. (SOD-15) */
const stillHolds = (
  { role, for: whose }: { readonly role: Role; readonly for: OnBehalf },
  { things, today, programme }: Pick<Place, 'things' | 'today'> & { readonly programme: Id | undefined },
): boolean =>
  things
    .filter(isPerson)
    .filter(({ id }) => id === whose.account)
    .some((holder) => isOwnRole(role, holder, today, programme));

/** One human with accounts on both sides of a programme acts on neither. (SOD-10) */
export function onBothSides({ actor, parties }: Place): Refusal[] {
  const { client, certificationBody } = parties ?? {};
  const mine = actor.organisation === client || actor.organisation === certificationBody;
  const both = actor.alsoIn.some((one) => one === client || one === certificationBody);
  return mine && both ? [bothSides(actor.id)] : [];
}

/** Nor does anybody act for such a one. (SOD-10, SOD-15) */
function isOnOtherSide({ human }: OnBehalf, place: Place): boolean {
  const { client, certificationBody } = place.parties ?? {};
  const sides: readonly (Id | undefined)[] = [client, certificationBody];
  return place.things
    .filter(isPerson)
    .some(
      (one) =>
        one.human === human &&
        one.organisation !== place.actor.organisation &&
        sides.includes(one.organisation),
    );
}

/**
 * What rules say against somebody who acts. For a colleague: what the holder of the role may do, they may; what bars either of
 * the two, bars them. (SOD-15)
 */
export function againstEither<C extends Context>(
  context: C,
  objected: (context: C) => readonly Objection[],
): readonly Refusal[] {
  const present = (one: C): readonly Refusal[] =>
    objected(one).filter((objection) => objection !== undefined);
  const { actor, actingFor } = context;
  if (!actingFor) return present(context);
  const holder = { ...context, actor: { ...actor, id: actingFor.account, human: actingFor.human } };
  const own = present(context).filter(({ code }) => code !== 'not-permitted');
  const theirs = present(holder);
  return [...theirs, ...own.filter(({ message }) => !theirs.some((one) => one.message === message))];
}
