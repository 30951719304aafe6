import ICAL from 'ical.js';
import { calendarFeeds } from '#contract/routes/calendars.js';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Processes } from '#database/processes.js';
import { findings } from '#contract/routes/findings.js';
import { metrics } from '#contract/routes/metrics.js';
import { tasks } from '#contract/routes/tasks.js';
import { CommandLine } from '../support/command-line.js';
import { ApiDoor, type Got } from './support/door.js';
import type { Somebody } from './support/people.js';
import { planOf, toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// Dates for calendar programs, read by a parser that knows nothing of ours.

let door: ApiDoor;
let world: SmallWorld;
let programme: string;
let finding: string;
let [ana, nora, dana, iris, stranger]: Somebody[] = [];

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  nora = await world.person('client', 'aims-manager');
  dana = await world.person('client', 'process-owner');
  iris = await world.person('client', 'internal-auditor');
  stranger = await (await SmallWorld.make(door, 'elsewhere')).person('client', 'aims-manager');
  programme = await world.programme(known(ana));
  finding = await planned('plan');
}, 120_000);
afterAll(() => door.close());

const known = (somebody: Somebody | undefined): Somebody => {
  if (!somebody) throw new Error('nobody has joined');
  return somebody;
};
const as = (somebody: Somebody | undefined) => door.as(known(somebody).token);

/** A finding with a plan that Dana submitted, and that a task asks the AIMS managers to confirm. */
async function planned(key: string): Promise<string> {
  const { id, version } = await toBePlanned(door, world, known(iris), { programme, key });
  const one = { params: { id }, key, version, body: planOf(known(dana).id) };
  await as(dana).call(findings.commands.submitPlan, one);
  return id;
}

/** The process of a finding asks the AIMS managers to confirm its plan by a day. */
async function asked(about: string): Promise<{ id: string; version: number }> {
  const source = await openDatabase(door.behind.database.appUrl, 'engine', 2);
  const process = `corrective-action/${about}`;
  const input = { queue: 'aims-manager', asks: 'submitPlan', due: '2029-04-05' };
  const order = { command: 'openTask', makes: { kind: 'task', prefix: 'tsk' }, input };
  await new Processes(source, new Commands(source)).take(
    process,
    { key: `${process}/raised#1/ask`, order },
    0,
  );
  await source.destroy();
  const [row] = await look<{ id: string; version: number }>(
    door,
    `select id, version from perennial.stream where kind = 'task' and about = $1 and stage = 'open' and state ? 'due'`,
    [about],
  );
  return row ?? { id: '', version: 0 };
}

let made = 0;

/** A new calendar of somebody: the path of its secret address, and its id. */
async function feed(
  somebody: Somebody | undefined,
  of: string,
  more = {},
): Promise<{ id: string; path: string }> {
  made += 1;
  const body = { of, ...more };
  const { id, address } = await as(somebody).call(calendarFeeds.create, {
    key: `calendar-${String(made)}`,
    body,
  });
  return { id, path: new URL(address ?? '').pathname };
}

/** Each fetch is from elsewhere. */
const fetched = (path: string, headers: Record<string, string> = {}): Promise<Got> =>
  door.send('GET', path, { headers });

interface Shown {
  readonly summary: string;
  readonly from: string;
  readonly isDate: boolean;
  readonly until: string;
  readonly status: unknown;
  readonly sequence: unknown;
  readonly transp: unknown;
  readonly alarms: readonly string[];
}

/** The events of a calendar by their names, as ical.js reads them. */
async function events(path: string): Promise<ReadonlyMap<string, Shown>> {
  const { status, bytes } = await fetched(path);
  expect(status).toBe(200);
  const whole = new ICAL.Component(ICAL.parse(bytes.toString()) as unknown[]);
  return new Map(
    whole.getAllSubcomponents('vevent').map((one): [string, Shown] => {
      const event = new ICAL.Event(one);
      const alarms = one
        .getAllSubcomponents('valarm')
        .map((alarm) => String(alarm.getFirstPropertyValue('trigger')));
      const { summary, startDate, endDate, sequence } = event;
      const [status, transp] = [one.getFirstPropertyValue('status'), one.getFirstPropertyValue('transp')];
      const days = { from: startDate.toString(), isDate: startDate.isDate, until: endDate.toString() };
      return [event.uid, { summary, ...days, status, sequence, transp, alarms }];
    }),
  );
}

const only = async (path: string): Promise<Shown | undefined> => [...(await events(path)).values()][0];

test('a programme shows what it owes as days, under names that last; the title has number and kind and names nobody', async () => {
  const { path } = await feed(ana, programme, { windows: true, alarms: ['P7D', 'P2W'] });
  const [[uid, plan] = ['', undefined]] = [...(await events(path))].filter(([name]) =>
    name.includes(finding),
  );
  expect(uid).toMatch(new RegExp(`^${finding}\\.plan-1\\.1@org_[0-9a-z]{26}$`));
  expect(plan).toMatchObject({ isDate: true, status: 'CONFIRMED', sequence: 0, transp: 'OPAQUE' });
  expect(plan?.summary).toMatch(/^N-\d{4}-\d{4}: plan for /);
  expect(Date.parse(plan?.until ?? '') - Date.parse(plan?.from ?? '')).toBe(24 * 60 * 60 * 1000);
  expect(plan?.alarms.toSorted()).toEqual(['-P14D', '-P7D']);
  const text = (await fetched(path)).bytes.toString();
  expect(text).toContain('REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n');
  expect(text).not.toMatch(/Person|assistant|per_/);
});

test('one who is asked for it again says that nothing has changed; a calendar is private', async () => {
  const { path } = await feed(ana, programme);
  const first = await fetched(path);
  const { etag, 'cache-control': caching, 'content-type': type } = first.headers;
  expect([caching, type]).toEqual(['private, no-cache', 'text/calendar; charset=utf-8']);
  expect((await fetched(path)).bytes.equals(first.bytes)).toBe(true);
  const again = await fetched(path, { 'if-none-match': String(etag) });
  expect([again.status, again.bytes.length]).toEqual([304, 0]);
});

test('my calendar has what is in my hands or open to me; what a colleague takes, and what is done, falls away', async () => {
  const own = await planned('taken');
  const { id, version } = await asked(own);
  const mine = await feed(ana, 'me');
  const queue = await feed(nora, 'aims-manager');
  const before = await events(mine.path);
  expect([...before.values()].every(({ status, isDate }) => status === 'CONFIRMED' && isDate)).toBe(true);
  expect([...(await events(queue.path)).keys()]).toEqual([...before.keys()]);
  const uid = [...before.keys()].find((name) => name.startsWith(`${id}@`)) ?? '';
  expect(before.get(uid)?.summary).toMatch(/^N-\d{4}-\d{4}: Submit the plan for /);
  await as(nora).call(tasks.commands.claimTask, { params: { id }, key: 'takes', version, body: {} });
  expect((await events(mine.path)).get(uid)).toMatchObject({ status: 'CANCELLED', sequence: version });
  expect((await events(queue.path)).get(uid)).toMatchObject({ status: 'CONFIRMED' });
  await confirmed(own, nora);
  const after = (await events(queue.path)).get(uid);
  expect([after?.status, Number(after?.sequence)]).toEqual(['CANCELLED', version + 1]);
});

/** An AIMS manager confirms the plan, by which it is submitted. */
async function confirmed(id: string, by: Somebody | undefined): Promise<void> {
  const { version } = await as(by).call(findings.get, { params: { id } });
  const body = planOf(known(dana).id);
  await as(by).call(findings.commands.submitPlan, { params: { id }, key: `confirms-${id}`, version, body });
}

test('what has fallen away is told for ninety days under the same name, and then no more', async () => {
  const { path } = await feed(ana, programme);
  const uid = [...(await events(path)).keys()].find((name) => name.startsWith(finding)) ?? '';
  await confirmed(finding, ana);
  expect((await events(path)).get(uid)).toMatchObject({ status: 'CANCELLED', sequence: 1 });
  const later = (days: number) =>
    look(door, `update perennial.sandbox set now = now + $2 * interval '1 day' where id = $1`, [
      world.sandbox,
      days,
    ]);
  await later(90);
  expect((await events(path)).has(uid)).toBe(true);
  await later(1);
  expect((await events(path)).has(uid)).toBe(false);
  await later(-91);
});

test('one sees one’s own calendars with their last fetch, and ends them; an address that was ended is as one that never was', async () => {
  const { id, path } = await feed(dana, 'me');
  const mine = async () => (await as(dana).call(calendarFeeds.list, {})).data.find((one) => one.id === id);
  expect((await mine())?.fetchedAt).toBeNull();
  await fetched(path);
  expect((await mine())?.fetchedAt).toMatch(/^20\d\d-/);
  expect(JSON.stringify(await mine())).not.toContain(path.split('/')[2]?.slice(0, 20));
  for (const other of [ana, stranger])
    expect(
      (await door.send('DELETE', `/v1/calendar-feeds/${id}`, { token: known(other).token })).status,
    ).toBe(404);
  expect((await as(ana).call(calendarFeeds.list, {})).data.map((one) => one.id)).not.toContain(id);
  await as(dana).call(calendarFeeds.revoke, { params: { id } });
  expect((await as(dana).call(calendarFeeds.list, {})).data).toEqual([]);
  const bare = ({ status, bytes }: Got): unknown[] => [
    status,
    bytes.toString().replaceAll(/req_\w{26}/g, ''),
  ];
  expect(bare(await fetched(path))).toEqual(bare(await fetched(`/calendar/${'A'.repeat(43)}.ics`)));
  expect((await fetched(path)).status).toBe(404);
});

test('the address is shown once: the same request again has no second calendar and no address', async () => {
  const ask = (body: object): Promise<Got> =>
    door.send('POST', '/v1/calendar-feeds', { token: known(ana).token, key: 'again', body });
  const [first, second] = [await ask({ of: 'me' }), await ask({ of: 'me' })].map(
    ({ status, bytes, headers }) => ({
      ...(JSON.parse(bytes.toString()) as { id: string; address: string | null }),
      ...{ status, replayed: headers['idempotency-replayed'] },
    }),
  );
  expect(first?.address).toMatch(/^http:\/\/127\.0\.0\.1\/calendar\/[\w-]{43}\.ics$/);
  expect(second).toEqual({ ...first, address: null, replayed: 'true' });
  const other = await door.problem('POST', '/v1/calendar-feeds', {
    ...{ token: known(ana).token, key: 'again', body: { of: programme } },
  });
  expect(other.code).toBe('idempotency-key-reused');
});

test('at the command line one makes a calendar, sees it in a table, fetches it and ends it', async () => {
  const line = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY: known(iris).token });
  const made = await line.type([
    'calendar-feeds',
    'create',
    '--of',
    programme,
    '--windows',
    '--alarms',
    'P7D',
    '--json',
  ]);
  const { id, address } = JSON.parse(made.data) as { id: string; address: string };
  expect((await line.type(['calendar-feeds', 'list'])).data).toMatch(
    new RegExp(`^id +of +.*\\n${id} +${programme}`),
  );
  const [, token = ''] = /calendar\/([\w-]+)\.ics$/.exec(address) ?? [];
  expect((await line.type(['system', 'calendar', token])).data).toMatch(/^BEGIN:VCALENDAR\r\n/);
  expect((await line.type(['calendar-feeds', 'revoke-feed', id])).exit).toBe(0);
  expect((await line.type(['calendar-feeds', 'list'])).talk).toContain('none');
}, 60_000);

test.each([
  ['a programme of others', () => stranger, () => ({ of: programme }), 'not-found'],
  ['a role that one does not hold', () => dana, () => ({ of: 'top-management' }), 'not-permitted'],
  [
    'anything, for a key',
    () => ({ ...known(ana), token: door.key }),
    () => ({ of: 'me' }),
    'person-required',
  ],
  ['what is none of these', () => ana, () => ({ of: 'everything' }), 'invalid-body'],
])('nobody makes a calendar of %s', async (_, who, body, code) => {
  const sent = { token: known(who()).token, key: 'not-mine', body: body() };
  expect((await door.problem('POST', '/v1/calendar-feeds', sent)).code).toBe(code);
});

test('a calendar shows what its maker may see now: without the role nothing, and over when they left or the organisation is closed', async () => {
  const [mine, whole, queue] = [
    await feed(nora, 'me'),
    await feed(nora, programme),
    await feed(nora, 'aims-manager'),
  ];
  await asked(await planned('once-more'));
  for (const { path } of [mine, whole, queue]) expect((await events(path)).size).toBeGreaterThan(0);
  const becomes = (change: object, id = known(nora).id) =>
    look(
      door,
      'update perennial.stream set stage = coalesce($2::jsonb->>$3, stage), state = state || $2::jsonb where id = $1',
      [...[id, JSON.stringify(change), 'stage']],
    );
  await becomes({ grants: [{ role: 'employee', from: '2020-01-01' }] });
  // What she did herself has fallen away, and of what is asked of others she is told no more.
  expect([...(await events(mine.path)).values()].filter(({ status }) => status !== 'CANCELLED')).toEqual([]);
  expect(await only(queue.path)).toBeUndefined();
  await becomes({ grants: [{ role: 'aims-manager', from: '2020-01-01', until: '2020-12-31' }] });
  for (const { path } of [mine, whole, queue]) expect(await only(path)).toBeUndefined();
  await becomes({ grants: [{ role: 'aims-manager', from: '2020-01-01' }] });
  expect(await only(queue.path)).toBeDefined();
  const organisation = known(nora).organisation;
  await becomes({ stage: 'closed' }, organisation);
  expect(await door.problem('GET', mine.path)).toMatchObject({ status: 410, code: 'calendar-over' });
  await becomes({ stage: 'active' }, organisation);
  await becomes({ stage: 'departed' });
  for (const { path } of [mine, whole, queue]) expect((await fetched(path)).status).toBe(410);
});

test('a programme of which an organisation is no side any more shows it nothing', async () => {
  const pia = await world.person('body', 'programme-manager');
  await look(door, `update perennial.stream set visibility = 'both' where programme = $1`, [programme]);
  await look(
    door,
    `insert into perennial.programme_party values ($1, $2, 'certificationBody', now()) on conflict do nothing`,
    [programme, pia.organisation],
  );
  const { path } = await feed(pia, programme);
  expect((await events(path)).size).toBeGreaterThan(0);
  await look(door, 'update perennial.programme_party set until = now() where organisation = $1', [
    pia.organisation,
  ]);
  expect((await events(path)).size).toBe(0);
});

test('whoever fetches too often waits, the others do not; and no number of the installation bears an address', async () => {
  const [{ path }, other] = [await feed(ana, 'me'), await feed(ana, 'me')];
  const statuses: number[] = [];
  for (let n = 0; n < 61; n += 1) statuses.push((await fetched(path)).status);
  expect(statuses).toEqual([...Array.from({ length: 60 }, () => 200), 429]);
  const { headers } = await fetched(path);
  expect(Number(headers['retry-after'])).toBeGreaterThan(60);
  expect((await fetched(other.path)).status).toBe(200);
  const numbers = (await door.send('GET', metrics.read.path, { token: door.key })).bytes.toString();
  expect(numbers).toContain('route="calendar",status="429"');
  expect(numbers).not.toContain(path.split('/')[2]?.slice(0, 12));
}, 60_000);
