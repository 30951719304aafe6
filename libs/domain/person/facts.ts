import type { Grant, Id, Role } from '../actor.js';
import { addDays } from '../calendar.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Evolvers, type Thing } from '../machine.js';
import type { Reading } from '../notice/reader.js';
import type { Mode } from '../organisation/organisation.js';
import type { Interest } from './interests.js';

/** An account of a human in one organisation. Name and address are texts, and never enter the ledger in clear. (SUP-0) */
export interface Person extends Thing, Reading {
  readonly kind: 'person';
  /** The human behind it: the id of the first of that human's accounts. (SOD-10) */
  readonly human: Id;
  readonly mode: Mode;
  readonly grants: readonly Grant[];
  readonly interests: readonly Interest[];
  /** Who stands in for the person, role by role, while they are away. (SOD-15) */
  readonly deputies: readonly Deputy[];
  readonly absences: readonly Absence[];
  /** What the person handed to colleagues, ended or not. (SOD-15) */
  readonly lent: readonly Lent[];
  readonly departsOn?: CivilDate;
}

interface Deputy {
  readonly role: Role;
  readonly deputy: Id;
}

/** A time away; both days count. */
interface Absence {
  readonly absence: Id;
  readonly from: CivilDate;
  readonly until: CivilDate;
}

/** A role that a colleague holds for the person; `absence` where it came with one. Both days count. */
export interface Lent {
  readonly delegation: Id;
  readonly role: Role;
  readonly programme?: Id;
  readonly to: Id;
  readonly from: CivilDate;
  readonly until: CivilDate;
  readonly absence?: Id;
}

/** What happens to an account. */
export interface PersonEvents {
  'person.invited': { human: Id; mode: Mode };
  'person.joined': object;
  'person.changed': Reading;
  'role.granted': Grant;
  'role.revoked': { role: Role; programme?: Id; until: CivilDate };
  'interest.declared': Interest;
  'deputy.named': Deputy;
  'absence.recorded': Absence;
  'absence.ended': { absence: Id; until: CivilDate };
  'delegation.given': Lent;
  'delegation.received': Grant;
  'delegation.ended': { delegation: Id; until: CivilDate };
  'person.departed': { on: CivilDate };
}

/** Makes the facts of accounts. */
export const personFact = recorder<PersonEvents>('person');

/** True for the id of an account of a person. */
export const isPersonId = (id: Id): boolean => id.startsWith('per_');

/** True for a thing that is an account. */
export const isPerson = (thing: Thing): thing is Person => thing.kind === 'person';

/** The human behind an account; the account itself where nothing else is known. */
export const humanOf = (account: Id, things: readonly Thing[]): Id =>
  things.filter(isPerson).find(({ id }) => id === account)?.human ?? account;

/** How facts move an account. Giving, taking and using a role are three facts: who held which on a day can be told for ever. */
export const personEvolve: Evolvers<Person, PersonEvents> = {
  'person.invited': (state, { data }) => ({ ...state, ...data, stage: 'invited' }),
  'person.joined': (state) => ({ ...state, stage: 'active' }),
  'person.changed': (state, { data }) => ({ ...state, ...data }),
  'role.granted': (state, { data }) => ({ ...state, grants: [...state.grants, data] }),
  'role.revoked': (state, { data }) => ({
    ...state,
    grants: state.grants.map((grant) =>
      grant.for === undefined && grant.role === data.role && grant.programme === data.programme
        ? until(grant, data.until)
        : grant,
    ),
  }),
  'interest.declared': (state, { data }) => ({ ...state, interests: [...state.interests, data] }),
  'deputy.named': (state, { data }) => ({
    ...state,
    deputies: [...state.deputies.filter(({ role }) => role !== data.role), data],
  }),
  'absence.recorded': (state, { data }) => ({ ...state, absences: [...state.absences, data] }),
  'absence.ended': (state, { data }) => ({
    ...state,
    absences: state.absences.map((one) =>
      one.absence === data.absence ? { ...one, until: data.until } : one,
    ),
  }),
  'delegation.given': (state, { data }) => ({ ...state, lent: [...state.lent, data] }),
  'delegation.received': (state, { data }) => ({ ...state, grants: [...state.grants, data] }),
  'delegation.ended': (state, { data: { delegation, until: day } }) => ({
    ...state,
    lent: state.lent.map((one) => (one.delegation === delegation ? { ...one, until: day } : one)),
    grants: state.grants.map((one) => (one.for?.delegation === delegation ? until(one, day) : one)),
  }),
  'person.departed': (state, { data }) => ({
    ...state,
    stage: 'departed',
    departsOn: data.on,
    grants: state.grants.map((grant) => until(grant, data.on)),
  }),
};

const until = (grant: Grant, day: CivilDate): Grant =>
  grant.until !== undefined && grant.until < day ? grant : { ...grant, until: day };

/** The day before: a role that is taken on a day is not held on it. */
export const dayBefore = (day: CivilDate): CivilDate => addDays(day, -1);
