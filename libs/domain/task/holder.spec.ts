import type { Actor, Role } from '../actor.js';
import { civilDate } from '../instant.js';
import { ana, audit, aud, dana, F, lea, mira, pia, plan, raised } from '../nonconformity/scene.js';
import { nonconformityMachine } from '../nonconformity/nonconformity.js';
import { personMachine } from '../person/person.js';
import { body, by, client, command, did, engine, given, person } from '../specification.js';
import { programme } from '../nonconformity/scene.js';
import type { Task } from './facts.js';
import { taskMachine } from './task.js';

// Dana owns the process and has submitted a plan; a task asks the AIMS manager, Ana, to confirm it. Mira is an employee.

const account = ({ id, human, organisation }: Actor, roles: readonly Role[]) => ({
  ...{ ...personMachine.initial(id), human, organisation, stage: 'active' },
  grants: roles.map((role) => ({ role, from: civilDate('2020-01-01') })),
});
const nora = person({ id: 'per_nora', roles: ['aims-manager'] });
const danasOther = person({ id: 'per_dana-2', human: dana.human, roles: ['employee'] });
const max = person({ id: 'per_max', roles: ['employee'], organisation: body });
const accounts = [
  account(dana, ['process-owner']),
  account(ana, ['aims-manager']),
  account(nora, ['aims-manager']),
  account(mira, ['employee']),
  account(danasOther, ['employee']),
  account(max, ['employee']),
  account(lea, ['lead-auditor']),
  account(aud, ['auditor']),
];
const planned = raised('minor', ...accounts)
  .when(plan(), by(dana))
  .records('second.awaited', 'task.opened');
const [{ id: T } = { id: '' }] = planned.things.filter(taskMachine.is);
const task = (world: typeof planned) => world.thing(taskMachine, T);
const it = (type: string, input: object = {}) => command(type, T, input);
const claimedBy = ({ id }: Actor): Task => ({ ...task(planned), stage: 'claimed', claimant: id });
const taken = planned.when(it('claimTask'), by(ana)).records('task.claimed');
const hand = (to: Actor, until = '2029-03-10') => it('delegateTask', { to: to.id, until });
const asMira = by(person({ id: mira.id, roles: ['employee'] }));

describe('a task never comes into the hands of somebody whom the rules would refuse', () => {
  test('nobody claims what would be the confirmation of their own work (SUP-0)', () => {
    const both = person({ id: dana.id, roles: ['process-owner', 'aims-manager'] });
    planned.when(it('claimTask'), by(both)).refuses('four-eyes-required', 'SUP-0');
    const other = person({ id: 'per_dana-3', human: dana.human, roles: ['aims-manager'] });
    planned.when(it('claimTask'), by(other)).refuses('four-eyes-required', 'SUP-0');
  });

  test('nobody is given it by a manager who is not of its queue, or stands in conflict', () => {
    const give = (to: Actor) => it('reassignTask', { to: to.id });
    const given = planned.when(give(nora), by(ana)).records('task.reassigned');
    expect(task(given)).toMatchObject({ stage: 'claimed', claimant: nora.id });
    planned.when(give(mira), by(ana)).refuses('not-permitted', 'R-GEN-1');
    planned.when(give(lea), by(ana)).refuses('not-permitted', 'SUP-0');
    planned.when(give(nora), by(pia)).refuses('not-permitted', 'SUP-0');
  });

  test('a second account on the same side stands in nobody’s way, one on the other side does (SOD-10)', () => {
    const give = it('reassignTask', { to: nora.id });
    const second = { ...account(nora, ['employee']), id: 'per_nora-2' };
    planned.and(second).when(give, by(ana)).records('task.reassigned');
    const other = { ...account(nora, ['auditor']), id: 'per_nora-body', organisation: body };
    planned.and(other).when(give, by(ana)).refuses('separation-of-duties', 'SOD-10');
  });

  test('nobody gives to somebody what is asked of another by name', () => {
    const named = did(
      command('openTask', 'tsk_n', { queue: 'process-owner', of: dana.id, asks: 'submitPlan' }, { under: F }),
      by(engine),
    );
    raised('minor', ...accounts)
      .and(named)
      .when(command('reassignTask', 'tsk_n', { to: dana.id }), by(ana))
      .refuses('wrong-state', 'SUP-0');
  });
});

describe('the holder hands it to a colleague', () => {
  const handed = taken.when(hand(mira), by(ana)).records('task.delegated');

  test('who does this one thing in their place, and both stand on it (SOD-15)', () => {
    expect(task(handed)).toMatchObject({ claimant: mira.id, handed: { for: { account: ana.id } } });
    const done = handed.when(plan(), asMira).records('nonconformity.plan-submitted');
    expect(task(done)).toMatchObject({ stage: 'done', doneBy: mira.id });
    const { planBy } = done.thing(nonconformityMachine, F);
    expect(planBy).toEqual([dana.human, mira.human, ana.human]);
  });

  test('and nothing else, and not after the day', () => {
    handed.when(plan(), by(mira, '2029-03-10')).records('nonconformity.plan-submitted');
    handed.when(plan(), by(mira, '2029-03-11')).refuses('not-permitted', 'R-GEN-1');
    handed.when(command('disputeFinding', F, {}, { reason: 'no' }), asMira).refuses('not-permitted');
  });

  test('who is not in conflict: the first of two does not confirm through a colleague (SUP-0)', () => {
    taken.when(hand(dana), by(ana)).refuses('four-eyes-required', 'SUP-0');
    taken.when(hand(danasOther), by(ana)).refuses('four-eyes-required', 'SUP-0');
    const both = person({ id: dana.id, roles: ['process-owner', 'aims-manager'] });
    const own = planned.and(claimedBy(dana));
    own.when(hand(mira), by(both)).refuses('four-eyes-required', 'SUP-0');
  });

  test('of the same organisation, with an end that lies ahead, and who hands it to nobody else (SOD-15)', () => {
    taken.when(hand(max), by(ana)).refuses('delegation-invalid', 'SOD-15');
    taken.when(hand(mira, '2029-02-28'), by(ana)).refuses('delegation-invalid', 'SOD-15');
    taken.when(hand(mira), by(nora)).refuses('not-permitted', 'SUP-0');
    handed.when(hand(nora), asMira).refuses('delegation-invalid', 'SOD-15');
    const root = { ...account(mira, ['system-administrator']), mode: 'live' as const };
    taken.and(root).when(hand(mira), by(ana)).refuses('separation-of-duties', 'SOD-12');
  });

  test('and loses it with the role of whoever handed it over (SOD-15)', () => {
    const grants = [
      { role: 'aims-manager', from: civilDate('2020-01-01'), until: civilDate('2029-03-04') },
    ] as const;
    const ending = { ...account(ana, []), grants };
    const revoked = handed.and(ending);
    revoked.when(plan(), by(mira, '2029-03-04')).records('nonconformity.plan-submitted');
    revoked.when(plan(), by(mira, '2029-03-05')).refuses('not-permitted', 'R-GEN-1');
  });

  test('and takes nothing from it when it goes back to the queue', () => {
    const back = handed.when(it('releaseTask'), asMira).records('task.released');
    expect(task(back)).not.toHaveProperty('handed');
    back.when(plan(), asMira).refuses('not-permitted', 'R-GEN-1');
  });

  test('but for what is done in person: an auditor is named for the audit (SOD-15)', () => {
    const asked = did(
      command('openTask', 'tsk_a', { queue: 'auditor', asks: 'acceptPlan' }, { under: F }),
      by(engine),
    );
    const confirmed = planned.when(plan(), by(ana)).done().and(asked);
    const held = confirmed.when(command('claimTask', 'tsk_a'), by(aud)).records('task.claimed');
    held
      .when(command('delegateTask', 'tsk_a', { to: lea.id, until: '2029-03-10' }), by(aud))
      .refuses('delegation-invalid', 'SOD-15');
  });
});

describe('somebody acts in a role that they hold for a colleague', () => {
  const lent = {
    ...account(mira, ['employee']),
    grants: [
      {
        role: 'aims-manager' as const,
        from: civilDate('2029-03-01'),
        for: { account: ana.id, human: ana.human, delegation: 'dgt_1' },
      },
    ],
  };
  const deputy = by({ ...person({ id: mira.id, roles: [] }), grants: lent.grants });
  const world = planned.and(lent);

  test('they claim what is asked of its holder, and do it', () => {
    const held = world.when(it('claimTask'), deputy).records('task.claimed');
    const done = held.when(plan(), deputy).records('nonconformity.plan-submitted');
    expect(done.thing(nonconformityMachine, F).planBy).toContain(ana.human);
  });

  test('they do not hand it on: nothing is handed on twice (SOD-15)', () => {
    const held = world.when(it('claimTask'), deputy).records('task.claimed');
    held.when(hand(nora), deputy).refuses('delegation-invalid', 'SOD-15');
  });

  test('not where its holder could not: what bars either bars both (SOD-15)', () => {
    const danas = { ...lent.grants[0], for: { account: dana.id, human: dana.human, delegation: 'dgt_1' } };
    const forDana = {
      ...person({ id: mira.id, roles: [] }),
      grants: [{ ...danas, role: 'aims-manager' as const, from: civilDate('2029-03-01') }],
    };
    world.when(it('claimTask'), by(forDana)).refuses('four-eyes-required', 'SUP-0');
    world.when(plan(), by(forDana)).refuses('four-eyes-required', 'SUP-0');
  });

  test('and whoever acts first for a colleague is no second beside them', () => {
    const forDana = {
      ...person({ id: mira.id, roles: [] }),
      grants: [
        {
          role: 'process-owner' as const,
          from: civilDate('2029-03-01'),
          for: { account: dana.id, human: dana.human, delegation: 'dgt_1' },
        },
      ],
    };
    const first = raised('minor', ...accounts)
      .when(plan(), by(forDana))
      .records('second.awaited', 'task.opened');
    const both = person({ id: dana.id, roles: ['aims-manager'] });
    first.when(plan(), by(both)).refuses('four-eyes-required', 'SUP-0');
    first.when(plan(), by(ana)).records('nonconformity.plan-submitted');
  });

  test('not where the holder has an account on the other side too (SOD-10)', () => {
    const anasOther = { ...account(ana, ['auditor']), id: 'per_ana-body', organisation: body };
    world.and(anasOther).when(plan(), deputy).refuses('separation-of-duties', 'SOD-10');
  });

  test('not over accounts: a deputy changes nobody’s address', () => {
    world.when(command('changePerson', ana.id, { mail: 'm@example.org' }), deputy).refuses('not-permitted');
  });
});

describe('whoever may not do it any more does not keep it', () => {
  const tom = by(person({ id: 'per_tom', roles: ['top-management'] }));
  const revoke = command('revokeRole', ana.id, { role: 'aims-manager' });
  const byNora = by(person({ id: nora.id, roles: ['aims-manager'] }));

  test('with the role goes the task, back to its queue (SUP-0)', () => {
    const revoked = taken.when(revoke, tom).records('role.revoked', 'task.released');
    expect(task(revoked)).toMatchObject({ stage: 'open' });
    expect(task(revoked)).not.toHaveProperty('claimant');
    revoked.when(it('claimTask'), byNora).records('task.claimed');
  });

  test('but not with another role, nor while the role is held otherwise', () => {
    const everywhere = { role: 'aims-manager' as const, from: civilDate('2020-01-01') };
    const grants = [everywhere, { ...everywhere, programme: programme.id }];
    const both = { ...account(ana, []), grants };
    taken.and(both).when(revoke, tom).records('role.revoked');
    const employee = taken.and(account(ana, ['aims-manager', 'employee']));
    employee.when(command('revokeRole', ana.id, { role: 'employee' }), tom).records('role.revoked');
  });

  test('who has left leaves it behind; who leaves on a later day keeps it until then', () => {
    const leave = (on: string) => command('recordDeparture', ana.id, { on });
    taken.when(leave('2029-02-28'), tom).records('person.departed', 'task.released');
    const leaving = taken.when(leave('2029-03-05'), tom).records('person.departed');
    leaving.when(it('claimTask'), byNora).refuses('wrong-state', 'SUP-0');
  });

  test('a colleague takes what is in the hands of somebody whose role has ended by its day, and nothing else', () => {
    const until = civilDate('2029-03-04');
    const grants = [{ role: 'aims-manager' as const, from: civilDate('2020-01-01'), until }];
    const ended = { ...account(ana, []), grants };
    const world = taken.and(ended);
    const noraOn = (day: string) => by(person({ id: nora.id, roles: ['aims-manager'] }), day);
    world.when(it('claimTask'), noraOn('2029-03-04')).refuses('wrong-state', 'SUP-0');
    const took = world.when(it('claimTask'), noraOn('2029-03-05')).records('task.claimed');
    expect(task(took)).toMatchObject({ claimant: nora.id });
  });

  test('nor does a colleague to whom it was handed until a day, or whose colleague has lost the role', () => {
    const handed = taken.when(hand(mira, '2029-03-04'), by(ana)).records('task.delegated');
    const noraOn = (day: string) => by(person({ id: nora.id, roles: ['aims-manager'] }), day);
    handed.when(it('claimTask'), noraOn('2029-03-04')).refuses('wrong-state', 'SUP-0');
    const took = handed.when(it('claimTask'), noraOn('2029-03-05')).records('task.claimed');
    expect(task(took)).not.toHaveProperty('handed');
    handed.and(account(ana, [])).when(it('claimTask'), noraOn('2029-03-02')).records('task.claimed');
    const left = { ...account(mira, []), stage: 'departed' };
    handed.and(left).when(it('claimTask'), noraOn('2029-03-02')).records('task.claimed');
    handed
      .when(command('recordDeparture', mira.id, { on: '2029-02-28' }), tom)
      .records('person.departed', 'task.released');
  });
});

describe('its holder puts it off', () => {
  const due = did(
    command(
      'openTask',
      'tsk_d',
      { queue: 'aims-manager', asks: 'submitPlan', due: '2029-03-10' },
      { under: F },
    ),
    by(engine),
  );
  const dueTaken = raised('minor', ...accounts)
    .and(due)
    .when(command('claimTask', 'tsk_d'), by(ana))
    .done();
  const snooze = (until: string) => command('snoozeTask', 'tsk_d', { until });

  test('until a day before it is due, and until any day where none is due', () => {
    const off = dueTaken.when(snooze('2029-03-09'), by(ana)).records('task.snoozed');
    expect(off.thing(taskMachine, 'tsk_d').snoozedUntil).toBe('2029-03-09');
    taken.when(it('snoozeTask', { until: '2031-01-01' }), by(ana)).records('task.snoozed');
  });

  test('not for longer, not for today, and not once it is late', () => {
    dueTaken.when(snooze('2029-03-11'), by(ana)).refuses('wrong-state', 'SUP-0');
    dueTaken.when(snooze('2029-03-01'), by(ana)).refuses('wrong-state', 'SUP-0');
    dueTaken.when(snooze('2029-03-12'), by(ana, '2029-03-11')).refuses('wrong-state', 'SUP-0');
    dueTaken.when(snooze('2029-03-09'), by(nora)).refuses('not-permitted', 'SUP-0');
  });
});

test('both sides say something about a task, and what they say has words', () => {
  planned.when(it('commentTask', { comment: 'Who confirms this?' }), by(lea)).records('task.commented');
  planned.when(it('commentTask', { comment: ' ' }), by(ana)).refuses('reason-missing', 'SUP-0');
});

test('a task about a thing that was not read is in nobody’s way', () => {
  given(programme, audit(), { ...task(planned), about: 'fnd_gone' })
    .when(it('claimTask'), by({ ...ana, organisation: client }))
    .records('task.claimed');
});
