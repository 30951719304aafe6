import { apiKeys } from '#contract/routes/people.js';
import { policies } from '#contract/routes/body.js';
import { webhookEndpoints } from '#contract/routes/webhooks.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { collections } from '#contract/routes/all.js';
import type { Route } from '#contract/route.js';
import { leastBody } from './support/bodies.js';
import { certification, type Certification } from './support/certification.js';
import { ApiDoor } from './support/door.js';
import { addressOf, changing, closed, each, prefixOf, unknownId } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { leavesNothing, look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

/** Something that stands there, with one of those whose it is. */
interface Standing {
  readonly id: string;
  readonly kind: string;
  readonly organisation: string;
  readonly number: string | null;
  readonly version: number;
  readonly owner?: Somebody;
}

let door: ApiDoor;
let world: Certification;
let stranger: Somebody;
/** One thing of each kind that a certification has. */
let things: readonly Standing[];

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await certification(door);
  stranger = await (await SmallWorld.make(door)).person('client', 'aims-manager', 'top-management');
  await more();
  const rows = await look<Standing>(
    door,
    `select distinct on (kind) id, kind, organisation, number, version from perennial.stream
     where organisation = any ($1) order by kind, created_at`,
    [world.people.map(({ organisation }) => organisation)],
  );
  const ownerOf = (organisation: string): Somebody | undefined =>
    world.people.find((one) => one.organisation === organisation);
  things = rows.map((row) => ({ ...row, ...{ owner: ownerOf(row.organisation) } }) as Standing);
}, 120_000);
afterAll(() => door.close());

const who = (name: string): Somebody => {
  const found = world.people.find(({ id }) => id === world.names.find(name));
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
};

/** What the sample has none of. */
async function more(): Promise<void> {
  const [ines, selma] = [who('ines'), who('selma')];
  const key = {
    organisation: ines.organisation,
    roles: ['aims-manager' as const],
    scopes: ['read' as const],
  };
  await door.as(ines.token).call(apiKeys.commands.makeKey, { key: 'a-key', body: key });
  const hook = { address: 'https://hooks.example.org/perennial' };
  await door.as(ines.token).call(webhookEndpoints.commands.addWebhookEndpoint, { key: 'a-hook', body: hook });
  await door.as(selma.token).call(policies.commands.draftPolicy, { key: 'a-policy', body: { values: {} } });
}

const kindOf = ({ collection }: Route): string =>
  collections.find(({ name }) => name === collection)?.kind ?? '';
const thingFor = (route: Route): Standing | undefined => things.find(({ kind }) => kind === kindOf(route));

const told = async (route: Route, id: string, { token }: Somebody, version?: number) => {
  const body = route.body ? { body: leastBody(route) } : {};
  const read = version === undefined ? {} : { version };
  return door.problem(route.method, addressOf(route, id), { token, key: 'of-others', ...read, ...body });
};

/** An answer without what names this very answer. */
const alike = async (...asked: Parameters<typeof told>): Promise<string> => {
  const { instance: _i, requestId: _r, ...rest } = await told(...asked);
  return JSON.stringify(rest);
};

test('what belongs to others is as unknown as what does not exist, to every route, by its id and by its number', async () => {
  const about = closed.filter((route) => route.params.includes('id') && thingFor(route));
  const answers = await leavesNothing(door, () =>
    each(about, async (route) => {
      const { id = '', number } = thingFor(route) ?? {};
      const none = await alike(route, unknownId(prefixOf(route)), stranger, 1);
      const others = [await alike(route, id, stranger, 1)];
      if (number !== null && number !== undefined) others.push(await alike(route, number, stranger, 1));
      return { route: route.name, none, same: others.every((one) => one === none) };
    }),
  );
  expect(answers.filter(({ none, same }) => !same || !none.includes('"code":"not-found"'))).toEqual([]);
  expect(answers.length).toBeGreaterThan(130);
}, 300_000);

test('an id of another kind, or of no form at all, is not found', async () => {
  const about = closed.filter((route) => route.params.includes('id'));
  const answers = await leavesNothing(door, () =>
    each(about, async (route) => {
      const other = things.find(({ kind, owner }) => owner && kind !== kindOf(route));
      const owner = other?.owner ?? stranger;
      const codes: string[] = [];
      for (const id of [other?.id ?? '', other?.id.replace(/^[a-z]+/, prefixOf(route)) ?? '', 'x', '-'])
        codes.push((await told(route, id, owner, 1)).code);
      return { route: route.name, codes: [...new Set(codes)].join() };
    }),
  );
  expect(answers.filter(({ codes }) => codes !== 'not-found')).toEqual([]);
}, 300_000);

test('sandboxes and operations of others are as unknown as none', async () => {
  const asked = { params: { id: '' }, key: 'moves', body: { until: 'next' as const } };
  const { data } = await door.as().call(sandboxes.list);
  const [sandbox = ''] = data.map(({ id }) => id).slice(-1);
  const operation = await door.as().call(sandboxes.advance, { ...asked, params: { id: sandbox } });
  for (const route of closed.filter(({ collection }) => ['sandboxes', 'operations'].includes(collection))) {
    if (!route.params.includes('id')) continue;
    const id = route.collection === 'operations' ? operation.id : sandbox;
    expect([route.name, await alike(route, id, stranger)]).toEqual([
      ...[route.name, await alike(route, unknownId(prefixOf(route)), stranger)],
    ]);
  }
});

interface Shown {
  readonly route: string;
  readonly missing: string;
  readonly stale: string;
  readonly current: string;
  readonly right: string;
}

const shown = async (route: Route, thing: Standing, owner: Somebody): Promise<Shown> => {
  const missing = await told(route, thing.id, owner);
  const [older, newer] = [thing.version - 1, thing.version + 1];
  const stale = await told(route, thing.id, owner, older);
  const early = await told(route, thing.id, owner, newer);
  const current = JSON.stringify([stale.current, early.current].map((one) => versionIn(one)));
  const headers = { 'perennial-dry-run': 'true' };
  const dry = {
    token: owner.token,
    key: 'of-others',
    version: thing.version,
    headers,
    body: leastBody(route),
  };
  const right = await door.send('POST', addressOf(route, thing.id), dry);
  return {
    route: route.name,
    missing: `${String(missing.status)} ${missing.code}`,
    stale: `${String(stale.status)} ${stale.code} ${early.code}`,
    current,
    right: [412, 428].includes(right.status) ? 'refused' : 'asked',
  };
};

const versionIn = (current: unknown): unknown =>
  typeof current === 'object' && current !== null && 'version' in current ? current.version : undefined;

/** Of these kinds nothing stands in this world: an unknown id is not found, whichever version is named. */
const without: readonly string[] = ['considerObservation', 'considerOpportunity'];

test('[S8] every command says which version it was made against: none is 428, another 412 with what stands', async () => {
  const answers = await leavesNothing(door, () =>
    each(
      changing.filter((route) => thingFor(route)?.owner),
      async (route) => {
        const thing = thingFor(route);
        if (!thing?.owner) throw new Error(route.name);
        const { version } = thing;
        return { ...(await shown(route, thing, thing.owner)), expected: JSON.stringify([version, version]) };
      },
    ),
  );
  const wrong = answers.filter(
    ({ missing, stale, current, expected, right }) =>
      missing !== '428 precondition-missing' ||
      stale !== '412 stale-version stale-version' ||
      current !== expected ||
      right !== 'asked',
  );
  expect(wrong).toEqual([]);
  const left = changing
    .map(({ name }) => name)
    .filter((name) => !answers.some(({ route }) => route === name));
  expect(left).toEqual(without);
  expect(answers.length).toBeGreaterThan(100);
}, 300_000);
