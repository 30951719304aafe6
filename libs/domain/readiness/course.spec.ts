import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { by, engine, person } from '../specification.js';
import {
  dated,
  done,
  evidence,
  files,
  missingOf,
  people,
  rating,
  said,
  step,
  submitted,
  to,
  world,
} from './scene.js';

const { tom, ana, pat, ivy } = people;

describe('the steps in their order', () => {
  test('from the scope to the choice of the body each is started, submitted and approved (R-RDY-1, SM-1)', () => {
    const after = world(...files, ...[1, 2, 3, 4, 5, 6, 7].flatMap(done));
    for (const n of [1, 2, 3, 4, 5, 6, 7])
      expect(step(after, n)).toMatchObject({ stage: 'done', doneOn: '2029-03-01' });
    expect(step(after, 1)).toMatchObject({ climateMatters: false, systems: [{ key: 'assistant' }] });
    expect(step(after, 1).attached).toEqual([evidence[0]?.sha256]);
    expect(step(after, 7)).toMatchObject({ selected: 'norden' });
  });

  test('R-RDY-3: they overlap: controls are under way before the gap analysis has begun', () => {
    world()
      .when(to(3, 'startStep'), by(pat))
      .records('step.started')
      .when(to(7, 'startStep'), by(ana))
      .records('step.started');
  });

  test('R-RDY-3: the gap analysis needs a scope to look at, a draft at least', () => {
    const start = to(2, 'startStep');
    world().when(start, by(ana)).refuses('step-dependency-open', 'R-RDY-3', 'I-23');
    const draft = { ...dated('scopeStatement'), approvedBy: undefined };
    world(draft).when(start, by(ana)).records('step.started');
    world(...submitted(1))
      .when(start, by(ana))
      .records('step.started');
    world()
      .when(to(1, 'waiveStep', {}, { reason: 'The scope of last year stands' }), by(tom))
      .done()
      .when(start, by(ana))
      .records('step.started');
  });

  test('R-RDY-3: operation is done only after controls and documentation, waived or done', () => {
    const waive = (n: number) => to(n, 'waiveStep', {}, { reason: 'Taken over from another system' });
    const before = world(...files, ...submitted(5));
    before.when(to(5, 'completeStep'), by(ana)).refuses('step-dependency-open', 'R-RDY-3');
    const half = before.when(waive(3), by(tom)).done();
    expect(missingOf(half.when(to(5, 'completeStep'), by(ana)))).toEqual(['documentation']);
    half.when(waive(4), by(tom)).done().when(to(5, 'completeStep'), by(ana)).records('step.completed');
  });

  test('R-RDY-3: audit and review are done only after operation has begun', () => {
    const before = world(...files, ...submitted(6));
    before.when(to(6, 'completeStep'), by(tom)).refuses('step-dependency-open', 'R-RDY-3');
    before
      .when(to(5, 'startStep'), by(pat))
      .done()
      .when(to(6, 'completeStep'), by(tom))
      .records('step.completed');
  });

  test('SM-1: the charter is signed and not started; what the audits come to moves with them', () => {
    for (const n of [0, 8, 12]) world().when(to(n, 'startStep'), by(ana)).refuses('wrong-state', 'SM-1');
    world(...files, ...done(1))
      .when(to(1, 'startStep'), by(ana))
      .refuses('wrong-state');
  });
});

describe('who does what', () => {
  test('others start only what they carry, and nobody submits for them', () => {
    world().when(to(1, 'startStep'), by(pat)).refuses('not-permitted', 'SM-1');
    world()
      .when(to(6, 'startStep'), by(ana))
      .done()
      .when(to(6, 'submitStep', {}, { evidence }), by(ana))
      .refuses('not-permitted', 'SM-1');
  });

  test('R-RDY-1: each step has its approver', () => {
    world(...submitted(1))
      .when(to(1, 'completeStep'), by(ana))
      .refuses('not-permitted', 'R-RDY-1');
    world(...submitted(5))
      .when(to(5, 'completeStep'), by(tom))
      .refuses('not-permitted', 'R-RDY-1');
    world(...submitted(5))
      .when(to(5, 'returnStep', {}, { reason: 'No indicators' }), by(tom))
      .refuses('not-permitted', 'R-RDY-1');
  });

  test('SOD-8: nobody approves the step that they submitted, in whatever role or account', () => {
    const both = person({ roles: ['process-owner', 'aims-manager'], id: 'per_both' });
    const twin = person({ roles: ['aims-manager'], id: 'per_twin', human: both.human });
    const mine = world(...files)
      .when(to(5, 'startStep'), by(both))
      .done()
      .when(to(5, 'submitStep', said[5] ?? {}, { evidence }), by(both))
      .done();
    for (const one of [both, twin])
      mine.when(to(5, 'completeStep'), by(one)).refuses('separation-of-duties', 'SOD-8');
  });

  test('a step is sent back with a reason, and submitted again', () => {
    const sent = world(...files, ...submitted(1));
    sent.when(to(1, 'returnStep'), by(tom)).refuses('reason-missing');
    const back = sent.when(to(1, 'returnStep', {}, { reason: 'The depot is missing' }), by(tom));
    const again = back
      .records('step.returned')
      .when(to(1, 'submitStep', said[1] ?? {}), by(ana))
      .done();
    expect(step(again, 1)).toMatchObject({ stage: 'inReview', systems: [{ key: 'assistant' }] });
  });
});

describe('waived and opened again', () => {
  test('I-23: top management waives what is its own, with a reason, and nothing of the audits', () => {
    const reason = { reason: 'We run it since 2025' };
    for (const n of [0, 7])
      world()
        .when(to(n, 'waiveStep', {}, reason), by(tom))
        .records('step.waived');
    world().when(to(3, 'waiveStep'), by(tom)).refuses('reason-missing', 'R-EVD-2');
    for (const n of [8, 12])
      world()
        .when(to(n, 'waiveStep', {}, reason), by(tom))
        .refuses('step-not-waivable', 'I-23');
    world()
      .when(to(3, 'waiveStep', {}, reason), by(ana))
      .refuses('not-permitted');
  });

  test('a step that something undid is opened again, and begun anew', () => {
    const again = world(...files, ...done(1))
      .when(to(1, 'reopenStep', {}, { reason: 'A second system' }), by(ana))
      .records('step.reopened');
    expect(step(again, 1)).toMatchObject({ stage: 'reopened' });
    expect(step(again, 1)).not.toHaveProperty('doneOn');
    again.when(to(1, 'startStep'), by(ana)).records('step.started');
    world()
      .when(to(1, 'reopenStep', {}, { reason: 'So' }), by(ana))
      .refuses('wrong-state', 'INV-7');
  });
});

describe('the planned day of a step', () => {
  const plan = to(3, 'planStep', { due: civilDate('2029-06-02') });

  test('is a soft date, explained, and rolls to a working day; a step that is done owes nothing', () => {
    const after = world().when(plan, by(ana)).records('step.planned');
    expect(step(after, 3).due).toMatchObject({ date: '2029-06-04', kind: 'soft', rule: 'SM-1' });
    after.when(plan, by(tom)).refuses('not-permitted');
    after.when(plan, by(engine)).refuses('not-permitted');
  });
});

test('a programme on hold holds its steps back too (I-13)', () => {
  const held: Thing = { ...nothingYet('prg_1'), kind: 'programme', stage: 'onHold' };
  world(held).when(to(1, 'startStep'), by(ana)).refuses('on-hold', 'I-13');
});

test('internal auditors rate too, and nobody outside', () => {
  const started = world(dated('scopeStatement')).when(to(2, 'startStep'), by(ana)).done();
  started.when(to(2, 'rateRequirement', rating()), by(ivy)).records('requirement.rated');
  started.when(to(2, 'rateRequirement', rating()), by(pat)).refuses('not-permitted');
});
