import {
  audits,
  people as staff,
  recommending,
  stage1Held,
  stage2Held,
  stage2Reported,
  world as auditWorld,
} from '../audit/specification.js';
import { GRANTED, DAY, decide, dom, reviewed } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { Policy } from '../policy.js';
import { by, client, command, did, engine, given } from '../specification.js';
import { operatingPeriod } from './operating.js';
import { readinessOf } from './ready.js';
import { stepsClosed, stepsOpened, stepsReached } from './moves.js';
import { charter, dated, done, evidence, files, people, step, to, world } from './scene.js';

const { tom, ana } = people;
const opened = stepsOpened('prg_1', client, (prefix, n) => `${prefix}_${String(n)}`);
const numbers = Array.from({ length: 13 }, (_, n) => n);
const stagesOf = (scene: ReturnType<typeof world>): readonly string[] =>
  numbers.slice(8).map((n) => step(scene, n).stage);

describe('what the audits come to moves the steps behind them', () => {
  test('SM-1: Stage 1 that concludes as ready, and no other', () => {
    expect(stagesOf(given(...auditWorld, ...opened, ...stage1Held()))).toEqual([
      ...['done', 'notStarted', 'notStarted', 'notStarted', 'notStarted'],
    ]);
    const notReady = given(...auditWorld, ...opened, ...stage1Held('2027-02-09', '2027-02-10', 'notReady'));
    expect(step(notReady, 8).stage).toBe('notStarted');
  });

  test('SM-1: Stage 2 that is recommended; the findings when none stands below its gate', () => {
    const reported = given(...auditWorld, ...opened, ...stage1Held(), ...stage2Held(), ...stage2Reported());
    const after = reported
      .when(recommending('grant'), by(staff.lea, '2027-06-14'))
      .records('stage2.recommended', 'step.reached', 'step.reached');
    expect(stagesOf(after)).toEqual(['done', 'done', 'done', 'notStarted', 'notStarted']);
    const refused = { ...recommending('refuse'), reason: 'The system does not work' };
    const against = reported.when(refused, by(staff.lea, '2027-06-14')).records('stage2.recommended');
    expect(stagesOf(against)).toEqual(['done', 'notStarted', 'notStarted', 'notStarted', 'notStarted']);
  });

  test('SM-1: an open major keeps the findings under way until the grant', () => {
    const finding: Thing = {
      ...{
        ...nothingYet('fnd_9'),
        kind: 'nonconformity',
        stage: 'raised',
        organisation: staff.lea.organisation,
      },
      ...{ programme: 'prg_1', about: audits.stage2, source: 'audit', grade: 'major', grades: ['major'] },
    };
    const value = recommending('grantAfterVerification', { openItems: ['fnd_9'] });
    const after = given(
      ...auditWorld,
      ...opened,
      ...stage1Held(),
      ...stage2Held(),
      ...stage2Reported(),
      finding,
    )
      .when(value, by(staff.lea, '2027-06-14'))
      .done();
    expect(stagesOf(after)).toEqual(['done', 'inProgress', 'done', 'notStarted', 'notStarted']);
    after.when(to(9, 'submitStep', {}, { evidence }), by(ana, '2027-06-15')).refuses('wrong-state', 'SM-1');
  });

  test('SM-1: with the grant the certificate is reached, maintenance begins, and the progress reviews end', () => {
    const signed = world(did(to(0, 'signCharter', charter), by(tom, '2027-01-04')));
    const granted = reviewed({}, ...numbers.map((n) => step(signed, n)))
      .when(decide(), by(dom, DAY))
      .records(
        ...GRANTED.slice(0, 3),
        ...['step.reached', 'step.reached', 'progress-reviews.ended', 'step.reached'],
        ...GRANTED.slice(3),
      );
    expect(stagesOf(granted)).toEqual(['notStarted', 'done', 'notStarted', 'done', 'inProgress']);
    expect(step(granted, 0)).not.toHaveProperty('nextReview');
    granted.when(to(0, 'recordMissedReview'), by(engine, '2027-09-01')).refuses('wrong-state', 'R-CAL-16');
    granted.when(to(12, 'reopenStep', {}, { reason: 'So' }), by(ana, DAY)).refuses('wrong-state', 'INV-7');
    granted
      .when(to(11, 'reopenStep', {}, { reason: 'So' }), by(ana, DAY))
      .refuses('wrong-state', 'SM-1', 'I-23');
  });

  test('with a refusal every step is closed', () => {
    const refused = reviewed({}, ...numbers.map((n) => step(world(), n)))
      .when(decide('refuse', { reason: 'It does not work' }), by(dom, DAY))
      .done();
    expect(numbers.map((n) => step(refused, n).stage)).toEqual(numbers.map(() => 'closed'));
    expect(stepsClosed(refused.things)).toEqual([]);
  });

  test('what was not read, or has come as far, is left alone', () => {
    const reached = { step: 8, stage: 'done', through: 'aud_1', on: civilDate(DAY) } as const;
    expect(stepsReached([], reached)).toEqual([]);
    const once = world(...stepsReached(world().things, reached));
    expect(stepsReached(once.things, reached)).toEqual([]);
    expect(stepsReached(once.things, { ...reached, stage: 'inProgress' })).toEqual([]);
  });
});

describe('whose the steps are', () => {
  test('those of its own work the client alone sees, those of the audits both sides', () => {
    const seen = opened.map(({ opens }) => opens?.visibility);
    expect(seen).toEqual([...numbers.slice(0, 8).map(() => 'owner'), ...numbers.slice(8).map(() => 'both')]);
    expect(opened.every(({ opens }) => opens?.organisation === client)).toBe(true);
  });
});

describe('how ready a client is', () => {
  const waive = (n: number) => to(n, 'waiveStep', {}, { reason: 'Taken over' });
  const major: Thing = {
    ...{ ...nothingYet('fnd_1'), kind: 'nonconformity', stage: 'raised', organisation: client },
    ...{ programme: 'prg_1', source: 'monitoring', grade: 'major' },
  };

  test('R-RDY-2: steps 1 to 6 done or waived, and no open major of its own', () => {
    const five = world(...files, ...[1, 2, 3, 4, 5].flatMap(done));
    expect(readinessOf(five.things)).toMatchObject({
      readyForStage1: false,
      lacking: ['internal audit and management review'],
    });
    const ready = five.when(waive(6), by(tom)).done();
    expect(readinessOf(ready.things)).toMatchObject({ readyForStage1: true, lacking: [], score: 63 });
    expect(readinessOf([...ready.things, major])).toMatchObject({
      readyForStage1: false,
      lacking: ['fnd_1'],
    });
    const theirs = { ...major, source: 'audit' };
    expect(readinessOf([...ready.things, theirs]).readyForStage1).toBe(true);
  });

  test('I-23: a waived step is a risk and gives no point; each item says why it is so', () => {
    const { items, risks, score } = readinessOf(
      world(...files, ...done(1))
        .when(waive(6), by(tom))
        .done().things,
    );
    expect(risks).toEqual(['internal audit and management review']);
    expect(score).toBe(13);
    expect(items[1]).toEqual({ step: 1, name: 'scope', points: 1, because: 'done on 2029-03-01' });
    expect(items[2]).toMatchObject({ points: 0, because: 'notStarted' });
    expect(items[6]).toMatchObject({ points: 0, because: 'waived on 2029-03-01, which is a risk' });
    expect(readinessOf([])).toMatchObject({ readyForStage1: false, score: 0 });
  });
});

describe('the operating period (R-S2-3)', () => {
  const on = (...days: readonly string[]): readonly Thing[] =>
    days.map((day, place) => ({ ...dated('operatingRecord', day), id: `evd_${String(place)}` }));
  const period = (...days: readonly string[]) =>
    operatingPeriod(on(...days), civilDate('2029-03-01'), new Policy());

  test('begins with the first record, whatever the order in which they came in', () => {
    expect(period()).toBeUndefined();
    expect(period('2029-02-10', '2029-01-12')).toMatchObject({
      startedOn: '2029-01-12',
      metOn: { date: '2029-04-12' },
      gaps: [],
    });
  });

  test('shows where more than a month has no record', () => {
    expect(period('2028-11-01', '2028-12-01', '2029-01-02', '2029-02-01')?.gaps).toEqual([
      { from: '2028-12-01', until: '2029-01-02' },
    ]);
    expect(period('2029-01-31')?.gaps).toEqual([{ from: '2029-01-31', until: '2029-03-01' }]);
    expect(period('2029-02-01')?.gaps).toEqual([]);
  });
});

test('the programme over, nothing more happens on any step', () => {
  const over = world(...stepsClosed(world().things));
  over.when(to(1, 'startStep'), by(ana)).refuses('wrong-state', 'INV-7');
  over.when(command('signCharter', 'rdy_0', charter), by(tom)).refuses('wrong-state', 'INV-7');
});
