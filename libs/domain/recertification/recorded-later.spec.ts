import { certificateMachine, obligations } from '../certificate/certificate.js';
import { statusOn } from '../certificate/life.js';
import { C, dom, sam } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { programmeMachine } from '../programme/programme.js';
import { by, command, engine } from '../specification.js';
import { certifiedOn, renewalOf, reported, type Scene } from '../surveillance/scene.js';
import { audited, deciding, prepared, underReview } from './scene.js';

// A renewal that was decided while the certificate was valid, and came into the ledger after its last day, 2030-07-18.

const signed = { evidence: [{ sha256: 'c'.repeat(64), bytes: 1, type: 'application/pdf' }] };
const expired = (): Scene =>
  underReview(
    audited(
      prepared(
        reported(reported(certifiedOn('2027-07-19'), 1, '2028-06-13', '2028-06-14'), 2, '2029-06-12'),
        1,
        '2030-01-18',
      ),
      1,
      '2030-04-16',
      '2030-04-17',
    ),
    1,
    '2030-05-20',
  )
    .when(command('expireCertificate', C), by(engine, '2030-07-19'))
    .done();
const renewed = (day = '2030-07-18') =>
  expired().when({ ...deciding(expired(), 1, 'renew'), effectiveOn: civilDate(day) }, by(dom, '2030-07-22'));

test('I-7, R-CAL-14, R-CAL-17: decided on the last valid day and recorded later, the certificate is in force without a gap', () => {
  const scene = renewed().done();
  const certificate = scene.thing(certificateMachine, C);
  expect(certificate).toMatchObject({ stage: 'active', cycle: 2, entered: { active: 2 } });
  const on = (day: string) => statusOn(certificate, civilDate(day), new Policy());
  expect(['2030-07-18', '2030-07-19', '2030-07-22', '2033-07-18'].map(on)).toEqual(Array(4).fill('active'));
  expect(scene.thing(programmeMachine, 'prg_1')).toMatchObject({ stage: 'certified', cycle: 2 });
  expect(renewalOf(scene)).toMatchObject({ stage: 'newCycle' });
  expect(renewalOf(scene).missedOn).toBeUndefined();
  renewed('2030-07-19').refuses('expired-before-decision', 'I-7');
});

test('INV-7, R-REC-6: of the expiry that was recorded before nothing is left to run out', () => {
  const scene = renewed().done();
  const certificate = scene.thing(certificateMachine, C);
  expect([certificate.window, certificate.marksDue]).toEqual([undefined, undefined]);
  expect(obligations(certificate)).toMatchObject([{ key: 'expiry', due: { date: '2033-07-18' } }]);
  scene
    .when(command('issueDocument', C, {}, signed), by(sam, '2030-07-23'))
    .records('certificate.document-issued');
  scene.when(command('endRestorationWindow', C), by(engine, '2031-01-19')).refuses('wrong-state');
  scene
    .when(command('expireCertificate', C), by(engine, '2033-07-19'))
    .records(
      ...['certificate.expired', 'programme.lapsed', 'recertification.expiry-missed'],
      ...['surveillance.closed', 'surveillance.closed'],
    );
});
