import { newCredential, type CredentialKind } from '#database/credentials.js';
import { apiKeys, people } from '#contract/routes/people.js';
import { machineSource } from '#platform/ids.js';
import { leastBody } from './support/bodies.js';
import { ApiDoor, type Sent } from './support/door.js';
import { addressOf, closed, each } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { leavesNothing, look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let world: SmallWorld;
let ana: Somebody;
beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
}, 180_000);
afterAll(() => door.close());

const unknown = (kind: CredentialKind): string => newCredential(kind, machineSource.random).text;
/** One letter of the secret is another one: the check at the end says so. */
const mistyped = (token: string): string =>
  token.replace(/(?<=_)[0-9A-Za-z](?=[0-9A-Za-z]{37}$)/, (letter) => (letter === 'a' ? 'b' : 'a'));

const forms: Readonly<Record<string, () => Sent>> = {
  none: () => ({}),
  basic: () => ({ headers: { authorization: `Basic ${Buffer.from('ana:ana').toString('base64')}` } }),
  bare: () => ({ headers: { authorization: ana.token } }),
  empty: () => ({ headers: { authorization: 'Bearer ' } }),
  two: () => ({ headers: { authorization: `Bearer ${ana.token} ${ana.token}` } }),
  mistyped: () => ({ token: mistyped(ana.token) }),
  cut: () => ({ token: ana.token.slice(0, -1) }),
  longer: () => ({ token: `${ana.token}0` }),
  'of another kind': () => ({ token: ana.token.replace('_person_', '_live_') }),
  'not ours': () => ({ token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ.' }),
  'an unknown key': () => ({ token: unknown('live') }),
  'an unknown token': () => ({ token: unknown('person') }),
};
const nobody = ['none', 'basic', 'bare', 'empty', 'two'];

test('every route but the open pages refuses whoever comes without a credential, or with one that is wrong', async () => {
  const names = Object.keys(forms);
  const cases = closed.flatMap((route, row) =>
    ['none', names[1 + (row % (names.length - 1))] ?? ''].map((form) => ({ route, form })),
  );
  const answers = await leavesNothing(door, () =>
    each(cases, async ({ route, form }) => {
      const body = route.body ? { body: leastBody(route) } : {};
      const sent = { key: 'x', version: 1, ...body, ...forms[form]?.() };
      const { code, status, hint } = await door.problem(route.method, addressOf(route), sent);
      return { route: route.name, form, told: `${String(status)} ${code} ${typeof hint}` };
    }),
  );
  const right = (form: string): string =>
    `401 ${nobody.includes(form) ? 'not-signed-in' : 'credential-invalid'} string`;
  expect(answers.filter(({ form, told }) => told !== right(form))).toEqual([]);
  expect(new Set(answers.map(({ form }) => form)).size).toBe(names.length);
  expect(answers.length).toBeGreaterThan(350);
}, 180_000);

test('the answer says how one signs in, and nothing of what was sent', async () => {
  const secret = mistyped(ana.token);
  const got = await door.send('GET', '/v1/session', { token: secret });
  expect(got.headers['www-authenticate']).toBe('Bearer realm="Perennial"');
  expect(got.bytes.toString()).not.toContain(secret.slice(11, 30));
});

test('before a byte of the body is read it is settled who knocks', async () => {
  const sent = { key: 'x', body: '{'.repeat(900_000) };
  expect(await door.problem('POST', '/v1/programmes', sent)).toMatchObject({ code: 'not-signed-in' });
});

const asked = (token: string) => door.problem('GET', '/v1/session', { token });

test('a token that is over is told as one that has expired; one that was taken is not valid', async () => {
  const eva = await world.person('client', 'employee');
  const change = (text: string) =>
    look(door, `update perennial.credential set ${text} where principal = $1`, [eva.id]);
  await change(`expires_at = clock_timestamp() - interval '1 s'`);
  expect(await asked(eva.token)).toMatchObject({ code: 'credential-expired', status: 401 });
  await change(`expires_at = clock_timestamp() + interval '1 day', revoked_at = clock_timestamp()`);
  expect(await asked(eva.token)).toMatchObject({ code: 'credential-invalid', status: 401 });
});

test('whoever has left sees and does nothing any more', async () => {
  const eva = await world.person('client', 'employee');
  const one = { params: { id: eva.id } };
  const { version } = await door.as(ana.token).call(people.get, one);
  const leaving = { ...one, key: 'leaves', version, body: { on: '2029-03-01' as never } };
  await door.as(ana.token).call(people.commands.recordDeparture, leaving);
  expect(await asked(eva.token)).toMatchObject({ code: 'credential-invalid' });
});

test('whoever has just acted acts no more once they are signed out, are over, or have left', async () => {
  const ends = {
    revoked: 'update perennial.credential set revoked_at = clock_timestamp() where principal = $1',
    over: 'update perennial.credential set expires_at = clock_timestamp() where principal = $1',
    left: "update perennial.stream set stage = 'departed' where id = $1",
  };
  for (const [how, end] of Object.entries(ends)) {
    const eva = await world.person('client', 'aims-manager');
    const act = { token: eva.token, key: `${how}-1`, body: { governingZone: 'Europe/Vienna' } };
    expect(await door.send('POST', '/v1/programmes', act)).toMatchObject({ status: 201 });
    await look(door, end, [eva.id]);
    await leavesNothing(door, async () => {
      for (const key of [`${how}-1`, `${how}-2`])
        expect(await door.problem('POST', '/v1/programmes', { ...act, key })).toMatchObject({
          code: 'credential-invalid',
          status: 401,
        });
    });
  }
});

const makeKey = (
  key: string,
  scopes: ('read' | 'act' | 'evidence:write')[],
  roles: 'aims-manager'[] = ['aims-manager'],
) =>
  door
    .as(ana.token)
    .call(apiKeys.commands.makeKey, { key, body: { organisation: world.client, roles, scopes } });

test('a key is shown once, serves until it is revoked, and is not valid then', async () => {
  const made = await makeKey('made', ['act']);
  const [secret, body] = [made.secret ?? '', { governingZone: 'Europe/Vienna' }];
  expect(secret).toMatch(/^prn_test_/);
  expect(await door.send('POST', '/v1/programmes', { token: secret, key: 'by-key', body })).toMatchObject({
    status: 201,
  });
  const shown = await door.as(ana.token).call(apiKeys.get, { params: { id: made.id } });
  expect(JSON.stringify(shown)).not.toContain(secret.slice(13));
  expect(Date.now() - Date.parse(shown.lastUsedAt ?? '')).toBeLessThan(60_000);
  expect(made.lastUsedAt).toBeNull();
  expect(await makeKey('made', ['act'])).toMatchObject({ id: made.id, secret: null });
  const revoking = { params: { id: made.id }, key: 'revoked', version: 1, body: {} };
  await door.as(ana.token).call(apiKeys.commands.revokeKey, revoking);
  expect(await asked(secret)).toMatchObject({ code: 'credential-invalid' });
});

test('a key that was replaced serves to its last day on the clock of its organisation, and has expired then', async () => {
  const made = await makeKey('old', ['read']);
  const rotating = { params: { id: made.id }, key: 'rotated', version: 1, body: { overlapDays: 2 } };
  await door.as(ana.token).call(apiKeys.commands.rotateKey, rotating);
  const move = (to: string) =>
    look(door, 'update perennial.sandbox set now = $1 where id = $2', [to, world.sandbox]);
  await move('2029-03-03T20:00:00Z');
  expect(await door.send('GET', '/v1/session', { token: made.secret ?? '' })).toMatchObject({ status: 200 });
  await move('2029-03-04T08:00:00Z');
  expect(await asked(made.secret ?? '')).toMatchObject({ code: 'credential-expired' });
});

test('a key does what its scopes say and no more', async () => {
  const reader = (await makeKey('reader', ['read'])).secret ?? '';
  const body = { governingZone: 'Europe/Vienna' };
  await leavesNothing(door, async () => {
    for (const path of ['/v1/programmes', '/v1/sandboxes', '/v1/evidence'])
      expect(await door.problem('POST', path, { token: reader, key: 'x', body })).toMatchObject({
        ...{ code: 'scope-missing', status: 403, hint: 'Use a key that has the scope.' },
      });
  });
  expect(await door.send('GET', '/v1/programmes', { token: reader })).toMatchObject({ status: 200 });
});

test('what a person must do no key does, and the problem says who could', async () => {
  const { organisation } = await door.as().call(people.get, { params: { id: ana.id } });
  const sent = { token: door.key, key: 'x', version: 1, body: { reason: 'It is over' } };
  const path = `/v1/organisations/${organisation}/close-organisation`;
  const problem = await leavesNothing(door, () => door.problem('POST', path, sent));
  expect(problem).toMatchObject({
    ...{ code: 'person-required', status: 403, rules: ['R-GEN-1'] },
    ...{ hint: expect.stringContaining('system-administrator') as string },
  });
});

test('a role that only people hold is given to no key', async () => {
  const body = { organisation: world.client, roles: ['top-management'], scopes: ['act'] };
  const sent = { token: ana.token, key: 'x', body };
  const problem = await leavesNothing(door, () => door.problem('POST', '/v1/api-keys', sent));
  expect(problem).toMatchObject({
    code: 'person-required',
    rules: ['R-GEN-1'],
    hint: 'Missing: top-management.',
  });
});

test('whoever holds no role for it is told so, with who could', async () => {
  const eva = await world.person('client', 'employee');
  const sent = { token: eva.token, key: 'x', body: { governingZone: 'Europe/Vienna' } };
  const problem = await leavesNothing(door, () => door.problem('POST', '/v1/programmes', sent));
  expect(problem).toMatchObject({
    ...{ code: 'not-permitted', status: 403, rules: ['R-GEN-1'] },
    ...{ hint: 'Ask somebody who is aims-manager or programme-manager.' },
  });
});
