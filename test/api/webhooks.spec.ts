import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { events } from '#contract/routes/events.js';
import { webhookDeliveries } from '#contract/routes/webhooks.js';
import { answers, hangs, Receiver, takes, type Received } from '../support/receiver.js';
import { ApiDoor } from './support/door.js';
import { CallingWorker, Hooks } from './support/hooks.js';
import type { Somebody } from './support/people.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// What happens reaches those who asked to be told, on a real line: signed, in order, again and again until it is taken.

let door: ApiDoor;
let world: SmallWorld;
let worker: CallingWorker;
let hooks: Hooks;
let elsewhere: Hooks;
let dana: Somebody;
const receivers: Receiver[] = [];

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  hooks = new Hooks(door, await world.person('client', 'aims-manager'));
  dana = await world.person('client', 'process-owner');
  const other = await SmallWorld.make(door, 'elsewhere');
  elsewhere = new Hooks(door, await other.person('client', 'aims-manager'));
  worker = await CallingWorker.start(door);
}, 120_000);
afterAll(async () => {
  await worker.stop();
  for (const receiver of receivers) await receiver.close();
  await door.close();
});

async function opened(manner = takes): Promise<Receiver> {
  const receiver = await Receiver.open(manner);
  receivers.push(receiver);
  return receiver;
}

/** The headers of a call as the independent library takes them. */
const headersOf = ({ headers }: Received): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const isSigned = (call: Received, secret: string): boolean => {
  try {
    new Webhook(secret).verify(call.body, headersOf(call));
    return true;
  } catch {
    return false;
  }
};

/** RFC 8410: what stands before the 32 bytes of a public key. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function isSignedByPair({ headers, body }: Received, publicKey: string): boolean {
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  const [, signature = ''] = /(?:^| )v1a,(\S+)/.exec(String(headers['webhook-signature'])) ?? [];
  const before = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.`;
  return verify(null, Buffer.concat([Buffer.from(before), body]), key, Buffer.from(signature, 'base64'));
}

test('[S9] what happens arrives, signed by Standard Webhooks in both ways, byte for byte as the feed shows it', async () => {
  const receiver = await opened();
  const { id, secret, publicKey } = await hooks.add(receiver.url(), { description: 'Ours' });
  await hooks.happens();
  await world.programme(hooks.owner);
  const told = () => receiver.about(id).length > 0 && receiver.about(hooks.owner.id).length > 0;
  await hooks.until(() => told() && receiver.calls.length > 3);
  const calls = [...receiver.calls];
  const { data } = await hooks.mine.call(events.feed, { query: { limit: '500' } });
  const feed = new Map(data.map((event) => [event.id, JSON.stringify(event)]));
  for (const call of calls) {
    expect(isSigned(call, secret ?? '')).toBe(true);
    expect(isSignedByPair(call, publicKey)).toBe(true);
    expect(call.body.toString()).toBe(feed.get(call.id));
    expect(call.id).toBe(call.event.id);
  }
  const [first] = calls;
  expect(first?.headers).toMatchObject({
    ...{ host: `hooks.example.org:${String(receiver.port)}`, 'user-agent': 'Perennial-Webhooks' },
    'content-type': 'application/cloudevents+json; charset=utf-8',
  });
  expect(isSigned({ ...first, body: Buffer.from('{}') } as Received, secret ?? '')).toBe(false);
  expect(calls.some(({ event }) => event.type === 'perennial.webhook-endpoint.added.v1')).toBe(true);
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('[S9] for a day after a rotation calls are signed with the old secret too, and then no more', async () => {
  const receiver = await opened();
  const { id, secret } = await hooks.add(receiver.url());
  const { secret: next } = await hooks.does('rotateWebhookSecret', id);
  expect([next?.startsWith('whsec_'), next === secret]).toEqual([true, false]);
  await hooks.happens();
  await hooks.until(() => receiver.about(hooks.owner.id).length === 1);
  const [call] = receiver.about(hooks.owner.id);
  if (!call) throw new Error('nothing came');
  expect([isSigned(call, secret ?? ''), isSigned(call, next ?? '')]).toEqual([true, true]);
  expect(String(call.headers['webhook-signature']).split(' ').length).toBe(3);
  await look(door, `update perennial.webhook_secret set made_at = made_at - interval '25 hours'`);
  await hooks.happens();
  await hooks.until(() => receiver.about(hooks.owner.id).length === 2);
  const later = receiver.about(hooks.owner.id)[1];
  expect(later && [isSigned(later, secret ?? ''), isSigned(later, next ?? '')]).toEqual([false, true]);
  const names = () => look<{ id: string }>(door, 'select id from perennial.webhook_secret');
  const before = (await names()).length;
  await look(door, 'select perennial.tidy_webhooks()');
  expect((await names()).length).toBeLessThan(before);
  await hooks.happens();
  await hooks.until(() => receiver.about(hooks.owner.id).length === 3);
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('[S9] of one thing nothing overtakes what failed before it, and other things do not wait', async () => {
  const receiver = await opened();
  const { id } = await hooks.add(receiver.url());
  await hooks.until(() => receiver.about(id).length === 1);
  let refused = 0;
  receiver.manner = (answer, call) => {
    const isFirst = call.event.subject.endsWith(hooks.owner.id) && refused < 3;
    if (isFirst) refused += 1;
    (isFirst ? answers(500) : takes)(answer, call);
  };
  for (let n = 0; n < 4; n += 1) await hooks.happens();
  await hooks.happens(dana);
  await hooks.until(() => receiver.about(dana.id).length === 1);
  expect(new Set(receiver.about(hooks.owner.id).map((call) => call.id)).size).toBe(1);
  await hooks.until(() => receiver.about(hooks.owner.id).length === 7, id);
  const came = receiver.about(hooks.owner.id).map(({ event }) => event.sequence);
  expect(came).toEqual(came.toSorted());
  expect(new Set(came).size).toBe(4);
  expect(new Set(receiver.about(hooks.owner.id).map((call) => call.id)).size).toBe(4);
  await hooks.until(async () => (await hooks.deliveries({ endpoint: id, status: 'pending' })).length === 0);
  const tried = (await hooks.deliveries({ endpoint: id })).map(({ attempts }) => attempts);
  expect(tried.toSorted((a, b) => b - a)[0]).toBe(4);
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('[S9] what was tried ten times has failed for good, and what follows goes on; it can be called once more, under the same id', async () => {
  const receiver = await opened();
  const { id } = await hooks.add(receiver.url());
  await hooks.until(() => receiver.about(id).length === 1);
  receiver.manner = answers(500);
  await hooks.happens();
  await hooks.happens();
  await hooks.until(() => receiver.about(hooks.owner.id).length >= 9, id);
  receiver.manner = (answer, call) =>
    (call.id === receiver.about(hooks.owner.id)[0]?.id ? answers(500) : takes)(answer, call);
  await hooks.until(
    async () => (await hooks.deliveries({ endpoint: id, status: 'failed' })).length === 1,
    id,
  );
  const [failed] = await hooks.deliveries({ endpoint: id, status: 'failed' });
  expect(failed).toMatchObject({ attempts: 10, lastStatus: 500, nextAt: null, deliveredAt: null });
  await hooks.until(
    async () => (await hooks.deliveries({ endpoint: id, status: 'pending' })).length === 0,
    id,
  );
  receiver.manner = takes;
  const before = receiver.calls.length;
  const again = { params: { id: failed?.id ?? '' }, key: hooks.key() };
  expect(await hooks.mine.call(webhookDeliveries.redeliver, again)).toMatchObject({
    id: failed?.id,
    status: 'pending',
  });
  await hooks.until(() => receiver.calls.length > before);
  expect(receiver.calls.at(-1)?.id).toBe(failed?.event);
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('[S9] a worker that is killed while it calls loses nothing: another one calls again, under the same id', async () => {
  const receiver = await opened();
  const { id } = await hooks.add(receiver.url());
  await hooks.until(() => receiver.about(id).length === 1);
  receiver.manner = hangs;
  await hooks.happens();
  await hooks.until(() => receiver.about(hooks.owner.id).length === 1);
  await worker.kill();
  receiver.manner = takes;
  expect(await hooks.deliveries({ endpoint: id, status: 'pending' })).toMatchObject([{ attempts: 1 }]);
  worker = await CallingWorker.start(door);
  await look(
    door,
    `update perennial.webhook_delivery set leased_until = clock_timestamp() where leased_until is not null`,
  );
  await hooks.until(async () => (await hooks.deliveries({ endpoint: id, status: 'pending' })).length === 0);
  const [one, other] = receiver.about(hooks.owner.id);
  expect([one?.id, receiver.about(hooks.owner.id).length]).toEqual([other?.id, 2]);
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('[S9] nobody is told of what another organisation alone sees, and lists show one’s own calls', async () => {
  const [mine, theirs] = [await opened(), await opened()];
  const [own, other] = [await hooks.add(mine.url()), await elsewhere.add(theirs.url())];
  await hooks.happens();
  await elsewhere.happens();
  await hooks.until(() => mine.about(hooks.owner.id).length + theirs.about(elsewhere.owner.id).length === 2);
  await hooks.until(async () => (await elsewhere.deliveries({ status: 'pending' })).length === 0);
  const bodies = (receiver: Receiver): string => receiver.calls.map(({ body }) => body.toString()).join();
  expect(bodies(theirs)).not.toMatch(new RegExp(`${world.client}|${hooks.owner.id}|${own.id}`));
  expect(bodies(mine)).not.toMatch(new RegExp(`${elsewhere.owner.organisation}|${other.id}`));
  expect((await elsewhere.deliveries()).every(({ endpoint }) => endpoint === other.id)).toBe(true);
  const [call] = await hooks.deliveries({ endpoint: own.id });
  const path = `/v1/webhook-deliveries/${call?.id ?? ''}/redeliver`;
  const stranger = { token: elsewhere.owner.token, key: 'of-others' };
  expect(await door.problem('POST', path, stranger)).toMatchObject({ code: 'not-found' });
  const colleague = { token: dana.token, key: 'not-hers' };
  expect(await door.problem('POST', path, colleague)).toMatchObject({ code: 'not-permitted' });
  await hooks.does('removeWebhookEndpoint', own.id);
  expect(await door.problem('POST', path, { token: hooks.owner.token, key: 'removed' })).toMatchObject({
    code: 'wrong-state',
  });
  await elsewhere.does('removeWebhookEndpoint', other.id);
}, 60_000);

test('an endpoint is told of the types that it names, and while it is switched off of nothing', async () => {
  const receiver = await opened();
  const { id } = await hooks.add(receiver.url(), { types: ['perennial.person.changed.v1'] });
  await hooks.happens();
  await hooks.until(() => receiver.calls.length === 1);
  await hooks.does('disableWebhookEndpoint', id);
  await hooks.happensPlaced();
  await hooks.does('enableWebhookEndpoint', id);
  await hooks.happens();
  await hooks.until(() => receiver.calls.length === 2);
  await hooks.until(async () => (await hooks.deliveries({ endpoint: id, status: 'pending' })).length === 0);
  expect(receiver.calls.map(({ event }) => event.type)).toEqual(Array(2).fill('perennial.person.changed.v1'));
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('what had no place yet when an endpoint is added, switched off or on is told exactly when it happened while it was on', async () => {
  await worker.stop();
  const receiver = await opened();
  await hooks.happens();
  const { id } = await hooks.add(receiver.url());
  await hooks.happens();
  await hooks.does('disableWebhookEndpoint', id);
  await hooks.happens();
  await hooks.does('enableWebhookEndpoint', id);
  await hooks.happens();
  await hooks.does('disableWebhookEndpoint', id);
  worker = await CallingWorker.start(door);
  const waiting = () => hooks.deliveries({ endpoint: id, status: 'pending' });
  await hooks.until(async () => (await waiting()).length === 6);
  await hooks.does('enableWebhookEndpoint', id);
  await hooks.until(() => receiver.about(id).length === 5);
  await hooks.until(async () => (await waiting()).length === 0);
  const told = receiver.calls
    .map(({ event }) => event)
    .toSorted((a, b) => a.sequence.localeCompare(b.sequence));
  expect(told.map(({ type }) => type.replace(/^perennial\.|\.v1$/g, ''))).toEqual([
    'webhook-endpoint.added',
    'person.changed',
    'webhook-endpoint.disabled',
    'webhook-endpoint.enabled',
    'person.changed',
    'webhook-endpoint.disabled',
    'webhook-endpoint.enabled',
  ]);
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);
