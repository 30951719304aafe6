import { bodyRoles, clientRoles, neutralRoles, rolesOn, sideOf, type Id, type Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection, Thing } from '../machine.js';
import { organisationIn, type Mode } from '../organisation/organisation.js';
import { refusal } from '../refusal.js';
import { dayBefore, personFact, type Person } from './facts.js';
import { endings } from './lending.js';
import { returned } from './returning.js';

/** Every role that a person may hold. */
export const everyRole: readonly Role[] = [...clientRoles, ...bodyRoles, ...neutralRoles];

/** Who answers for the accounts of an organisation; the administrator prepares. */
export const owners: readonly Role[] = [
  'top-management',
  'aims-manager',
  'scheme-administrator',
  'system-administrator',
];

/** A role for somebody, from a day on, in one programme or in all of the organisation. */
export interface GrantRole {
  readonly role: Role;
  readonly programme?: Id;
  readonly from?: CivilDate;
  readonly until?: CivilDate;
}

/** A role that is taken; it was held until the day before. */
export interface RevokeRole {
  readonly role: Role;
  readonly programme?: Id;
}

/** A client's people hold no role of a body, nor the other way about. (R-GEN-6) */
export function roleOfOtherSide(roles: readonly Role[], owner: Id, things: readonly Thing[]): Objection {
  const side = organisationIn(things, owner)?.side;
  const foreign = roles.filter((role) => sideOf(role) !== undefined && sideOf(role) !== side);
  return foreign.length === 0
    ? undefined
    : refusal('separation-of-duties', ['R-GEN-6'], `This organisation gives no role ${foreign.join(', ')}.`, {
        missing: foreign,
      });
}

/** Where real certifications are run, an administrator of the system holds no role in them. (SOD-12) */
export function administratorApart(roles: readonly Role[], mode: Mode): Objection {
  const mixed = roles.includes('system-administrator') && roles.some((role) => sideOf(role) !== undefined);
  return mode === 'live' && mixed
    ? refusal(
        'separation-of-duties',
        ['SOD-12'],
        'A system administrator holds no role in certification here.',
        {
          wouldNeed: 'another person, or the role of administrator to be taken first',
        },
      )
    : undefined;
}

/** An administrator of the system is made by another one, and not by those who own the accounts of one organisation. (SOD-12) */
export const givenByAdministrator = (roles: readonly Role[], { actor, today }: Context): Objection =>
  roles.includes('system-administrator') && !rolesOn(actor, today, undefined).includes('system-administrator')
    ? refusal('not-permitted', ['SOD-12'], 'A system administrator alone gives this role.', {
        whoCould: ['system-administrator'],
      })
    : undefined;

/** An observer reads, and for a time alone. (SUP-0) */
export const visitsForATime = (roles: readonly Role[], until: CivilDate | undefined): Objection =>
  roles.includes('observer') && until === undefined
    ? refusal('last-day-missing', ['SUP-0'], 'An observer is here for a time: the last day is to be said.', {
        missing: ['until'],
      })
    : undefined;

/** The roles that somebody holds on a day or will hold. */
export const heldOn = ({ grants }: Person, day: CivilDate): readonly Role[] =>
  grants.filter(({ until }) => until === undefined || until >= day).map(({ role }) => role);

const toOneself = ({ id, human }: Person, { actor }: Context): Objection =>
  actor.id === id || actor.human === human
    ? refusal('four-eyes-required', ['SUP-0'], 'Nobody gives a role to themselves.', { whoCould: owners })
    : undefined;

/** Gives a role. (SUP-0, SOD-12) */
export const grantRole: CommandRule<Person, GrantRole> = {
  does: 'Give a role.',
  who: owners,
  from: ['invited', 'active'],
  to: [],
  rules: ['SUP-0', 'SOD-12', 'R-GEN-6'],
  refuses: ['separation-of-duties', 'four-eyes-required', 'not-permitted', 'last-day-missing'],
  may: (state, context) => [toOneself(state, context)],
  guard: ({ role, from, until }, state, context) => [
    visitsForATime([role], until),
    givenByAdministrator([role], context),
    roleOfOtherSide([role], state.organisation, context.things),
    administratorApart([role, ...heldOn(state, from ?? context.today)], state.mode),
  ],
  record: ({ from, ...grant }, { id }, { today }) => [
    personFact('role.granted', id, { ...grant, from: from ?? today }),
  ],
};

/** Takes a role, and with it what was handed on of it and the tasks that need it. (SUP-0, SOD-15) */
export const revokeRole: CommandRule<Person, RevokeRole> = {
  does: 'Take a role.',
  who: owners,
  from: ['invited', 'active'],
  to: [],
  rules: ['SUP-0', 'SOD-15'],
  refuses: ['wrong-state'],
  people: (_, { lent }) => lent.map(({ to }) => to),
  guard: ({ role, programme }, state, { today }) => [
    state.grants.some(
      (grant) =>
        grant.for === undefined &&
        grant.role === role &&
        grant.programme === programme &&
        (grant.until === undefined || grant.until >= today),
    )
      ? undefined
      : refusal('wrong-state', ['SUP-0'], `The role ${role} is not held.`),
  ],
  record: ({ role, programme }, state, context) => [
    personFact('role.revoked', state.id, {
      role,
      until: dayBefore(context.effectiveOn),
      ...(programme === undefined ? {} : { programme }),
    }),
    ...endings(
      state,
      (lent) => lent.role === role && (programme === undefined || lent.programme === programme),
      dayBefore(context.effectiveOn),
    ),
    ...returned(
      state,
      state.grants.filter((grant) => grant.role !== role || grant.programme !== programme || grant.for),
      context,
    ),
  ],
};
