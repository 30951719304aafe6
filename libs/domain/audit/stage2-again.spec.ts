import { civilDate } from '../instant.js';
import { nonconformityMachine } from '../nonconformity/nonconformity.js';
import { by, command, did, engine, fact, given, type Deed } from '../specification.js';
import { auditMachine } from './audit.js';
import * as scene from './specification.js';

// Programme C goes on: its major was not verified in time, another Stage 2 is held, and its last day is the anchor from then on.

const { audits, people, recommending, world } = scene;
const { pia, lea } = people;
const AGAIN = 'aud_3';
const [FROM, TO] = ['2028-11-06', '2028-11-08'];

const ofAgain = (deeds: readonly Deed[]): readonly Deed[] =>
  deeds.map((deed) => ({ ...deed, command: { ...deed.command, stream: AGAIN } }));

const major: readonly Deed[] = [
  did(command('draftFinding', 'fnd_1', { source: 'audit' }, { under: audits.stage2 }), by(lea, '2028-03-31')),
  did(
    command('raiseNonconformity', 'fnd_1', {
      ...{
        grade: 'major',
        requirement: '8.4',
        statement: 'The assistant was changed without an assessment.',
      },
      ...{ objectiveEvidence: 'Release of 2 March', gradeReason: 'Effective control is in doubt.' },
    }),
    by(lea, '2028-03-31'),
  ),
];

const verified = fact({
  ...{ kind: 'nonconformity', type: 'nonconformity.closed', stream: 'fnd_1' },
  data: { by: lea.id, on: civilDate('2028-10-02'), method: 'document' },
});

const firstTime = given(
  ...world,
  ...scene.stage1Held('2027-12-01', '2027-12-02'),
  ...scene.stage2Held('2028-03-29', '2028-03-31'),
  ...major,
  ...scene.stage2Reported('2028-03-29', '2028-03-31'),
  did(command('awaitCorrectiveAction', audits.stage2), by(engine, '2028-04-20')),
);
const toBeRepeated: readonly Deed[] = [
  did(
    command('requireStage2Repeat', audits.stage2, {}, { reason: 'Six months are over' }),
    by(pia, '2028-10-03'),
  ),
  did(
    command('confirmStage1Validity', audits.stage1, { justification: 'The same system' }),
    by(pia, '2028-10-03'),
  ),
];
const again = [...toBeRepeated, ...ofAgain(scene.stage2Held(FROM, TO))];
const reported = ofAgain(scene.stage2Reported(FROM, TO));
const recommend = { ...recommending('grant'), stream: AGAIN };
const play = (past: typeof firstTime, ...deeds: readonly Deed[]) =>
  deeds.reduce((one, deed) => one.and(deed), past);

describe('verified too late, and another Stage 2 was held since', () => {
  const after = play(firstTime.and(verified), ...again, ...reported);

  test('R-DEC-4: a grant can be recommended again', () => {
    after.when(recommend, by(lea, '2028-11-20')).records('stage2.recommended');
    after.when(command('proposeStage2Repeat', AGAIN), by(engine, '2028-11-20')).refuses('wrong-state');
  });

  test('SOD-1: the dossier rests on all audits that were held, so that no team of one of them decides', () => {
    const handed = after
      .when(recommend, by(lea, '2028-11-20'))
      .done()
      .when(command('handToDecision', AGAIN), by(pia, '2028-11-21'));
    const opened = handed.events.find(({ type }) => type === 'dossier.opened');
    expect(opened?.data).toEqual({ proposes: 'grant', audits: [audits.stage1, audits.stage2, AGAIN] });
  });
});

test('I-34: a major that is still open is bound anew, to six months after the last day of the other Stage 2', () => {
  const after = play(firstTime, ...again, ...reported);
  expect(after.thing(nonconformityMachine, 'fnd_1').limit).toMatchObject({
    date: '2029-05-08',
    kind: 'hard',
  });
  expect(after.thing(auditMachine, AGAIN).majorsVerifiedBy?.date).toBe('2029-05-08');
  after.when(recommend, by(lea, '2028-11-20')).refuses('recommendation-gate-open', 'R-DEC-2');
});

test('R-CNF-1: a Stage 1 that proved impossible afterwards is none to rely upon', () => {
  const stage2 = scene.prepared('stage2', '2027-04-21', '2027-04-23');
  given(...world, ...scene.stage1Held(), ...stage2.slice(0, -1))
    .when(
      command(
        'declareAuditImpossible',
        audits.stage1,
        { withheld: 'Release records' },
        { reason: 'Withheld' },
      ),
      by(pia, '2027-04-12'),
    )
    .records('audit.aborted')
    .when(
      command('startAudit', audits.stage2, { present: scene.team.map(({ person }) => person) }),
      by(lea, '2027-04-21'),
    )
    .refuses('stage1-not-concluded', 'R-S2-2');
});

test('I-38: a lapsed certification goes on with a Stage 2 alone where no Stage 1 was found to be needed', () => {
  const lapsed = scene.programme({ stage1Needed: false });
  const plan = command('sendAuditPlan', audits.stage2, {
    ...scene.completePlan('2031-04-21', '2031-04-23'),
    auditorDays: 8,
  });
  const deeds = scene.prepared('stage2', '2031-04-21', '2031-04-23');
  const before = deeds.map((deed) =>
    deed.command.type === 'sendAuditPlan' ? { ...deed, command: plan } : deed,
  );
  play(given(...world, lapsed), ...before);
});

test('SM-3: Stage 2 is not closed before its recommendation was handed to the decision', () => {
  firstTime
    .and({ ...firstTime.thing(auditMachine, audits.stage2), stage: 'reportIssued' })
    .when(command('closeAudit', audits.stage2), by(pia, '2028-04-21'))
    .refuses('wrong-state', 'SM-3');
});
