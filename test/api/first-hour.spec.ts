import { people } from '#contract/routes/people.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { session } from '#contract/routes/session.js';
import { ApiDoor } from './support/door.js';

let door: ApiDoor;
beforeAll(async () => {
  door = await ApiDoor.open();
}, 180_000);
afterAll(() => door.close());

test('a sandbox, its people and a role are made over HTTP, and each person acts by a token', async () => {
  const owner = door.as();
  const made = await owner.call(sandboxes.create, {
    key: 'sandbox',
    body: { name: 'first look', startsAt: '2029-01-08T08:00:00Z', zone: 'Europe/Vienna', seed: 42 },
  });
  expect(made).toMatchObject({ object: 'sandbox', now: '2029-01-08T08:00:00.000Z' });
  const client = made.organisations.find(({ side }) => side === 'client')?.id ?? '';
  const invited = {
    ...{ organisation: client, name: 'Dana Example', mail: 'dana@client.example' },
    roles: ['aims-manager' as const],
  };
  const dana = await owner.call(people.commands.invitePerson, { key: 'dana', body: invited });
  expect(dana).toMatchObject({ object: 'person', state: 'invited', version: 2, clock: 'sandbox' });
  const { token } = await owner.call(sandboxes.actAs, {
    ...{ params: { id: made.id }, key: 'token' },
    body: { person: dana.id },
  });
  const self = door.as(token);
  expect(await self.call(session.get)).toMatchObject({
    ...{ principal: dana.id, organisation: client },
    grants: [{ role: 'aims-manager' }],
  });
  const one = { params: { id: dana.id } };
  const shown = await self.call(people.get, { ...one, query: { include: 'actions' } });
  expect(shown.texts).toEqual({ name: 'Dana Example', mail: 'dana@client.example' });
  expect(shown.actions?.find(({ name }) => name === 'acceptInvitation')).toMatchObject({ allowed: true });
  const { data } = await self.call(people.entries, one);
  expect(data.map(({ type }) => type)).toEqual(['person.invited', 'role.granted']);
});
