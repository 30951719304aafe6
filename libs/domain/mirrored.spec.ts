import { auditMachine } from './audit/audit.js';
import { certificateMachine } from './certificate/certificate.js';
import { decisionMachine } from './decision/decision.js';
import {
  C,
  D,
  add,
  assign,
  audit,
  decide,
  draft,
  finding,
  open,
  programme,
  start,
} from './decision/scene.js';
import { civilDate } from './instant.js';
import type { Thing } from './machine.js';
import { nonconformityMachine } from './nonconformity/nonconformity.js';
import { ana, evidence, iris, lea, draft as draftFinding, raise } from './nonconformity/scene.js';
import { application, people as theirs, steps, until } from './programme/scene.js';
import { programmeMachine } from './programme/programme.js';
import { body, by, client, command, engine, given } from './specification.js';
import { taskMachine } from './task/task.js';

// A body that is not on Perennial: the client records what it did.

const { manager, top } = theirs;
const DAY = '2027-07-19';
const letter = { evidence, signedBy: 'Norden Cert, the reviewer' };
const recorded = (type: string, stream: string, input: object = {}, more: object = {}) =>
  command(type, stream, input, { ...letter, ...more });

const elsewhere = { name: 'Norden Cert', accredited: true, zone: 'Europe/Oslo' };
const { certificationBody: _, ...toNobody } = application;
const apply = (more: object) => command('submitApplication', 'prg_1', { ...toNobody, ...more });
const applied = given(...until.drafted)
  .when(apply({ mirroredBody: elsewhere }), by(manager))
  .done()
  .when(apply({ mirroredBody: elsewhere }), by(top))
  .records('application.submitted');

/** A programme whose body is a record, in the stage of the initial audits. */
const initial = (more: object = {}): Thing =>
  programme({ bodyMode: 'mirrored', certificationBody: undefined, ...more });
const world = (...things: Thing[]) => given(initial(), ...things);
const days = { firstDay: civilDate('2027-04-19'), lastDay: civilDate('2027-04-23') };
const opened = (...things: Thing[]) =>
  world(...things)
    .when(recorded('openAudit', 'aud_1', { auditType: 'stage2', ...days }, { under: 'prg_1' }), by(ana))
    .records('audit.opened');

describe('R-GEN-6: the body is an organisation here or a record that the client keeps', () => {
  test('one of the two, and what is known of the record counts', () => {
    given(...until.drafted)
      .when(apply({}), by(manager))
      .refuses('certification-body-missing', 'R-GEN-6');
    given(...until.drafted)
      .when(apply({ mirroredBody: elsewhere, certificationBody: body }), by(manager))
      .refuses('certification-body-missing', 'R-GEN-6');
    expect(applied.thing(programmeMachine, 'prg_1')).toMatchObject({
      ...{ stage: 'applied', bodyMode: 'mirrored', accredited: true, governingZone: 'Europe/Oslo' },
      texts: { certificationBody: expect.any(String) as string },
    });
  });

  test('nobody acts for it but the AIMS manager, and nobody records what a body here does itself', () => {
    const accept = recorded('acceptApplication', 'prg_1');
    applied.when(accept, by(theirs.programme)).refuses('not-permitted', 'R-GEN-1');
    applied.when(accept, by(top)).refuses('not-permitted', 'R-GEN-1');
    given(...until.timed)
      .when({ ...steps.accept, signedBy: 'Somebody' }, by(theirs.programme))
      .refuses('wrong-state', 'R-GEN-6');
  });

  test('what happens among its people reaches no client', () => {
    applied.when(recorded('startApplicationReview', 'prg_1'), by(manager)).done();
    const dossier = world(audit())
      .when(recorded('openDossier', D, { proposes: 'grant', audits: ['aud_1'] }, { under: 'prg_1' }), by(ana))
      .records('dossier.opened');
    for (const inside of [add('applicationConfirmed'), assign(), start])
      dossier.when({ ...inside, ...letter }, by(ana)).refuses('not-permitted', 'R-GEN-6');
  });
});

describe('R-EVD-1: each record has its document and the name of who signed', () => {
  test('both are asked for, whatever the rule asks of a body here', () => {
    const accept = command('acceptApplication', 'prg_1');
    const nothing = applied.when(accept, by(manager));
    nothing.refuses('evidence-missing', 'R-EVD-1');
    expect(nothing.missing).toEqual(['evidence', 'signedBy']);
    expect(applied.when({ ...accept, evidence }, by(manager)).missing).toEqual(['signedBy']);
    expect(applied.when({ ...accept, signedBy: ' ', evidence }, by(manager)).missing).toEqual(['signedBy']);
    applied.when({ ...accept, ...letter }, by(manager)).records('application.accepted', 'proposal.issued');
  });

  test('each fact says that it was recorded; the first of its thing carries the document and the name', () => {
    const { events } = applied.when(recorded('acceptApplication', 'prg_1'), by(manager));
    expect(events).toMatchObject([
      { type: 'application.accepted', mirrored: {}, evidence, texts: { signedBy: letter.signedBy } },
      { type: 'proposal.issued', mirrored: {} },
    ]);
    expect(events[1]?.evidence).toBeUndefined();
    expect(opened().thing(auditMachine, 'aud_1').mirrored).toBe(true);
  });

  test('R-CAL-14: it counts from the day on which it happened, without a reason', () => {
    const onDay = (effectiveOn: string) =>
      opened().when(
        recorded('proposeTeam', 'aud_1', { members: [] }, { effectiveOn: civilDate(effectiveOn) }),
        by(ana, '2029-03-03'),
      );
    expect(onDay('2029-03-02').warnings).toEqual([]);
    onDay('2029-02-27').warns('departs-from-rule');
  });

  test('who comes is named, although nobody of the team has an account', () => {
    const { events } = opened().when(
      recorded('proposeTeam', 'aud_1', { members: [], names: 'Lea Lead, Audun Auditor' }),
      by(ana),
    );
    expect(events[0]).toMatchObject({ type: 'team.proposed', texts: { team: 'Lea Lead, Audun Auditor' } });
  });
});

describe('what the client is asked to sign or agree to, it does alone', () => {
  test('the agreement, by top management', () => {
    applied
      .when(recorded('acceptApplication', 'prg_1'), by(manager))
      .done()
      .when(recorded('signAgreement', 'prg_1', { sites: ['head-office'] }), by(top))
      .records('agreement.signed');
  });
});

test('R-TEAM-2: to a team that was announced by names the client objects with its grounds', () => {
  const announced = opened()
    .when(recorded('proposeTeam', 'aud_1', { members: [], names: 'Lea Lead' }), by(ana))
    .done();
  announced
    .when(command('objectToMember', 'aud_1', { grounds: 'Lea advised a rival' }), by(ana))
    .records('team.objection-raised');
});

describe('stages that lie among its people are passed over, forward alone', () => {
  test('an application that was accepted, an audit that began', () => {
    applied
      .when(recorded('acceptApplication', 'prg_1'), by(manager))
      .records('application.accepted', 'proposal.issued');
    const begun = opened()
      .when(recorded('startAudit', 'aud_1', { present: [] }), by(ana, '2027-04-19'))
      .done();
    expect(begun.thing(auditMachine, 'aud_1').stage).toBe('inProgress');
    begun
      .when(recorded('startAudit', 'aud_1', { present: [] }), by(ana, '2027-04-20'))
      .refuses('wrong-state');
  });

  test('a body here passes over nothing', () => {
    given(...until.applied)
      .when(steps.accept, by(theirs.programme))
      .refuses('wrong-state', 'INV-7');
  });
});

describe('what a body departs from is recorded with what it did', () => {
  test('R-PLAN-1: an audit that begins on other days', () => {
    const start = recorded('startAudit', 'aud_1', { present: [] });
    const begun = opened().when(start, by(ana, '2027-05-03')).warns('departs-from-rule');
    expect(begun.thing(auditMachine, 'aud_1').departures).toEqual(
      expect.arrayContaining([
        { code: 'dates-not-agreed', rules: ['R-PLAN-1'], at: '2027-05-03T10:00:00.000Z' },
      ]),
    );
  });

  test('R-CRT-1: a certificate while a major is open', () => {
    const granted = world(audit(), finding({ stage: 'evidenceSubmitted', closedOn: undefined }))
      .when({ ...open(), ...letter }, by(ana, DAY))
      .records('dossier.opened')
      .when({ ...draft(), ...letter }, by(ana, DAY))
      .records('certificate.drafted')
      .when({ ...decide(), ...letter }, by(ana, DAY))
      .warns('departs-from-rule');
    expect(granted.thing(certificateMachine, C)).toMatchObject({
      ...{ stage: 'active', expiry: { date: '2030-07-18' } },
    });
    expect(granted.thing(decisionMachine, D)).toMatchObject({
      stage: 'notified',
      departures: [{ code: 'major-not-verified', at: `${DAY}T10:00:00.000Z` }],
    });
  });

  test('I-18: what departs from nothing says nothing, and the letter has notified the client', () => {
    const decided = world(audit())
      .when({ ...open(), ...letter }, by(ana, DAY))
      .done()
      .when({ ...draft(), ...letter }, by(ana, DAY))
      .done()
      .when({ ...decide(), ...letter }, by(ana, DAY));
    expect(decided.warnings).toEqual([]);
    expect(decided.done().thing(decisionMachine, D).departures).toBeUndefined();
    expect(decided.events.map(({ type }) => type)).toContain('decision.notified');
  });

  test('SM-6: nothing is granted of which no certificate is known', () => {
    world(audit())
      .when({ ...open(), ...letter }, by(ana, DAY))
      .done()
      .when({ ...decide(), ...letter }, by(ana, DAY))
      .refuses('wrong-state', 'SM-6');
  });

  test('INV-13, R-DEC-3: what has not happened, or says nothing, is no record', () => {
    const dossier = world(audit())
      .when({ ...open(), ...letter }, by(ana, DAY))
      .done()
      .when({ ...draft(), ...letter }, by(ana, DAY))
      .done();
    dossier
      .when({ ...decide('grant', {}, civilDate('2027-08-19')), ...letter }, by(ana, DAY))
      .refuses('date-in-future', 'INV-13');
    dossier.when({ ...decide(), ...letter, reason: '' }, by(ana, DAY)).refuses('reason-missing', 'R-EVD-2');
  });
});

describe('findings', () => {
  const started = world(audit({ stage: 'inProgress' }));

  test('those of the body are recorded; the client corrects them as ever', () => {
    started
      .when({ ...draftFinding(), ...letter }, by(ana))
      .records('finding.drafted')
      .when({ ...raise(), ...letter }, by(ana))
      .records('nonconformity.raised');
    started.when({ ...draftFinding(), ...letter }, by(iris)).refuses('not-permitted');
  });

  test('R-SUR-4: one that stood in a report that is recorded already comes after it', () => {
    const reported = world(audit({ auditType: 'surveillance', stage: 'reportIssued' }));
    reported
      .when({ ...draftFinding(), ...letter }, by(ana))
      .records('finding.drafted')
      .when({ ...raise(), ...letter }, by(ana))
      .records('nonconformity.raised');
  });

  test('SOD-7: those of the internal audit keep the separation of duties of the client', () => {
    const raised = world()
      .when(draftFinding({ source: 'internalAudit' }, 'prg_1'), by(iris))
      .records('finding.drafted')
      .when(raise(), by(iris))
      .records('nonconformity.raised');
    expect(raised.thing(nonconformityMachine, 'fnd_1').mirrored).toBeUndefined();
    raised.when(recorded('deferToNextAudit', 'fnd_1'), by(ana)).refuses('not-permitted', 'R-GEN-1');
  });
});

describe('whoever the body would ask, the AIMS manager is asked', () => {
  test('to record what it does; its person is not named', () => {
    const ask = { queue: 'lead-auditor', of: lea.id, asks: 'startAudit' };
    const task = opened()
      .when(command('openTask', 'tsk_1', ask, { under: 'aud_1' }), by(engine))
      .records('task.opened')
      .thing(taskMachine, 'tsk_1');
    expect(task).toMatchObject({ queue: 'aims-manager', organisation: client });
    expect(task.of).toBeUndefined();
  });

  test('and reminded', () => {
    const { events } = opened().when(
      command(
        'sendNotice',
        'ntc_1',
        { obligation: 'plan', due: days.firstDay, rungs: ['on-the-day'], to: ['lead-auditor'], late: false },
        { under: 'aud_1' },
      ),
      by(engine),
    );
    expect(events).toMatchObject([
      { data: { to: ['aims-manager'] }, opens: { organisation: client, visibility: 'owner' } },
    ]);
  });
});
