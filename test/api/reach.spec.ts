import { events } from '#contract/routes/events.js';
import { inbox } from '#contract/routes/inbox.js';
import { people } from '#contract/routes/people.js';
import { programmes } from '#contract/routes/programmes.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { openDatabase } from '#database/data-source.js';
import type { Role } from '#domain/actor.js';
import { placeAll } from '../support/place-all.js';
import { certification } from './support/certification.js';
import { ApiDoor } from './support/door.js';
import { addressOf, closed, each, kindOf } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { Questions } from './support/questions.js';
import { look } from './support/traces.js';

// Whoever holds a role in one programme alone is told of that programme alone, by their own organisation too.

const colleagues: readonly (readonly [Role, 'client' | 'certificationBody'])[] = [
  ...([
    ['aims-manager', 'client'],
    ['internal-auditor', 'client'],
    ['observer', 'client'],
  ] as const),
  ...([
    ['programme-manager', 'certificationBody'],
    ['lead-auditor', 'certificationBody'],
  ] as const),
];

interface Place {
  readonly sandbox: string;
  readonly programme: string;
  readonly client: string;
  readonly certificationBody: string;
  readonly manager: string;
}

let door: ApiDoor;
let place: Place;
/** Another programme of the same client. */
let other: string;
let narrow: readonly (Somebody & { readonly role: Role })[];
/** One thing of each kind that belongs to the programme of the certification. */
let things: ReadonlyMap<string, string>;
let questions: Questions;

beforeAll(async () => {
  door = await ApiDoor.open();
  await certification(door);
  const [found] = await look<Place>(
    door,
    `select m.sandbox, p.id as programme, p.state->>'client' as client, p.state->>'certificationBody' as "certificationBody",
       (select id from perennial.stream where kind = 'person' and organisation = p.state->>'client'
         and state->'grants' @> '[{"role": "aims-manager"}]' limit 1) as manager
     from perennial.stream p join perennial.sandbox_member m on m.organisation = p.organisation where p.kind = 'programme'`,
  );
  if (!found) throw new Error('no certification was played');
  place = found;
  const rows = await look<{ id: string; kind: string }>(
    door,
    'select id, kind from perennial.stream where programme = $1 order by created_at desc',
    [place.programme],
  );
  questions = new Questions(door, new Set(rows.map(({ id }) => id)));
  things = new Map(rows.map(({ id, kind }) => [kind, id]));
  const manager = door.as(await tokenOf(place.manager));
  const body = { governingZone: 'Europe/Vienna' };
  other = (await manager.call(programmes.commands.openProgramme, { key: 'another', body })).id;
  const engine = await openDatabase(door.behind.database.appUrl, 'engine', 1);
  await placeAll(engine);
  await engine.destroy();
  narrow = await each(colleagues, async ([role, side]) => ({ ...(await colleague(role, side)), role }));
}, 180_000);
afterAll(() => door.close());

async function tokenOf(person: string): Promise<string> {
  const acting = { params: { id: place.sandbox }, key: `be-${person}`, body: { person } };
  return (await door.as().call(sandboxes.actAs, acting)).token;
}

/** Somebody who holds a role in the other programme, and nowhere else. */
async function colleague(role: Role, side: 'client' | 'certificationBody'): Promise<Somebody> {
  const organisation = place[side];
  const key = `narrow/${role}`;
  const invited = { organisation, name: `The ${role}`, mail: `${role}@narrow.example`, roles: [] };
  const made = await door.as().call(people.commands.invitePerson, { key, body: invited });
  await grant(made.id, { role, programme: other, until: '2039-12-31' });
  return { id: made.id, organisation, token: await tokenOf(made.id) };
}

async function grant(id: string, body: { role: Role; programme?: string; until?: string }): Promise<void> {
  const { version } = await door.as().call(people.get, { params: { id } });
  const key = `${id}/${body.role}/${body.programme ?? ''}`;
  await door.as().call(people.commands.grantRole, { params: { id }, key, version, body });
}

test('[S3] a thing of another programme is, by every route, as one that does not exist', async () => {
  const about = closed.filter((route) => route.params.includes('id') && things.has(kindOf(route)));
  const pairs = about.flatMap((route) => narrow.map((somebody) => ({ route, somebody })));
  const answers = await each(pairs, async ({ route, somebody }) => {
    const both = await questions.askBoth(route, things.get(kindOf(route)) ?? '', somebody);
    return { route: route.name, role: somebody.role, ...both };
  });
  expect(answers.filter(({ one, other: none }) => one !== none || !one.startsWith('404 '))).toEqual([]);
  expect(new Set(answers.map(({ route }) => route)).size).toBeGreaterThan(100);
}, 300_000);

test('[S3] no list, no count and no feed tells of another programme', async () => {
  const open = closed.filter((route) => !route.params.includes('id') && route.method === 'GET');
  const pairs = open.flatMap((route) => narrow.map((somebody) => ({ route, somebody })));
  const answers = await each(pairs, async ({ route, somebody }) => ({
    route: route.name,
    role: somebody.role,
    answer: await questions.ask(route, addressOf(route), somebody),
  }));
  expect(answers.filter(({ answer }) => answer.includes('leaks') || answer.startsWith('5'))).toEqual([]);
  const [somebody] = narrow;
  const mine = door.as(somebody?.token);
  expect((await mine.call(programmes.list)).data.map(({ id }) => id)).toEqual([other]);
  const { claimable, waiting } = await mine.call(inbox.counts);
  const [{ live } = { live: -1 }] = await look<{ live: number }>(
    door,
    'select count(*)::integer as live from perennial.task where live and programme = $1',
    [other],
  );
  expect(Object.values(claimable).reduce((sum, count) => sum + count, waiting)).toBe(live);
}, 300_000);

test('[S3] of their own programme they are told, and of the other one from the day on which they hold a role in it', async () => {
  const [somebody] = narrow;
  const mine = door.as(somebody?.token);
  const at = { params: { id: place.programme } };
  expect((await mine.call(programmes.get, { params: { id: other } })).id).toBe(other);
  const told = (await mine.call(events.feed, { query: { limit: '500' } })).data.map(({ subject }) => subject);
  expect(told).toContain(`programmes/${other}`);
  expect(told.filter((subject) => [...things.values()].some((id) => subject.endsWith(id)))).toEqual([]);
  await grant(somebody?.id ?? '', { role: 'process-owner', programme: place.programme });
  expect((await mine.call(programmes.get, at)).id).toBe(place.programme);
  expect((await mine.call(programmes.list)).data).toHaveLength(2);
});

test('[S3] an administrator of the system sees accounts, and into no programme', async () => {
  const body = {
    organisation: place.client,
    name: 'Sam',
    mail: 'sam@narrow.example',
    roles: ['system-administrator' as const],
  };
  const { id } = await door.as().call(people.commands.invitePerson, { key: 'sam', body });
  const sam = door.as(await tokenOf(id));
  expect((await sam.call(people.list)).data.length).toBeGreaterThan(3);
  expect((await sam.call(programmes.list)).data).toEqual([]);
  expect(
    await door.problem('GET', `/v1/programmes/${place.programme}`, { token: await tokenOf(id) }),
  ).toMatchObject({ status: 404 });
});
