import { actorOf } from '../actor-of.js';
import { rolesOn, type Role } from '../actor.js';
import { civilDate } from '../instant.js';
import { nothingYet } from '../machine.js';
import { by, client, command, given, person } from '../specification.js';
import { personMachine } from './person.js';

const account = (id: string, roles: readonly Role[], more: object = {}) => ({
  ...{ ...personMachine.initial(id), stage: 'active', organisation: client, mode: 'live' as const },
  grants: roles.map((role) => ({ role, from: civilDate('2020-01-01') })),
  ...more,
});
const tom = account('per_tom', ['top-management']);
const ana = account('per_ana', ['aims-manager']);
const olga = account('per_olga', ['process-owner']);
const root = account('per_root', ['system-administrator']);
const anasOther = account('per_ana-2', ['employee'], { human: 'per_ana' });
const gone = account('per_gone', ['employee'], { stage: 'departed' });
const organisation = { ...nothingYet(client), kind: 'organisation', stage: 'active', organisation: client };
const world = given(organisation, tom, ana, olga, root, anasOther, gone);

const [asTom, asAna, asOlga] = [tom, ana, olga].map((one) => person({ id: one.id, roles: [] }));
const acting = (who: typeof asTom, roles: readonly Role[], on = '2029-03-01') =>
  by(person({ id: who?.id ?? '', roles }), on);
const byTom = (on?: string) => acting(asTom, ['top-management'], on);
const byAna = (on?: string) => acting(asAna, ['aims-manager'], on);
const byOlga = (on?: string) => acting(asOlga, ['process-owner'], on);

const handing = (input: object = {}) =>
  command('delegate', ana.id, { role: 'aims-manager', to: olga.id, until: '2029-03-14', ...input });
const rolesOf = (scene: typeof world, id: string, on: string) =>
  rolesOn(actorOf(scene.thing(personMachine, id), []), civilDate(on), undefined);

test('a role is handed to a colleague until a day, and no longer (SOD-15)', () => {
  const handed = world.when(handing(), byAna()).records('delegation.given', 'delegation.received');
  expect(rolesOf(handed, olga.id, '2029-03-14')).toEqual(['process-owner', 'aims-manager']);
  expect(rolesOf(handed, olga.id, '2029-03-15')).toEqual(['process-owner']);
  expect(handed.thing(personMachine, olga.id).grants[1]?.for).toMatchObject({
    account: ana.id,
    human: ana.human,
  });
});

test('a role comes back before its day when its holder says so, or its owners do', () => {
  const handed = world.when(handing(), byAna()).done();
  const [lent] = handed.thing(personMachine, ana.id).lent;
  const end = command('endDelegation', ana.id, { delegation: lent?.delegation });
  handed.when(end, byOlga('2029-03-05')).refuses('not-permitted', 'SUP-0');
  const ended = handed.when(end, byAna('2029-03-05')).records('delegation.ended', 'delegation.ended');
  expect(rolesOf(ended, olga.id, '2029-03-04')).toContain('aims-manager');
  expect(rolesOf(ended, olga.id, '2029-03-05')).not.toContain('aims-manager');
  ended.when(end, byTom('2029-03-06')).refuses('wrong-state', 'SOD-15');
});

describe('nobody hands on', () => {
  test('what is not theirs, or not for all of the time', () => {
    world.when(handing({ role: 'top-management' }), byAna()).refuses('delegation-invalid', 'SOD-15');
    const short = account(ana.id, [], {
      grants: [{ role: 'aims-manager', from: civilDate('2020-01-01'), until: civilDate('2029-03-10') }],
    });
    given(organisation, short, olga).when(handing(), byAna()).refuses('delegation-invalid', 'SOD-15');
  });

  test('what they hold for somebody else', () => {
    const handed = world.when(handing(), byAna()).done();
    const further = command('delegate', olga.id, { role: 'aims-manager', to: tom.id, until: '2029-03-10' });
    handed.when(further, byOlga()).refuses('delegation-invalid', 'SOD-15');
  });

  test('in the place of somebody else', () => {
    world.when(handing(), byTom()).refuses('not-permitted', 'SUP-0');
  });

  test('a role that is held in person: who audits or decides is named for the case', () => {
    world.when(handing({ role: 'internal-auditor' }), byAna()).refuses('delegation-invalid', 'SOD-15');
    world
      .when(command('nameDeputy', ana.id, { role: 'decision-maker', deputy: olga.id }), byTom())
      .refuses('delegation-invalid', 'SOD-15');
  });

  test('to a time that is over, or ends before it begins', () => {
    world.when(handing({ until: '2029-02-28' }), byAna()).refuses('delegation-invalid', 'SOD-15');
    world
      .when(handing({ from: '2029-03-15', until: '2029-03-14' }), byAna())
      .refuses('delegation-invalid', 'SOD-15');
  });

  test('to strangers, to people who have left, to themselves under another account, to administrators (SOD-12)', () => {
    world.when(handing({ to: 'per_stranger' }), byAna()).refuses('delegation-invalid', 'SOD-15');
    world.when(handing({ to: gone.id }), byAna()).refuses('delegation-invalid', 'SOD-15');
    world.when(handing({ to: anasOther.id }), byAna()).refuses('delegation-invalid', 'SOD-15');
    world.when(handing({ to: root.id }), byAna()).refuses('separation-of-duties', 'SOD-12');
    world
      .when(command('nameDeputy', ana.id, { role: 'aims-manager', deputy: root.id }), byTom())
      .refuses('separation-of-duties', 'SOD-12');
  });
});

describe('somebody is away', () => {
  const named = world
    .when(command('nameDeputy', ana.id, { role: 'aims-manager', deputy: olga.id }), byTom())
    .records('deputy.named');
  const absence = command('recordAbsence', ana.id, { from: '2029-03-05', until: '2029-03-16' });

  test('their deputy holds the role for as long, and nobody without one does', () => {
    const away = named
      .when(absence, byAna())
      .records('absence.recorded', 'delegation.given', 'delegation.received');
    expect(rolesOf(away, olga.id, '2029-03-04')).not.toContain('aims-manager');
    expect(rolesOf(away, olga.id, '2029-03-16')).toContain('aims-manager');
    world.when(absence, byAna()).records('absence.recorded');
  });

  test('they come back earlier, and the deputy holds it no longer', () => {
    const away = named.when(absence, byAna()).done();
    const back = away
      .when(command('endAbsence', ana.id), byAna('2029-03-09'))
      .records('absence.ended', 'delegation.ended', 'delegation.ended');
    expect(rolesOf(back, olga.id, '2029-03-09')).not.toContain('aims-manager');
    back.when(command('endAbsence', ana.id), byAna('2029-03-10')).refuses('wrong-state', 'SOD-15');
  });

  test('nobody makes themselves a deputy, and no deputy says that somebody is away (SUP-0)', () => {
    world
      .when(command('nameDeputy', tom.id, { role: 'top-management', deputy: ana.id }), byAna())
      .refuses('four-eyes-required', 'SUP-0');
    const deputy = world
      .when(command('nameDeputy', tom.id, { role: 'top-management', deputy: ana.id }), byTom())
      .records('deputy.named');
    deputy
      .when(command('recordAbsence', tom.id, { from: '2029-03-05', until: '2029-03-16' }), byAna())
      .refuses('four-eyes-required', 'SUP-0');
  });

  test('nobody is sent away by colleagues who do not answer for accounts, nor into the past', () => {
    named.when(absence, byOlga()).refuses('not-permitted', 'SUP-0');
    named.when(command('endAbsence', ana.id), byOlga()).refuses('not-permitted', 'SUP-0');
    const past = command('recordAbsence', ana.id, { from: '2029-02-01', until: '2029-02-02' });
    named.when(past, byAna()).refuses('delegation-invalid', 'SOD-15');
  });

  test('with a role, or with somebody who leaves, goes what was handed on of it', () => {
    const away = named.when(absence, byAna()).done();
    const revoked = away
      .when(command('revokeRole', ana.id, { role: 'aims-manager' }), byTom('2029-03-08'))
      .records('role.revoked', 'delegation.ended', 'delegation.ended');
    expect(rolesOf(revoked, olga.id, '2029-03-08')).not.toContain('aims-manager');
    const left = away
      .when(command('recordDeparture', ana.id, { on: '2029-03-08' }), byTom('2029-03-08'))
      .records('delegation.ended', 'delegation.ended', 'person.departed');
    expect(rolesOf(left, olga.id, '2029-03-08')).toContain('aims-manager');
    expect(rolesOf(left, olga.id, '2029-03-09')).not.toContain('aims-manager');
  });
});
