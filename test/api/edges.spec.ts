import { people } from '#contract/routes/people.js';
import { programmes } from '#contract/routes/programmes.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { ApiDoor } from './support/door.js';
import type { Somebody } from './support/people.js';
import { leavesNothing } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// Values at the edges of what can be written: the first and the last day, names of zones, addresses with other methods.

let door: ApiDoor;
let world: SmallWorld;
let ana: Somebody;
let programme: string;
beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  programme = await world.programme(ana);
}, 60_000);
afterAll(() => door.close());

let keys = 0;
const key = (): string => `edge-${String((keys += 1))}`;

test.each([
  ['a new programme', () => '/v1/programmes', '/governingZone', { governingZone: 'Mars/Olympus' }],
  [
    'an organisation',
    () => `/v1/organisations/${world.client}/change-organisation`,
    '/zone',
    { zone: 'Mars/Olympus' },
  ],
  [
    'POST',
    () => `/v1/programmes/${programme}/change-governing-zone`,
    '/governingZone',
    { governingZone: 'X' },
  ],
])('%s takes no time zone that nobody knows', async (_, path, pointer, body) => {
  const sent = { token: ana.token, key: key(), version: 1, body };
  const problem = await leavesNothing(door, () => door.problem('POST', path(), sent));
  expect(problem.code).toBe('invalid-body');
  expect(problem.errors).toEqual(
    expect.arrayContaining([expect.objectContaining({ pointer, code: 'not-in-list' })]),
  );
});

test.each(['JST', 'pst', 'IST'])(
  '%s is a name that some systems know and the calendar does not',
  async (zone) => {
    const sent = { token: ana.token, key: key(), body: { governingZone: zone } };
    const { errors } = await door.problem('POST', '/v1/programmes', sent);
    expect(errors).toEqual([expect.objectContaining({ pointer: '/governingZone', code: 'not-in-list' })]);
  },
);

test('what is more than an entry holds is refused, also in a dry run, and leaves nothing', async () => {
  const names = Array.from({ length: 1_000 }, (_, n) => `area-${String(n).padStart(58, '0')}`);
  const lea = await world.person('body', 'lead-auditor');
  const selma = await world.person('body', 'scheme-administrator');
  const greta = await world.person('body', 'programme-manager');
  const opened = { token: greta.token, key: key(), body: { person: lea.id, of: 'audit' } };
  const made = await door.send('POST', '/v1/competences', opened);
  const { id, version } = JSON.parse(made.bytes.toString()) as { id: string; version: number };
  const path = `/v1/competences/${id}/qualify-person`;
  const body = { areas: names, until: '2031-01-01' };
  await leavesNothing(door, async () => {
    for (const headers of [{}, { 'perennial-dry-run': 'true' }]) {
      const sent = { token: selma.token, key: key(), version, body, headers };
      expect(await door.problem('POST', path, sent)).toMatchObject({
        code: 'invalid-body',
        detail: expect.stringContaining('64 KiB') as string,
      });
    }
  });
});

test.each(['P174Y', 'P999999Y', 'P999999W', 'PT999999999H'])(
  'no clock moves by %s, beyond the end of the calendar',
  async (by) => {
    const path = `/v1/sandboxes/${world.sandbox}/advance`;
    const problem = await door.problem('POST', path, { token: door.key, key: key(), body: { by } });
    expect(problem).toMatchObject({
      code: 'invalid-body',
      errors: [{ pointer: '/by', code: 'out-of-range' }],
    });
  },
);

test.each(['1969-12-31T23:59:59.999Z', '2199-12-31T00:00:00.000Z'])(
  'no clock begins at %s',
  async (startsAt) => {
    const body = { name: 'early', startsAt, zone: 'UTC', seed: 1 };
    const problem = await door.problem('POST', '/v1/sandboxes', { token: door.key, key: key(), body });
    expect(problem.errors).toEqual([expect.objectContaining({ pointer: '/startsAt', code: 'out-of-range' })]);
  },
);

test('the last day of the calendar lies ahead, in every zone', async () => {
  const path = `/v1/programmes/${programme}`;
  const west = { governingZone: 'America/New_York' };
  const made = await door.send('POST', '/v1/programmes', { token: ana.token, key: key(), body: west });
  const { id } = JSON.parse(made.bytes.toString()) as { id: string };
  for (const one of [path, `/v1/programmes/${id}`])
    expect(await door.problem('GET', `${one}?asOf=2199-12-31`, { token: ana.token })).toMatchObject({
      code: 'as-of-in-future',
    });
});

test("a tie to a client that ends on the last day of all stands in nobody else's way", async () => {
  const lea = await world.person('body', 'lead-auditor');
  const { version } = await door.as(lea.token).call(people.get, { params: { id: lea.id } });
  const tie = { kind: 'consultancy', client: world.client, from: '2020-01-01', until: '2199-12-31' };
  const sent = { token: lea.token, key: key(), version, body: tie };
  expect((await door.send('POST', `/v1/people/${lea.id}/declare-interest`, sent)).status).toBe(200);
  const all = await door.send('GET', `/v1/people/${lea.id}?include=actions.all`, { token: lea.token });
  expect(all.status).toBe(200);
});

test('a key in a sandbox at the end of the calendar is made, and ends with it', async () => {
  const body = { name: 'late', startsAt: '2199-12-30T08:00:00.000Z', zone: 'UTC', seed: 'late' };
  const late = await door.as().call(sandboxes.create, { key: key(), body: body });
  const organisation = late.organisations.find(({ side }) => side === 'client')?.id ?? '';
  const making = { organisation, roles: ['aims-manager'], scopes: ['read'] };
  const made = await door.send('POST', '/v1/api-keys', { token: door.key, key: key(), body: making });
  expect([made.status, JSON.parse(made.bytes.toString())]).toMatchObject([201, { expiresOn: '2199-12-31' }]);
});

test('a role that is named twice is given once', async () => {
  const roles = ['employee', 'employee'];
  const body = { organisation: world.client, name: 'Twice', mail: 'twice@client.example', roles };
  const made = await door.send('POST', '/v1/people', { token: door.key, key: key(), body });
  const { grants } = JSON.parse(made.bytes.toString()) as { grants: object[] };
  expect(grants).toHaveLength(1);
});

test('an address tells which methods it knows, whatever method comes', async () => {
  for (const method of ['QUERY', 'PUT', 'PROPFIND', 'PATCH']) {
    const got = await door.send(method, '/v1/session', { token: ana.token });
    expect([method, got.status, got.headers['allow']]).toEqual([method, 405, 'GET, POST, DELETE']);
  }
});

test('sandboxes come page by page, each once', async () => {
  const seen: string[] = [];
  for (let token: string | null = ''; token !== null;) {
    const query = { pageSize: '1', ...(token === '' ? {} : { pageToken: token }) };
    const page: { data: { id: string }[]; nextPageToken: string | null } = await door
      .as()
      .call(sandboxes.list, { query });
    seen.push(...page.data.map(({ id }) => id));
    token = page.nextPageToken;
  }
  expect([seen.length, new Set(seen).size]).toEqual([2, 2]);
  const rubbish = await door.problem('GET', '/v1/sandboxes?pageToken=rubbish', { token: door.key });
  expect(rubbish.code).toBe('page-token-invalid');
});

test('a file is given to whoever accepts its type', async () => {
  const headers = { accept: 'text/plain' };
  expect((await door.send('GET', '/v1/metrics', { token: door.key, headers })).status).toBe(200);
});

test('whoever sees two things of one number is told their ids, and acts on neither', async () => {
  const second = await SmallWorld.make(door, 'namesake');
  const other = await second.programme(await second.person('client', 'aims-manager'));
  const { number, version } = await door.as(ana.token).call(programmes.get, { params: { id: programme } });
  expect(number).toMatch(/^PRG-/);
  expect((await door.as(ana.token).call(programmes.get, { params: { id: number ?? '' } })).id).toBe(
    programme,
  );
  const problem = {
    code: 'number-ambiguous',
    status: 409,
    detail: `${number ?? ''} is the number of ${[programme, other].toSorted().join(', ')}.`,
  };
  const path = `/v1/programmes/${number ?? ''}`;
  expect(await door.problem('GET', path, { token: door.key })).toMatchObject(problem);
  expect(await door.problem('GET', `${path}/roadmap`, { token: door.key })).toMatchObject(problem);
  const act = { token: door.key, key: key(), version, body: { cause: 'voluntary' } };
  const acted = await leavesNothing(door, () => door.problem('POST', `${path}/end-programme`, act));
  expect(acted).toMatchObject(problem);
}, 60_000);
