import { Agent } from 'node:http';
import { ApiDoor, type Got, type Sent } from './support/door.js';
import { each } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { leavesNothing, look } from './support/traces.js';
import { raised, SmallWorld } from './support/world.js';

let door: ApiDoor;
let world: SmallWorld;
let ana: Somebody;
let iris: Somebody;
let programme: string;
beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  iris = await world.person('client', 'internal-auditor');
  programme = await world.programme(ana);
}, 180_000);
afterAll(() => door.close());

const body = { governingZone: 'Europe/Vienna' };
const open = (key: string, more: Sent = {}): Promise<Got> =>
  door.send('POST', '/v1/programmes', { token: ana.token, key, body, ...more });

const opened = async (): Promise<number> => {
  const text = `select count(*)::integer as count from perennial.ledger_entry where type = 'programme.opened'`;
  return (await look<{ count: number }>(door, text))[0]?.count ?? 0;
};

/** Asks again while the first request is still under way. */
async function insisting(ask: () => Promise<Got>): Promise<Got> {
  for (;;) {
    const got = await ask();
    if (got.status !== 409 || !got.bytes.includes('idempotency-key-in-flight')) return got;
  }
}

test('[S7] a thousand equal requests at once with one key have one effect and one answer', async () => {
  const [before, agent] = [await opened(), new Agent({ keepAlive: true, maxSockets: 200 })];
  const all = await Promise.all(
    Array.from({ length: 1_000 }, () => insisting(() => open('a-thousand', { agent }))),
  );
  agent.destroy();
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(all.map(({ bytes }) => bytes.toString('base64'))).size).toBe(1);
  expect(new Set(all.map(({ headers }) => headers['etag'])).size).toBe(1);
  expect(all.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
  expect(await opened()).toBe(before + 1);
}, 180_000);

test('[S7] it holds across a restart of the API between attempt and answer', async () => {
  const before = await opened();
  const keys = Array.from({ length: 60 }, (_, place) => `restart-${String(place)}`);
  const answered = new Map<string, Got>();
  const attempts = keys.map(async (key) => {
    const got = await open(key).catch(() => undefined);
    if (got?.status === 201) answered.set(key, got);
    if (answered.size === 15) restarting ??= door.restart(true);
  });
  let restarting: Promise<void> | undefined;
  await Promise.all(attempts);
  await restarting;
  const committed = (await opened()) - before;
  const again = await each(keys, async (key) => ({ key, got: await insisting(() => open(key)) }));
  expect(new Set(again.map(({ got }) => got.status))).toEqual(new Set([201]));
  expect(await opened()).toBe(before + keys.length);
  const replayed = again.filter(({ got }) => got.headers['idempotency-replayed'] === 'true');
  expect(replayed).toHaveLength(committed);
  const changed = again.filter(({ key, got }) => answered.get(key)?.bytes.equals(got.bytes) === false);
  expect(changed).toEqual([]);
  expect(answered.size).toBeGreaterThan(0);
  expect(answered.size).toBeLessThan(keys.length);
}, 180_000);

test('[S7] without a key it is 400, with another body 422, and neither leaves anything', async () => {
  await open('other-body');
  await leavesNothing(door, async () => {
    const without = await door.problem('POST', '/v1/programmes', { token: ana.token, body });
    expect(without).toMatchObject({ code: 'idempotency-key-missing', status: 400 });
    for (const other of [
      { governingZone: 'Europe/Rome' },
      { ...body, reason: 'x' },
      '{ "governingZone":"Europe/Vienna"}',
    ])
      expect(JSON.parse((await open('other-body', { body: other })).bytes.toString())).toMatchObject({
        ...{ code: 'idempotency-key-reused', status: 422 },
      });
  });
});

test('a key belongs to whoever used it, and to the route', async () => {
  const otto = await world.person('client', 'aims-manager');
  const [mine, theirs] = [await open('a-key'), await open('a-key', { token: otto.token })];
  expect(theirs.headers['idempotency-replayed']).toBeUndefined();
  expect(mine.bytes.equals(theirs.bytes)).toBe(false);
  const draft = { under: programme, source: 'monitoring' };
  const elsewhere = await door.send('POST', '/v1/findings', { token: ana.token, key: 'a-key', body: draft });
  expect(elsewhere).toMatchObject({
    status: 201,
    headers: { location: expect.stringContaining('/v1/findings/') as string },
  });
});

test('what was done is answered again, bytes and tag, after the thing has moved on', async () => {
  const finding = await world.finding(iris, programme, 'moves-on');
  const path = `/v1/findings/${finding}/raise-nonconformity`;
  const raise = { token: iris.token, key: 'raise', version: 1, body: raised };
  const first = await door.send('POST', path, raise);
  expect(first).toMatchObject({ status: 200, headers: { etag: expect.stringMatching(/^"2\./) as string } });
  const days = Date.parse(String(first.headers['perennial-key-expires'])) - Date.now();
  expect(Math.round(days / 86_400_000)).toBe(30);
  await door.send('POST', `/v1/findings/${finding}/dispute-finding`, {
    ...{ token: ana.token, key: 'dispute', version: 2, body: { reason: 'It was kept' } },
  });
  const again = await leavesNothing(door, () => door.send('POST', path, raise));
  expect(again.bytes.equals(first.bytes)).toBe(true);
  expect(again.headers).toMatchObject({ etag: first.headers['etag'], 'idempotency-replayed': 'true' });
  const late = await door.problem('POST', path, { ...raise, key: 'raise-again' });
  expect(late).toMatchObject({ code: 'stale-version', current: { version: 3, state: 'disputed' } });
});

test('a refusal is not kept: the same key is good again when the obstacle is gone', async () => {
  const finding = await world.finding(iris, programme, 'obstacle');
  const dispute = { token: ana.token, key: 'early', version: 1, body: { reason: 'It was kept' } };
  const path = `/v1/findings/${finding}/dispute-finding`;
  const problem = await leavesNothing(door, () => door.problem('POST', path, dispute));
  expect(problem).toMatchObject({ code: 'wrong-state', rules: ['INV-7'], hint: 'raised' });
  await door.send('POST', `/v1/findings/${finding}/raise-nonconformity`, {
    ...{ token: iris.token, key: 'now', version: 1, body: raised },
  });
  expect(await door.send('POST', path, { ...dispute, version: 2 })).toMatchObject({ status: 200 });
});

const sandbox = { name: 'again', startsAt: '2029-01-08T08:00:00Z', zone: 'Europe/Vienna', seed: 1 };
const make = (more: object = {}) =>
  door.send('POST', '/v1/sandboxes', { token: door.key, key: 'a-sandbox', body: { ...sandbox, ...more } });

test('a sandbox is made once under its key, and another one under it is refused', async () => {
  const [first, same] = await Promise.all([make(), make()]);
  expect(first).toMatchObject({ status: 201 });
  expect(same.bytes.equals(first.bytes)).toBe(true);
  await leavesNothing(door, async () => {
    expect((await make()).bytes.equals(first.bytes)).toBe(true);
    for (const other of [
      { name: 'other' },
      { seed: 2 },
      { startsAt: '2030-01-01T00:00:00Z' },
      { zone: 'UTC' },
    ])
      expect([other, JSON.parse((await make(other)).bytes.toString())]).toMatchObject([
        ...[other, { code: 'idempotency-key-reused' }],
      ]);
  });
});

test('whoever may make no organisation makes no sandbox, nor half of one', async () => {
  const asked = { token: ana.token, key: 'x', body: sandbox };
  const problem = await leavesNothing(door, () => door.problem('POST', '/v1/sandboxes', asked));
  expect(problem).toMatchObject({ code: 'not-permitted', rules: ['R-GEN-1'] });
});

test('a clock is moved once under a key, and another move under it is refused', async () => {
  const { id } = JSON.parse((await make()).bytes.toString()) as { id: string };
  const move = (to: object) =>
    door.send('POST', `/v1/sandboxes/${id}/advance`, { token: door.key, key: 'a-move', body: to });
  const tomorrow = { to: '2029-01-09T08:00:00Z' };
  const [first, same] = await Promise.all([move(tomorrow), move(tomorrow)]);
  expect(same.bytes.equals(first.bytes)).toBe(true);
  expect(first).toMatchObject({ status: 202, headers: { 'retry-after': '2' } });
  await look(door, `update perennial.sandbox set now = '2029-02-01T00:00:00Z' where id = $1`, [id]);
  await leavesNothing(door, async () => {
    expect((await move(tomorrow)).bytes.equals(first.bytes)).toBe(true);
    expect(JSON.parse((await move({ by: 'P2D' })).bytes.toString())).toMatchObject({
      code: 'idempotency-key-reused',
    });
  });
});

const objectIn = ({ bytes }: Got): Record<string, unknown> =>
  JSON.parse(bytes.toString()) as Record<string, unknown>;

/** The same request dry, and then as it is. */
async function dryAndReal(path: string, sent: Sent): Promise<{ dry: Got; real: Got }> {
  const headers = { 'perennial-dry-run': 'true' };
  const dry = await leavesNothing(door, () => door.send('POST', path, { ...sent, headers }));
  expect(dry).toMatchObject({ status: 200 });
  expect(Object.keys(dry.headers)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(etag|location|perennial-key-expires)$/)]),
  );
  const real = await door.send('POST', path, sent);
  expect(real.headers['idempotency-replayed']).toBeUndefined();
  return { dry, real };
}

test('a dry run says what would be and leaves nothing: its key and the number are there for the command itself', async () => {
  const draft = { token: iris.token, key: 'dry', body: { under: programme, source: 'internalAudit' } };
  const drafted = await dryAndReal('/v1/findings', draft);
  expect(objectIn(drafted.dry)).toMatchObject({ recorded: [], wouldRecord: ['finding.drafted'] });
  const { id, number } = objectIn(drafted.real);
  expect([drafted.real.status, number]).toEqual([201, objectIn(drafted.dry)['number']]);

  const raise = { token: iris.token, key: 'dry', version: 1, body: raised };
  const path = `/v1/findings/${String(id)}/raise-nonconformity`;
  const { dry, real } = await dryAndReal(path, raise);
  expect(objectIn(dry)).toMatchObject({ state: 'raised', version: 2, recorded: [] });
  expect([real.status, objectIn(real)['planDue']]).toEqual([200, objectIn(dry)['planDue']]);
});
