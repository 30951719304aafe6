import { certificateMachine } from '../certificate/certificate.js';
import { civilDate } from '../instant.js';
import { programmeMachine } from '../programme/programme.js';
import { audited, deciding, prepared, underReview } from '../recertification/scene.js';
import { by, command, engine } from '../specification.js';
import { certifiedOn, renewalOf, reported, type Scene } from '../surveillance/scene.js';
import { C, CORRECTED, D, dom, sam, sue } from './scene.js';

// The date of a decision is corrected, and moves only what follows from it. The certificate was valid until 2030-07-18.

const evidence = [{ sha256: 'b'.repeat(64), bytes: 10, type: 'application/pdf' }];
const reason = 'Minutes of the meeting';
const correct = (dossier: string, to: string) =>
  command('correctDecisionDate', dossier, { decidedOn: civilDate(to) }, { reason, evidence });
const corrected = (scene: Scene, dossier: string, [to, on]: readonly [string, string]): Scene =>
  scene.when(correct(dossier, to), by(sam, on)).done().when(correct(dossier, to), by(sue, on)).done();
const expiryOf = (scene: Scene) => scene.thing(certificateMachine, C).expiry?.date;

const underway = (): Scene =>
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
  );
const renewed = (more: object = {}): Scene =>
  underway()
    .when(deciding(underway(), 1, 'renew', more), by(dom, '2030-07-10'))
    .done();
const lapsed = (): Scene => underway().when(command('expireCertificate', C), by(engine, '2030-07-19')).done();
const restored = (): Scene =>
  lapsed()
    .when(deciding(lapsed(), 1, 'restoreAfterExpiry'), by(dom, '2030-10-08'))
    .done();
const dossierOf = (scene: Scene) => renewalOf(scene).dossier ?? '';

test('R-CRT-4, INV-5: a cycle shorter than a whole one stays as short when the date of its decision is corrected', () => {
  const scene = certifiedOn('2027-07-19', { cycleMonths: 24 });
  expect(expiryOf(scene)).toBe('2029-07-18');
  const moved = scene
    .when(correct(D, '2027-07-20'), by(sam, '2027-08-01'))
    .done()
    .when(correct(D, '2027-07-20'), by(sue, '2027-08-01'))
    .records(...CORRECTED.slice(0, -1));
  expect(expiryOf(moved)).toBe('2029-07-19');
  expect(moved.thing(programmeMachine, 'prg_1').expiryDate).toBe('2029-07-19');
  const short = renewed({ expiryBasis: 'fromDecision', cycleMonths: 12 });
  expect(expiryOf(short)).toBe('2031-07-09');
  expect(expiryOf(corrected(short, dossierOf(short), ['2030-07-09', '2030-07-11']))).toBe('2031-07-08');
});

test('I-7, R-REC-5: a renewal is corrected to no day after the last valid one of the cycle before', () => {
  const scene = renewed();
  const [dossier, on] = [dossierOf(scene), by(sam, '2031-03-03')];
  scene.when(correct(dossier, '2030-07-19'), on).refuses('expired-before-decision', 'R-REC-5', 'I-7');
  scene.when(correct(dossier, '2031-02-20'), on).refuses('expired-before-decision', 'R-REC-5', 'I-7');
  const moved = corrected(scene, dossier, ['2030-07-18', '2031-03-03']);
  expect(moved.thing(certificateMachine, C)).toMatchObject({
    ...{
      stage: 'active',
      decidedOn: '2030-07-18',
      effectiveDate: '2030-07-18',
      expiry: { date: '2033-07-18' },
    },
  });
  const again = moved.when(correct(dossier, '2030-07-19'), by(sam, '2031-03-04'));
  again.refuses('expired-before-decision', 'R-REC-5');
});

test('R-REC-6, R-REC-7: a restoration is corrected to no day outside the window', () => {
  const scene = restored();
  const [dossier, on] = [dossierOf(scene), by(sam, '2031-03-03')];
  scene.when(correct(dossier, '2031-01-19'), on).refuses('restoration-window-over', 'R-REC-6', 'I-8');
  scene.when(correct(dossier, '2030-07-18'), on).refuses('wrong-state', 'R-REC-7');
  expect(expiryOf(corrected(scene, dossier, ['2031-01-18', '2031-03-03']))).toBe('2033-07-18');
});
