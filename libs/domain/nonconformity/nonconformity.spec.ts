import type { Role } from '../actor.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { body, by, client, command, engine, given, person, unreachable } from '../specification.js';
import type { Audited } from './audited.js';
import { limitSet, sixMonthLimit } from './limit.js';
import { nonconformityMachine } from './nonconformity.js';
import { obligations } from './owed.js';
import { Policy } from '../policy.js';

const of = (organisation: string, ...roles: Role[]) => person({ roles, organisation });
const [lea, aud, pia, dana] = [
  of(body, 'lead-auditor'),
  of(body, 'auditor'),
  of(body, 'programme-manager'),
  of(client, 'process-owner'),
];
const [ana, iris, mira] = [
  of(client, 'aims-manager'),
  of(client, 'internal-auditor'),
  of(client, 'employee'),
];
const stranger = person({ id: 'per_other-lead', roles: ['lead-auditor'], organisation: body });
const later = person({ id: 'per_next-lead', roles: ['lead-auditor'], organisation: body });

const programme = {
  ...{ ...nothingYet('prg_1'), kind: 'programme', stage: 'initial', organisation: client },
  ...{ client, certificationBody: body },
};
const audit = (more: Partial<Audited> = {}): Audited => ({
  ...{ ...nothingYet('aud_1'), kind: 'audit', stage: 'inProgress', organisation: body, programme: 'prg_1' },
  auditType: 'stage2',
  team: [
    { person: lea.id, function: 'lead' },
    { person: aud.id, function: 'auditor' },
  ],
  everInTeam: [lea.id, aud.id],
  ...more,
});
const nextAudit = audit({
  ...{ id: 'aud_2', auditType: 'stage2', everInTeam: [later.id] },
  team: [{ person: later.id, function: 'lead' }],
});
const decided = {
  ...{ ...nothingYet('dec_1'), kind: 'dossier', stage: 'decided', organisation: body, programme: 'prg_1' },
  audits: ['aud_1'],
};

const F = 'fnd_1';
const evidence = [{ sha256: 'a'.repeat(64), bytes: 10, type: 'application/pdf' }];
const draft = (input: object = {}, under = 'aud_1') =>
  command('draftFinding', F, { source: 'audit', ...input }, { under });
const raise = (input: object = {}) =>
  command('raiseNonconformity', F, {
    ...{ grade: 'minor', requirement: '8.4', statement: 'No impact assessment of the assistant was kept.' },
    ...{ objectiveEvidence: 'Register of 12 March, entry 4', gradeReason: 'One system of five', ...input },
  });
const plan = (input: object = {}) =>
  command('submitPlan', F, {
    ...{ correction: 'Assess it', extent: 'Looked at all five', cause: 'No owner', causeMethod: 'Five whys' },
    ...{ correctiveAction: 'Owner for each', owner: dana.id, actionDue: civilDate('2029-04-10'), ...input },
  });
const it = (type: string, input: object = {}, reason = 'because') => command(type, F, input, { reason });
const shown = command('submitEvidence', F, {}, { evidence });
const verify = (method = 'document') => command('verifyClosure', F, { method });

const world = (...things: Thing[]) => given(programme, audit(), ...things);
const raised = (grade = 'minor', ...things: Thing[]) =>
  world(...things)
    .when(draft(), by(aud))
    .records('finding.drafted')
    .when(raise({ grade }), by(lea))
    .records('nonconformity.raised');
const submitted = (grade = 'minor', ...things: Thing[]) =>
  raised(grade, ...things)
    .when(plan(), by(dana))
    .records('second.awaited', 'task.opened')
    .when(plan(), by(ana))
    .records('nonconformity.plan-submitted');
const accepted = (grade = 'minor', ...things: Thing[]) =>
  submitted(grade, ...things)
    .when(command('acceptPlan', F), by(aud))
    .records('nonconformity.plan-accepted');
const evidenced = (grade = 'minor') =>
  accepted(grade)
    .when(shown, by(dana))
    .done()
    .when(shown, by(ana))
    .records('nonconformity.evidence-submitted');

test('every stage of a nonconformity can be reached', () => {
  expect(unreachable('nonconformity')).toEqual([]);
});

test('a nonconformity runs from raised through plan and evidence to closure', () => {
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

describe('the dates of a finding', () => {
  const dates = (grade: string, on: string, lastDay?: string) => {
    const then = audit(lastDay ? { lastDay: civilDate(lastDay) } : {});
    const scene = given(programme, then)
      .when(draft(), by(aud, on))
      .done()
      .when(raise({ grade }), by(lea, on))
      .done();
    const owed = obligations(scene.thing(nonconformityMachine, F));
    return owed.map(({ key, due }) => [key, due.date, due.kind, due.rule]);
  };

  test('Programme A: plans are due on the Monday, and majors are verified by 2027-10-23', () => {
    expect(dates('minor', '2027-04-23')).toEqual([['plan-1', '2027-05-24', 'soft', 'R-FND-4']]);
    expect(dates('major', '2027-04-23', '2027-04-23')).toEqual([
      ['plan-1', '2027-05-24', 'soft', 'R-FND-4'],
      ['major-verified-1', '2027-07-22', 'soft', 'R-FND-5'],
      ['limit-1', '2027-10-23', 'hard', 'R-DEC-4'],
    ]);
  });

  test('Programme C: the limit of 2028-09-30 is a Saturday and does not roll', () => {
    expect(dates('major', '2028-03-31', '2028-03-31')).toContainEqual([
      'limit-1',
      '2028-09-30',
      'hard',
      'R-DEC-4',
    ]);
  });

  test('R-CAL-13: a limit that comes before the soft date rules it, and both bases stay visible', () => {
    const scene = raised('major');
    const finding = scene.thing(nonconformityMachine, F);
    const limit = sixMonthLimit(civilDate('2028-10-01'), new Policy());
    const bound = scene.and(limitSet(finding, limit)).thing(nonconformityMachine, F);
    const verified = obligations(bound).find(({ key }) => key === 'major-verified-1');
    expect(verified?.due).toMatchObject({ date: '2029-04-01', rule: 'R-DEC-4', kind: 'soft' });
    expect(verified?.due.basis.map(({ date }) => date)).toEqual(['2029-05-30', '2029-04-01']);
  });

  test('R-CAL-10: soft dates are extended with a reason, hard ones never move', () => {
    const scene = raised('major').and(
      limitSet(
        raised('major').thing(nonconformityMachine, F),
        sixMonthLimit(civilDate('2029-03-01'), new Policy()),
      ),
    );
    const until = civilDate('2029-04-20');
    const after = scene
      .when(it('extendPlanDue', { which: 'plan', until }), by(pia))
      .records('nonconformity.due-extended');
    expect(after.thing(nonconformityMachine, F).planDue).toMatchObject({
      date: until,
      basis: [{ operation: 'plus 50 days' }],
    });
    after
      .when(it('extendPlanDue', { which: 'verification', until }), by(lea))
      .records('nonconformity.due-extended');
    scene
      .when(it('extendPlanDue', { which: 'limit', until }), by(pia))
      .refuses('hard-date-cannot-move', 'R-CAL-10');
    const beyond = civilDate('2029-09-02');
    scene
      .when(it('extendPlanDue', { which: 'plan', until: beyond }), by(pia))
      .refuses('hard-date-cannot-move');
    scene.when(it('extendPlanDue', { which: 'plan', until }, ''), by(pia)).refuses('reason-missing');
    scene.when(it('extendPlanDue', { which: 'plan', until }), by(stranger)).refuses('not-permitted');
  });

  test('R-DEC-4: the engine records once, and after the day alone, that six months are over', () => {
    const scene = raised('major').and(
      limitSet(
        raised('major').thing(nonconformityMachine, F),
        sixMonthLimit(civilDate('2029-03-01'), new Policy()),
      ),
    );
    scene.when(command('recordLimitPassed', F), by(engine, '2029-09-01')).refuses('wrong-state', 'R-DEC-4');
    scene
      .when(command('recordLimitPassed', F), by(engine, '2029-09-02'))
      .records('nonconformity.limit-passed')
      .when(command('recordLimitPassed', F), by(engine, '2029-09-03'))
      .refuses('wrong-state');
  });

  test('everything owed has ended when the finding is closed', () => {
    const scene = evidenced('major').when(verify(), by(lea)).done();
    expect(obligations(scene.thing(nonconformityMachine, F))).toEqual([]);
  });
});

describe('dispute and grade', () => {
  test('R-FND-2: the client disputes, the leader upholds, and no clock has stopped', () => {
    const disputed = raised().when(it('disputeFinding'), by(ana)).records('nonconformity.disputed');
    const owed = () => obligations(disputed.thing(nonconformityMachine, F)).map(({ key }) => key);
    expect(owed()).toEqual(['plan-1']);
    disputed.when(it('upholdFinding'), by(stranger)).refuses('not-permitted');
    const upheld = disputed.when(it('upholdFinding'), by(lea)).records('nonconformity.upheld');
    expect(upheld.thing(nonconformityMachine, F)).toMatchObject({ stage: 'raised', plansAsked: 1 });
  });

  test('R-FND-1: both grades are kept and the dates follow the new one', () => {
    const scene = raised()
      .when(it('regradeFinding', { grade: 'major' }), by(lea))
      .records('nonconformity.regraded');
    const finding = scene.thing(nonconformityMachine, F);
    expect(finding).toMatchObject({ grade: 'major', grades: ['minor', 'major'], stage: 'raised' });
    expect(obligations(finding).map(({ key }) => key)).toEqual(['plan-1', 'major-verified-1']);
    scene.when(it('regradeFinding', { grade: 'major' }), by(lea)).refuses('grade-not-allowed', 'R-FND-1');
    scene.when(it('regradeFinding', { grade: 'minor' }), by(ana)).refuses('not-permitted');
    const back = scene.when(it('regradeFinding', { grade: 'minor' }), by(lea)).done();
    expect(obligations(back.thing(nonconformityMachine, F)).map(({ key }) => key)).toEqual(['plan-1']);
  });

  test('R-DEC-2: after the decision nobody disputes, regrades or retracts', () => {
    const scene = raised().and(decided);
    scene.when(it('disputeFinding'), by(ana)).refuses('regrade-after-decision');
    scene
      .when(it('regradeFinding', { grade: 'major' }), by(lea))
      .refuses('regrade-after-decision', 'R-DEC-2');
    scene.when(it('retractFinding'), by(lea)).refuses('regrade-after-decision');
  });

  test('a retracted finding is none, and nothing more happens to it', () => {
    const scene = raised('major').when(it('retractFinding'), by(lea)).records('nonconformity.retracted');
    expect(obligations(scene.thing(nonconformityMachine, F))).toEqual([]);
    scene.when(plan(), by(dana)).refuses('wrong-state');
  });
});

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
    const scene = given(wide, audit()).when(draft(), by(aud)).done().when(raise(), by(lea)).done();
    scene.when(plan(), by(dana)).refuses('plan-incomplete', 'R-MD1-4');
    scene.when(plan({ otherSites: 'Graz uses the same form' }), by(dana)).done();
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

function internal(source: string) {
  return world()
    .when(draft({ source }, 'prg_1'), by(iris))
    .records('finding.drafted')
    .when(raise({ cause: undefined }), by(iris))
    .records('nonconformity.raised');
}
