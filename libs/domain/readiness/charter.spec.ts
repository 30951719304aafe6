import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { by, did, engine } from '../specification.js';
import { charter, people, step, to, world } from './scene.js';
import { readinessMachine } from './readiness.js';

const { tom, ana, pat } = people;
const sign = (more: object = {}) => to(0, 'signCharter', { ...charter, ...more });
const signed = world(did(sign(), by(tom, '2029-03-01')));
const review = to(0, 'recordProgressReview', { attendance: 'Tom, Ana', nextActions: 'The risk criteria' });
const missed = to(0, 'recordMissedReview');
const next = (scene: typeof signed) => step(scene, 0).nextReview;

describe('the charter', () => {
  test('R-RDY-1: names goals, resources and an AIMS manager, and top management signs it', () => {
    for (const more of [{ goals: [] }, { goals: [' '] }, { resources: '' }, { aimsManager: pat.id }])
      world().when(sign(more), by(tom)).refuses('step-gate-open', 'R-RDY-1');
    world().when(sign(), by(ana)).refuses('not-permitted');
    const after = world().when(sign(), by(tom)).records('charter.signed');
    expect(step(after, 0)).toMatchObject({ stage: 'done', charterOn: '2029-03-01', aimsManager: ana.id });
    expect(step(after, 0).texts).toMatchObject({
      goal_1: `commitment of ${charter.goals[0] ?? ''}`,
      goal_2: `commitment of ${charter.goals[1] ?? ''}`,
    });
  });

  test('SM-1: belongs to step 0, and is signed once', () => {
    world()
      .when({ ...sign(), stream: 'rdy_1' }, by(tom))
      .refuses('wrong-state', 'SM-1');
    signed.when(sign(), by(tom)).refuses('wrong-state');
  });

  test('opened again and signed anew, the series goes on from the first one (R-CAL-16)', () => {
    const again = signed
      .when(to(0, 'reopenStep', {}, { reason: 'New owners' }), by(ana, '2029-03-05'))
      .done()
      .when(sign(), by(tom, '2029-03-09'))
      .done();
    expect(step(again, 0)).toMatchObject({
      charterOn: '2029-03-01',
      nextReview: { n: 1, due: { date: '2029-03-15' } },
    });
  });
});

describe('progress reviews', () => {
  test('R-CAL-16: the nth date counts from the charter, whatever happened before, and says so', () => {
    expect(next(signed)).toMatchObject({ n: 1, due: { date: '2029-03-15', kind: 'soft' } });
    const held = signed.when(review, by(ana, '2029-03-07')).records('progress-review.recorded');
    expect(next(held)).toMatchObject({
      n: 2,
      due: { date: '2029-03-29', basis: [{ operation: 'plus 28 days', policy: { value: 14 } }] },
    });
    const late = held.when(missed, by(engine, '2029-04-20')).records('progress-review.missed');
    expect(next(late)).toMatchObject({ n: 3, due: { date: '2029-04-12' } });
  });

  test('one that is held beside the series moves nothing', () => {
    const twice = signed
      .when(review, by(ana, '2029-03-07'))
      .done()
      .when(review, by(ana, '2029-03-08'))
      .done();
    expect(next(twice)?.n).toBe(2);
    expect(step(twice, 0).reviews).toEqual([{ on: '2029-03-07', n: 1 }, { on: '2029-03-08' }]);
    expect(next(signed.when(review, by(ana, '2029-03-01')).done())?.n).toBe(1);
    expect(next(twice.when(review, by(ana, '2029-03-16')).done())?.n).toBe(3);
  });

  test('a missed one stays missed, with the day on which it should have been', () => {
    signed.when(missed, by(engine, '2029-03-15')).refuses('wrong-state', 'R-CAL-16');
    signed.when(missed, by(ana, '2029-03-16')).refuses('not-permitted');
    const after = signed
      .when(missed, by(engine, '2029-03-16'))
      .done()
      .when(review, by(ana, '2029-03-16'))
      .done();
    expect(step(after, 0).reviews).toEqual([
      { n: 1, on: '2029-03-15', missed: true },
      { on: '2029-03-16', n: 2 },
    ]);
  });

  test('says who was there and what comes next', () => {
    const silent = to(0, 'recordProgressReview', { attendance: 'Tom', nextActions: '' });
    signed.when(silent, by(ana)).refuses('evidence-missing', 'R-EVD-2');
    world()
      .when(to(1, 'recordProgressReview', {}), by(ana))
      .refuses('wrong-state');
    const other = world()
      .when(to(1, 'waiveStep', {}, { reason: 'So' }), by(tom))
      .done();
    other.when(to(1, 'recordProgressReview', {}), by(ana)).refuses('wrong-state', 'INV-7');
  });

  test('belongs to step 0 (SM-1)', () => {
    const reached = world({
      ...step(world(), 8),
      ...{ stage: 'done' },
    });
    reached.when({ ...review, stream: 'rdy_8' }, by(ana)).refuses('wrong-state', 'SM-1');
  });

  test('a series keeps its days when policy changes on the way', () => {
    const changed = signed.under(new Policy(4, { 'readiness.progressReviewDays': 28 }));
    const held = changed.when(review, by(ana, '2029-03-07')).done();
    expect(next(held)?.due).toMatchObject({
      date: '2029-03-29',
      basis: [{ policy: { value: 14, version: 0 } }],
    });
  });

  test('the days between them are policy', () => {
    const weekly = world()
      .under(new Policy(3, { 'readiness.progressReviewDays': 7 }))
      .when(sign(), by(tom))
      .done();
    expect(next(weekly)?.due).toMatchObject({
      date: '2029-03-08',
      basis: [{ policy: { value: 7, version: 3 } }],
    });
  });
});

describe('what a step owes', () => {
  const owed = (scene: typeof signed, n: number) =>
    readinessMachine.obligations?.(step(scene, n)).map(({ key, due }) => `${key} ${due.date}`);

  test('the next review, and a planned step until it is done', () => {
    expect(owed(signed, 0)).toEqual(['progress-review-1 2029-03-15']);
    expect(owed(signed, 3)).toEqual([]);
    const planned = signed.when(to(3, 'planStep', { due: civilDate('2029-06-04') }), by(ana)).done();
    expect(owed(planned, 3)).toEqual(['step 2029-06-04']);
    const waived = planned.when(to(3, 'waiveStep', {}, { reason: 'So' }), by(tom)).done();
    expect(owed(waived, 3)).toEqual([]);
  });
});
