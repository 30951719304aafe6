import { auditMachine } from '../audit/audit.js';
import * as initial from '../audit/specification.js';
import { certificateMachine } from '../certificate/certificate.js';
import { decisionMachine } from '../decision/decision.js';
import { C, dom, finding, open, pia, reviewed } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { hasEnded, type Thing } from '../machine.js';
import { machines } from '../machines.js';
import { nonconformityMachine } from '../nonconformity/nonconformity.js';
import { audited, deciding, prepared, underReview } from '../recertification/scene.js';
import { by, command, did, engine, given } from '../specification.js';
import { certifiedOn, doing, renewalOf, reported, type Scene } from '../surveillance/scene.js';

// Programme B is ended while its certificate can still be restored, and others are ended on their way to one.

const because = { reason: 'The client does not go on.' };
const end = command('endProgramme', 'prg_1', { cause: 'voluntary' }, because);
const ended = (scene: Scene, on: string): Scene => scene.when(end, by(pia, on)).done();

const restorable = (): Scene =>
  doing(
    underReview(
      audited(
        prepared(reported(certifiedOn('2027-07-19'), 1, '2028-06-13'), 1, '2030-01-18'),
        1,
        '2030-04-16',
      ),
      1,
      '2030-05-20',
    ),
    [did(command('expireCertificate', C), by(engine, '2030-07-19'))],
  );

const machineOf = ({ kind }: Thing) => Object.values(machines).find((one) => one.kind === kind);
const owed = (scene: Scene) =>
  scene.things.flatMap((thing) =>
    (machineOf(thing)?.obligations?.(thing) ?? []).map(({ key }) => `${thing.kind} ${key}`),
  );
const alive = (scene: Scene) =>
  scene.things
    .filter(({ kind }) =>
      ['audit', 'dossier', 'nonconformity', 'surveillance', 'recertification', 'certificate'].includes(kind),
    )
    .filter((thing) => !hasEnded(machineOf(thing) ?? certificateMachine, thing))
    .map(({ id, stage }) => `${id} ${stage}`);

describe('SM-0: once a programme has ended', () => {
  const major = finding({
    stage: 'raised',
    planDue: { date: civilDate('2030-08-20'), kind: 'soft', basis: [] },
  });
  const before = () => restorable().and(major);

  test('nobody owes anything any more, and no process of it goes on', () => {
    expect(owed(before()).length).toBeGreaterThan(3);
    const over = ended(before(), '2030-08-01');
    expect(owed(over)).toEqual([]);
    expect(alive(over)).toEqual(['dec_1 decided']);
    expect(over.thing(nonconformityMachine, 'fnd_9').stage).toBe('released');
  });

  test('its certificate is not restored, and nothing else is decided on it (R-GEN-1)', () => {
    const over = ended(restorable(), '2030-08-01');
    const restore = deciding(over, 1, 'restoreAfterExpiry');
    over.when(restore, by(dom, '2030-08-15')).refuses('wrong-state', 'INV-7');
    over.when(command('endRestorationWindow', C), by(engine, '2031-01-19')).refuses('wrong-state');
    over
      .when({ ...open('restoreAfterExpiry'), stream: 'dec_3' }, by(pia, '2030-08-15'))
      .refuses('wrong-state', 'SM-0');
  });

  test('a dossier that an older release left open decides nothing either', () => {
    const before = restorable();
    const dossier = before.thing(decisionMachine, renewalOf(before).dossier ?? '');
    const left = ended(before, '2030-08-01').and(dossier);
    for (const decision of ['renew', 'notRenew', 'restoreAfterExpiry'])
      left.when(deciding(left, 1, decision), by(dom, '2030-08-15')).refuses('wrong-state', 'SM-0');
    left
      .and({ ...dossier, ...{ proposes: 'maintain' } })
      .when(deciding(left, 1, 'maintain'), by(dom, '2030-08-15'))
      .refuses('wrong-state', 'SM-0');
  });

  test('no finding comes up', () => {
    const over = ended(restorable(), '2030-08-01');
    const finds = command('draftFinding', 'fnd_2', { source: 'monitoring' }, { under: 'prg_1' });
    over.when(finds, by(initial.people.ana, '2030-08-02')).refuses('wrong-state', 'SM-0');
  });
});

describe('SM-0: with a programme that ends on its way', () => {
  const { audits, people, stage1Held, stage2Held, stage2Reported, world } = initial;
  const stageOf = (scene: Scene, id: string) => scene.thing(auditMachine, id).stage;
  const way = [...stage1Held(), ...stage2Held(), ...stage2Reported()];
  const after = (n: number) =>
    doing(given(...world), way.slice(0, n))
      .when(end, by(people.pia, '2027-06-01'))
      .done();

  test.each([
    [1, audits.stage1, 'cancelled'],
    [stage1Held().length - 2, audits.stage1, 'aborted'],
    [stage1Held().length - 1, audits.stage1, 'closed'],
    [stage1Held().length, audits.stage1, 'closed'],
    [way.length - 2, audits.stage2, 'aborted'],
    [way.length - 1, audits.stage2, 'closed'],
    [way.length, audits.stage2, 'closed'],
  ])('its audits end: after %i steps %s is %s', (steps, id, stage) => {
    expect(stageOf(after(steps), id)).toBe(stage);
    expect(owed(after(steps))).toEqual([]);
  });

  test('so it is after a refusal, of which the client is still told (R-DEC-7)', () => {
    const open = finding({ grade: 'minor', stage: 'raised', closedOn: undefined });
    const refused = reviewed({}, open)
      .when(command('decide', 'dec_1', { decision: 'refuse' }, because), by(dom, '2027-07-19'))
      .records('decision.made', 'programme.ended', 'audit.closed', 'nonconformity.released');
    expect(owed(refused)).toEqual([]);
    const notify = command('notifyDecision', 'dec_1', { wayToAppeal: 'Within thirty days' });
    refused.when(notify, by(pia, '2027-07-20')).records('decision.notified');
  });

  test('what a body acknowledges of marks can still be acknowledged (R-CRT-7)', () => {
    const over = ended(restorable(), '2030-08-01');
    const acknowledge = command('acknowledgeMarkInstructions', C);
    over.when(acknowledge, by(people.ana, '2030-08-02')).records('mark-instructions.acknowledged');
  });
});
