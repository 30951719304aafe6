import { collections } from '#contract/routes/all.js';
import type { Id } from '#domain/actor.js';
import { certification } from './support/certification.js';
import { each } from './support/generated.js';
import { PastWorld } from './support/past.js';
import { look } from './support/traces.js';

let past: PastWorld;
beforeAll(async () => {
  past = await PastWorld.open();
}, 120_000);
afterAll(() => past.close());

test('R-GEN-5: what is shown of now as a past is what is shown of now: every thing of a certification, to both sides', async () => {
  const now = await past.now();
  const things = await look<{ id: Id; kind: string; organisation: Id; shared: boolean }>(
    past.door,
    `select id, kind, organisation, visibility = 'both' as shared from perennial.stream where organisation = any ($1)`,
    [[past.who('ines').organisation, past.who('greta').organisation]],
  );
  const pairs = things.flatMap((thing) =>
    [past.who('ines'), past.who('greta')]
      .filter(({ organisation }) => thing.shared || thing.organisation === organisation)
      .map((by) => ({ ...thing, by })),
  );
  const pasts = await each(pairs, async ({ id, kind, by }) => {
    const path = `/v1/${collections.find((one) => one.kind === kind)?.name ?? ''}/${id}`;
    const present = await past.read(path, by);
    const { asOf, knownAt, status: _, ...was } = await past.read(`${path}?asOf=${now}&knownAt=${now}`, by);
    expect([asOf, knownAt]).toEqual([now, now]);
    const owed = await past.read(`${path}/obligations`, by);
    const owedThen = await past.read(`${path}/obligations?asOf=${now}`, by);
    expect(owedThen).toEqual({ ...owed, asOf: now, knownAt: null });
    const facts = await past.read(`${path}/entries?pageSize=200`, by);
    expect(await past.read(`${path}/entries?pageSize=200&knownAt=${now}`, by)).toEqual({
      ...{ ...facts, asOf: null, knownAt: now },
    });
    return [{ was, present }];
  });
  expect(pasts.flat().map(({ was }) => was)).toEqual(pasts.flat().map(({ present }) => present));
  expect(pairs.length).toBeGreaterThan(60);
}, 120_000);

test('R-GEN-5: what is shown of a day is what was shown on that day', async () => {
  for (const day of ['2026-10-26', '2027-02-10', '2027-04-22', '2027-06-30']) {
    const earlier = await certification(past.door, day);
    const made = Object.keys(named).filter((name) => earlier.names.find(name) !== undefined);
    expect(made.length).toBeGreaterThan(1);
    for (const name of made) {
      const by = named[name] ?? 'ines';
      const {
        asOf: _,
        knownAt: __,
        status: ___,
        ...shown
      } = await past.was(name, `asOf=${day}&knownAt=${day}T22:00:00Z`, past.who(by));
      const address = past.addressOf(name).replace(/[^/]+$/, earlier.names.id(name));
      const present = await past.read(address, past.who(by, earlier));
      expect([name, anonymous(shown)]).toEqual([name, anonymous(present)]);
    }
  }
}, 180_000);

/** What the script names, and somebody who sees it. */
const named: Readonly<Record<string, string>> = {
  ...{ programme: 'ines', stage1: 'lena', stage2: 'ines', major: 'ines', minor: 'lena' },
  ...{ dossier: 'greta', certificate: 'greta', 'unfair-refunds': 'kofi', 'audit-time': 'greta' },
};

/** Two worlds give other ids to the same: each id is replaced by its place among them. */
function anonymous(shown: object): unknown {
  const ids: string[] = [];
  const text = JSON.stringify(shown, sortedMembers).replaceAll(/[a-z]+_[0-9a-z]{26}/g, (id) => {
    if (!ids.includes(id)) ids.push(id);
    return `${id.slice(0, 3)}#${String(ids.indexOf(id))}`;
  });
  return JSON.parse(text);
}

/** The database keeps the members of an object in an order of its own. */
const sortedMembers = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;

describe('The day of the audit', () => {
  it('shows the audit in progress and the finding as a draft, which was graded on the day after', async () => {
    expect(await past.was('stage2', 'asOf=2027-04-22')).toMatchObject({
      state: 'inProgress',
      asOf: '2027-04-22',
    });
    expect((await past.was('major', 'asOf=2027-04-22', past.who('lena'))).state).toBe('draft');
    expect((await past.was('major', 'asOf=2027-04-23', past.who('lena'))).state).toBe('raised');
    expect((await past.was('stage1', 'asOf=2027-04-22')).state).toBe('concluded');
    expect((await past.was('programme', 'asOf=2027-04-22')).state).toBe('initial');
  });

  it('shows who the parties were: before the application there was no body', async () => {
    const [client, body] = [past.who('ines').organisation, past.who('greta').organisation];
    expect(await past.was('programme', 'asOf=2026-10-11')).toMatchObject({
      client,
      certificationBody: null,
    });
    expect(await past.was('programme', 'asOf=2026-10-14')).toMatchObject({
      client,
      certificationBody: body,
    });
    expect(await past.was('programme', 'asOf=2026-10-11', past.who('greta'))).toMatchObject({
      certificationBody: null,
    });
  });

  it('shows what was owed, and no entry of later', async () => {
    const owed = await past.page(`${past.addressOf('minor')}/obligations?asOf=2027-05-24`);
    expect(owed.data).toMatchObject([{ key: 'plan-1', due: { date: '2027-05-24' } }]);
    expect((await past.page(`${past.addressOf('minor')}/obligations?asOf=2027-04-22`)).data).toEqual([]);
    const { data } = await past.page(`${past.addressOf('major')}/entries?asOf=2027-04-30`);
    const { data: all } = await past.page(`${past.addressOf('major')}/entries`);
    expect(data.length).toBeGreaterThan(1);
    expect(data.length).toBeLessThan(all.length);
    expect(data).toEqual(all.slice(0, data.length));
    expect(all.slice(data.length).every(({ effectiveAt }) => String(effectiveAt) > '2027-04-30T22')).toBe(
      true,
    );
  });

  it('may be an instant within it, to the millisecond', async () => {
    const { data } = await past.page(`${past.addressOf('programme')}/entries`);
    expect(data.find(({ effectiveAt }) => effectiveAt === '2026-11-10T08:30:00.000Z')).toMatchObject({
      type: 'agreement.signed',
    });
    expect((await past.was('programme', 'asOf=2026-11-10')).state).toBe('contracted');
    expect((await past.was('programme', 'asOf=2026-11-10T08:29:59.999Z')).state).toBe('proposed');
    expect((await past.was('programme', 'asOf=2026-11-10T08:30:00Z')).state).toBe('contracted');
  });

  it('gives the entries page by page, and a token of one day is no token of another', async () => {
    const path = `${past.addressOf('major')}/entries?pageSize=2&asOf=2027-05-20`;
    const { rows: all } = await past.all(path.replace('=2&', '=200&'), past.who('ines'));
    const { rows, pages } = await past.all(path, past.who('ines'));
    expect(rows).toEqual(all);
    expect(Math.max(...pages)).toBe(2);
    expect(pages.length).toBe(Math.ceil(all.length / 2));
    const { nextPageToken } = await past.page(path);
    const other = `${path.replace('05-20', '05-19')}&pageToken=${nextPageToken ?? ''}`;
    expect((await past.problem(other)).code).toBe('page-token-invalid');
  });
});

describe('An answer about the past', () => {
  it('has no actions, and says what was asked of it', async () => {
    const shown = await past.was('major', 'asOf=2027-04-23T10:00:00Z&include=actions.all,explanations');
    expect(shown).toMatchObject({ asOf: '2027-04-23T10:00:00.000Z', knownAt: null });
    expect(shown).not.toHaveProperty('actions');
    expect(await past.read('/v1/findings?knownAt=2027-04-23T10:00:00Z')).toMatchObject({
      ...{ asOf: null, knownAt: '2027-04-23T10:00:00.000Z' },
    });
    expect(await past.was('major', '')).not.toHaveProperty('asOf');
  });

  it('can be kept by its tag, which is no version to change', async () => {
    for (const path of [past.addressOf('major'), '/v1/findings', `${past.addressOf('major')}/entries`]) {
      const asked = { token: past.who('ines').token };
      const address = `${path}?asOf=2027-06-01&knownAt=2027-06-02T00:00:00Z`;
      const { headers } = await past.door.send('GET', address, asked);
      const tag = String(headers['etag']);
      const kept = await past.door.send('GET', address, { ...asked, headers: { 'if-none-match': tag } });
      expect([kept.status, kept.bytes.length]).toEqual([304, 0]);
      const change = { ...asked, key: 'by-the-past', body: {}, headers: { 'if-match': tag } };
      const told = await past.door.problem('POST', `${past.addressOf('minor')}/accept-plan`, change);
      expect(told).toMatchObject({ code: 'invalid-parameter', errors: [{ parameter: 'If-Match' }] });
    }
  });
});
