import { audit } from './audit.js';
import { certificate } from './certificate.js';
import { certificationCycle } from './certification-cycle.js';
import { correctiveAction } from './corrective-action.js';
import { decision } from './decision.js';
import { notice } from './notice.js';
import type { Process } from './process.js';
import { readinessStep } from './readiness-step.js';
import { recertification } from './recertification.js';
import { surveillance } from './surveillance.js';

/** Every process by its name: the life of one kind of thing each. */
export const processes: Readonly<Record<string, Process>> = byName([
  ...[certificationCycle, readinessStep, audit, correctiveAction, decision, certificate],
  ...[surveillance, recertification, notice],
]);

function byName(list: readonly Process[]): Readonly<Record<string, Process>> {
  return Object.fromEntries(list.map((one) => [one.name, one]));
}
