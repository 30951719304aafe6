import { Credentials, newCredential } from '#database/credentials.js';
import { makeFirstKey } from '#database/first-key.js';
import { machineSource } from '#platform/ids.js';
import { world } from './world.js';

test('the first key manages the installation; a second one belongs to the same organisation', async () => {
  const w = await world();
  const credentials = new Credentials(w.app);
  const holder = await credentials.find(await makeFirstKey(w.database.ownerUrl));
  expect(holder).toMatchObject({ organisation: w.admin.organisation, scopes: ['sandboxes:manage', 'watch'] });
  expect(await w.look('select * from perennial.installation')).toHaveLength(1);
});

test('a token of a person is found by its hash until it is over or revoked, and a key until it is revoked', async () => {
  const w = await world();
  const credentials = new Credentials(w.app);
  const give = async (expiresAt: string) => {
    const token = newCredential('person', machineSource.random);
    await credentials.add(token, { ...w.iris, expiresAt });
    return token.text;
  };
  const [valid, over] = [await give('2999-01-01T00:00:00.000Z'), await give('2020-01-01T00:00:00.000Z')];
  expect(await credentials.find(valid)).toMatchObject({ principal: w.iris.id, organisation: w.client });
  expect(await credentials.find(over)).toBeUndefined();
  expect(await credentials.find(newCredential('person', machineSource.random).text)).toBeUndefined();
  await credentials.revoke(w.iris.id);
  expect(await credentials.find(valid)).toBeUndefined();
  const key = await makeFirstKey(w.database.ownerUrl);
  const { principal = '' } = (await credentials.find(key)) ?? {};
  await w.does(w.admin, { type: 'revokeKey', stream: principal, input: {}, reason: 'lost' });
  expect(await credentials.find(key)).toBeUndefined();
});

test('no program reads the table of credentials', async () => {
  const w = await world();
  for (const source of [w.app, w.engine])
    await expect(source.query('select * from perennial.credential')).rejects.toMatchObject({ code: '42501' });
});
