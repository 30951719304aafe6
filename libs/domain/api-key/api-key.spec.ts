import { actorOf } from '../actor-of.js';
import { rolesOn } from '../actor.js';
import { civilDate } from '../instant.js';
import { by, command, did, given, person } from '../specification.js';
import { apiKeyMachine } from './api-key.js';

const manager = person({ roles: ['aims-manager'] });
const made = (more = {}) =>
  command('makeKey', 'key_1', {
    hash: 'a'.repeat(64),
    shown: 'prn_live_ABC',
    roles: ['aims-manager'],
    scopes: ['read'],
    ...more,
  });

test('a key counts for ninety days unless another day is named, the last day included', () => {
  const after = given(did(made(), by(manager, '2029-03-01')));
  const actor = actorOf(after.thing(apiKeyMachine, 'key_1'), []);
  expect(rolesOn(actor, civilDate('2029-05-30'), undefined)).toEqual(['aims-manager']);
  expect(rolesOn(actor, civilDate('2029-05-31'), undefined)).toEqual([]);
});

test('a key lives for a year at most', () => {
  given()
    .when(made({ expiresOn: '2030-03-02' }), by(manager, '2029-03-01'))
    .refuses('policy-looser-than-rule', 'SUP-0');
});

test('no key holds a role that decides or audits (R-GEN-1)', () => {
  given()
    .when(made({ roles: ['decision-maker'] }), by(manager))
    .refuses('person-required', 'R-GEN-1');
});

test('a key of a system administrator is made by one alone (SOD-12)', () => {
  given()
    .when(made({ roles: ['system-administrator'] }), by(manager))
    .refuses('not-permitted', 'SOD-12');
});

test('a rotated key counts for a few days more, and its successor at once', () => {
  const rotate = command('rotateKey', 'key_1', {
    hash: 'b'.repeat(64),
    shown: 'prn_live_DEF',
    overlapDays: 7,
  });
  const answer = given(did(made(), by(manager, '2029-03-01'))).when(rotate, by(manager, '2029-04-01'));
  const after = answer.records('api-key.rotated', 'api-key.made');
  expect(after.thing(apiKeyMachine, 'key_1').expiresOn).toBe('2029-04-08');
  const successor = answer.events[1]?.stream ?? '';
  expect(after.thing(apiKeyMachine, successor)).toMatchObject({ stage: 'active', expiresOn: '2029-06-30' });
});

test('the overlap of a rotation is a week at most', () => {
  const rotate = command('rotateKey', 'key_1', { hash: 'b', shown: 'c', overlapDays: 8 });
  given(did(made(), by(manager)))
    .when(rotate, by(manager))
    .refuses('policy-looser-than-rule', 'SUP-0');
});

test('a revoked key counts no longer', () => {
  const after = given(did(made(), by(manager)))
    .when(command('revokeKey', 'key_1'), by(manager))
    .records('api-key.revoked');
  expect(actorOf(after.thing(apiKeyMachine, 'key_1'), []).grants).toEqual([]);
});
