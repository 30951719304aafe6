import { events } from '#contract/routes/events.js';
import { findings } from '#contract/routes/findings.js';
import { openDatabase } from '#database/data-source.js';
import { placeAll } from '../support/place-all.js';
import { ApiDoor } from './support/door.js';
import type { Somebody } from './support/people.js';
import { planOf, toBePlanned } from './support/plans.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let world: SmallWorld;
let [ana, dana, iris, stranger]: Somebody[] = [];
let finding: string;

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  dana = await world.person('client', 'process-owner');
  iris = await world.person('client', 'internal-auditor');
  stranger = await (await SmallWorld.make(door, 'elsewhere')).person('client', 'aims-manager');
  const programme = await world.programme(ana);
  const { id, version } = await toBePlanned(door, world, iris, { programme, key: 'followed' });
  finding = id;
  const plan = { params: { id }, key: 'followed', version, body: planOf(dana.id) };
  await as(dana).call(findings.commands.submitPlan, plan);
  const engine = await openDatabase(door.behind.database.appUrl, 'engine', 1);
  await placeAll(engine);
  await engine.destroy();
}, 120_000);
afterAll(() => door.close());

const as = (somebody: Somebody | undefined) => door.as(somebody?.token);

test('everything that happened is told in one order, as CloudEvents, and the cursor goes on from there', async () => {
  const { data, cursor } = await as(ana).call(events.feed, { query: { limit: '500' } });
  expect(data.map(({ sequence }) => Number(sequence))).toEqual(data.map((_, place) => place + 1));
  expect(cursor).toBe(data.at(-1)?.sequence);
  const raised = data.find(({ type }) => type === 'perennial.nonconformity.raised.v1');
  expect(raised).toMatchObject({
    ...{ specversion: '1.0', source: `/organisations/${world.client}`, subject: `findings/${finding}` },
    ...{ clock: 'sandbox', streamversion: 2, datacontenttype: 'application/json' },
    data: { actor: { role: 'internal-auditor' }, links: { self: `/v1/findings/${finding}` } },
  });
  const after = await as(ana).call(events.feed, { query: { after: cursor } });
  expect(after).toMatchObject({ data: [], cursor });
});

test('nothing that people wrote stands in an event: texts are behind its link', async () => {
  const { data } = await as(ana).call(events.feed, { query: { limit: '500' } });
  expect(JSON.stringify(data)).not.toMatch(/impact assessment|example\.org|Person 1|No owner/);
});

test('the feed is narrowed to types and to one thing; it goes on behind what it passed over', async () => {
  const type = 'perennial.nonconformity.raised.v1,perennial.second.awaited.v1';
  const { data, cursor } = await as(ana).call(events.feed, { query: { type, subject: finding } });
  expect(data.map((one) => one.type)).toEqual(type.split(','));
  const whole = await as(ana).call(events.feed, { query: { limit: '500' } });
  expect(cursor).toBe(whole.cursor);
});

test('another organisation has another feed', async () => {
  const { data } = await as(stranger).call(events.feed, { query: { limit: '500' } });
  expect(data.length).toBeGreaterThan(0);
  expect(JSON.stringify(data)).not.toContain(world.client);
});

test.each([
  ['after=-1', 'invalid-parameter'],
  ['after=99999999999999999999', 'invalid-parameter'],
  ['limit=501', 'invalid-parameter'],
  ['limit=0', 'invalid-parameter'],
  ['since=1', 'unknown-parameter'],
])('%s is %s', async (query, code) => {
  const problem = await door.problem('GET', `/v1/events?${query}`, { token: ana?.token ?? '' });
  expect(problem).toMatchObject({ status: 400, code });
});
