import type { Actor, Id } from '../actor.js';
import { nothingYet, type Machine } from '../machine.js';
import { acceptInvitation, changePerson, declareInterest, invitePerson, recordDeparture } from './account.js';
import { isPerson, personEvolve, type Person } from './facts.js';
import { grantRole, revokeRole } from './grants.js';
import { delegate, endAbsence, endDelegation, nameDeputy, recordAbsence } from './standing-in.js';

/** The accounts of people. (SUP-0) */
export const personMachine: Machine<Person> = {
  kind: 'person',
  prefix: 'per',
  id: 'SUP-0',
  stages: ['invited', 'active', 'departed'],
  ends: ['departed'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'person',
    human: id,
    mode: 'live',
    grants: [],
    interests: [],
    deputies: [],
    absences: [],
    lent: [],
  }),
  is: isPerson,
  evolve: personEvolve,
  commands: {
    invitePerson,
    acceptInvitation,
    changePerson,
    grantRole,
    revokeRole,
    ...{ nameDeputy, delegate, endDelegation, recordAbsence, endAbsence },
    declareInterest,
    recordDeparture,
  },
};

/** Somebody as they act: their roles with their days, and where else the same human has an account. (SOD-10) */
export const actorOfPerson = ({ id, organisation, human, grants }: Person, alsoIn: readonly Id[]): Actor => ({
  id,
  kind: 'person',
  organisation,
  human,
  grants,
  alsoIn,
});
