import { againstDoing, type Situation } from '../act.js';
import { rolesOn, type Id } from '../actor.js';
import { actorOf } from '../actor-of.js';
import type { CivilDate } from '../instant.js';
import { isPerson, type Person } from '../person/facts.js';
import type { Refusal } from '../refusal.js';
import type { Task } from './facts.js';

/** Somebody of whom a task is asked. */
export interface PersonAsked {
  readonly account: Id;
  /** True while they are away; who stands in for them is asked beside them. */
  readonly away: boolean;
  /** What stands in person against their doing it; nothing where the rules allow it. */
  readonly against: readonly Refusal[];
}

/** Everybody who holds the role of a task's queue today; where it is asked of one by name, that one and who stands in. (SUP-0) */
export function peopleAsked(task: Task, situation: Situation): readonly PersonAsked[] {
  const { things, today } = situation;
  return things
    .filter(isPerson)
    .filter((person) => person.organisation === task.organisation && person.stage === 'active')
    .filter((person) => rolesOn(person, today, task.programme).includes(task.queue))
    .filter((person) => task.of === undefined || isOrStandsInFor(task.of, person))
    .map((person) => ({
      account: person.id,
      away: isAway(person, today),
      against: againstDoing(task, actorOf(person, things), situation),
    }));
}

/** True for somebody who is here and may do it. */
export const isAble = ({ away, against }: PersonAsked): boolean => !away && against.length === 0;

const isOrStandsInFor = (named: Id, { id, grants }: Person): boolean =>
  id === named || grants.some((grant) => grant.for?.account === named);

const isAway = ({ absences }: Person, today: CivilDate): boolean =>
  absences.some(({ from, until }) => from <= today && today <= until);

/** When nobody is left: each thing that would resolve it, in words. */
export function resolvedBy({ queue, of }: Task, people: readonly PersonAsked[]): readonly string[] {
  if (people.some(isAble)) return [];
  const somebodyElse =
    of === undefined ? `the role ${queue} for somebody who may do it` : 'another person to be named for it';
  const back = people.some(({ away, against }) => away && against.length === 0)
    ? [`whoever is away to be back, or a deputy to be named for the role ${queue}`]
    : [];
  const needed = people.flatMap(({ against }) => against.flatMap(({ wouldNeed }) => wouldNeed ?? []));
  return [...new Set([somebodyElse, ...back, ...needed])];
}
