import type { Certificate } from '../certificate/life.js';
import type { Thing } from '../machine.js';
import type { Policy } from '../policy.js';
import { surveillancesOwed } from '../surveillance/calendar-year.js';
import { currentOf, heldIn, surveillancesOf } from './cycle.js';
import { cycleOf } from './facts.js';

/** Something that a certificate in force owes and that is planned nowhere. */
export interface Unplanned {
  readonly what: 'recertification' | 'surveillance';
  readonly cycle: number;
  /** How many of them are missing. */
  readonly missing: number;
}

/**
 * What a certificate in force owes in its cycle and nobody has planned, seen among the things of its programme: its
 * recertification, and as many surveillances as the rules ask for beside those that were held. (R-PRG-2, R-SUR-2, R-CAL-8)
 */
export function unplanned(
  certificate: Certificate,
  things: readonly Thing[],
  policy: Policy,
): readonly Unplanned[] {
  if (certificate.stage !== 'active') return [];
  const { id, cycle: number } = certificate;
  const current = currentOf(things, id);
  if (current?.cycle !== number || current.stage === 'closed')
    return [{ what: 'recertification', cycle: number, missing: 1 }];
  const cycle = cycleOf(current);
  if (!cycle) return [];
  const planned = surveillancesOf(things, cycle).filter(
    ({ held, stage }) => held === undefined && stage !== 'closed',
  );
  const owed = surveillancesOwed(cycle, heldIn(things, cycle), policy);
  const missing = owed.length - planned.length;
  return missing > 0 ? [{ what: 'surveillance', cycle: number, missing }] : [];
}
