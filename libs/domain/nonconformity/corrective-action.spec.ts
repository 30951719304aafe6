import { civilDate } from '../instant.js';
import { nothingYet } from '../machine.js';
import { body, by, client, command, engine, given, person } from '../specification.js';
import { nonconformityMachine } from './nonconformity.js';
import { obligations } from './owed.js';
import {
  account,
  lea,
  aud,
  pia,
  dana,
  ana,
  iris,
  mira,
  stranger,
  later,
  audit,
  nextAudit,
  F,
  draft,
  raise,
  plan,
  programme,
  it,
  shown,
  verify,
  world,
  raised,
  submitted,
  accepted,
  evidenced,
  internal,
} from './scene.js';

describe('plan and evidence', () => {
  test('R-FND-4: a plan names correction, extent, cause with method, action, owner and day', () => {
    for (const field of [
      'correction',
      'extent',
      'cause',
      'causeMethod',
      'correctiveAction',
      'owner',
      'actionDue',
    ])
      raised()
        .when(plan({ [field]: undefined }), by(dana))
        .refuses('plan-incomplete', 'R-FND-4', 'R-NCA-1');
  });

  test('R-MD1-4: with several sites the plan says how far the nonconformity reaches at the others', () => {
    const wide = { ...programme, sites: ['Berlin', 'Graz'] };
    const scene = given(wide, audit(), account(dana))
      .when(draft(), by(aud))
      .done()
      .when(raise(), by(lea))
      .done();
    scene.when(plan(), by(dana)).refuses('plan-incomplete', 'R-MD1-4');
    scene.when(plan({ otherSites: 'Graz uses the same form' }), by(dana)).done();
  });

  test('R-NCA-1: the action belongs to somebody of the client who can do it', () => {
    const gone = person({ id: 'per_gone', roles: ['process-owner'] });
    const grants = gone.grants.map((grant) => ({ ...grant, until: civilDate('2029-02-27') }));
    const left = account({ ...gone, grants }, { stage: 'departed' });
    const scene = raised('minor', left, account(stranger));
    for (const owner of [ana.id, 'per_unknown', gone.id, stranger.id])
      scene.when(plan({ owner }), by(dana)).refuses('plan-incomplete', 'R-NCA-1');
    scene.when(plan({ owner: mira.id }), by(dana)).records('second.awaited', 'task.opened');
  });

  test('R-NCA-1: the AIMS manager gives the action to somebody else when its owner cannot do it', () => {
    const to = (owner: string, reason = 'Dana leaves') => it('changeActionOwner', { owner }, reason);
    accepted().when(to(mira.id), by(dana)).refuses('not-permitted');
    accepted().when(to(ana.id), by(ana)).refuses('plan-incomplete', 'R-NCA-1');
    accepted().when(to(dana.id), by(ana)).refuses('wrong-state', 'SM-4');
    accepted().when(to(mira.id, ' '), by(ana)).refuses('reason-missing');
    const scene = accepted('major').when(to(mira.id), by(ana)).records('nonconformity.owner-changed');
    expect(scene.thing(nonconformityMachine, F).workedBy).toEqual([dana.id, ana.id, mira.id]);
    scene.when(shown, by(dana)).refuses('not-permitted');
    scene.when(shown, by(mira)).done().when(shown, by(ana)).records('nonconformity.evidence-submitted');
  });

  test('SUP-0: the AIMS manager releases the plan, and one person is not two', () => {
    const both = person({ id: 'per_both', roles: ['process-owner', 'aims-manager'] });
    raised().when(plan(), by(both)).done().when(plan(), by(both)).refuses('four-eyes-required', 'SUP-0');
    raised().when(command('acceptPlan', F), by(lea)).refuses('wrong-state');
  });

  test('SOD-7: nobody accepts the plan that they submitted', () => {
    const own = person({ id: ana.id, roles: ['aims-manager', 'internal-auditor'] });
    internal('monitoring')
      .when(plan(), by(dana))
      .done()
      .when(plan(), by(own))
      .done()
      .when(command('acceptPlan', F), by(own))
      .refuses('separation-of-duties', 'SOD-7');
  });

  test('R-FND-5: a plan is rejected with a reason and asked for again', () => {
    submitted()
      .when(it('rejectPlan', {}, ' '), by(lea))
      .refuses('reason-missing');
    submitted()
      .when(it('rejectPlan', {}, 'You should introduce a release board'), by(lea))
      .refuses('cause-or-solution-proposed', 'R-FND-2');
    const scene = submitted().when(it('rejectPlan'), by(lea)).records('nonconformity.plan-rejected');
    expect(obligations(scene.thing(nonconformityMachine, F)).map(({ key }) => key)).toEqual(['plan-2']);
    scene.when(plan(), by(dana)).done().when(plan(), by(ana)).records('nonconformity.plan-submitted');
  });

  test('only the team of that audit, or a competent reviewer of the body, accepts a plan', () => {
    submitted().when(command('acceptPlan', F), by(iris)).refuses('not-permitted');
    submitted().when(command('acceptPlan', F), by(stranger)).refuses('competence-missing', 'R-CMP-1');
    const competence = { ...nothingYet('cpt_1'), kind: 'competence', stage: 'qualified', about: stranger.id };
    const reviewer = { ...competence, organisation: body, of: 'reportReview', areas: [] };
    submitted('minor', reviewer)
      .when(command('acceptPlan', F), by(stranger))
      .records('nonconformity.plan-accepted');
    const tie = {
      kind: 'consultancy',
      client,
      from: civilDate('2026-01-01'),
      until: civilDate('2028-12-31'),
    };
    const bound = submitted('minor', reviewer, account(stranger, { interests: [tie] }));
    bound.when(command('acceptPlan', F), by(stranger)).refuses('lookback-not-over', 'SOD-5', 'R-IMP-3');
    bound.when(it('rejectPlan'), by(stranger)).refuses('lookback-not-over', 'SOD-5', 'I-24');
  });

  test('R-FND-5: the client is told what will be needed for closure', () => {
    const way = command('announceVerificationWay', F, { way: 'limitedAudit' });
    const scene = accepted('major').when(way, by(pia)).records('nonconformity.verification-way-announced');
    expect(scene.thing(nonconformityMachine, F).way).toBe('limitedAudit');
    accepted().when(way, by(stranger)).refuses('not-permitted');
  });

  test('only the owner of the action starts it and delivers its evidence', () => {
    accepted().when(command('startImplementation', F), by(mira)).refuses('not-permitted');
    accepted().when(shown, by(mira)).refuses('not-permitted');
    accepted()
      .when(command('startImplementation', F), by(dana))
      .records('nonconformity.implementation-started')
      .when(command('submitEvidence', F), by(dana))
      .refuses('evidence-missing', 'R-EVD-1');
  });

  test('R-FND-5: evidence is rejected with a reason and delivered again', () => {
    evidenced()
      .when(it('rejectEvidence'), by(aud))
      .records('nonconformity.evidence-rejected')
      .when(shown, by(dana))
      .done()
      .when(shown, by(ana))
      .records('nonconformity.evidence-submitted');
  });
});

describe('verification', () => {
  test('R-DEC-2: an accepted plan closes a minor and never a major', () => {
    accepted('minor').when(verify(), by(lea)).records('nonconformity.closed');
    accepted('major').when(verify(), by(lea)).refuses('major-needs-verification', 'R-DEC-2');
  });

  test('R-DEC-2: a major does not wait for the next audit', () => {
    evidenced('major').when(verify('nextAudit'), by(lea)).refuses('next-audit-not-for-major', 'R-DEC-2');
    accepted('major').when(command('deferToNextAudit', F), by(lea)).refuses('next-audit-not-for-major');
    const scene = accepted('minor')
      .when(command('deferToNextAudit', F), by(lea))
      .records('nonconformity.verification-deferred');
    expect(scene.thing(nonconformityMachine, F)).toMatchObject({ stage: 'planAccepted', deferred: true });
  });

  test('R-FND-5: a minor that was left to the next audit is verified by its team, and a major by no other team', () => {
    const left = accepted('minor', nextAudit).when(command('deferToNextAudit', F), by(lea)).done();
    left.when(verify(), by(later)).records('nonconformity.closed');
    evidenced('minor', nextAudit).when(verify(), by(later)).records('nonconformity.closed');
    evidenced('major', nextAudit).when(verify(), by(later)).refuses('not-permitted');
    left.when(verify(), by(stranger)).refuses('not-permitted');
  });

  test('R-FND-6: a minor that the next audit finds open is raised again as a major', () => {
    const scene = accepted('minor', nextAudit);
    scene.when(it('findNotClosed'), by(lea)).refuses('not-permitted');
    const again = scene
      .when(it('findNotClosed'), by(later))
      .records('nonconformity.found-not-closed', 'nonconformity.reopened');
    expect(again.thing(nonconformityMachine, F)).toMatchObject({
      stage: 'raised',
      grade: 'major',
      reopened: 1,
    });
    for (const earlier of [{ auditType: 'stage1' }, { lastDay: civilDate('2029-02-28') }])
      accepted('minor', { ...nextAudit, ...earlier })
        .when(it('findNotClosed'), by(later))
        .refuses('not-permitted');
    accepted('major', nextAudit).when(it('findNotClosed'), by(later)).refuses('next-audit-not-for-major');
  });

  test('the effectiveness of an action is judged by the team of the next audit', () => {
    const scene = accepted('minor', nextAudit)
      .when(verify(), by(lea))
      .done()
      .when(command('openEffectivenessCheck', F), by(engine))
      .records('nonconformity.effectiveness-due');
    const effective = command('confirmEffective', F, {
      result: 'No repetition',
      lesson: 'Name owners early',
    });
    scene.when(effective, by(lea)).refuses('not-permitted');
    scene.when(effective, by(later)).records('nonconformity.found-effective');
    scene.when(command('confirmEffective', F), by(later)).refuses('lesson-missing', 'R-LSN-1');
  });
});

describe("the client's own findings", () => {
  test('R-NCA-1: an internal auditor raises one, and the body sees nothing to do in it', () => {
    const scene = internal('internalAudit');
    scene
      .when(it('disputeFinding'), by(ana))
      .done()
      .when(it('upholdFinding'), by(lea))
      .refuses('not-permitted');
    scene.when(it('regradeFinding', { grade: 'major' }), by(lea)).refuses('not-permitted');
  });

  test('R-NCA-1: the AIMS manager raises what came from elsewhere than an internal audit', () => {
    const from = (source: string) => world().when(draft({ source }, 'prg_1'), by(ana));
    from('incident').records('finding.drafted').when(raise(), by(ana)).records('nonconformity.raised');
    from('internalAudit').refuses('not-permitted');
  });

  const closed = () =>
    internal('internalAudit')
      .when(plan(), by(dana))
      .done()
      .when(plan(), by(ana))
      .done()
      .when(command('acceptPlan', F), by(iris))
      .done()
      .when(shown, by(dana))
      .done()
      .when(shown, by(ana))
      .done();

  test('SOD-7: whoever planned, owned or delivered the action does not verify it', () => {
    const owner = person({ id: dana.id, roles: ['internal-auditor'] });
    closed().when(verify(), by(owner)).refuses('separation-of-duties', 'SOD-7');
    closed().when(it('rejectEvidence'), by(owner)).refuses('separation-of-duties', 'SOD-7');
    const due = closed()
      .when(verify(), by(iris))
      .done()
      .when(command('openEffectivenessCheck', F), by(engine))
      .done();
    due
      .when(command('confirmEffective', F, { lesson: 'x' }), by(owner))
      .refuses('separation-of-duties', 'SOD-7');
    due.when(it('findIneffective'), by(owner)).refuses('separation-of-duties', 'SOD-7');
  });

  test('R-NCA-1: effectiveness is looked at 90 days after closure, and what did not help is raised again as a major', () => {
    const due = closed()
      .when(verify(), by(iris))
      .records('nonconformity.closed')
      .when(command('openEffectivenessCheck', F), by(engine))
      .records('nonconformity.effectiveness-due');
    const [owed] = obligations(due.thing(nonconformityMachine, F));
    expect(owed).toMatchObject({ key: 'effectiveness-1', due: { date: '2029-05-30', rule: 'R-NCA-1' } });
    due
      .when(it('findIneffective'), by(iris))
      .records('nonconformity.found-ineffective', 'nonconformity.reopened');
  });
});
