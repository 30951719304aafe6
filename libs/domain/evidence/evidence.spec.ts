import { programme } from '../decision/scene.js';
import { body, by, command, did, given, person } from '../specification.js';
import { evidenceMachine, kindsWithout } from './evidence.js';

const manager = person({ roles: ['aims-manager'] });
const owner = person({ roles: ['process-owner'] });
const employee = person({ roles: ['employee'] });
const policy = (id: string, more = {}) =>
  command('recordEvidence', id, {
    sha256: 'a'.repeat(64),
    bytes: 1024,
    type: 'application/pdf',
    documentKind: 'policy',
    title: 'AI policy',
    datedOn: '2029-01-15',
    ...more,
  });

test('a file is recorded by its hash; its title stays out of the ledger', () => {
  const answer = given().when(policy('evd_1'), by(owner));
  answer.records('evidence.recorded');
  expect(answer.events[0]).toMatchObject({
    evidence: [{ sha256: 'a'.repeat(64) }],
    texts: { title: 'AI policy' },
  });
  expect(JSON.stringify(answer.events[0]?.data)).not.toContain('AI policy');
});

test('a file is not dated ahead (INV-13)', () => {
  given()
    .when(policy('evd_1', { datedOn: '2029-03-02' }), by(owner, '2029-03-01'))
    .refuses('date-in-future', 'INV-13');
});

test('a newer file takes the place of an older one, by whoever collected it or the AIMS manager (R-EVD-1)', () => {
  const world = given(did(policy('evd_1'), by(owner)), did(policy('evd_2'), by(owner)));
  const supersede = command('supersedeEvidence', 'evd_1', { by: 'evd_2' });
  world.when(supersede, by(employee)).refuses('not-permitted', 'R-EVD-1');
  world.when(supersede, by(manager)).records('evidence.superseded');
  const after = world.when(supersede, by(owner)).records('evidence.superseded');
  expect(after.thing(evidenceMachine, 'evd_1')).toMatchObject({ stage: 'superseded', supersededBy: 'evd_2' });
});

test('the AIMS manager takes the place of no file of the body (R-GEN-6, R-EVD-1)', () => {
  const leader = person({ roles: ['lead-auditor'], organisation: body });
  const world = given(programme(), did({ ...policy('evd_1'), under: 'prg_1' }, by(leader)));
  const supersede = command('supersedeEvidence', 'evd_1', { by: 'evd_2' });
  world.when(supersede, by(manager)).refuses('not-permitted', 'R-EVD-1');
  world.when(supersede, by(leader)).records('evidence.superseded');
});

test('only a dated and approved file that stands answers for its kind (R-RDY-1)', () => {
  const asked = ['policy', 'impactAssessment'] as const;
  const unapproved = given(did(policy('evd_1'), by(owner)));
  expect(kindsWithout(unapproved.things, asked)).toEqual(['policy', 'impactAssessment']);
  const approved = unapproved.and(did(policy('evd_2', { approvedBy: 'per_top' }), by(owner)));
  expect(kindsWithout(approved.things, asked)).toEqual(['impactAssessment']);
  const gone = approved.and(did(command('supersedeEvidence', 'evd_2', { by: 'evd_1' }), by(owner)));
  expect(kindsWithout(gone.things, asked)).toEqual(['policy', 'impactAssessment']);
});
