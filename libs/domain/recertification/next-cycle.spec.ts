import { certificateMachine } from '../certificate/certificate.js';
import { statusOn } from '../certificate/life.js';
import { C, dom, pia, sam, sue } from '../decision/scene.js';
import { decisionMachine } from '../decision/decision.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { Policy } from '../policy.js';
import { programmeMachine } from '../programme/programme.js';
import { body, by, command, engine } from '../specification.js';
import { certifiedOn, datesIn, len, nth, renewalOf, reported, type Scene } from '../surveillance/scene.js';
import { audited, deciding, prepared, underReview } from './scene.js';

// Programme A and B of the calendar: decided on 2027-07-19, valid until 2030-07-18.

const EXPIRY = '2030-07-18';
const because = { reason: 'As the file shows.' };
const certified = () =>
  reported(reported(certifiedOn('2027-07-19'), 1, '2028-06-13', '2028-06-14'), 2, '2029-06-12');
const renewal = (scene: Scene) => renewalOf(scene);
const on = (scene: Scene, type: string, input: object = {}) =>
  command(type, renewal(scene).id, input, because);
const ready = () =>
  underReview(
    audited(prepared(certified(), 1, '2030-01-18'), 1, '2030-04-16', '2030-04-17'),
    1,
    '2030-05-20',
  );
const expire = (scene: Scene, day = '2030-07-19') =>
  scene.when(command('expireCertificate', C), by(engine, day));
const finding = (scene: Scene, more: object = {}): Thing => ({
  ...{
    ...nothingYet('fnd_r'),
    kind: 'nonconformity',
    stage: 'raised',
    organisation: body,
    programme: 'prg_1',
  },
  ...{ source: 'audit', about: renewal(scene).audit ?? '', grade: 'major', grades: ['major'], planBy: [] },
  ...{
    workedBy: [],
    deferred: false,
    plansAsked: 1,
    submissions: 0,
    reopened: 0,
    limitPassed: false,
    ...more,
  },
});

describe('the decision in time', () => {
  const decide = (scene: Scene, day: string, decision = 'renew', more: object = {}) =>
    scene.when(deciding(scene, 1, decision, more), by(dom, day));
  const RENEWED = [
    ...['decision.made', 'certificate.renewed', 'programme.renewed', 'recertification.renewed'],
    ...['recertification.forecast', 'recertification.dates-set'],
    ...['surveillance.forecast', 'surveillance.dates-set', 'surveillance.forecast', 'surveillance.dates-set'],
  ];

  test('Programme A, R-REC-4, I-20: renewed in time it expires 2033-07-18, and the next cycle is opened with its surveillances', () => {
    const renewed = decide(ready(), '2030-06-11').records(...RENEWED);
    expect(renewed.thing(certificateMachine, C)).toMatchObject({
      stage: 'active',
      version: 2,
      cycle: 2,
      effectiveDate: '2030-06-11',
      expiry: { date: '2033-07-18', rule: 'R-CAL-6' },
    });
    expect(renewed.thing(programmeMachine, 'prg_1')).toMatchObject({
      stage: 'certified',
      cycle: 2,
      expiryDate: '2033-07-18',
    });
    expect(renewalOf(renewed, 2)).toMatchObject({ stage: 'forecast', cycle: 2, startYear: 2030 });
    expect(datesIn(renewed, 2)).toEqual([
      '2031-06-11 at latest 2031-12-31',
      '2032-06-11 at latest 2032-12-31',
    ]);
  });

  test('I-7: a decision on the last valid day is in time, and one on the next day is not', () => {
    expect(
      decide(ready(), EXPIRY)
        .records(...RENEWED)
        .thing(certificateMachine, C).expiry?.date,
    ).toBe('2033-07-18');
    decide(ready(), '2030-07-19').refuses('expired-before-decision', 'R-REC-5', 'I-7');
    decide(ready(), EXPIRY, 'renew', { effectiveDate: civilDate('2030-07-20') }).refuses(
      'expired-before-decision',
      'R-REC-5',
    );
    decide(ready(), '2030-06-11', 'restoreAfterExpiry').refuses('wrong-state', 'R-REC-7');
  });

  test('R-REC-3, INV-3: no renewal while a major is not verified, or a minor has no accepted plan', () => {
    decide(ready().and(finding(ready())), '2030-06-11').refuses('major-not-verified', 'R-REC-3');
    decide(ready().and(finding(ready(), { grade: 'minor' })), '2030-06-11').refuses(
      'minor-plan-not-accepted',
    );
  });

  test('R-CAL-6, I-21: more than six months before the expiry the cycle begins with the decision, unless it is said why not', () => {
    const early = () =>
      underReview(audited(prepared(certified(), 1, '2029-08-01'), 1, '2029-11-06'), 1, '2029-12-03');
    expect(decide(early(), '2029-12-10').done().thing(certificateMachine, C).expiry).toMatchObject({
      date: '2032-12-09',
      rule: 'R-CAL-5',
    });
    decide(early(), '2029-12-10', 'renew', { expiryBasis: 'keepAnniversary' }).refuses(
      'expiry-basis-needs-reason',
      'R-CAL-6',
      'I-21',
    );
    const kept = decide(early(), '2029-12-10', 'renew', {
      expiryBasis: 'keepAnniversary',
      expiryBasisReason: 'Integrated audits.',
    });
    expect(kept.done().thing(certificateMachine, C).expiry?.date).toBe('2033-07-18');
    const fromDecision = decide(ready(), '2030-06-11', 'renew', { expiryBasis: 'fromDecision' });
    expect(fromDecision.done().thing(certificateMachine, C).expiry?.date).toBe('2033-06-10');
  });

  test('R-CRT-4, I-21: a cycle that would be longer than the rules allow is refused, a shorter one is not', () => {
    decide(ready(), '2030-06-11', 'renew', { cycleMonths: 48 }).refuses(
      'expiry-beyond-cycle',
      'R-CRT-4',
      'I-21',
    );
    expect(
      decide(ready(), '2030-06-11', 'renew', { cycleMonths: 12 }).done().thing(certificateMachine, C).expiry
        ?.date,
    ).toBe('2031-07-18');
  });

  test('R-DEC-7: not renewed, with reasons and the way to appeal; the certificate is valid to its last day', () => {
    const refused = decide(ready(), '2030-06-11', 'notRenew').records(
      'decision.made',
      'recertification.refused',
    );
    const dossier = renewal(refused).dossier ?? '';
    refused
      .when(command('notifyDecision', dossier), by(pia, '2030-06-12'))
      .refuses('reason-missing', 'R-DEC-7');
    expect(
      expire(refused).records('certificate.expired', 'programme.lapsed').thing(certificateMachine, C).stage,
    ).toBe('expired');
  });

  test('R-DEC-5: the dossier holds the audit, the review of the cycle, and complaints', () => {
    const recommended = audited(prepared(certified(), 1, '2030-01-18'), 1, '2030-04-16')
      .when(on(certified(), 'recommendRenewal', { value: 'renew' }), by(len, '2030-05-20'))
      .done();
    recommended
      .when(command('declareDossierComplete', renewal(recommended).dossier ?? ''), by(pia, '2030-05-20'))
      .refuses('dossier-incomplete', 'R-DEC-5');
  });

  test('R-CAL-15: another date of the decision moves what the next cycle owes, and an older decision rules no more', () => {
    const renewed = decide(ready(), '2030-06-11').done();
    const evidence = [{ sha256: 'd'.repeat(64), bytes: 1, type: 'text/plain' }];
    const correct = (dossier: string) =>
      command(
        'correctDecisionDate',
        dossier,
        { decidedOn: civilDate('2030-06-04') },
        { ...because, evidence },
      );
    const dossier = renewal(renewed).dossier ?? '';
    const corrected = renewed
      .when(correct(dossier), by(sam, '2030-06-20'))
      .done()
      .when(correct(dossier), by(sue, '2030-06-20'))
      .done();
    expect(corrected.thing(certificateMachine, C)).toMatchObject({
      decidedOn: '2030-06-04',
      expiry: { date: '2033-07-18' },
    });
    expect(datesIn(corrected, 2)[0]).toBe('2031-06-04 at latest 2031-12-31');
    renewed.when(correct('dec_1'), by(sam, '2030-06-20')).refuses('wrong-state', 'R-CAL-15');
  });

  test('three cycles in a row: each begins with its decision, and its dates rest on the expiry before it', () => {
    let scene = decide(ready(), '2030-06-11').done();
    const years = [
      {
        cycle: 2,
        watched: ['2031-05-06', '2032-05-04'],
        audit: '2033-04-12',
        decided: '2033-06-14',
        expiry: '2036-07-18',
      },
      {
        cycle: 3,
        watched: ['2034-05-09', '2035-05-08'],
        audit: '2036-04-15',
        decided: '2036-06-17',
        expiry: '2039-07-18',
      },
    ];
    for (const { cycle, watched, audit, decided, expiry } of years) {
      scene = watched.reduce((now, day, place) => reported(now, { cycle, ordinal: place + 1 }, day), scene);
      scene = underReview(
        audited(prepared(scene, cycle, audit.replace(/-\d\d-/, '-01-')), cycle, audit),
        cycle,
        decided.replace(/-\d\d$/, '-01'),
      );
      scene = scene.when(deciding(scene, cycle, 'renew'), by(dom, decided)).done();
      expect(scene.thing(certificateMachine, C)).toMatchObject({
        cycle: cycle + 1,
        version: cycle + 1,
        expiry: { date: expiry },
      });
    }
    expect(scene.thing(decisionMachine, renewalOf(scene, 3).dossier ?? '').stage).toBe('decided');
    expect(nth(scene, 2, 4).stage).toBe('forecast');
  });
});

describe('after the expiry', () => {
  const lapsed = () =>
    expire(ready()).records('certificate.expired', 'programme.lapsed', 'recertification.expiry-missed');
  const decide = (scene: Scene, day: string, decision = 'restoreAfterExpiry') =>
    scene.when(deciding(scene, 1, decision), by(dom, day));

  test('Programme B: restored on 2030-10-08; from 2030-07-19 to 2030-10-07 it was not certified, for ever', () => {
    const restored = decide(lapsed(), '2030-10-08').done();
    const certificate = restored.thing(certificateMachine, C);
    expect(certificate).toMatchObject({
      stage: 'active',
      cycle: 2,
      effectiveDate: '2030-10-08',
      expiry: { date: '2033-07-18' },
    });
    const status = (day: string) => statusOn(certificate, civilDate(day), new Policy());
    expect(['2030-07-18', '2030-07-19', '2030-10-07', '2030-10-08', '2033-07-19'].map(status)).toEqual([
      ...['active', 'restorable', 'restorable', 'active', 'restorable'],
    ]);
    expect(renewal(restored).stage).toBe('restored');
    expect(restored.thing(programmeMachine, 'prg_1')).toMatchObject({ stage: 'certified', cycle: 2 });
  });

  test('R-CRT-2: the document shows the old expiry and the date of the audit', () => {
    const made = decide(lapsed(), '2030-10-08').events.find(
      ({ type }) => type === 'certificate.restored-after-expiry',
    );
    expect(made?.data).toMatchObject({ expiredOn: EXPIRY, auditedOn: '2030-04-17' });
  });

  test('Programme B: a decision on 2031-01-20 is refused, whatever was completed before (R-REC-6, I-6, I-8)', () => {
    decide(lapsed(), '2031-01-18').done();
    decide(lapsed(), '2031-01-20').refuses('restoration-window-over', 'R-REC-6', 'I-6', 'I-8');
    decide(lapsed(), '2030-10-08', 'renew').refuses('expired-before-decision', 'R-REC-5');
  });

  test('R-REC-5: what is outstanding goes on after the expiry, and a surveillance is owed no more', () => {
    const scene = expire(prepared(certifiedOn('2027-07-19'), 1, '2030-01-18')).records(
      ...['certificate.expired', 'programme.lapsed', 'recertification.expiry-missed'],
      ...['surveillance.closed', 'surveillance.closed'],
    );
    expect(renewal(audited(scene, 1, '2030-09-03'))).toMatchObject({
      stage: 'reported',
      missedOn: '2030-07-19',
    });
  });

  test('I-38: after the window it takes at least a Stage 2, or the end; which one is for people', () => {
    const over = lapsed()
      .when(command('endRestorationWindow', C), by(engine, '2031-01-19'))
      .records(
        ...[
          'certificate.expired-finally',
          'recertification.stage2-required',
          'programme.restoration-window-over',
        ],
      );
    const go = command('continueWithStage2', 'prg_1', { stage1Needed: false }, because);
    lapsed().when(go, by(pia, '2030-12-01')).refuses('wrong-state', 'R-REC-6');
    const initial = over.when(go, by(pia, '2031-02-01')).records('programme.continued');
    expect(initial.thing(programmeMachine, 'prg_1')).toMatchObject({ stage: 'initial', stage1Needed: false });
  });
});
