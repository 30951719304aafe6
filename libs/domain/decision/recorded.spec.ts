import { certificateMachine } from '../certificate/certificate.js';
import type { Certificate } from '../certificate/life.js';
import { civilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { evidence } from '../nonconformity/scene.js';
import { Policy } from '../policy.js';
import { initialStep } from '../readiness/step.js';
import { expiryFromDecision } from '../recertification/dates.js';
import { recertificationMachine } from '../recertification/recertification.js';
import { by, command, given } from '../specification.js';
import { surveillanceMachine } from '../surveillance/surveillance.js';
import { ana, audit, C, DAY, decide, open, programme } from './scene.js';

// Decisions of a body that is not on Perennial, as far as more hangs on them than the dossier.

const letter = { evidence, signedBy: 'Norden Cert, the reviewer' };
const of = { programme: 'prg_1', cycle: 1 };
const day = civilDate('2026-07-19');
const certificate: Certificate = {
  ...{ ...certificateMachine.initial(C), ...of, stage: 'active' },
  validities: [
    { decidedOn: day, effectiveDate: day, expiry: expiryFromDecision({ from: day }, new Policy()) },
  ],
};
const world = (stage: string, ...things: Thing[]) =>
  given(programme({ bodyMode: 'mirrored', certificationBody: undefined, stage }), certificate, ...things);

test('R-REC-3, SM-5: a renewal is recorded after its recommendation, without which it would move nothing', () => {
  const renewal = { ...recertificationMachine.initial('rec_1'), ...of, stage: 'reported' };
  world('certified', audit(), renewal)
    .when({ ...open('renew'), ...letter }, by(ana, DAY))
    .refuses('recommendation-missing', 'R-REC-3');
});

test('R-SUR-4: that a certificate is maintained is recorded without the review that came before it', () => {
  const watch = { ...surveillanceMachine.initial('srv_1'), ...of, stage: 'reported', audit: 'aud_1' };
  const decided = world('certified', audit({ auditType: 'surveillance' }), watch)
    .when({ ...open('maintain'), ...letter }, by(ana, DAY))
    .records('dossier.opened')
    .when({ ...decide('maintain'), ...letter }, by(ana, DAY))
    .records('decision.made', 'surveillance.decided', 'decision.notified');
  expect(decided.thing(surveillanceMachine, 'srv_1').stage).toBe('decided');
});

test('SM-1: what is recommended to be refused has closed no step of readiness', () => {
  const steps = [9, 10].map((step) => ({
    ...{ ...initialStep(`rdy_${String(step)}`), step, stage: 'notStarted', programme: 'prg_1' },
  }));
  const stepsReached = (more: object): number =>
    world('initial', audit(more), ...steps)
      .when(command('handToDecision', 'aud_1', {}, letter), by(ana, DAY))
      .events.filter(({ type }) => type === 'step.reached').length;
  expect(stepsReached({ stage: 'reportIssued', recommendation: undefined })).toBe(2);
  expect(stepsReached({ stage: 'recommended', recommendation: 'refuse' })).toBe(0);
});
