import { Client } from '#client/client.js';
import { people } from '#contract/routes/people.js';
import { ApiDoor } from './support/door.js';
import type { Somebody } from './support/people.js';
import { SmallWorld } from './support/world.js';

// How often one asks: a person, a key, an organisation; and commands.

const PER_MINUTE = 40;

let door: ApiDoor;
let free: ApiDoor;
let ana: Somebody;
let nora: Somebody;
let otto: Somebody;
beforeAll(async () => {
  free = await ApiDoor.open();
  const world = await SmallWorld.make(free);
  ana = await world.person('client', 'aims-manager');
  nora = await world.person('client', 'aims-manager');
  otto = await world.person('client', 'aims-manager');
  door = await ApiDoor.before(free.behind, free.key, { requestsPerMinute: PER_MINUTE });
}, 60_000);
afterAll(async () => {
  await door.close();
  await free.close();
});

const ask = (token: string) => door.send('GET', '/v1/session', { token });
const command = (token: string, key: string) =>
  door.send('POST', `/v1/people/${ana.id}/change-person`, {
    token,
    key,
    version: 1,
    body: { language: 'de' },
  });

test('a person asks so often a minute and no more, is told when to come back, and keeps nobody else from asking', async () => {
  const answers = await Promise.all(Array.from({ length: PER_MINUTE + 5 }, () => ask(ana.token)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(PER_MINUTE);
  const [refused] = answers.filter(({ status }) => status === 429);
  expect(JSON.parse(refused?.bytes.toString() ?? '')).toMatchObject({
    code: 'rate-limited',
    retryable: true,
  });
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(50);
  expect(answers[0]?.headers['ratelimit']).toMatch(/^"minute";r=\d+;t=\d+$/);
  expect(answers[0]?.headers['ratelimit-policy']).toBe(`"minute";q=${String(PER_MINUTE)};w=60`);
  expect((await ask(nora.token)).status).toBe(200);
});

test('of commands it is a quarter, whatever becomes of them', async () => {
  const answers = await Promise.all(
    Array.from({ length: PER_MINUTE / 4 + 3 }, (_, n) => command(nora.token, `often-${String(n)}`)),
  );
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
  expect((await ask(nora.token)).status).toBe(200);
});

test('a key asks twice as often', async () => {
  const answers = await Promise.all(Array.from({ length: 2 * PER_MINUTE + 4 }, () => ask(door.key)));
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
});

test('whoever is not admitted is not counted, and what everybody may ask is not either', async () => {
  const wrong = await Promise.all(Array.from({ length: 2 * PER_MINUTE }, () => ask('prn_live_wrong')));
  expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([401]));
  const live = await Promise.all(Array.from({ length: 2 * PER_MINUTE }, () => door.send('GET', '/livez')));
  expect(new Set(live.map(({ status }) => status))).toEqual(new Set([200]));
});

test('a client that has patience tells why it waits, once for each call', async () => {
  await Promise.all(Array.from({ length: PER_MINUTE }, () => ask(otto.token)));
  const told: string[] = [];
  const { id, token } = otto;
  const patient = new Client(door.url, token, 1_000, ({ message }) => told.push(message));
  const read = patient.call(people.get, { params: { id } });
  await expect(read).rejects.toMatchObject({ problem: { code: 'rate-limited' } });
  expect(told).toEqual([
    `GET /v1/people/${id}: rate-limited: ${String(PER_MINUTE)} of these a minute are taken.`,
  ]);
});
