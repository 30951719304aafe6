import { request, type IncomingMessage } from 'node:http';
import { events } from '#contract/routes/events.js';
import { findings } from '#contract/routes/findings.js';
import { openDatabase } from '#database/data-source.js';
import { pause } from '#platform/pause.js';
import { until } from '../support/live.js';
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

/** A line to the door on which events are told as they happen. */
class Following {
  text = '';
  ended = false;

  private constructor(readonly answer: IncomingMessage) {
    answer.setEncoding('utf8').on('data', (part: string) => (this.text += part));
    answer.on('close', () => (this.ended = true));
  }

  static open(query = '', headers: Readonly<Record<string, string>> = {}): Promise<Following> {
    return new Promise((resolve, reject) => {
      const own = { accept: 'text/event-stream', authorization: `Bearer ${ana?.token ?? ''}`, ...headers };
      const asked = request(`${door.url}/v1/events${query}`, { headers: own }, (answer) =>
        resolve(new Following(answer)),
      );
      asked.on('error', reject).end();
    });
  }

  get places(): readonly string[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map(([, place = '']) => place);
  }

  close(): void {
    this.answer.destroy();
  }
}

const happens = async (key: string): Promise<void> => {
  if (!ana || !iris) throw new Error('nobody has joined');
  const programme = await world.programme(ana);
  await toBePlanned(door, world, iris, { programme, key });
  const engine = await openDatabase(door.behind.database.appUrl, 'engine', 1);
  await placeAll(engine);
  await engine.destroy();
};

describe('whoever follows', () => {
  test('is told what happens as it happens, and from where they were when they come again', async () => {
    const following = await Following.open();
    expect([following.answer.statusCode, following.answer.headers['content-type']]).toEqual([
      200,
      'text/event-stream',
    ]);
    await until(() => Promise.resolve(following.text.includes('retry: 1000')));
    expect(following.places).toEqual([]);
    await pause(300);
    await happens('told');
    await until(() => Promise.resolve(following.text.includes('event: perennial.nonconformity.raised.v1')));
    const [first = '', ...more] = following.places;
    following.close();
    const again = await Following.open('', { 'last-event-id': first });
    await until(() => Promise.resolve(again.places.length >= more.length));
    expect(again.places).toEqual(more);
    const { data } = await as(ana).call(events.feed, { query: { after: first, limit: '1' } });
    expect(again.text).toContain(`data: ${JSON.stringify(data[0])}\n\n`);
    again.close();
  }, 30_000);

  test('is told of what they asked for alone', async () => {
    const type = 'perennial.nonconformity.raised.v1';
    const following = await Following.open(`?after=0&type=${type}`);
    await until(() => Promise.resolve(following.places.length > 1));
    expect(new Set(following.text.match(/^event: .*$/gm))).toEqual(new Set([`event: ${type}`]));
    following.close();
  });

  test('is one of five of an organisation; whoever leaves makes room', async () => {
    const held: Following[] = [];
    const isAdmitted = async (): Promise<boolean> => {
      const following = await Following.open();
      if (following.answer.statusCode === 200) held.push(following);
      return following.answer.statusCode === 200;
    };
    await until(async () => (await isAdmitted()) && held.length === 5);
    const more = await Promise.all([1, 2].map(() => Following.open()));
    expect(more.map(({ answer }) => answer.statusCode)).toEqual([429, 429]);
    held.shift()?.close();
    await until(isAdmitted, 5_000);
    held.forEach((following) => following.close());
  }, 30_000);

  test('is nobody who asks for the headers alone', async () => {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${ana?.token ?? ''}` };
    for (let asked = 0; asked < 7; asked += 1)
      expect((await door.send('HEAD', '/v1/events', { headers })).status).toBe(200);
    const following = await Following.open();
    expect(following.answer.statusCode).toBe(200);
    following.close();
  });

  test('without a credential is told nothing', async () => {
    expect((await Following.open('', { authorization: '' })).answer.statusCode).toBe(401);
  });

  test('does not keep the program from ending', async () => {
    const own = await ApiDoor.before(door.behind, door.key);
    const lines = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { accept: 'text/event-stream', authorization: `Bearer ${ana?.token ?? ''}` };
      request(`${own.url}/v1/events`, { headers }, resolve).on('error', reject).end();
    });
    const over = new Promise((resolve) => lines.resume().on('close', resolve));
    const began = Date.now();
    await own.restart();
    await over;
    expect(Date.now() - began).toBeLessThan(15_000); // a line lives for five minutes
    await own.restart(true);
  }, 30_000);
});
