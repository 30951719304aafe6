import { sandboxes } from '#contract/routes/sandboxes.js';
import { bodyRoles, clientRoles, type Role } from '#domain/actor.js';
import { certification, type Certification } from './support/certification.js';
import { ApiDoor } from './support/door.js';
import { addressOf, closed, each, kindOf, unknownId } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { Questions } from './support/questions.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// Every route, asked by every role of another tenant: about what is not theirs, about nothing at all, and without any id.

const roles: readonly Role[] = [...clientRoles, ...bodyRoles, 'observer'];
const CASES = 3_000;

let door: ApiDoor;
let world: Certification;
let strangers: readonly (Somebody & { readonly role: Role })[];
/** One thing of each kind that the certification has. */
let things: ReadonlyMap<string, string>;
let questions: Questions;

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await certification(door);
  const elsewhere = await SmallWorld.make(door, 'elsewhere');
  const made: (Somebody & { role: Role })[] = [];
  for (const role of roles) {
    const side = bodyRoles.some((one) => one === role) ? 'body' : 'client';
    made.push({ ...(await elsewhere.person(side, role)), role });
  }
  strangers = made;
  const owners = [...new Set(world.people.map(({ organisation }) => organisation))];
  const rows = await look<{ id: string; kind: string }>(
    door,
    'select id, kind from perennial.stream where organisation = any ($1) order by created_at desc',
    [owners],
  );
  questions = new Questions(door, new Set([...rows.map(({ id }) => id), ...owners]));
  things = new Map(rows.map(({ id, kind }) => [kind, id]));
}, 180_000);
afterAll(() => door.close());

test('[S2] what belongs to others is to every role and every route as what does not exist', async () => {
  const about = closed.filter((route) => route.params.includes('id') && things.has(kindOf(route)));
  const pairs = about.flatMap((route) => strangers.map((stranger) => ({ route, stranger })));
  const answers = await each(pairs, async ({ route, stranger }) => {
    const answers = await questions.askBoth(route, things.get(kindOf(route)) ?? '', stranger);
    return { route: route.name, role: stranger.role, ...answers };
  });
  expect(answers.filter(({ one, other }) => one !== other || !one.startsWith('404 '))).toEqual([]);
  expect(new Set(answers.map(({ route }) => route)).size).toBeGreaterThan(130);
}, 600_000);

test('[S2] no list, and nothing that is asked without an id, shows to any role what belongs to others', async () => {
  const open = closed.filter((route) => !route.params.includes('id') && route.method === 'GET');
  const pairs = open.flatMap((route) => strangers.map((stranger) => ({ route, stranger })));
  const answers = await each(pairs, async ({ route, stranger }) => ({
    route: route.name,
    role: stranger.role,
    answer: await questions.ask(route, addressOf(route), stranger),
  }));
  expect(answers.filter(({ answer }) => answer.includes('leaks') || answer.startsWith('5'))).toEqual([]);
  expect(questions.count).toBeGreaterThan(CASES);
}, 300_000);

test('[S2] whoever left, or was only here for a time, sees nothing any more', async () => {
  const [somebody] = world.people;
  if (!somebody) throw new Error('nobody is there');
  const { data } = await door.as().call(sandboxes.list);
  const sandbox = data.find(({ organisations }) =>
    organisations.some(({ id }) => id === somebody.organisation),
  );
  const gone: Record<string, string> = {};
  for (const [name, change] of [
    ['left', { stage: 'departed' }],
    ['for a time', { grants: [{ role: 'auditor', from: '2020-01-01', until: '2020-12-31' }] }],
    ['not yet', { grants: [{ role: 'auditor', from: '2190-01-01' }] }],
    ['without a role', { grants: [] }],
  ] as const) {
    const id = unknownId('per').replace(/..$/, String(Object.keys(gone).length).padStart(2, '0'));
    await look(
      door,
      `insert into perennial.stream select $1::text, kind, organisation, programme, about, visibility, null, coalesce($2::jsonb->>'stage', stage),
         version, state || $2::jsonb || jsonb_build_object('id', $1::text), created_at, updated_at
       from perennial.stream where id = $3`,
      [id, JSON.stringify(change), somebody.id],
    );
    const acting = { params: { id: sandbox?.id ?? '' }, key: id, body: { person: id } };
    gone[name] = (await door.as().call(sandboxes.actAs, acting)).token;
  }
  const reads = closed.filter(({ method, collection }) => method === 'GET' && collection !== 'session');
  const pairs = reads.flatMap((route) =>
    Object.entries(gone).map(([name, token]) => ({ route, name, token })),
  );
  const answers = await each(pairs, async ({ route, name, token }) => ({
    route: route.name,
    name,
    answer: await questions.ask(route, addressOf(route, things.get(kindOf(route))), { ...somebody, token }),
  }));
  const wrong = answers.filter(({ name, answer }) => !answer.startsWith(name === 'left' ? '401 ' : '403 '));
  expect(wrong).toEqual([]);
}, 300_000);
