import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { entries } from '#contract/routes/entries.js';
import { findings } from '#contract/routes/findings.js';
import type { Role } from '#domain/actor.js';
import { civilDate } from '#domain/instant.js';
import { pause } from '#platform/pause.js';
import type { Deed } from '#rehearsal/play/door.js';
import { HttpDoor } from '../../apps/cli/journey/http-door.js';
import { CommandLine } from '../support/command-line.js';
import { until } from '../support/live.js';
import { ApiDoor } from './support/door.js';
import type { Somebody } from './support/people.js';
import { look } from './support/traces.js';
import { raised, SmallWorld } from './support/world.js';

let door: ApiDoor;
let world: SmallWorld;
let ana: Somebody;
let iris: Somebody;
let programme: string;

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  iris = await world.person('client', 'internal-auditor');
  ana = await world.person('client', 'aims-manager');
  programme = await world.programme(ana);
}, 120_000);
afterAll(() => door.close());

let follower: ChildProcess | undefined;
let holder: pg.Client | undefined;
afterEach(async () => {
  follower?.kill('SIGKILL');
  await holder?.end();
});

/** What is done draws its position, and its commit is held back; what is answered lets it go. */
async function held(deed: () => Promise<unknown>): Promise<() => Promise<void>> {
  const client = new pg.Client(door.behind.database.ownerUrl);
  holder = client;
  await client.connect();
  await client.query('begin; lock table perennial.private_content in share mode'); // whoever writes a text waits
  const done = deed();
  const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await until(async () => (await look(door, waiting)).length > 0);
  return async () => {
    await client.query('commit');
    await done;
  };
}

/** A finding is raised; what it says is a text. */
async function raising(key: string): Promise<() => Promise<void>> {
  const id = await world.finding(iris, programme, key);
  const raise = { params: { id }, key, version: 1, body: raised };
  return held(() => door.as(iris.token).call(findings.commands.raiseNonconformity, raise));
}

interface Placed {
  readonly position: number;
  readonly type: string;
}

const inLedger = (): Promise<Placed[]> =>
  look<Placed>(door, 'select position::integer, type from perennial.ledger_entry order by position');

test('[L6] the list of entries shows at once what is committed, and its cursor stays before what is not', async () => {
  const ask = (after: string) => door.as().call(entries.list, { query: { pageSize: '200', after } });
  const before = await ask('0');
  expect(before.cursor).toBe(String((await inLedger()).at(-1)?.position));
  const release = await raising('listed');
  await world.programme(ana, 'listed');
  const during = await ask(before.cursor);
  expect(during.data.map(({ type }) => type)).toContain('programme.opened');
  await release();
  const after = await ask(during.cursor);
  expect(after.data.map(({ type }) => type)).toContain('nonconformity.raised');
  expect(after.cursor).toBe(String((await inLedger()).at(-1)?.position));
});

test('[L6] whoever follows the ledger on the command line is shown what commits late behind a higher position, in its order', async () => {
  const as = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY: door.key });
  const line = as.start(['entries', 'tail', '--since', '0', '--json']);
  follower = line.child;
  const shown = (): Placed[] =>
    line
      .data()
      .split('\n')
      .slice(0, -1)
      .map((text) => JSON.parse(text) as Placed)
      .map(({ position, type }) => ({ position, type }));
  const before = await inLedger();
  await until(() => Promise.resolve(shown().length === before.length));
  const release = await raising('tailed');
  await world.programme(ana, 'tailed');
  await pause(2_500); // it looks every second
  await release();
  const all = await inLedger();
  await until(() => Promise.resolve(shown().at(-1)?.position === all.at(-1)?.position));
  expect(shown()).toEqual(all);
}, 60_000);

test('[L6] a journey hears at once what is committed, and later what was not, each once', async () => {
  const journey = new HttpDoor(door.url, door.key);
  const starts = civilDate('2029-03-01');
  const own = { name: 'journey', starts, zone: 'Europe/Vienna', seed: '42' };
  const [organisation = ''] = await journey.open({
    ...own,
    organisations: [{ name: 'Client', side: 'client' }],
  });
  const joins = (name: string, role: Role): Promise<string> =>
    journey.join({
      ...{ key: name, organisation, name, mail: `${name}@example.org`, roles: [role], from: starts },
    });
  const [manager, auditor] = [
    await joins('manager', 'aims-manager'),
    await joins('auditor', 'internal-auditor'),
  ];
  const act = async (key: string, deed: Pick<Deed, 'by' | 'command' | 'kind' | 'input'> & Partial<Deed>) => {
    const answer = await journey.act({ key, evidence: [], acknowledge: [], ...deed });
    return 'thing' in answer ? answer.thing : '';
  };
  const opens = {
    by: manager,
    command: 'openProgramme',
    kind: 'programme',
    input: { governingZone: own.zone },
  };
  const drafts = {
    by: auditor,
    command: 'draftFinding',
    kind: 'finding',
    input: { source: 'internalAudit' },
  };
  const target = await act('draft', { ...drafts, under: await act('open', opens) });
  await journey.news();
  const raises = { by: auditor, command: 'raiseNonconformity', kind: 'finding', target, input: raised };
  const release = await held(() => act('raise', raises));
  await act('open-another', opens);
  const heard = async () => (await journey.news()).map(({ fact }) => fact.type);
  expect(await heard()).toContain('programme.opened');
  expect(await heard()).toEqual([]);
  await release();
  expect(await heard()).toContain('nonconformity.raised');
  expect(await heard()).toEqual([]);
});
