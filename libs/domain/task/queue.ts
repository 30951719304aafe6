import { sideOf, type Id, type Role } from '../actor.js';
import type { Thing } from '../machine.js';
import { isMirrored } from '../mirrored.js';
import { partiesOf, programmeOf } from '../programme/parties.js';

/** The organisation in whose queue a role's task stands: the role's side of the programme, else the thing's owner. */
export function queueOwner(role: Role, about: Thing, things: readonly Thing[]): Id {
  const side = sideOf(queueFor(role, about, things));
  const parties = partiesOf([about, ...things], programmeOf(about));
  return (side && parties?.[side]) ?? about.organisation;
}

/** The queue in which a role is asked: where the body is a record, its AIMS manager is asked to record what it does. */
export const queueFor = (role: Role, about: Thing, things: readonly Thing[]): Role =>
  sideOf(role) === 'certificationBody' && isMirrored(about, things) ? 'aims-manager' : role;
