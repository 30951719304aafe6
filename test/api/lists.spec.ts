import { people } from '#contract/routes/people.js';
import { programmes } from '#contract/routes/programmes.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import type { Role } from '#domain/actor.js';
import { ApiDoor } from './support/door.js';

const STARTS = '2029-01-08T08:00:00.000Z';

let door: ApiDoor;
let sandbox: string;
let client: string;
let dana: string;
let token: string;

beforeAll(async () => {
  door = await ApiDoor.open();
  const made = await newSandbox('first');
  ({ id: sandbox } = made);
  client = made.organisations.find(({ side }) => side === 'client')?.id ?? '';
  dana = await invited('dana', ['aims-manager']);
  token = await tokenOf(sandbox, dana);
}, 180_000);
afterAll(() => door.close());

const newSandbox = (name: string) =>
  door.as().call(sandboxes.create, {
    key: `sandbox-${name}`,
    body: { name, startsAt: STARTS, zone: 'Europe/Vienna', seed: 42 },
  });

async function invited(name: string, held: readonly Role[], organisation = client): Promise<string> {
  const body = { organisation, name, mail: `${name}@client.example`, roles: [...held] };
  return (await door.as().call(people.commands.invitePerson, { key: `${organisation}-${name}`, body })).id;
}

async function tokenOf(id: string, person: string): Promise<string> {
  return (await door.as().call(sandboxes.actAs, { params: { id }, key: person, body: { person } })).token;
}

/** One page of the people that somebody sees. */
async function page(query: string, as = token) {
  const { status, bytes } = await door.send('GET', `/v1/people?${query}`, { token: as });
  expect(status).toBe(200);
  return JSON.parse(bytes.toString()) as { data: { id: string }[]; nextPageToken: string | null };
}

test('a list is read page by page while others are added to it: nobody is missed, nobody comes twice', async () => {
  for (let n = 0; n < 9; n += 1) await invited(`person-${String(n)}`, ['process-owner']);
  const there = (await page('pageSize=200')).data.map(({ id }) => id);
  expect(there.length).toBeGreaterThanOrEqual(10);
  const seen: string[] = [];
  let next: string | null = '';
  for (let pages = 0; next !== null; pages += 1) {
    const { data, nextPageToken } = await page(`pageSize=2${next === '' ? '' : `&pageToken=${next}`}`);
    expect(data.length).toBeLessThanOrEqual(2);
    seen.push(...data.map(({ id }) => id));
    next = nextPageToken;
    if (pages < 3) await invited(`late-${String(pages)}`, ['process-owner']);
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(there.filter((id) => !seen.includes(id))).toEqual([]);
});

test('a page token is good for the list, the filter and the organisation that it was made for, and for none that was made up', async () => {
  const { nextPageToken } = await page('pageSize=1');
  const made = nextPageToken ?? '';
  const [content = '', sign = ''] = made.split('.');
  const forged = Buffer.from(JSON.stringify(['x', Date.now() + 1e9])).toString('base64url');
  const wrong = [
    `/v1/people?pageSize=1&pageToken=${forged}.${sign}`,
    `/v1/people?pageSize=1&pageToken=${content}.${'A'.repeat(sign.length)}`,
    `/v1/people?pageSize=1&pageToken=${content}`,
    `/v1/people?pageSize=1&pageToken=x`,
    `/v1/people?pageSize=1&state=active&pageToken=${made}`,
    `/v1/tasks?pageSize=1&pageToken=${made}`,
  ];
  for (const path of wrong)
    expect([path, (await door.problem('GET', path, { token })).code]).toEqual([path, 'page-token-invalid']);
  expect(
    (await door.problem('GET', `/v1/people?pageSize=1&pageToken=${made}`, { token: door.key })).code,
  ).toBe('page-token-invalid');
  await page(`pageSize=1&pageToken=${made}`);
});

test.each(['0', '201', '-1', '1.5', 'ten', '', '9999'])('a page of %s rows is refused', async (size) => {
  const problem = await door.problem('GET', `/v1/people?pageSize=${size}`, { token });
  expect(problem).toMatchObject({ code: 'invalid-parameter', errors: [{ parameter: 'pageSize' }] });
});

test('a thing that has not changed is answered with 304 and without bytes; after a change it comes anew', async () => {
  const read = (tag?: string) =>
    door.send('GET', `/v1/people/${dana}`, {
      token,
      ...(tag === undefined ? {} : { headers: { 'if-none-match': tag } }),
    });
  const tag = String((await read()).headers['etag']);
  const again = await read(tag);
  expect([again.status, again.bytes.length, again.headers['etag']]).toEqual([304, 0, tag]);
  const [, version = ''] = /^"(\d+)\./.exec(tag) ?? [];
  const accepted = { token, key: 'accept', version, body: {} };
  expect((await door.send('POST', `/v1/people/${dana}/accept-invitation`, accepted)).status).toBe(200);
  const changed = await read(tag);
  expect(changed.status).toBe(200);
  expect(changed.headers['etag']).not.toBe(tag);
});

test('what a sandbox has seen is one list for its keeper, and nobody else has it', async () => {
  const { bytes } = await door.send('GET', `/v1/entries?sandbox=${sandbox}&pageSize=200`, {
    token: door.key,
  });
  const { data } = JSON.parse(bytes.toString()) as { data: { stream: string }[] };
  expect(data.map(({ stream }) => stream)).toEqual(expect.arrayContaining([client, dana]));
  const other = await newSandbox('another');
  const stranger = other.organisations[0]?.id ?? '';
  const theirs = await tokenOf(other.id, await invited('eve', ['aims-manager'], stranger));
  const seen = await door.send('GET', `/v1/entries?sandbox=${sandbox}`, { token: theirs });
  expect(JSON.parse(seen.bytes.toString())).toMatchObject({ data: [] });
});

describe('The clock of a sandbox', () => {
  const advance = (body: object, key: string) =>
    door.send('POST', `/v1/sandboxes/${sandbox}/advance`, { token: door.key, key, body });
  const problem = (body: object, key: string) =>
    door.problem('POST', `/v1/sandboxes/${sandbox}/advance`, { token: door.key, key, body });

  it('never goes back', async () => {
    expect((await problem({ to: '2029-01-08T07:59:59.999Z' }, 'back')).code).toBe('clock-backwards');
  });

  it('is moved by one at a time, and tells a retry of the same advance', async () => {
    expect((await advance({ by: 'P1D' }, 'first')).status).toBe(202);
    expect((await problem({ by: 'P2D' }, 'second')).code).toBe('clock-busy');
    expect((await advance({ by: 'P1D' }, 'first')).status).toBe(202);
    expect((await problem({ by: 'P3D' }, 'first')).code).toBe('idempotency-key-reused');
  });

  it('is shared by those who are joined: nobody opens a programme for a client on another one', async () => {
    const made = await newSandbox('elsewhere');
    const body = made.organisations.find(({ side }) => side === 'certificationBody')?.id ?? '';
    const greta = await invited('greta', ['programme-manager'], body);
    const hers = await tokenOf(made.id, greta);
    await door
      .as(hers)
      .call(people.commands.acceptInvitation, { params: { id: greta }, key: 'accept', version: 2, body: {} });
    const opening = { client, governingZone: 'Europe/Vienna' };
    const asked = { token: hers, key: 'open', body: opening };
    expect((await door.problem('POST', programmes.commands.openProgramme.path, asked)).code).toBe(
      'clock-differs',
    );
    const { bytes } = await door.send('GET', '/v1/programmes', { token });
    expect(JSON.parse(bytes.toString())).toMatchObject({ data: [] });
  });
});

test('a change without the version that was read is told what to send', async () => {
  const sent = { token, key: 'without', body: {} };
  expect((await door.problem('POST', `/v1/people/${dana}/accept-invitation`, sent)).code).toBe(
    'precondition-missing',
  );
});
