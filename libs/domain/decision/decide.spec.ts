import { certificateMachine } from '../certificate/certificate.js';
import { statusOn } from '../certificate/life.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { sixMonthLimit } from '../nonconformity/limit.js';
import { Policy } from '../policy.js';
import { programmeMachine } from '../programme/programme.js';
import { body, by, command, engine, given } from '../specification.js';
import { decisionMachine } from './decision.js';
import {
  CORRECTED,
  GRANTED,
  C,
  D,
  DAY,
  audit,
  complete,
  decide,
  dom,
  draft,
  finding,
  granted,
  lea,
  open,
  people,
  pia,
  programme,
  reviewed,
  sam,
  start,
  sue,
} from './scene.js';

const limit = (lastDay: string) => sixMonthLimit(civilDate(lastDay), new Policy());

describe('granting', () => {
  test('Programme A: decision and effect on 2027-07-19, expiry 2030-07-18', () => {
    const scene = reviewed(
      {},
      finding(),
      finding({ id: 'fnd_8', grade: 'minor', stage: 'planAccepted', closedOn: undefined }),
    )
      .when(decide(), by(dom, DAY))
      .records(...GRANTED);
    expect(scene.thing(certificateMachine, C)).toMatchObject({
      ...{ stage: 'active', version: 1, decidedOn: DAY, effectiveDate: DAY },
      expiry: {
        ...{ date: '2030-07-18', kind: 'hard', rule: 'R-CAL-5' },
        basis: [{ operation: 'plus 36 months minus 1 day', anchor: { name: 'decision', date: DAY } }],
      },
    });
    expect(scene.thing(programmeMachine, 'prg_1').stage).toBe('certified');
  });

  test('R-CAL-5: a later effective date moves no expiry, and until then the certificate is pending', () => {
    const crt = granted({ effectiveDate: '2027-08-01' }).thing(certificateMachine, C);
    const on = (day: string) => statusOn(crt, civilDate(day), new Policy());
    expect(crt.expiry?.date).toBe('2030-07-18');
    expect(
      ['2027-07-18', '2027-07-19', '2027-08-01', '2030-07-18', '2030-07-19', '2031-01-18', '2031-01-19'].map(
        on,
      ),
    ).toEqual(['none', 'pending', 'active', 'active', 'restorable', 'restorable', 'final']);
  });

  test('INV-2: nothing takes effect before its decision', () => {
    reviewed()
      .when(decide('grant', { effectiveDate: '2027-07-18' }), by(dom, DAY))
      .refuses('effective-before-decision', 'INV-2');
  });

  test('R-CAL-14: no decision is dated before the last evidence that it used', () => {
    const late = finding({ closedOn: civilDate('2027-07-25') });
    reviewed({}, late)
      .when(decide('grant', {}, civilDate('2027-07-24')), by(dom, '2027-07-26'))
      .refuses('date-before-evidence', 'R-CAL-14');
    reviewed({}, late)
      .when(decide('grant', {}, civilDate('2027-07-25')), by(dom, '2027-07-26'))
      .done();
  });

  test('R-EVD-2: a decision has reasons', () => {
    reviewed()
      .when({ ...decide(), reason: '' }, by(dom, DAY))
      .refuses('reason-missing', 'R-EVD-2');
  });

  test('R-DEC-2, INV-3: no grant with a major that nobody verified', () => {
    for (const stage of ['raised', 'planAccepted', 'evidenceSubmitted', 'disputed'])
      reviewed({}, finding({ stage, closedOn: undefined }))
        .when(decide(), by(dom, DAY))
        .refuses('major-not-verified', 'INV-3');
    reviewed({}, finding({ stage: 'retracted', closedOn: undefined }))
      .when(decide(), by(dom, DAY))
      .done();
  });

  test('R-DEC-2: the plan for each minor is accepted first', () => {
    const minor = (stage: string) => finding({ grade: 'minor', stage, closedOn: undefined });
    for (const stage of ['raised', 'planSubmitted', 'planRejected'])
      reviewed({}, minor(stage)).when(decide(), by(dom, DAY)).refuses('minor-plan-not-accepted', 'R-DEC-2');
    reviewed({}, minor('implementing')).when(decide(), by(dom, DAY)).done();
  });

  test('Programme C: verified on Monday 2028-10-02, two days after the limit, it needs another Stage 2', () => {
    const major = (closedOn: string) =>
      finding({ limit: limit('2028-03-31'), closedOn: civilDate(closedOn) });
    const world = (closedOn: string) => {
      const scene = reviewed({}, audit({ lastDay: civilDate('2028-03-31') }), major(closedOn), ...people);
      return scene.when(decide(), by(dom, '2028-10-03'));
    };
    world('2028-10-02').refuses('repeat-stage2-required', 'R-DEC-4');
    world('2028-09-30').records(...GRANTED);
  });

  test('R-DEC-4: an audit that must be repeated carries no grant until another Stage 2 was held', () => {
    const repeated = audit({ stage: 'repeatStage2Required' });
    const late = finding({ limit: limit('2027-04-23'), closedOn: civilDate('2027-11-02') });
    const once = reviewed({}, repeated, late);
    once.when(decide(), by(dom, '2027-12-20')).refuses('repeat-stage2-required', 'R-DEC-4');
    const again = once
      .and(audit({ id: 'aud_2', lastDay: civilDate('2027-12-08') }))
      .and({ ...once.thing(decisionMachine, D), audits: ['aud_1', 'aud_2'] } as Thing);
    again.when(decide(), by(dom, '2027-12-20')).done();
  });

  test('R-S2-4: without a recommendation of the team there is no grant', () => {
    reviewed()
      .and(audit({ recommendation: undefined }))
      .when(decide(), by(dom, DAY))
      .refuses('recommendation-missing', 'R-S2-4');
  });

  test('R-MD1-4: a site of the agreement that the draft leaves out blocks the certificate', () => {
    reviewed({}, programme({ agreedSites: ['main', 'graz'] }))
      .when(decide(), by(dom, DAY))
      .refuses('site-blocks-certificate', 'R-MD1-4');
  });

  test('R-CRT-8: the certificate says as it is whether it is accredited, and an accredited body issues no other', () => {
    reviewed({ accredited: false })
      .when(decide(), by(dom, DAY))
      .refuses('non-accredited-certificate-forbidden', 'R-CRT-8');
    reviewed({ accredited: undefined })
      .when(decide(), by(dom, DAY))
      .refuses('accreditation-flag-missing', 'R-CRT-8');
    const plain = programme({ accredited: false });
    reviewed({}, plain).when(decide(), by(dom, DAY)).refuses('accreditation-flag-missing', 'R-CRT-8');
    reviewed({ accredited: false }, plain).when(decide(), by(dom, DAY)).done();
  });

  test('R-CRT-1: a draft that was emptied since is no certificate', () => {
    const standing = reviewed();
    const emptied = { ...standing.thing(certificateMachine, C), sites: [] };
    standing.and(emptied).when(decide(), by(dom, DAY)).refuses('certificate-content-incomplete', 'R-CRT-1');
  });
});

describe('other decisions', () => {
  test('R-DEC-7: a refusal ends the programme, and the client is told the reasons and the way to appeal', () => {
    const refused = reviewed({}, finding({ stage: 'raised', closedOn: undefined }))
      .when(decide('refuse'), by(dom, DAY))
      .records('decision.made', 'programme.ended', 'audit.closed', 'nonconformity.released');
    expect(refused.thing(programmeMachine, 'prg_1')).toMatchObject({ stage: 'terminated', cause: 'refused' });
    refused.when(command('notifyDecision', D), by(pia, DAY)).refuses('reason-missing', 'R-DEC-7');
    const told = command('notifyDecision', D, { wayToAppeal: 'Within 30 days, in writing' });
    expect(
      refused.when(told, by(pia, DAY)).records('decision.notified').thing(decisionMachine, D).stage,
    ).toBe('notified');
  });

  test('a dossier for maintaining is not decided by a grant, nor the other way round', () => {
    reviewed().when(decide('maintain'), by(dom, DAY)).refuses('wrong-state', 'SM-5');
  });

  const maintaining = (certified: object, ...things: Thing[]) =>
    given(
      ...[
        programme({ stage: 'certified' }),
        ...people,
        audit({ auditType: 'surveillance', stage: 'reportIssued' }),
      ],
      { ...granted().thing(certificateMachine, C), ...certified },
      ...things,
    )
      .when(open('maintain'), by(pia, '2028-06-20'))
      .done();
  const made = (scene: ReturnType<typeof maintaining>, on: string) => {
    const items = ['nonconformityComments', 'applicationConfirmed', 'objectivesAchieved'];
    return items
      .reduce(
        (now, item) => now.when(command('addToDossier', D, { item }), by(lea, '2028-06-20')).done(),
        scene,
      )
      .when(command('declareDossierComplete', D), by(pia, '2028-06-20'))
      .done()
      .when(command('assignDecisionMaker', D, { person: dom.id }), by(pia, '2028-06-20'))
      .done()
      .when(start, by(dom, '2028-06-20'))
      .done()
      .when(decide('maintain'), by(dom, on));
  };
  const underDeadline = (date: string) =>
    finding({
      stage: 'planAccepted',
      closedOn: undefined,
      verifyDue: { ...limit('2028-01-01'), date: civilDate(date) },
    });

  test('R-SUR-4: certification is maintained while majors are under a deadline and minors have their plan', () => {
    made(maintaining({}, underDeadline('2028-09-01')), '2028-06-25').records('decision.made');
    made(maintaining({}, underDeadline('2028-06-24')), '2028-06-25').refuses('major-not-verified', 'R-SUR-5');
    const minor = finding({ grade: 'minor', stage: 'raised', closedOn: undefined });
    made(maintaining({}, minor), '2028-06-25').refuses('minor-plan-not-accepted');
  });

  test('R-REC-7: what has expired cannot be maintained', () => {
    const [decidedOn, over] = [civilDate(DAY), { ...limit('2020-01-01'), date: civilDate('2028-06-24') }];
    const validities = [{ decidedOn, effectiveDate: decidedOn, expiry: over }];
    made(maintaining({ validities }), '2028-06-25').refuses('certificate-expired', 'R-REC-7');
  });
});

describe('after the decision', () => {
  test('R-DEC-2: a major raised after the decision comes too late, and one raised before prevents it', () => {
    const drafted = { ...nothingYet('fnd_7'), kind: 'nonconformity', stage: 'draft', organisation: body };
    const major = finding({
      ...drafted,
      programme: 'prg_1',
      about: 'aud_1',
      closedOn: undefined,
      grades: [],
    });
    const raise = command('raiseNonconformity', 'fnd_7', {
      ...{ grade: 'major', requirement: '8.4', statement: 'No assessment.', objectiveEvidence: 'Register' },
      gradeReason: 'The intended results are in doubt',
    });
    const ready = reviewed({}, major);
    ready.when(decide(), by(dom, DAY)).done().when(raise, by(lea, DAY)).refuses('wrong-state', 'R-DEC-2');
    ready
      .when(raise, by(lea, DAY))
      .done()
      .when(decide(), by(dom, DAY))
      .refuses('major-not-verified', 'R-DEC-2');
  });

  const evidence = [{ sha256: 'b'.repeat(64), bytes: 10, type: 'application/pdf' }];
  const correct = (decidedOn: string) =>
    command(
      'correctDecisionDate',
      D,
      { decidedOn: civilDate(decidedOn) },
      { reason: 'Minutes of the meeting', evidence },
    );

  test('R-CAL-15: two administrators correct the date of a decision, and every date follows', () => {
    const scene = granted()
      .when(correct('2027-07-20'), by(sam, '2027-08-01'))
      .records('second.awaited', 'task.opened')
      .when(correct('2027-07-20'), by(sam, '2027-08-01'))
      .refuses('four-eyes-required')
      .when(correct('2027-07-20'), by(sue, '2027-08-01'))
      .records(...CORRECTED);
    expect(scene.thing(certificateMachine, C)).toMatchObject({
      ...{ decidedOn: '2027-07-20', effectiveDate: '2027-07-20', expiry: { date: '2030-07-19' } },
      entered: { active: 2 },
    });
    const told = { stage: 'certified', decidedOn: '2027-07-20', expiryDate: '2030-07-19' };
    expect(scene.thing(programmeMachine, 'prg_1')).toMatchObject(told);
  });

  test('INV-13, R-CAL-14: the corrected date lies neither ahead nor before the last evidence, and comes in the life of the certificate', () => {
    granted().when(correct('2027-08-02'), by(sam, '2027-08-01')).refuses('date-in-future', 'INV-13');
    granted().when(correct('2027-07-18'), by(sam, '2027-08-01')).refuses('date-before-evidence', 'R-CAL-14');
    const over = granted().when(command('expireCertificate', C), by(engine, '2030-07-19')).done();
    over.when(correct('2027-07-20'), by(sam, '2030-08-01')).refuses('certificate-expired', 'R-REC-7');
    const bare = { ...correct('2027-07-20'), evidence: [] };
    granted().when(bare, by(sam, '2027-08-01')).refuses('evidence-missing');
  });

  test('R-GEN-2: no draft says that an AI system is certified', () => {
    for (const scopeText of [
      'Certified AI assistant',
      'Our chatbot is certified',
      'Certification of AI systems',
    ])
      complete().when(draft({ scopeText }), by(sam, DAY)).refuses('misleading-wording', 'R-GEN-2');
  });
});
