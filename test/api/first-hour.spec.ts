import { openDoor, type Door } from './support/door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
}, 60_000);
afterAll(() => door.close());

test('a sandbox, its people and a role are made over HTTP, and each person acts by a token', async () => {
  const { key, call } = door;
  const made = await call('POST', '/v1/sandboxes', {
    token: key,
    body: { name: 'first look', startsAt: '2029-01-08T08:00:00Z', zone: 'Europe/Vienna', seed: 42 },
  });
  expect(made).toMatchObject({ status: 201, body: { object: 'sandbox', now: '2029-01-08T08:00:00.000Z' } });
  const client = made.body.organisations.find((one: any) => one.side === 'client').id;
  const dana = await call('POST', '/v1/people', {
    token: key,
    body: {
      organisation: client,
      name: 'Dana Example',
      mail: 'dana@client.example',
      roles: ['aims-manager'],
    },
  });
  expect(dana).toMatchObject({
    status: 201,
    body: { object: 'person', state: 'invited', version: 2, clock: 'sandbox' },
  });
  expect(dana.headers['location']).toBe(`/v1/people/${dana.body.id}`);
  const token = await call('POST', `/v1/sandboxes/${made.body.id}/act-as`, {
    token: key,
    body: { person: dana.body.id },
  });
  expect(token.status).toBe(201);
  const session = await call('GET', '/v1/session', { token: token.body.token });
  expect(session.body).toMatchObject({
    principal: dana.body.id,
    organisation: client,
    grants: [{ role: 'aims-manager' }],
  });
  const shown = await call('GET', `/v1/people/${dana.body.id}?include=actions`, { token: token.body.token });
  expect(shown.body.texts).toEqual({ name: 'Dana Example', mail: 'dana@client.example' });
  expect(shown.body.actions.find((one: any) => one.name === 'acceptInvitation')).toMatchObject({
    allowed: true,
  });
  const entries = await call('GET', `/v1/people/${dana.body.id}/entries`, { token: token.body.token });
  expect(entries.body.data.map((one: any) => one.type)).toEqual(['person.invited', 'role.granted']);
});
