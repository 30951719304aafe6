import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { body, by, client, command, engine, given } from '../specification.js';
import { auditMachine } from './audit.js';
import { obligations } from './owed.js';
import { account, audits, competent, people, prepared, programme, team, world } from './specification.js';

const { pia, lea, otto, aud, tex, ana } = people;
const A = audits.stage1;
const FIRST = '2027-02-09';
const deeds = prepared('stage1', FIRST, '2027-02-10');
const audit = (n: number) => given(...world, ...deeds.slice(0, n));
const [opened, proposed, declared, accepted, confirmed] = [1, 2, 5, 6, 7];
const on = '2026-12-31';

const open = (input: object = {}) =>
  command(
    'openAudit',
    A,
    { auditType: 'stage1', firstDay: civilDate(FIRST), lastDay: civilDate('2027-02-10'), ...input },
    { under: 'prg_1' },
  );
const propose = (members: readonly object[] = team) => command('proposeTeam', A, { members });
const [asLead, asAuditor, asExpert] = team;

describe('before an audit', () => {
  test('no audit is opened before the agreement covers all sites', () => {
    given(...world, programme({ stage: 'proposed' }))
      .when(open(), by(pia, on))
      .refuses('agreement-missing', 'R-AGR-1');
  });

  test('no audit is opened before the audit programme of the cycle is approved', () => {
    given(...world, programme({ stage: 'contracted' }))
      .when(open(), by(pia, on))
      .refuses('audit-programme-missing', 'R-PRG-1');
  });

  test('no audit is opened before audit time is determined and approved', () => {
    given(...world.filter(({ kind }) => kind !== 'audit-time'))
      .when(open(), by(pia, on))
      .refuses('audit-time-missing', 'R-TIM-1');
  });

  test('an initial audit does not belong under a programme that has ended', () => {
    given(...world, programme({ stage: 'terminated' }))
      .when(open(), by(pia, on))
      .refuses('wrong-state');
  });

  test('the last day of an audit does not come before its first', () => {
    given(...world)
      .when(open({ lastDay: civilDate('2027-02-08') }), by(pia, on))
      .refuses('days-incomplete');
  });

  test('the engine may open an audit that the programme asks for', () => {
    given(...world)
      .when(open(), by(engine, on))
      .records('audit.opened');
  });
});

describe('the team', () => {
  test('is proposed with its notice to the client, who may object for five business days (R-TEAM-2)', () => {
    const after = audit(opened)
      .when(propose(), by(pia, '2027-01-11'))
      .records('team.proposed', 'team.announced');
    expect(after.thing(auditMachine, A)).toMatchObject({
      window: { date: '2027-01-18', kind: 'soft', rule: 'R-TEAM-2' },
      everInTeam: [lea.id, aud.id, tex.id],
    });
    expect(obligations(after.thing(auditMachine, A)).map(({ key }) => key)).toEqual(['objection-window-1']);
  });

  test('has one leader, and nobody twice', () => {
    audit(opened)
      .when(propose([asAuditor ?? {}]), by(pia, on))
      .refuses('competence-missing', 'R-TEAM-1');
    audit(opened)
      .when(propose([...team, { person: lea.id, function: 'auditor' }]), by(pia, on))
      .refuses('competence-missing', 'R-TEAM-1');
  });

  test('covers its functions and as a whole the AIMS, the technology and the sector', () => {
    audit(opened)
      .when(propose([asLead ?? {}, asExpert ? { ...asExpert, under: lea.id } : {}]), by(pia, on))
      .refuses('competence-missing', 'R-TEAM-1', 'R-CMP-1');
    audit(opened)
      .when(propose([...team, { person: otto.id, function: 'auditor' }]), by(pia, on))
      .refuses('competence-missing', 'R-CMP-1');
  });

  test('does not count competence whose last day has passed', () => {
    audit(opened)
      .and(competent('audit', lea.id, ['aims', 'ai-technology'], civilDate('2026-12-30')))
      .when(propose(), by(pia, on))
      .refuses('competence-missing', 'R-CMP-1');
  });

  test('SOD-9: a technical expert works under an auditor', () => {
    const alone = [asLead ?? {}, asAuditor ?? {}, { person: tex.id, function: 'technicalExpert' }];
    audit(opened).when(propose(alone), by(pia, on)).refuses('expert-without-auditor', 'SOD-9', 'R-TEAM-1');
  });

  test('SOD-9: a technical expert is never proposed as an auditor', () => {
    const signing = [asLead ?? {}, asAuditor ?? {}, { person: tex.id, function: 'auditor' }];
    audit(opened).when(propose(signing), by(pia, on)).refuses('competence-missing', 'R-CMP-1');
  });

  const consultancy = (until: string) =>
    account(aud.id, {
      interests: [{ kind: 'consultancy', client, from: civilDate('2024-01-01'), until: civilDate(until) }],
    });

  test('SOD-5: nobody audits a client whom they advised within the look-back (R-IMP-2, R-IMP-3)', () => {
    audit(opened)
      .and(consultancy('2024-12-31'))
      .when(propose(), by(pia, '2026-12-31'))
      .refuses('lookback-not-over', 'SOD-5', 'R-IMP-3');
    audit(opened).and(consultancy('2024-12-31')).when(propose(), by(pia, '2027-01-01')).done();
  });

  test('SOD-10: nobody audits a client at which the same human has an account', () => {
    const twin = account('per_twin', {
      ...{ organisation: client, human: aud.id },
      grants: [{ role: 'employee', from: civilDate('2020-01-01') }],
    });
    audit(opened).and(twin).when(propose(), by(pia, on)).refuses('separation-of-duties', 'SOD-10');
  });

  test('is confirmed only when each member has a declaration that is in force and free of conflicts (R-IMP-4)', () => {
    audit(proposed)
      .when(command('acceptTeam', A), by(ana, on))
      .done()
      .when(command('confirmTeam', A), by(pia, on))
      .refuses('conflict-declaration-missing', 'R-IMP-4');
    const bound = { free: false, until: civilDate('2027-12-31'), statement: 'A cousin works there.' };
    audit(accepted)
      .when(command('declareConflicts', A, bound), by(aud, on))
      .done()
      .when(command('confirmTeam', A), by(pia, on))
      .refuses('conflict-declaration-missing', 'R-IMP-4');
  });

  test('takes no declaration that has ended, that hides its conflict, or that is not one’s own', () => {
    const declare = (input: object) => command('declareConflicts', A, input);
    const until = civilDate('2027-12-31');
    audit(proposed)
      .when(declare({ free: true, until: civilDate('2026-12-30') }), by(lea, on))
      .refuses('conflict-declaration-missing');
    audit(proposed)
      .when(declare({ free: false, until }), by(lea, on))
      .refuses('conflict-declaration-missing');
    audit(proposed)
      .when(declare({ free: true, until }), by(otto, on))
      .refuses('not-permitted', 'R-IMP-4');
  });

  test('is not confirmed while the client may still object, and is after silence (I-16)', () => {
    const silent = audit(declared);
    silent.when(command('confirmTeam', A), by(pia, on)).refuses('objection-open', 'I-16');
    silent
      .when(command('recordObjectionWindowOver', A), by(engine, '2027-01-07'))
      .refuses('wrong-state')
      .when(command('recordObjectionWindowOver', A), by(engine, '2027-01-08'))
      .records('team.objection-window-over')
      .when(command('confirmTeam', A), by(pia, '2027-01-08'))
      .records('team.confirmed');
  });
});

describe('an objection', () => {
  const object = (member = aud.id, grounds = 'Worked for a rival.') =>
    command('objectToMember', A, { member, grounds });
  const resolve = (input: object) =>
    command('resolveObjection', A, {
      objection: 'objection-1',
      accepted: false,
      answer: 'Long ago.',
      ...input,
    });

  test('keeps the team from being accepted and confirmed until it has its answer', () => {
    audit(declared)
      .when(object(), by(ana, on))
      .records('team.objection-raised')
      .when(command('acceptTeam', A), by(ana, on))
      .refuses('objection-open', 'R-TEAM-2')
      .when(command('confirmTeam', A), by(pia, '2027-02-01'))
      .refuses('objection-open', 'R-TEAM-2')
      .when(resolve({}), by(pia, on))
      .records('team.objection-resolved')
      .when(command('acceptTeam', A), by(ana, on))
      .done();
  });

  test('comes within the window and before acceptance', () => {
    audit(proposed).when(object(), by(ana, '2027-01-08')).refuses('objection-window-over', 'R-TEAM-2');
    audit(accepted).when(object(), by(ana, on)).refuses('objection-window-over', 'R-TEAM-2');
  });

  test('names a member and its grounds, and its answer a reason', () => {
    audit(proposed).when(object(otto.id), by(ana, on)).refuses('wrong-state');
    audit(proposed).when(object(aud.id, ' '), by(ana, on)).refuses('reason-missing');
    audit(proposed).when(resolve({}), by(pia, on)).refuses('wrong-state');
    audit(proposed)
      .when(object(), by(ana, on))
      .done()
      .when(resolve({ answer: '' }), by(pia, on))
      .refuses('reason-missing');
  });

  test('that is accepted leads to another team with a new window, and SOD-1 forgets nobody', () => {
    const scene = audit(declared)
      .and(competent('audit', otto.id, ['sector-services']))
      .when(object(), by(ana, on))
      .done();
    const others = [asLead ?? {}, { person: otto.id, function: 'auditor' }];
    scene.when(resolve({ accepted: true, members: team }), by(pia, on)).refuses('objection-open', 'R-TEAM-2');
    const after = scene
      .when(resolve({ accepted: true, members: others }), by(pia, '2027-01-04'))
      .records('team.objection-resolved', 'team.proposed', 'team.announced')
      .thing(auditMachine, A);
    expect(after.everInTeam).toEqual([lea.id, aud.id, tex.id, otto.id]);
    expect(after).toMatchObject({ window: { date: '2027-01-11' }, entered: { teamProposed: 2 } });
  });

  test('may be made anew when the team is changed', () => {
    const change = command('changeTeam', A, { members: team }, { reason: 'Illness' });
    audit(confirmed)
      .when(command('changeTeam', A, { members: team }), by(pia, '2027-01-11'))
      .refuses('reason-missing')
      .when(change, by(pia, '2027-01-11'))
      .records('team.changed', 'team.proposed', 'team.announced')
      .when(object(), by(ana, '2027-01-12'))
      .done();
    audit(confirmed)
      .when(command('changeTeam', A, { members: [] }, { reason: 'Illness' }), by(pia, on))
      .refuses('competence-missing');
  });
});

describe('an audit that does not come about', () => {
  test('is postponed and planned anew, and its obligation stays', () => {
    audit(confirmed)
      .when(command('postponeAudit', A, {}, { reason: 'Flood' }), by(pia, on))
      .records('audit.postponed')
      .when(
        command('replanAudit', A, { firstDay: civilDate('2027-03-09'), lastDay: civilDate('2027-03-01') }),
        by(pia, on),
      )
      .refuses('days-incomplete')
      .when(
        command('replanAudit', A, { firstDay: civilDate('2027-03-09'), lastDay: civilDate('2027-03-10') }),
        by(pia, on),
      )
      .records('audit.replanned');
  });

  test('is cancelled with a reason', () => {
    audit(opened).when(command('cancelAudit', A), by(pia, on)).refuses('reason-missing');
    audit(opened)
      .when(command('cancelAudit', A, {}, { reason: 'Twice opened' }), by(pia, on))
      .records('audit.cancelled');
  });

  test('is declared impossible where records are withheld (R-CNF-1, I-22)', () => {
    const impossible = (withheld: string) =>
      command('declareAuditImpossible', A, { withheld }, { reason: 'No access' });
    audit(opened).when(impossible(''), by(pia, on)).refuses('reason-missing', 'R-CNF-1');
    audit(opened).when(impossible('Model weights'), by(pia, on)).records('audit.aborted');
  });

  test('is aborted by two, its leader and the programme manager (R-S2-5)', () => {
    const abort = command('abortAudit', A, { action: 'auditEnded' }, { reason: 'Immediate danger' });
    given(...world, ...deeds)
      .when(abort, by(otto, FIRST))
      .refuses('not-permitted', 'R-TEAM-1')
      .when(abort, by(lea, FIRST))
      .records('second.awaited', 'task.opened')
      .when(abort, by(pia, FIRST))
      .records('audit.aborted');
  });
});

describe('the dates before an audit', () => {
  test('follow the policy of the body', () => {
    const strict = audit(opened).under(new Policy(3, { 'team.objectionBusinessDays': 8 }));
    const after = strict.when(propose(), by(pia, '2027-01-11')).done().thing(auditMachine, A);
    expect(after.window).toMatchObject({ date: '2027-01-21', basis: [{ policy: { value: 8, version: 3 } }] });
    expect(after.organisation).toBe(body);
  });
});
