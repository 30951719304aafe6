import { by } from '../specification.js';
import { people, scores, step, to, world } from './scene.js';

const { tom, ana } = people;
const started = world().when(to(7, 'startStep'), by(ana)).done();
const score = to(7, 'scoreCandidate', { candidate: 'norden', name: 'Norden Cert', scores });
const found = (more: object = {}) =>
  to(7, 'checkAccreditation', {
    ...{
      candidate: 'norden',
      accredited: true,
      checkedOn: '2029-02-20',
      source: 'Register of the accreditor',
    },
    ...more,
  });
const choose = to(7, 'selectCertificationBody', { candidate: 'norden' });

test('R-SEL-1: a body is chosen when it is scored and its accreditation was looked up, by top management', () => {
  started.when(choose, by(tom)).refuses('step-gate-open', 'R-SEL-1');
  const scored = started.when(score, by(ana)).records('candidate.scored');
  scored.when(choose, by(tom)).refuses('step-gate-open', 'R-SEL-1');
  started.when(found(), by(ana)).done().when(choose, by(tom)).refuses('step-gate-open', 'R-SEL-1');
  const checked = scored.when(found(), by(ana)).records('accreditation.checked');
  checked.when(choose, by(ana)).refuses('not-permitted');
  expect(step(checked.when(choose, by(tom)).records('certification-body.selected'), 7).selected).toBe(
    'norden',
  );
});

test('each check keeps its date; one of tomorrow or without a source is none', () => {
  started.when(found({ checkedOn: '2029-03-02' }), by(ana)).refuses('date-in-future', 'INV-13', 'R-SEL-1');
  started.when(found({ source: ' ' }), by(ana)).refuses('evidence-missing', 'R-SEL-1', 'R-EVD-1');
  const twice = started
    .when(found({ accredited: false, checkedOn: '2029-02-01' }), by(ana))
    .done()
    .when(found({ checkedOn: '2029-03-01' }), by(ana))
    .done();
  expect(step(twice, 7).candidates).toEqual([
    {
      key: 'norden',
      checks: [
        { accredited: false, checkedOn: '2029-02-01' },
        { accredited: true, checkedOn: '2029-03-01' },
      ],
    },
  ]);
});

test('SM-1: candidates belong to the choice of the body alone', () => {
  const other = world().when(to(1, 'startStep'), by(ana)).done();
  for (const what of [score, found(), choose])
    other.when({ ...what, stream: 'rdy_1' }, by(what === choose ? tom : ana)).refuses('wrong-state', 'SM-1');
});

test('what people wrote stands in no fact in clear', () => {
  const { events } = started.when(found(), by(ana));
  expect(JSON.stringify(events.map(({ data }) => data))).not.toContain('Register');
});
