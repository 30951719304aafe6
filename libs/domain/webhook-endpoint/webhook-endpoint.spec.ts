import { by, command, did, engine, given, person } from '../specification.js';
import { webhookEndpointMachine } from './webhook-endpoint.js';

const manager = person({ roles: ['aims-manager'] });
const added = (more = {}) =>
  command('addWebhookEndpoint', 'whk_1', {
    address: 'https://hooks.example.org/perennial',
    ...{ signsWith: 'whs_1', pairedWith: 'whs_2', publicKey: 'whpk_AA' },
    ...more,
  });
const stands = did(added(), by(manager));
const tries = (type: string, input = {}) => command(type, 'whk_1', input);
const given1 = (...types: readonly string[]) =>
  given(stands, ...types.map((type) => did(tries(type), by(manager))));

test('whoever keeps an organisation names an address; it is a text, and never stands in the ledger in clear', () => {
  const answer = given().when(added({ description: 'Ours' }), by(manager));
  const after = answer.records('webhook-endpoint.added');
  expect(after.thing(webhookEndpointMachine, 'whk_1')).toMatchObject({
    ...{ stage: 'active', types: [], signsWith: 'whs_1', publicKey: 'whpk_AA', organisation: 'org_client' },
  });
  expect(JSON.stringify(answer.events.map(({ data }) => data))).not.toContain('hooks.example.org');
  expect(answer.events[0]?.texts).toEqual({
    address: 'https://hooks.example.org/perennial',
    description: 'Ours',
  });
});

test('nobody else does', () => {
  given()
    .when(added(), by(person({ roles: ['employee'] })))
    .refuses('not-permitted');
});

test('a secret is followed by another, and counts beside it for a time', () => {
  const rotate = tries('rotateWebhookSecret', { signsWith: 'whs_3' });
  const after = given1().when(rotate, by(manager)).records('webhook-endpoint.secret-rotated');
  expect(after.thing(webhookEndpointMachine, 'whk_1')).toMatchObject({
    ...{ stage: 'active', signsWith: 'whs_3', signedWith: 'whs_1', pairedWith: 'whs_2' },
  });
});

test('it is switched off and on again, and removed for good', () => {
  given1().when(tries('disableWebhookEndpoint'), by(manager)).records('webhook-endpoint.disabled');
  given1('disableWebhookEndpoint')
    .when(tries('enableWebhookEndpoint'), by(manager))
    .records('webhook-endpoint.enabled');
  given1().when(tries('removeWebhookEndpoint'), by(manager)).records('webhook-endpoint.removed');
  given1('removeWebhookEndpoint').when(tries('enableWebhookEndpoint'), by(manager)).refuses('wrong-state');
});

test('Perennial gives up what is gone or has failed for days, and says why until it is switched on again', () => {
  const after = given1()
    .when(tries('giveUpWebhookEndpoint', { because: 'gone' }), by(engine))
    .records('webhook-endpoint.given-up');
  expect(after.thing(webhookEndpointMachine, 'whk_1')).toMatchObject({
    ...{ stage: 'disabled', givenUpBecause: 'gone' },
  });
  const again = after.when(tries('enableWebhookEndpoint'), by(manager)).records('webhook-endpoint.enabled');
  expect(again.thing(webhookEndpointMachine, 'whk_1').givenUpBecause).toBeUndefined();
});
