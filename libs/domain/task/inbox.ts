import { holdsOn, type Actor, type Id, type Role } from '../actor.js';
import { addDays } from '../calendar.js';
import type { CivilDate } from '../instant.js';
import type { Task } from './facts.js';

/** Mine: in my hands, or asked of me by name. Claimable: open to a role of mine. Waiting: with others. Done: by me. */
export const views = ['mine', 'claimable', 'waiting', 'done'] as const;
export type View = (typeof views)[number];

/** By its day: the week is the seven days after today. What was put off is shown under `snoozed` alone. */
export const dueGroups = ['overdue', 'today', 'week', 'later', 'snoozed'] as const;
export type DueGroup = (typeof dueGroups)[number];

/** What managers look for: said to be urgent, late and escalated, or to be done by nobody. */
export const concerns = ['urgent', 'escalated', 'nobody-left'] as const;
export type Concern = (typeof concerns)[number];

const WEEK_DAYS = 7;

/** The group in which a task is on a day; what has no day is later than all. */
export function dueGroupOf(
  { due, snoozedUntil }: Pick<Task, 'due' | 'snoozedUntil'>,
  today: CivilDate,
): DueGroup {
  if (snoozedUntil !== undefined && snoozedUntil > today) return 'snoozed';
  if (due === undefined || due > addDays(today, WEEK_DAYS)) return 'later';
  if (due < today) return 'overdue';
  return due === today ? 'today' : 'week';
}

/** A role held on a day; without a programme in all of the organisation. */
export interface HeldRole {
  readonly role: Role;
  readonly programme?: Id;
}

/** The roles of a day, each once: whoever holds one everywhere holds it in each programme. */
export function heldRoles({ grants }: Pick<Actor, 'grants'>, day: CivilDate): readonly HeldRole[] {
  const held = grants.filter((grant) => holdsOn(grant, day));
  const everywhere = held.filter(({ programme }) => programme === undefined).map(({ role }) => role);
  const once = held.filter(({ role, programme }) => programme === undefined || !everywhere.includes(role));
  const roles = once.map(({ role, programme }) => ({
    role,
    ...(programme === undefined ? {} : { programme }),
  }));
  return [...new Map(roles.map((one) => [JSON.stringify(one), one])).values()];
}
