import { ana, dom, pia } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { addDays } from '../calendar.js';
import { by, command, did } from '../specification.js';
import {
  daysAfter,
  doing,
  ending,
  len,
  onSite,
  renewalOf,
  reporting,
  scheduling,
  type Scene,
} from '../surveillance/scene.js';

// The way of a recertification, from its start to the decision on the next cycle.

export const review = {
  ...{ auditReports: 'Read.', nonconformityTrends: 'Fewer.', complaints: 'None.', changes: 'Two models.' },
};
const because = { reason: 'As the file shows.' };

/** The recertification of a cycle, started by the body and reviewed, with or without a Stage 1. */
export function prepared(scene: Scene, cycle: number, on: string, stage1: object = { needed: false }): Scene {
  const { id } = renewalOf(scene, cycle);
  return doing(scene, [
    did(command('startRecertification', id), by(pia, on)),
    did(command('supplyCycleInformation', id, { changes: 'Two models.' }), by(ana, on)),
    did(command('attachCycleReview', id, review), by(pia, on)),
    did(command('decideStage1Need', id, stage1, because), by(pia, on)),
  ]);
}

/** Its audit, held and reported. */
export function audited(scene: Scene, cycle: number, from: string, to = from): Scene {
  const { id } = renewalOf(scene, cycle);
  const on = addDays(civilDate(from), -40);
  const planned = doing(scene, [
    did(scheduling('scheduleRecertification', id, from, to), by(pia, on)),
    did(scheduling('scheduleRecertification', id, from, to), by(ana, on)),
  ]);
  const audit = renewalOf(planned, cycle).audit ?? '';
  return doing(planned, [
    ...onSite(audit, from, to),
    did(ending(audit, from, to), by(len, to)),
    did(reporting(audit, {}), by(len, daysAfter(to, 5))),
  ]);
}

/** The recommendation, and the dossier up to the review of the decision maker. */
export function underReview(scene: Scene, cycle: number, on: string, value = 'renew'): Scene {
  const { id } = renewalOf(scene, cycle);
  const recommended = scene
    .when(command('recommendRenewal', id, { value }, because), by(len, on))
    .records('recertification.recommended', 'dossier.opened');
  const dossier = renewalOf(recommended, cycle).dossier ?? '';
  return doing(recommended, [
    did(command('addToDossier', dossier, { item: 'nonconformityComments' }), by(pia, on)),
    did(command('addToDossier', dossier, { item: 'complaints' }), by(pia, on)),
    did(command('declareDossierComplete', dossier), by(pia, on)),
    did(command('assignDecisionMaker', dossier, { person: dom.id }), by(pia, on)),
    did(command('startReview', dossier, { freeOfConflicts: true }), by(dom, on)),
  ]);
}

/** The decision on the next cycle. */
export const deciding = (scene: Scene, cycle: number, decision: string, more: object = {}) =>
  command('decide', renewalOf(scene, cycle).dossier ?? '', { decision, ...more }, because);
