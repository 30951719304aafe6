import { webhookEndpoints } from '#contract/routes/webhooks.js';
import { openDatabase } from '#database/data-source.js';
import { withClient } from '#database/transaction.js';
import { answers, hangs, Receiver, takes, type Manner } from '../support/receiver.js';
import { ApiDoor } from './support/door.js';
import { CallingWorker, Hooks } from './support/hooks.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// Receivers that mean no good, or are in a bad way: they harm nobody but themselves.

let door: ApiDoor;
let hooks: Hooks;
let worker: CallingWorker;
/** Stands behind the walls: nobody may be led to it. */
let inside: Receiver;
const receivers: Receiver[] = [];

beforeAll(async () => {
  door = await ApiDoor.open();
  hooks = new Hooks(door, await (await SmallWorld.make(door)).person('client', 'aims-manager'));
  worker = await CallingWorker.start(door);
  inside = await Receiver.open();
  receivers.push(inside);
}, 120_000);
afterAll(async () => {
  await worker.stop();
  for (const receiver of receivers) await receiver.close();
  await door.close();
});

async function opened(manner: Manner = takes): Promise<Receiver> {
  const receiver = await Receiver.open(manner);
  receivers.push(receiver);
  return receiver;
}

/** What came of the first call to an endpoint. */
async function firstOf(endpoint: string) {
  const tried = async () => {
    const rows = await hooks.deliveries({ endpoint });
    return rows.filter(({ lastStatus, lastError }) => lastStatus !== null || lastError !== null).at(-1);
  };
  await hooks.until(async () => (await tried()) !== undefined);
  return tried();
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** Answers without an end; says that it has ten gigabytes when it is to say so. */
const endless =
  (headers: Readonly<Record<string, string>> = {}): Manner =>
  (answer) => {
    answer.writeHead(200, headers);
    const more = (): void => {
      while (!answer.destroyed && answer.write(CHUNK));
    };
    answer.on('drain', more);
    more();
  };

/** One byte now and then, for ever. */
const drips: Manner = (answer) => {
  answer.writeHead(200);
  const timer = setInterval(() => (answer.destroyed ? clearInterval(timer) : answer.write('x')), 50);
};

const hostile: readonly (readonly [string, () => Promise<Receiver>, object])[] = [
  [
    'leads to another address',
    () => opened(answers(302, { location: inside.url('127.0.0.1') })),
    { lastStatus: 302 },
  ],
  [
    'leads there by POST',
    () => opened(answers(307, { location: `http://127.0.0.1:${String(inside.port)}/` })),
    { lastStatus: 307 },
  ],
  ['answers without an end', () => opened(endless()), { lastError: 'answer-too-large' }],
  [
    'answers ten gigabytes',
    () => opened(endless({ 'content-length': String(10 * 2 ** 30) })),
    { lastError: 'answer-too-large' },
  ],
  ['answers a byte now and then', () => opened(drips), { lastError: 'time-out' }],
  ['never answers', () => opened(hangs), { lastError: 'time-out' }],
  [
    'speaks another language',
    () => Receiver.raw((socket) => socket.end('220 mail.example.org ESMTP\r\n')),
    { lastError: 'answer-unreadable' },
  ],
  ['closes at once', () => Receiver.raw((socket) => socket.destroy()), { lastError: 'not-connected' }],
  [
    'breaks off',
    () => Receiver.raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx')),
    { lastError: 'not-connected' },
  ],
  [
    'sends headers without an end',
    () => Receiver.raw((socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`)),
    { lastError: 'answer-unreadable' },
  ],
];

test.each(hostile)(
  '[S9] a receiver that %s has failed, and nothing else has happened',
  async (_, open, came) => {
    const receiver = await open();
    receivers.push(receiver);
    const before = process.memoryUsage().rss;
    const { id } = await hooks.add(receiver.url(), { types: ['perennial.webhook-endpoint.added.v1'] });
    expect(await firstOf(id)).toMatchObject({ status: 'pending', attempts: 1, deliveredAt: null, ...came });
    expect([receiver.visits, inside.visits]).toEqual([1, 0]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
    await hooks.does('removeWebhookEndpoint', id);
  },
  30_000,
);

test('[S9] a name that leads behind the walls is not called', async () => {
  const { id } = await hooks.add(inside.url('10-0-0-1.leads.example'));
  expect(await firstOf(id)).toMatchObject({
    status: 'pending',
    lastStatus: null,
    lastError: 'address-not-allowed',
  });
  expect(inside.visits).toBe(0);
  await hooks.does('removeWebhookEndpoint', id);
}, 30_000);

test('[S9] a receiver that hangs for ever delays itself alone, and is called by one at a time', async () => {
  const wholeMs = 5_000;
  await worker.stop();
  worker = await CallingWorker.start(door, { wholeMs });
  const [slow, quick] = [await opened(hangs), await opened()];
  const [one, other] = [await hooks.add(slow.url()), await hooks.add(quick.url())];
  await hooks.until(() => slow.calls.length > 0 && quick.about(other.id).length === 1);
  for (let n = 0; n < 5; n += 1) {
    const began = Date.now();
    await hooks.happens();
    await hooks.until(() => quick.about(hooks.owner.id).length === n + 1);
    expect(Date.now() - began).toBeLessThan(wholeMs);
  }
  await firstOf(one.id);
  const [row] = await look<{ count: number }>(
    door,
    `select count(*)::integer as count from perennial.webhook_delivery where endpoint = $1 and leased_until > now()`,
    [one.id],
  );
  expect(row?.count).toBeLessThan(5);
  for (const { id } of [one, other]) await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('[S9] 410 switches the endpoint off, with the reason; switched on again it gets what had waited', async () => {
  const receiver = await opened(answers(410));
  const { id } = await hooks.add(receiver.url());
  await hooks.until(async () => (await hooks.shown(id)).state === 'disabled');
  expect(await hooks.shown(id)).toMatchObject({ givenUpBecause: 'gone' });
  const { data } = await hooks.mine.call(webhookEndpoints.entries, { params: { id } });
  expect(data.at(-1)).toMatchObject({
    type: 'webhook-endpoint.given-up',
    actor: { role: 'engine' },
    data: { because: 'gone' },
  });
  const calls = receiver.calls.length;
  await hooks.happensPlaced();
  receiver.manner = takes;
  expect(receiver.calls.length).toBe(calls);
  expect(await hooks.does('enableWebhookEndpoint', id)).toMatchObject({
    state: 'active',
    givenUpBecause: null,
  });
  await hooks.until(
    async () =>
      receiver.about(id).length > 1 && // nothing is pending either before what had waited is noted
      (await hooks.deliveries({ endpoint: id, status: 'pending' })).length === 0,
    id,
  );
  expect(receiver.about(id).length).toBeGreaterThan(1);
  await hooks.does('removeWebhookEndpoint', id);
}, 60_000);

test('[S9] who has done nothing but fail for five days is called no more', async () => {
  const receiver = await opened(answers(500));
  const { id } = await hooks.add(receiver.url());
  await firstOf(id);
  expect((await hooks.shown(id)).state).toBe('active');
  await look(
    door,
    `update perennial.webhook_cursor set failing_since = now() - interval '121 hours' where endpoint = $1`,
    [id],
  );
  await hooks.until(async () => (await hooks.shown(id)).state === 'disabled', id);
  expect(await hooks.shown(id)).toMatchObject({ givenUpBecause: 'failing' });
}, 60_000);

test.each([
  ['seconds', '7200', 7_200_000],
  ['a date', new Date(Date.now() + 7_200_000).toUTCString(), 7_200_000],
  ['more than a day', '9999999', 86_400_000],
  ['nothing that can be read', 'soon', 5_000],
])(
  '[S9] Retry-After is heard: %s',
  async (_, header, ms) => {
    const receiver = await opened(answers(503, { 'retry-after': header }));
    const { id } = await hooks.add(receiver.url());
    const tried = await firstOf(id);
    const pause = Date.parse(tried?.nextAt ?? '') - (receiver.calls[0]?.at ?? 0);
    expect(pause).toBeGreaterThan(0.95 * ms - 1_000); // a date has no milliseconds
    expect(pause).toBeLessThan(1.15 * ms + 5_000);
    await hooks.does('removeWebhookEndpoint', id);
  },
  30_000,
);

test('the secret is in the answer that makes it, in no other, and nowhere but in the table that no role reads', async () => {
  const receiver = await opened();
  const asked = { key: hooks.key(), body: { address: receiver.url() } };
  const { id, secret, publicKey } = await hooks.mine.call(
    webhookEndpoints.commands.addWebhookEndpoint,
    asked,
  );
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  expect(await hooks.mine.call(webhookEndpoints.commands.addWebhookEndpoint, asked)).toMatchObject({
    id,
    secret: null,
  });
  const shown = await hooks.shown(id);
  expect(shown).toMatchObject({ secret: null, publicKey, texts: { address: receiver.url() } });
  expect(JSON.stringify(shown)).not.toContain('whs_');
  const base64 = secret?.slice('whsec_'.length) ?? '';
  const hex = Buffer.from(base64, 'base64').toString('hex');
  const tables = await look<{ name: string }>(
    door,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'perennial'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const text = `select from ${name} t where position($1 in t::text) > 0 or position($2 in t::text) > 0 limit 1`;
    if ((await look(door, text, [base64, hex])).length > 0) found.push(name);
  }
  expect(found).toEqual(['perennial.webhook_secret']);
  for (const role of ['app', 'engine'] as const) {
    const source = await openDatabase(door.behind.database.appUrl, role, 1);
    const reading = withClient(source, (client) => client.query('select * from perennial.webhook_secret'));
    await expect(reading).rejects.toMatchObject({ code: '42501' });
    await source.destroy();
  }
  const taking = withClient(door.source, (client) => client.query('select perennial.take_webhooks(1, 1, 1)'));
  await expect(taking).rejects.toMatchObject({ code: '42501' });
  await hooks.does('removeWebhookEndpoint', id);
}, 30_000);

test('what an endpoint was to be told is not told after its removal, and its secrets are destroyed', async () => {
  const receiver = await opened(answers(500));
  const { id } = await hooks.add(receiver.url());
  await firstOf(id);
  const pair = `select k.id from perennial.webhook_secret k join perennial.stream s
    on k.id in (s.state->>'signsWith', s.state->>'pairedWith') where s.id = $1`;
  expect((await look(door, pair, [id])).length).toBe(2);
  await hooks.does('removeWebhookEndpoint', id);
  const calls = receiver.calls.length;
  const left = await hooks.deliveries({ endpoint: id });
  expect(left.filter(({ status }) => status === 'pending')).toEqual([]);
  expect(left.some(({ lastError }) => lastError === 'endpoint-removed')).toBe(true);
  await look(
    door,
    `update perennial.webhook_secret set made_at = made_at - interval '25 hours'; select perennial.tidy_webhooks()`,
  );
  expect(await look(door, pair, [id])).toEqual([]);
  await hooks.happensPlaced();
  expect(receiver.calls.length).toBe(calls);
}, 30_000);

test.each([
  ...[
    'http://hooks.example.org/',
    'https://user@hooks.example.org/',
    'https://u:p@hooks.example.org/',
    'ftp://a.example/',
  ],
  ...[
    'https://hooks.example.org/#x',
    'https://hooks.example.org#',
    'https:',
    'hooks.example.org',
    'https://a.example:0/',
    '',
  ],
  ...[
    'https://a.example\\@b.example/',
    'https://a.example/ x',
    'https://a.example/\r\nx',
    `https://a.example/${'x'.repeat(2_000)}`,
  ],
])('an address that could not be called is refused where it stands: %j', async (address) => {
  const sent = { token: hooks.owner.token, key: hooks.key(), body: { address } };
  const problem = await door.problem('POST', '/v1/webhook-endpoints', sent);
  expect(problem).toMatchObject({ code: 'invalid-body', errors: [{ pointer: '/address' }] });
});

test('more types than an endpoint may name, or one that is none, is refused', async () => {
  for (const types of [['nonconformity.raised'], Array(51).fill('perennial.person.changed.v1')]) {
    const sent = {
      token: hooks.owner.token,
      key: hooks.key(),
      body: { address: 'https://a.example/', types },
    };
    expect((await door.problem('POST', '/v1/webhook-endpoints', sent)).code).toBe('invalid-body');
  }
});
