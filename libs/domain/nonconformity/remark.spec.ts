import { by, command, given } from '../specification.js';
import { opportunityMachine } from './remark.js';
import { ana, audit, dana, iris, lea, programme, stranger } from './scene.js';

const raised = (input: object = {}, under = 'aud_1') =>
  command(
    'raiseOpportunity',
    'ofi_1',
    { statement: 'The register could name a deputy.', ...input },
    { under },
  );
const world = () => given(programme, audit());
const consider = (input: object, reason = '') => command('considerOpportunity', 'ofi_1', input, { reason });

test('R-FND-3: a nonconformity is never recorded as an opportunity', () => {
  for (const input of [
    { requirementFulfilled: false },
    { statement: 'Clause 8.4 is not fulfilled.' },
    { statement: 'The register does not meet A.6.2.4.' },
    { statement: 'A minor nonconformity.' },
  ])
    world().when(raised(input), by(lea)).refuses('nonconformity-as-opportunity', 'R-FND-3');
  world()
    .when(raised({ statement: ' ' }), by(lea))
    .refuses('finding-incomplete', 'R-FND-2');
});

test('the team of the audit raises it, or an internal auditor for the client alone', () => {
  world().when(raised(), by(stranger)).refuses('not-permitted');
  const observed = command(
    'raiseObservation',
    'obs_1',
    { statement: 'Two registers exist.' },
    { under: 'prg_1' },
  );
  world()
    .when(observed, by(iris))
    .records('observation.raised')
    .when(command('considerObservation', 'obs_1', { outcome: 'adopted', action: 'One register' }), by(dana))
    .records('observation.considered');
});

test('R-FND-7: it is adopted with its action or declined with a reason, and owes nothing', () => {
  const scene = world().when(raised(), by(lea)).records('opportunity.raised');
  scene.when(consider({ outcome: 'adopted' }), by(ana)).refuses('reason-missing', 'R-FND-7');
  scene.when(consider({ outcome: 'declined' }), by(ana)).refuses('reason-missing', 'R-FND-7');
  scene.when(consider({ outcome: 'adopted', action: 'Name one' }), by(ana)).records('opportunity.considered');
  const declined = scene.when(consider({ outcome: 'declined' }, 'We are three people'), by(dana)).done();
  expect(declined.thing(opportunityMachine, 'ofi_1')).toMatchObject({
    stage: 'considered',
    outcome: 'declined',
  });
  expect('obligations' in opportunityMachine).toBe(false);
});
