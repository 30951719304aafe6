import { type Thing } from '../machine.js';
import { body, by, command, given, person } from '../specification.js';
import { nonconformityMachine } from './nonconformity.js';
import {
  lea,
  aud,
  iris,
  stranger,
  programme,
  audit,
  decided,
  F,
  draft,
  raise,
  verify,
  world,
  evidenced,
} from './scene.js';

test('SM-4: a nonconformity runs from raised through plan and evidence to closure', () => {
  const scene = evidenced('major').when(verify(), by(lea)).records('nonconformity.closed');
  expect(scene.thing(nonconformityMachine, F)).toMatchObject({
    stage: 'closedVerified',
    closedOn: '2029-03-01',
  });
});

describe('raising a finding', () => {
  const drafted = (...things: Thing[]) =>
    world(...things)
      .when(draft(), by(aud))
      .done();

  test('R-FND-2: it needs one requirement, a statement, the evidence and the reason of its grade', () => {
    for (const field of ['requirement', 'statement', 'objectiveEvidence', 'gradeReason'])
      drafted()
        .when(raise({ [field]: ' ' }), by(lea))
        .refuses('finding-incomplete', 'R-FND-2');
  });

  test('R-FND-2: what the draft holds need not be said again', () => {
    const full = { requirement: '8.4', statement: 'No assessment was kept.', objectiveEvidence: 'Register' };
    world()
      .when(draft(full), by(aud))
      .done()
      .when(command('raiseNonconformity', F, { grade: 'minor', gradeReason: 'One of five' }), by(lea))
      .records('nonconformity.raised');
  });

  test('R-FND-2: it stands against one requirement alone', () => {
    for (const requirement of ['8.2, 8.3', '8.2 and 8.4', 'A.6.2.4/A.6.2.5'])
      drafted().when(raise({ requirement }), by(lea)).refuses('more-than-one-requirement', 'R-FND-2');
    drafted()
      .when(raise({ requirement: 'A.6.2.4' }), by(lea))
      .records('nonconformity.raised');
  });

  test('R-FND-2: the body proposes neither cause nor solution', () => {
    for (const more of [
      { cause: 'No owner' },
      { solution: 'Name one' },
      { statement: 'They should appoint an owner.' },
    ])
      drafted().when(raise(more), by(lea)).refuses('cause-or-solution-proposed', 'R-FND-2');
  });

  test('R-S1-2: Stage 1 knows no graded nonconformities', () => {
    given(programme, audit({ auditType: 'stage1' }))
      .when(draft(), by(aud))
      .done()
      .when(raise(), by(lea))
      .refuses('grade-not-allowed', 'R-S1-2');
  });

  test('R-DEC-2: after the decision nothing is raised on its audits any more', () => {
    drafted(decided)
      .when(raise({ grade: 'major' }), by(lea))
      .refuses('wrong-state', 'R-DEC-2');
  });

  test('only the team of the audit drafts and raises, and only its leader raises', () => {
    world().when(draft(), by(stranger)).refuses('not-permitted');
    drafted().when(raise(), by(stranger)).refuses('not-permitted');
    drafted().when(raise(), by(aud)).refuses('not-permitted');
    drafted().when(raise(), by(iris)).refuses('not-permitted');
  });

  test('SOD-9: an expert raises no finding, in the team or not', () => {
    const expert = person({ roles: ['technical-expert'], organisation: body });
    world().when(draft(), by(expert)).refuses('not-permitted');
  });

  test('an audit that has not begun or is over yields no finding', () => {
    for (const stage of ['planned', 'planAgreed', 'cancelled'])
      given(programme, audit({ stage })).when(draft(), by(aud)).refuses('wrong-state', 'R-FND-2');
  });

  test('a finding of the body stands under its audit', () => {
    world().when(draft({}, 'prg_1'), by(aud)).refuses('finding-incomplete', 'R-FND-2');
    world()
      .when(draft({ source: 'incident' }), by(iris))
      .refuses('finding-incomplete', 'R-FND-2');
  });

  test('R-GEN-1: an account of a machine raises nothing', () => {
    const robot = person({ id: lea.id, kind: 'machine', roles: ['lead-auditor'], organisation: body });
    drafted().when(raise(), by(robot)).refuses('person-required', 'R-GEN-1');
  });
});
