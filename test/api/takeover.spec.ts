import { people } from '#contract/routes/people.js';
import type { Id } from '#domain/actor.js';
import { openDatabase } from '#database/data-source.js';
import { Post } from '../../apps/worker/mail/post.js';
import type { ApiDoor } from './support/door.js';
import { codeOf, LivePeople } from './support/live-people.js';
import { look } from './support/traces.js';

// How somebody could come to an account that is not theirs, or to a second one: each of the ways, and that it is shut.

const GOOD = 'seven grey pelicans at noon';
const BETTER = 'quiet harbour umbrella 41 lamps';

let door: ApiDoor;
let live: LivePeople;
let organisation: Id;
beforeAll(async () => {
  live = await LivePeople.open();
  ({ door } = live);
  organisation = await live.organisation('Aurora Chat');
}, 60_000);
afterAll(() => live.close());

const inviting = (token: string, mail: string, more: object = {}) => ({
  ...{ token, key: `invites-${String(Math.random())}` },
  body: { organisation, name: 'Ghost', mail, roles: ['top-management'], ...more },
});

test.each([
  'boss@v\u0130ctim.example',
  'bos\u212A@victim.example',
  'b\u00f6ss@victim.example',
  'a b@x.example',
  'a<b@x.example',
])('an address whose letters have look-alikes, or which is none, is not taken: %j', async (mail) => {
  const problem = await door.problem('POST', '/v1/people', inviting(door.key, mail));
  expect(problem).toMatchObject({ code: 'invalid-body', errors: [{ pointer: '/mail' }] });
});

test('[S4] nobody invites themselves, and nobody becomes a second human with the address that they have', async () => {
  const mail = live.someone();
  const { id, token } = await live.member(organisation, mail, GOOD);
  const own = await door.problem('POST', '/v1/people', inviting(token, mail.toUpperCase()));
  expect(own).toMatchObject({ code: 'four-eyes-required', rules: ['SUP-0'] });
  const elsewhere = await live.organisation('Pump Works');
  const other = await live.invite(elsewhere, mail, 'top-management');
  const { human } = await door.as().call(people.get, { params: { id: other } });
  expect(human).toBe(id);
});

test('[S4] of two who are invited to one address at once both are one human', async () => {
  const [mail, elsewhere] = [live.someone(), await live.organisation('Two at once')];
  const ids = await Promise.all([organisation, elsewhere].map((one) => live.invite(one, mail, 'employee')));
  const humans = await Promise.all(
    ids.map(async (id) => (await door.as().call(people.get, { params: { id } })).human),
  );
  expect(new Set(humans).size).toBe(1);
});

test('nobody changes the address by which they sign in', async () => {
  const mail = live.someone();
  const { id, token } = await live.member(organisation, mail, GOOD);
  const { version } = await door.as(token).call(people.get, { params: { id } });
  const changing = { token, key: 'changes', version, body: { mail: live.someone() } };
  const problem = await door.problem('POST', `/v1/people/${id}/change-person`, changing);
  expect(problem).toMatchObject({ code: 'wrong-state', rules: ['SUP-0'] });
});

test('the password of somebody who left opens no account that the address gets later', async () => {
  const mail = live.someone();
  const { id, token } = await live.member(organisation, mail, GOOD);
  const { version } = await door.as().call(people.get, { params: { id } });
  const leaving = { params: { id }, key: 'leaves', version, body: { on: '2026-01-31' as never } };
  await door.as().call(people.commands.recordDeparture, leaving);
  expect((await door.send('GET', '/v1/session', { token })).status).toBe(401);
  const left = await look(door, 'select from perennial.password where human = $1', [id]);
  expect(left).toEqual([]);
  const elsewhere = await live.organisation('The next one');
  const successor = await live.invite(elsewhere, mail, 'top-management');
  expect((await live.knock(mail, GOOD)).status).toBe(401);
  await live.setPassword(await live.link(mail, 2), BETTER);
  const came = await live.knock(mail, BETTER);
  expect(JSON.parse(came.bytes.toString())).toMatchObject({ principal: successor });
});

test("an account that is said to be the same human's, at another address, opens nothing but itself", async () => {
  const [mail, mine] = [live.someone(), live.someone()];
  const victim = await live.member(organisation, mail, GOOD);
  const elsewhere = await live.organisation('Of the attacker');
  const body = {
    organisation: elsewhere,
    name: 'V',
    mail: mine,
    roles: ['employee' as const],
    sameHumanAs: victim.id,
  };
  const { id } = await door.as().call(people.commands.invitePerson, { key: 'claims', body });
  await live.setPassword(await live.link(mine), BETTER);
  expect((await live.knock(mail, BETTER)).status).toBe(401);
  expect((await live.knock(mine, BETTER, undefined, { account: victim.id })).status).toBe(409);
  const came = await live.knock(mine, BETTER);
  expect(JSON.parse(came.bytes.toString())).toMatchObject({ principal: id });
  expect((await door.send('GET', '/v1/session', { token: victim.token })).status).toBe(200);
});

test('whoever waits with the old password while a new one is set has no session afterwards', async () => {
  const mail = live.someone();
  await live.member(organisation, mail, GOOD);
  await door.send('POST', '/v1/password-resets', { body: { mail } });
  const link = await live.link(mail, 2);
  const waiting = Array.from({ length: 8 }, (_, place) => live.knock(mail, GOOD, `192.0.2.${String(place)}`));
  const [answers] = await Promise.all([Promise.all(waiting), live.setPassword(link, BETTER)]);
  for (const got of answers) {
    if (got.status !== 201) continue;
    const { token } = JSON.parse(got.bytes.toString()) as { token: string };
    expect((await door.send('GET', '/v1/session', { token })).status).toBe(401);
  }
  expect((await live.knock(mail, GOOD)).status).toBe(401);
}, 30_000);

test('one place that fills the line keeps nobody else from setting a password', async () => {
  const mail = live.someone();
  await live.invite(organisation, mail, 'employee');
  const link = await live.link(mail);
  const flood = Array.from({ length: 60 }, () => live.knock(live.someone(), GOOD, '198.51.100.9'));
  const set = door.send('POST', '/v1/password-resets/complete', {
    ...{ body: { link, password: GOOD }, headers: { 'x-forwarded-for': '192.0.2.200' } },
  });
  expect((await set).status).toBe(204);
  const answers = await Promise.all(flood);
  expect(new Set(answers.map(codeOf))).toEqual(new Set(['sign-in-refused', 'rate-limited']));
}, 60_000);

test('whoever holds no role can sign out, and see where they are signed in', async () => {
  const mail = live.someone();
  const { id, token } = await live.member(organisation, mail, GOOD);
  await look(door, `update perennial.stream set state = jsonb_set(state, '{grants}', '[]') where id = $1`, [
    id,
  ]);
  expect((await door.problem('GET', '/v1/tasks', { token })).code).toBe('not-permitted');
  expect((await door.send('GET', '/v1/session/devices', { token })).status).toBe(200);
  expect((await door.send('DELETE', '/v1/session', { token })).status).toBe(204);
});

test('mail that is put off keeps nobody waiting, and a failure names nobody', async () => {
  const slow = Array.from({ length: 6 }, () => live.someone());
  await live.server.up({ recipient: (address) => (slow.includes(address) ? 450 : undefined) });
  for (const mail of slow) await live.invite(organisation, mail, 'employee');
  const mail = live.someone();
  await live.invite(organisation, mail, 'employee');
  const began = Date.now();
  expect(await live.link(mail)).toMatch(/^prn_link_/);
  expect(Date.now() - began).toBeLessThan(15_000); // it is put off for two minutes
  const source = await openDatabase(door.behind.database.appUrl, 'engine', 1);
  const post = new Post({
    mailUrl: live.server.url,
    mailFrom: 'perennial@example.org',
    instance: 'test',
  });
  const [first = ''] = slow;
  const sent = post.sendLink({
    id: '1',
    purpose: 'reset',
    mail: first,
    organisation: 'A',
    language: 'en',
    address: 'https://x',
  });
  const error: unknown = await sent.catch((one: unknown) => one);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(first);
  expect(error).toMatchObject({ message: expect.stringContaining('450') as string });
  post.close();
  await source.destroy();
  await live.server.up();
}, 60_000);
