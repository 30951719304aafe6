import { actorOf } from '../actor-of.js';
import { rolesOn } from '../actor.js';
import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { body, by, client, command, did, given, person } from '../specification.js';
import { conflictWith } from './interests.js';
import { personMachine } from './person.js';

const administrator = person({ roles: ['system-administrator'], organisation: 'org_installation' });
const manager = person({ roles: ['aims-manager'] });
const organisation = (id: string, side: string, mode: string) =>
  did(
    command('createOrganisation', id, { name: id, side, mode, zone: 'Etc/UTC', accredited: true }),
    by(administrator),
  );
const company = organisation(client, 'client', 'live');
const certifier = organisation(body, 'certificationBody', 'live');
const invitation = (id: string, roles: readonly string[], under: string, more = {}) =>
  command('invitePerson', id, { name: 'Dana Vale', mail: 'dana@example.org', roles, ...more }, { under });
const dana = person({ roles: ['employee'], id: 'per_dana' });
const danaInvited = did(invitation('per_dana', ['employee'], client), by(manager));

test('somebody is invited, joins, changes their name and leaves; what they did stays', () => {
  const after = given(company, danaInvited)
    .when(command('acceptInvitation', 'per_dana'), by(dana))
    .records('person.joined')
    .when(command('changePerson', 'per_dana', { name: 'Dana Vail', language: 'de' }), by(dana))
    .records('person.changed')
    .when(command('recordDeparture', 'per_dana', { on: '2029-03-31' }), by(manager))
    .records('person.departed');
  const left = after.thing(personMachine, 'per_dana');
  expect(left).toMatchObject({ stage: 'departed', departsOn: '2029-03-31' });
  const actor = actorOf(left, []);
  expect(rolesOn(actor, civilDate('2029-03-31'), undefined)).toEqual(['employee']);
  expect(rolesOn(actor, civilDate('2029-04-01'), undefined)).toEqual([]);
});

test('people say for themselves how they want to be written to, and what they do not say stays', () => {
  const after = given(company, danaInvited)
    .when(command('changePerson', 'per_dana', { language: 'de', quietHours: '18:00-08:00' }), by(dana))
    .records('person.changed')
    .when(command('changePerson', 'per_dana', { zone: 'Asia/Tokyo', digest: 'daily' }), by(dana))
    .records('person.changed');
  const reading = { language: 'de', quietHours: '18:00-08:00', zone: 'Asia/Tokyo', digest: 'daily' };
  expect(after.thing(personMachine, 'per_dana')).toMatchObject(reading);
});

test('nobody joins, or changes a name, in the place of somebody else', () => {
  const world = given(company, danaInvited);
  world.when(command('acceptInvitation', 'per_dana'), by(manager)).refuses('not-permitted', 'SUP-0');
  world
    .when(command('changePerson', 'per_dana', { name: 'D' }), by(manager))
    .refuses('not-permitted', 'SUP-0');
});

describe("one address is one human's, where real certifications are run (SOD-10)", () => {
  const world = given(company, certifier, danaInvited).onRealClock();

  test('whoever is invited to a known address is the same human, until that account has ended', () => {
    const again = world.when(invitation('per_2', ['auditor'], body), by(administrator)).done();
    expect(again.thing(personMachine, 'per_2').human).toBe('per_dana');
    const leave = command('recordDeparture', 'per_dana', { on: '2029-03-01' });
    const gone = world.when(leave, by(manager)).done();
    const successor = gone.when(invitation('per_3', ['employee'], client), by(manager)).done();
    expect(successor.thing(personMachine, 'per_3').human).toBe('per_3');
  });

  test('it is given to nobody else, and nobody gives themselves an account', () => {
    const max = did(invitation('per_max', ['employee'], client, { mail: 'max@example.org' }), by(manager));
    const asMax = invitation('per_2', ['employee'], client, { sameHumanAs: 'per_max' });
    world.and(max).when(asMax, by(manager)).refuses('separation-of-duties', 'SOD-10');
    const chief = by(person({ roles: ['aims-manager'], id: 'per_dana' }));
    world.when(invitation('per_2', ['top-management'], client), chief).refuses('four-eyes-required', 'SUP-0');
    const other = { mail: 'other@example.org', sameHumanAs: 'per_dana' };
    world
      .when(invitation('per_2', ['employee'], client, other), chief)
      .refuses('four-eyes-required', 'SUP-0');
  });

  test('nobody changes it: whoever has the mailbox has the account', () => {
    const mail = { mail: 'd@example.org' };
    world.when(command('changePerson', 'per_dana', mail), by(dana)).refuses('wrong-state', 'SUP-0');
    given(organisation(client, 'client', 'sandbox'), danaInvited)
      .when(command('changePerson', 'per_dana', mail), by(dana))
      .records('person.changed');
  });
});

test('a person is invited into an organisation and into nothing else', () => {
  given(company, danaInvited)
    .when(invitation('per_2', ['employee'], 'per_dana'), by(manager))
    .refuses('wrong-state', 'SUP-0');
});

test('a role is given and taken; who held it on a day can be told for ever', () => {
  const after = given(company, danaInvited)
    .when(command('grantRole', 'per_dana', { role: 'process-owner' }), by(manager, '2029-03-01'))
    .records('role.granted')
    .when(command('revokeRole', 'per_dana', { role: 'process-owner' }), by(manager, '2029-05-01'))
    .records('role.revoked');
  const actor = actorOf(after.thing(personMachine, 'per_dana'), []);
  expect(rolesOn(actor, civilDate('2029-04-30'), undefined)).toContain('process-owner');
  expect(rolesOn(actor, civilDate('2029-05-01'), undefined)).not.toContain('process-owner');
  after
    .when(command('revokeRole', 'per_dana', { role: 'process-owner' }), by(manager, '2029-06-01'))
    .refuses('wrong-state', 'SUP-0');
});

test('an administrator of the system is made by another one alone (SOD-12)', () => {
  const world = given(company, danaInvited);
  const give = command('grantRole', 'per_dana', { role: 'system-administrator' });
  world.when(give, by(manager)).refuses('not-permitted', 'SOD-12');
  world
    .when(invitation('per_2', ['system-administrator'], client), by(manager))
    .refuses('not-permitted', 'SOD-12');
  world
    .when(invitation('per_2', ['system-administrator'], client), by(administrator))
    .records('person.invited', 'role.granted');
});

test('nobody gives a role to themselves', () => {
  const chief = person({ roles: ['aims-manager'], id: 'per_chief' });
  given(company, did(invitation('per_chief', ['aims-manager'], client), by(manager)))
    .when(command('grantRole', 'per_chief', { role: 'top-management' }), by(chief))
    .refuses('four-eyes-required', 'SUP-0');
});

test('SOD-12: where real certifications run, an administrator of the system holds no role in them', () => {
  const roles = ['system-administrator', 'programme-manager'];
  given(certifier)
    .when(invitation('per_1', roles, body), by(administrator))
    .refuses('separation-of-duties', 'SOD-12');
  given(certifier, did(invitation('per_1', ['system-administrator'], body), by(administrator)))
    .when(command('grantRole', 'per_1', { role: 'decision-maker' }), by(administrator))
    .refuses('separation-of-duties', 'SOD-12');
  given(organisation(body, 'certificationBody', 'sandbox'))
    .when(invitation('per_1', roles, body), by(administrator))
    .done();
});

test('SOD-12: an administrator of the system opens no programme', () => {
  given(company)
    .when(command('openProgramme', 'prg_1', { governingZone: 'Etc/UTC' }), by(administrator))
    .refuses('not-permitted', 'R-GEN-1');
});

test('a client gives no role of a body (R-GEN-6)', () => {
  given(company)
    .when(invitation('per_1', ['lead-auditor'], client), by(manager))
    .refuses('separation-of-duties', 'R-GEN-6');
});

test('an observer is here for a time, and nobody else need be (SUP-0)', () => {
  const until = civilDate('2026-12-31');
  given(company)
    .when(invitation('per_1', ['observer'], client), by(manager))
    .refuses('last-day-missing', 'SUP-0');
  const visitor = given(company, did(invitation('per_1', ['observer'], client, { until }), by(manager)));
  expect(visitor.thing(personMachine, 'per_1').grants).toMatchObject([{ role: 'observer', until }]);
  const observing = (more: object) => command('grantRole', 'per_dana', { role: 'observer', ...more });
  given(company, danaInvited).when(observing({}), by(administrator)).refuses('last-day-missing', 'SUP-0');
  given(company, danaInvited).when(observing({ until }), by(administrator)).records('role.granted');
});

test('all accounts of one human name the same human, also through a chain (SOD-10)', () => {
  const after = given(
    company,
    certifier,
    danaInvited,
    did(invitation('per_2', ['auditor'], body, { sameHumanAs: 'per_dana' }), by(administrator)),
    did(invitation('per_3', ['signatory'], body, { sameHumanAs: 'per_2' }), by(administrator)),
  );
  expect(after.thing(personMachine, 'per_3').human).toBe('per_dana');
});

describe('the look-back', () => {
  const auditor = person({ roles: ['auditor'], id: 'per_auditor', organisation: body });
  const invited = did(invitation('per_auditor', ['auditor'], body), by(administrator));
  const advised = command('declareInterest', 'per_auditor', {
    kind: 'consultancy',
    client,
    from: '2026-01-01',
    until: '2027-06-30',
  });
  const world = given(certifier, invited, did(advised, by(auditor)));
  const tie = (on: string, to = client) => ({ person: 'per_auditor', client: to, on: civilDate(on) });

  test('SOD-5: counts from the end of the consultancy, its last day included (R-IMP-3, I-24)', () => {
    const inside = conflictWith(world.things, tie('2029-06-30'), new Policy());
    expect(inside).toMatchObject({ code: 'lookback-not-over', rules: ['R-IMP-3', 'SOD-5', 'I-24'] });
    expect(inside?.wouldNeed).toContain('2029-07-01');
    expect(conflictWith(world.things, tie('2029-07-01'), new Policy())).toBeUndefined();
  });

  test('binds to that client alone, and longer under a stricter policy', () => {
    expect(conflictWith(world.things, tie('2029-06-30', 'org_other'), new Policy())).toBeUndefined();
    const strict = new Policy(1, { 'impartiality.lookbackMonths': 36 });
    expect(conflictWith(world.things, tie('2030-06-30'), strict)?.code).toBe('lookback-not-over');
  });

  test('an internal audit for the client binds the body as well (R-IMP-2)', () => {
    const audited = command('declareInterest', 'per_auditor', {
      ...{ kind: 'internalAudit', client, from: '2028-01-01', until: '2028-01-31' },
    });
    const { things } = world.and(did(audited, by(auditor)));
    const found = conflictWith(things, tie('2030-01-31'), new Policy());
    expect(found?.rules).toEqual(['R-IMP-2', 'R-IMP-3', 'SOD-5', 'I-24']);
    expect(conflictWith(things, tie('2030-02-01'), new Policy())).toBeUndefined();
  });

  test('a tie that has not ended binds without end, and through every account of the human', () => {
    const twin = did(
      invitation('per_twin', ['auditor'], body, { sameHumanAs: 'per_auditor' }),
      by(administrator),
    );
    const employed = command('declareInterest', 'per_auditor', {
      kind: 'employment',
      client,
      from: '2020-01-01',
    });
    const { things } = world.and(twin).and(did(employed, by(auditor)));
    const found = conflictWith(things, { ...tie('2040-01-01'), person: 'per_twin' }, new Policy());
    expect(found).toMatchObject({ code: 'lookback-not-over', wouldNeed: 'another person' });
  });

  test('nobody declares a tie for somebody else, but for those who keep the accounts', () => {
    const other = person({ roles: ['auditor'], id: 'per_other', organisation: body });
    world.when(advised, by(other)).refuses('not-permitted', 'SUP-0');
    world.when(advised, by(administrator)).records('interest.declared');
  });
});
