import { civilDate } from '../instant.js';
import { by, command, engine, given, person } from '../specification.js';
import { decisionMachine, obligations } from './decision.js';
import type { Dossier } from './dossier.js';
import {
  GRANTED,
  D,
  DAY,
  account,
  add,
  ana,
  assign,
  audit,
  collected,
  complete,
  dea,
  dirk,
  dom,
  draft,
  finding,
  lea,
  open,
  opened,
  people,
  pia,
  programme,
  qualified,
  reviewed,
  sam,
  start,
} from './scene.js';

describe('the dossier', () => {
  test('R-DEC-3: it rests on audits of its programme', () => {
    const world = given(programme(), audit());
    world.when(open('grant', ['aud_7']), by(pia, DAY)).refuses('dossier-incomplete', 'R-DEC-3');
    world.when(open('refuse', []), by(pia, DAY)).refuses('dossier-incomplete');
    world.when(open('grant'), by(engine, DAY)).records('dossier.opened');
  });

  test('SOD-1: it rests on every initial audit that was held, whether or not it was named', () => {
    const stage1 = audit({ id: 'aud_0', auditType: 'stage1', stage: 'closed', everInTeam: [dom.id] });
    const planned = audit({ id: 'aud_2', stage: 'planned', lastDay: undefined });
    expect(opened(stage1, planned).thing(decisionMachine, D).audits).toEqual(['aud_1', 'aud_0']);
    complete({}, stage1).when(assign(), by(pia, DAY)).refuses('separation-of-duties', 'SOD-1');
  });

  test('a programme has one open dossier', () => {
    opened()
      .when({ ...open(), stream: 'dec_2' }, by(pia, DAY))
      .refuses('wrong-state', 'SM-5')
      .when(command('closeDossier', D, {}, { reason: 'moot' }), by(pia, DAY))
      .records('dossier.closed')
      .when({ ...open(), stream: 'dec_2' }, by(pia, DAY))
      .records('dossier.opened');
  });

  test('R-DEC-3: it is complete with report, comments, confirmations and recommendation', () => {
    const ready = command('declareDossierComplete', D);
    opened()
      .when(draft(), by(sam, DAY))
      .done()
      .when(ready, by(pia, DAY))
      .refuses('dossier-incomplete', 'R-DEC-3');
    const silent = collected(audit({ recommendation: undefined }))
      .when(draft(), by(sam, DAY))
      .done();
    silent.when(ready, by(pia, DAY)).refuses('dossier-incomplete', 'R-DEC-3');
    silent
      .when(add('auditReport'), by(lea, DAY))
      .done()
      .when(add('recommendation'), by(lea, DAY))
      .done()
      .when(ready, by(pia, DAY))
      .records('dossier.completed');
  });

  test('R-CRT-1, R-CRT-3: a grant needs a draft that says all that a certificate must', () => {
    const ready = command('declareDossierComplete', D);
    collected().when(ready, by(pia, DAY)).refuses('certificate-content-incomplete', 'R-CRT-1');
    for (const field of [
      'clientName',
      'clientAddress',
      'scopeText',
      'aiBoundaries',
      'bodyName',
      'bodyAddress',
    ])
      collected()
        .when(draft({ [field]: '' }), by(sam, DAY))
        .done()
        .when(ready, by(pia, DAY))
        .refuses('certificate-content-incomplete', 'R-CRT-3', 'I-9');
    for (const field of ['standard', 'scopeVersion', 'soaVersion', 'soaDate', 'sites', 'aiRoles'])
      collected()
        .when(draft({ [field]: undefined }), by(sam, DAY))
        .done()
        .when(ready, by(pia, DAY))
        .refuses('certificate-content-incomplete', 'INV-9');
  });

  test('R-DEC-8: a decision is owed twenty business days after the dossier is complete, until it is made', () => {
    const dossier = complete().thing(decisionMachine, D);
    expect(obligations(dossier)).toMatchObject([
      { key: 'decision-1', due: { date: '2027-08-16', kind: 'soft', rule: 'R-DEC-8' }, ladder: 'L-TASK' },
    ]);
    expect(obligations(opened().thing(decisionMachine, D))).toEqual([]);
  });
});

describe('who decides', () => {
  test('SOD-1: nobody decides on an audit in whose team they ever were', () => {
    const once = audit({ everInTeam: [lea.id, dom.id] });
    complete({}, once).when(assign(), by(pia, DAY)).refuses('separation-of-duties', 'SOD-1', 'R-DEC-1');
  });

  test('SOD-1: an act under another account of the same human counts', () => {
    const other = audit({ everInTeam: ['per_dom-elsewhere'] });
    const twin = account({ ...dom, human: 'per_dom-elsewhere' });
    complete({}, other, twin).when(assign(), by(pia, DAY)).refuses('separation-of-duties', 'SOD-1');
  });

  test('SOD-1: what has become known since the assignment counts at the review and at the decision', () => {
    const once = audit({ everInTeam: [lea.id, dom.id] });
    const assigned = complete().when(assign(), by(pia, DAY)).done();
    assigned.and(once).when(start, by(dom, DAY)).refuses('separation-of-duties', 'SOD-1');
    const review = reviewed().and(once);
    const why = { reason: 'x' };
    review
      .when(command('decide', D, { decision: 'grant' }, why), by(dom, DAY))
      .refuses('separation-of-duties', 'SOD-1');
    review.when(command('askForInformation', D), by(dom, DAY)).refuses('separation-of-duties', 'SOD-1');
    const back = command('returnToAuditor', D, { for: 'grade' }, why);
    review.when(back, by(dom, DAY)).refuses('separation-of-duties', 'SOD-1');
  });

  test('SOD-2: whoever was in the team of a surveillance does not confirm what it found', () => {
    const once = audit({ everInTeam: [lea.id, dom.id] });
    const dossier = complete({}, once).thing(decisionMachine, D);
    const maintaining: Dossier = { ...dossier, proposes: 'maintain' };
    given(programme({ stage: 'certified' }), ...people, once, maintaining)
      .when(assign(), by(pia, DAY))
      .refuses('separation-of-duties', 'SOD-2');
  });

  test('SOD-5: consultancy to the client binds for two years after its end', () => {
    const tie = {
      kind: 'consultancy',
      client: programme().organisation,
      from: '2024-01-01',
      until: '2026-01-10',
    };
    complete({}, account(dom, { interests: [tie] }))
      .when(assign(), by(pia, DAY))
      .refuses('lookback-not-over', 'SOD-5');
  });

  test('SOD-11: whoever signs contracts for the body has no part in its decisions', () => {
    const signing = person({
      id: dom.id,
      roles: ['decision-maker', 'signatory'],
      organisation: dom.organisation,
    });
    complete({}, account(signing)).when(assign(), by(pia, DAY)).refuses('separation-of-duties', 'SOD-11');
  });

  test('R-CMP-1: competence for the decision is needed on the day', () => {
    complete({}, qualified(dom.id, '2027-07-18'))
      .when(assign(), by(pia, DAY))
      .refuses('competence-missing', 'R-CMP-1');
    reviewed({}, qualified(dom.id, '2027-07-19'))
      .when(command('askForInformation', D), by(dom, '2027-07-20'))
      .refuses('competence-missing', 'R-CMP-1');
  });

  test('R-DEC-1: only decision makers are named, and only those who are named act', () => {
    complete().when(assign(pia), by(pia, DAY)).refuses('not-permitted', 'R-DEC-1');
    complete()
      .when(assign(), by(pia, DAY))
      .done()
      .when(start, by(dea, DAY))
      .refuses('not-permitted', 'R-DEC-1');
    reviewed().when(command('askForInformation', D), by(ana, DAY)).refuses('not-permitted');
  });

  test('R-IMP-4: the decision maker declares to be free of conflicts', () => {
    complete()
      .when(assign(), by(pia, DAY))
      .done()
      .when(command('startReview', D, { freeOfConflicts: false }), by(dom, DAY))
      .refuses('conflict-declaration-missing', 'R-IMP-4');
  });
});

describe('the review', () => {
  test('R-DEC-6: what was asked and answered is on record, and its day counts as evidence', () => {
    const scene = reviewed()
      .when(command('askForInformation', D, { question: 'Why minor?' }), by(dom, DAY))
      .records('decision.information-asked')
      .when(add('nonconformityComments'), by(lea, '2027-07-20'))
      .records('dossier.item-added')
      .when(command('supplyInformation', D, { answer: 'One of five' }), by(lea, '2027-07-21'))
      .records('decision.information-supplied');
    expect(scene.thing(decisionMachine, D)).toMatchObject({
      stage: 'underReview',
      lastEvidenceOn: '2027-07-21',
    });
  });

  test('R-DEC-6: a returned dossier goes back to the team of its audit, with a reason', () => {
    const back = command(
      'returnToAuditor',
      D,
      { for: 'recommendation' },
      { reason: 'One finding is not weighed' },
    );
    reviewed()
      .when({ ...back, reason: ' ' }, by(dom, DAY))
      .refuses('reason-missing');
    const scene = reviewed()
      .when(back, by(dom, DAY))
      .records('decision.returned', 'stage2.recommendation-returned');
    expect(scene.thing(decisionMachine, D)).toMatchObject({ stage: 'dossierOpen', votes: [] });
    scene
      .when(command('declareDossierComplete', D), by(pia, DAY))
      .refuses('dossier-incomplete', 'R-DEC-3')
      .when(command('recommend', 'aud_1', { value: 'grant' }), by(lea, DAY))
      .records('stage2.recommended')
      .when(command('handToDecision', 'aud_1'), by(pia, DAY))
      .records('stage2.handed-to-decision')
      .when(command('declareDossierComplete', D), by(pia, DAY))
      .records('dossier.completed');
  });

  const committee = () =>
    complete()
      .when(assign(), by(pia, DAY))
      .done()
      .when(assign(dea), by(pia, DAY))
      .done()
      .when(assign(dirk), by(pia, DAY))
      .done()
      .when(start, by(dom, DAY))
      .done();
  const vote = (word: string) =>
    command('castVote', D, { vote: word, reasons: 'as told', freeOfConflicts: true });
  const grant = command('decide', D, { decision: 'grant' }, { reason: 'Requirements are met.' });

  test('I-30: a committee decides with more than half of its members', () => {
    const one = committee().when(vote('grant'), by(dom, DAY)).records('decision.vote-cast');
    one.when(grant, by(dom, DAY)).refuses('four-eyes-required', 'I-30');
    one.when(vote('refuse'), by(dea, DAY)).done().when(grant, by(dom, DAY)).refuses('four-eyes-required');
    const made = one
      .when(vote('refuse'), by(dea, DAY))
      .done()
      .when(vote('grant'), by(dirk, DAY))
      .done()
      .when(grant, by(dom, DAY));
    made.records(...GRANTED);
    expect(made.events[0]?.data).toMatchObject({ by: [dom.id, dirk.id] });
  });

  test('R-IMP-4: each member of a committee declares to be free of conflicts, once in a review', () => {
    const silent = command('castVote', D, { vote: 'grant' });
    const bound = command('castVote', D, { vote: 'grant', freeOfConflicts: false });
    committee().when(silent, by(dom, DAY)).records('decision.vote-cast');
    committee().when(bound, by(dom, DAY)).refuses('conflict-declaration-missing', 'R-IMP-4');
    committee().when(silent, by(dea, DAY)).refuses('conflict-declaration-missing', 'R-IMP-4');
    const both = committee()
      .when(vote('grant'), by(dom, DAY))
      .done()
      .when(vote('grant'), by(dirk, DAY))
      .done();
    both.when(grant, by(dea, DAY)).refuses('conflict-declaration-missing', 'R-IMP-4');
    both.when(silent, by(dirk, DAY)).done().when(grant, by(dirk, DAY)).done();
    both.when(vote('abstain'), by(dea, DAY)).done().when(grant, by(dea, DAY)).done();
  });

  test('I-30: a member who was in the team casts no vote, and one alone needs none', () => {
    const once = audit({ everInTeam: [lea.id, dea.id] });
    committee().and(once).when(vote('grant'), by(dea, DAY)).refuses('separation-of-duties', 'SOD-1');
    reviewed().when(vote('grant'), by(dom, DAY)).refuses('wrong-state', 'I-30');
  });

  test('a finding of the client alone binds no decision', () => {
    const own = finding({ id: 'fnd_own', source: 'internalAudit', stage: 'raised', closedOn: undefined });
    reviewed({}, own).when(grant, by(dom, DAY)).done();
  });

  test('R-GEN-1: neither a machine account nor the engine decides', () => {
    const robot = person({
      id: dom.id,
      kind: 'machine',
      roles: ['decision-maker'],
      organisation: dom.organisation,
    });
    reviewed().when(grant, by(robot, DAY)).refuses('person-required', 'R-GEN-1');
    reviewed().when(grant, by(engine, DAY)).refuses('not-permitted');
  });

  test('an account that was not read as a decision maker of the body is not named', () => {
    const unknown = person({ id: 'per_unknown', roles: ['decision-maker'], organisation: dom.organisation });
    complete()
      .when(assign(unknown), by(pia, civilDate(DAY)))
      .refuses('not-permitted', 'R-DEC-1');
  });
});
