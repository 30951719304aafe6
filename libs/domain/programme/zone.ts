import type { Id } from '../actor.js';
import type { Thing } from '../machine.js';
import { organisationIn } from '../organisation/organisation.js';
import { isProgramme } from './facts.js';

/** The zone whose days count for a thing: that which governs its programme, else that of its organisation. (R-CAL-18) */
export const zoneOf = (things: readonly Thing[], owner: Id): string | undefined =>
  things.find(isProgramme)?.governingZone ?? organisationIn(things, owner)?.zone;
