import {
  account as accountOf,
  audits,
  competent,
  people as staff,
  prepared,
  team,
  world,
} from './audit/specification.js';
import {
  D,
  DAY,
  account,
  assign,
  complete,
  decide,
  dea,
  dom,
  pia,
  qualified,
  reviewed,
  start,
} from './decision/scene.js';
import { civilDate } from './instant.js';
import {
  audit,
  draft,
  iris,
  it as onFinding,
  lea,
  plan,
  raise,
  stranger,
  submitted,
  world as findings,
} from './nonconformity/scene.js';
import { programmeMachine } from './programme/programme.js';
import { people, steps, until } from './programme/scene.js';
import { body, by, client, command, did, fact, given, person, type Deed } from './specification.js';

// What is asked the first time is asked again each time: of another team, of another plan, at every act of a decision.

describe('another team is asked what the first one was asked', () => {
  const opened = (n: number) =>
    given(...world, ...prepared('stage1', '2027-02-09', '2027-02-10').slice(0, n));
  const objected = opened(5)
    .when(
      command('objectToMember', audits.stage1, { member: staff.aud.id, grounds: 'A rival' }),
      by(staff.ana, '2027-01-04'),
    )
    .records('team.objection-raised');
  const answer = (members: readonly object[]) =>
    command('resolveObjection', audits.stage1, {
      ...{ objection: 'objection-1', accepted: true, answer: 'Somebody else comes', members },
    });
  const change = (members: readonly object[]) =>
    command('changeTeam', audits.stage1, { members }, { reason: 'Illness' });
  const [lead = {}] = team;
  const otto = { person: staff.otto.id, function: 'auditor' };
  const able = competent('audit', staff.otto.id, ['aims', 'sector-services']);
  const tie = { kind: 'internalAudit' as const, client, from: civilDate('2026-01-01') };
  const twin = accountOf('per_twin', { organisation: client, human: staff.otto.id });
  const alone = { person: staff.tex.id, function: 'technicalExpert' };
  const scenes = [
    ['resolveObjection', objected, answer],
    ['changeTeam', opened(7), change],
  ] as const;

  test.each(scenes)('%s', (_, scene, proposes) => {
    const trying = by(staff.pia, '2027-01-05');
    const both = proposes([lead, otto]);
    scene.when(both, trying).refuses('competence-missing', 'R-CMP-1');
    scene
      .and(able)
      .when(proposes([lead, otto, alone]), trying)
      .refuses('expert-without-auditor', 'SOD-9');
    scene
      .and(able)
      .and(accountOf(staff.otto.id, { interests: [tie] }))
      .when(both, trying)
      .refuses('lookback-not-over', 'R-IMP-2', 'SOD-5', 'I-24');
    scene.and(able).and(twin).when(both, trying).refuses('separation-of-duties', 'SOD-10');
    scene.and(able).when(both, trying).done();
  });
});

describe('whoever decides is asked at every act of the decision', () => {
  const committee = complete()
    .and(did(assign(), by(pia, DAY)))
    .and(did(assign(dea), by(pia, DAY)));
  const because = { reason: 'One finding is not weighed' };
  const acts = [
    ['startReview', complete().and(did(assign(), by(pia, DAY))), start],
    ['askForInformation', reviewed(), command('askForInformation', D, { question: 'Why?' })],
    ['returnToAuditor', reviewed(), command('returnToAuditor', D, { for: 'finding' }, because)],
    ['castVote', committee.and(did(start, by(dom, DAY))), command('castVote', D, { vote: 'grant' })],
    ['decide', reviewed(), decide()],
  ] as const;

  test.each(acts)('%s', (_, scene, act) => {
    const tie = { kind: 'consultancy', client, from: civilDate('2026-01-01') };
    scene
      .and(qualified(dom.id, '2027-07-18'))
      .when(act, by(dom, DAY))
      .refuses('competence-missing', 'R-CMP-1');
    scene
      .and(account(dom, { interests: [tie] }))
      .when(act, by(dom, DAY))
      .refuses('lookback-not-over', 'R-IMP-3', 'SOD-5', 'I-24');
    scene.when(act, by(dom, DAY)).done();
  });
});

describe('whoever judges a finding', () => {
  test('R-CMP-1: is competent or of that audit, also to reject a plan', () => {
    submitted().when(onFinding('rejectPlan'), by(stranger)).refuses('competence-missing', 'R-CMP-1');
  });

  const both = person({ id: 'per_both', roles: ['process-owner', 'internal-auditor'] });
  const manager = person({ id: 'per_manager', roles: ['aims-manager'] });
  const own = findings(account(both))
    .when(draft({ source: 'internalAudit' }, 'prg_1'), by(iris))
    .done()
    .when(raise(), by(iris))
    .done()
    .when(plan({ owner: both.id }), by(both))
    .done()
    .when(plan({ owner: both.id }), by(manager))
    .done();

  test('SOD-7: rejects no plan of their own, and does not find that their own action is not closed', () => {
    own.when(onFinding('rejectPlan'), by(both)).refuses('separation-of-duties', 'SOD-7');
    const accepted = own.when(command('acceptPlan', 'fnd_1'), by(iris)).done();
    accepted.when(onFinding('findNotClosed'), by(both)).refuses('separation-of-duties', 'SOD-7');
    accepted.when(onFinding('findNotClosed'), by(iris)).done();
  });

  test('R-FND-3, R-FND-7: an observation is no nonconformity either, and is considered with action or reason', () => {
    const observe = (statement: string) =>
      command('raiseObservation', 'obs_1', { statement }, { under: 'aud_1' });
    findings(audit())
      .when(observe('A minor nonconformity.'), by(lea))
      .refuses('nonconformity-as-opportunity', 'R-FND-3');
    findings(audit()).when(observe(''), by(lea)).refuses('finding-incomplete', 'R-FND-2');
    findings(audit())
      .when(observe('Two registers exist.'), by(lea))
      .done()
      .when(command('considerObservation', 'obs_1', { outcome: 'declined' }), by(manager))
      .refuses('reason-missing', 'R-FND-7');
  });
});

describe('what is changed is asked what it was asked at first', () => {
  test('R-PRG-1, R-PRG-3, R-MS-1: a revised audit programme', () => {
    const { input } = steps.approve;
    const planned = 'audits' in input && Array.isArray(input.audits) ? (input.audits as object[]) : [];
    const revise = (changes: object) =>
      command('reviseAuditProgramme', 'prg_1', { ...input, ...changes }, { reason: 'A site was added' });
    const initial = given(...until.initial);
    initial
      .when(revise({ audits: planned.slice(0, 2) }), by(people.programme))
      .refuses('audit-programme-missing', 'R-PRG-1');
    const thin = planned.map((one) => ({ ...one, controls: 'none' }));
    initial.when(revise({ audits: thin }), by(people.programme)).refuses('coverage-incomplete', 'R-PRG-3');
    const sites = ['head-office', 'north'].map((key, place) => ({ key, people: 10, central: place === 0 }));
    const grown = { ...initial.thing(programmeMachine, 'prg_1'), sites };
    initial.and(grown).when(revise({}), by(people.programme)).refuses('sample-too-small', 'R-MS-1');
    initial.when(revise({}), by(people.programme)).records('audit-programme.revised');
  });

  test('R-TIM-1, R-MD5-1, R-MD1-5: another calculation of audit time', () => {
    const again = (changes: object) =>
      command(
        'recalculateAuditTime',
        'tim_1',
        { ...{ table: 'demonstration', people: { fullTime: 12 }, aiRoles: 'one' }, ...changes },
        { reason: 'More people' },
      );
    const timed = given(...until.timed);
    timed
      .when(again({ table: 'licensed' }), by(people.programme))
      .refuses('audit-time-table-missing', 'R-MD5-1');
    const sites = [{ key: 'north', people: 5, reductionPercent: 60 }];
    timed.when(again({ sites }), by(people.programme)).refuses('site-reduction-too-large', 'R-MD1-5');
  });

  test('R-CMP-1, SOD-8: nobody monitors themselves or finds themselves competent anew', () => {
    const invited = fact({
      ...{ kind: 'person', type: 'person.invited', stream: 'per_own' },
      ...{ data: { human: 'per_own', mode: 'live' }, opens: { organisation: body, visibility: 'owner' } },
    });
    const own = person({
      id: 'per_own',
      roles: ['programme-manager', 'scheme-administrator'],
      organisation: body,
    });
    const evaluated: readonly Deed[] = [
      did(command('proposeCandidate', 'cpt_1', { of: 'audit' }, { under: 'per_own' }), by(people.programme)),
      did(command('qualifyPerson', 'cpt_1', { areas: ['aims'], until: '2030-01-01' }), by(people.scheme)),
    ];
    const competentOnce = given(invited, ...evaluated);
    competentOnce
      .when(command('recordMonitoring', 'cpt_1', { way: 'reportReview' }), by(own))
      .refuses('separation-of-duties', 'R-CMP-1');
    competentOnce
      .when(command('requalifyPerson', 'cpt_1', { areas: ['aims'], until: '2031-01-01' }), by(own))
      .refuses('separation-of-duties', 'SOD-8');
  });
});
