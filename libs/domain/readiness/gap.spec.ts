import { by } from '../specification.js';
import { gapChanges } from './gap.js';
import { clauseItems, controlItems, requirementIds } from './requirements.js';
import { dated, people, rating, step, to, world } from './scene.js';

const { tom, ana } = people;
const started = world(dated('scopeStatement')).when(to(2, 'startStep'), by(ana)).done();
const rate = (...ratings: readonly object[]) => to(2, 'rateRequirement', { ratings });

test('the catalogue has 30 items of clauses and 38 controls', () => {
  expect([Object.keys(clauseItems).length, Object.keys(controlItems).length]).toEqual([30, 38]);
  expect(requirementIds).toHaveLength(68);
});

test('R-RDY-1: a half-rated gap assessment is not done, and what is not rated is named', () => {
  const half = requirementIds.slice(0, 66);
  const answer = started
    .when(rate({ items: half, rating: 'conforms' }), by(ana))
    .done()
    .when(to(2, 'submitStep'), by(ana))
    .done()
    .when(to(2, 'completeStep'), by(tom));
  answer.refuses('step-gate-open', 'R-RDY-1');
  expect(answer.missing).toEqual(['A.10.3', 'A.10.4']);
});

test('a gap has an owner and a date; it can be rated first and given them later', () => {
  const gap = { items: ['9.2.1', 'A.5.2'], rating: 'partly' };
  const rated = started
    .when(to(2, 'rateRequirement', rating(gap)), by(ana))
    .records(...['requirement.rated', 'requirement.rated']);
  const submit = to(2, 'submitStep');
  const open = rated.when(submit, by(ana)).done().when(to(2, 'completeStep'), by(tom));
  open.refuses('step-gate-open');
  expect(open.missing).toEqual(['9.2.1: owner', '9.2.1: due', 'A.5.2: owner', 'A.5.2: due']);
  rated
    .when(rate({ ...gap, owner: ana.id, due: '2029-05-01' }), by(ana))
    .done()
    .when(submit, by(ana))
    .done()
    .when(to(2, 'completeStep'), by(tom))
    .records('step.completed');
});

test('R-SOA-1: a clause cannot be not applicable, a control can', () => {
  started
    .when(rate({ items: ['A.10.4', '4.3'], rating: 'notApplicable' }), by(ana))
    .refuses('rating-not-allowed', 'R-SOA-1');
  const after = started.when(rate({ items: ['A.10.4'], rating: 'notApplicable' }), by(ana)).done();
  expect(step(after, 2).ratings).toEqual({ 'A.10.4': { rating: 'notApplicable' } });
});

test('SM-1: nothing is rated but in the gap analysis', () => {
  world()
    .when(to(1, 'startStep'), by(ana))
    .done()
    .when(to(1, 'rateRequirement', rating()), by(ana))
    .refuses('wrong-state', 'SM-1');
});

test('the facts of a whole assessment are small, however the items fall', () => {
  const gaps = requirementIds.map((item) => ({
    ...{ items: [item], rating: 'doesNotConform', owner: `per_${'0'.repeat(26)}`, due: '2029-05-01' },
  }));
  for (const ratings of [gaps, rating().ratings])
    for (const { data } of started.when(rate(...ratings), by(ana)).events)
      expect(JSON.stringify(data).length).toBeLessThan(1024);
});

test('an approved assessment is kept as a version; the next begins from it and shows what changed', () => {
  const gap = { items: ['A.5.2'], rating: 'partly', owner: ana.id, due: '2029-05-01' };
  const finish = (scene: typeof started) =>
    scene.when(to(2, 'submitStep'), by(ana)).done().when(to(2, 'completeStep'), by(tom)).done();
  const first = finish(started.when(to(2, 'rateRequirement', rating(gap)), by(ana)).done());
  const second = finish(
    first
      .when(to(2, 'reopenStep', {}, { reason: 'A second system' }), by(ana))
      .done()
      .when(to(2, 'startStep'), by(ana))
      .done()
      .when(rate({ items: ['A.5.2'], rating: 'conforms' }), by(ana))
      .done(),
  );
  const { gapVersions } = step(second, 2);
  expect(gapVersions.map(({ version }) => version)).toEqual([1, 2]);
  const [before, after] = gapVersions;
  expect(gapChanges(before?.ratings ?? {}, after?.ratings ?? {})).toEqual([
    { item: 'A.5.2', from: 'partly', to: 'conforms' },
  ]);
  expect(gapChanges(before?.ratings ?? {}, before?.ratings ?? {})).toEqual([]);
  expect(gapChanges({}, { '4.1': { rating: 'partly' } })).toEqual([{ item: '4.1', to: 'partly' }]);
});
