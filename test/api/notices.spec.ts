import { ownNotices } from '#contract/routes/own-notices.js';
import type { Role } from '#domain/actor.js';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Processes } from '#database/processes.js';
import { UNREAD } from '#database/reading/notices.js';
import { CommandLine } from '../support/command-line.js';
import { ApiDoor } from './support/door.js';
import type { Somebody } from './support/people.js';
import { toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// What people were reminded of, and what they have read of it: each their own.

const MANY = 10_000;

let door: ApiDoor;
let world: SmallWorld;
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
  const programme = await world.programme(ana);
  finding = (await toBePlanned(door, world, iris, { programme, key: 'plan' })).id;
}, 120_000);
afterAll(() => door.close());

const known = (somebody: Somebody | undefined): Somebody => {
  if (!somebody) throw new Error('nobody has joined');
  return somebody;
};
const as = (somebody: Somebody | undefined) => door.as(known(somebody).token);

/** A reminder of the plan, as the process of the finding sends it, an hour after the one before. */
async function reminded(rung: string, ...to: Role[]): Promise<string> {
  await look(door, `update perennial.sandbox set now = now + interval '1 hour' where id = $1`, [
    world.sandbox,
  ]);
  const source = await openDatabase(door.behind.database.appUrl, 'engine', 2);
  const process = `corrective-action/${finding}`;
  const input = { obligation: 'plan', due: '2029-03-31', rungs: [rung], to, late: false };
  const order = { command: 'sendNotice', makes: { kind: 'notice', prefix: 'ntc' }, input };
  await new Processes(source, new Commands(source)).take(
    process,
    { key: `${process}/raised#1/${rung}`, order },
    0,
  );
  await source.destroy();
  const rows = await look<{ id: string }>(
    door,
    `select id from perennial.stream where kind = 'notice' order by created_at desc limit 1`,
  );
  return rows[0]?.id ?? '';
}

const unread = async (somebody: Somebody | undefined): Promise<number> =>
  (await as(somebody).call(ownNotices.count)).unread;

async function all(somebody: Somebody | undefined, query: object = {}) {
  const rows: { id: string; readAt: string | null }[] = [];
  for (let pageToken: string | null | undefined = undefined; pageToken !== null;) {
    const page: { data: typeof rows; nextPageToken: string | null } = await as(somebody).call(
      ownNotices.list,
      {
        query: { pageSize: '2', ...query, ...(pageToken === undefined ? {} : { pageToken }) },
      },
    );
    rows.push(...page.data);
    pageToken = page.nextPageToken;
  }
  return rows;
}

const mark = (how: 'markRead' | 'markUnread', somebody: Somebody | undefined, id: string) =>
  as(somebody).call(ownNotices[how], { params: { id } });

let ids: readonly string[] = [];

test('people read the notices to them, the newest first, and none to others', async () => {
  const made: string[] = [];
  for (const rung of ['first', 'second', 'third', 'fourth', 'fifth'])
    made.unshift(await reminded(rung, 'aims-manager'));
  const danas = await reminded('hers', 'process-owner');
  ids = made;
  expect((await all(ana)).map(({ id }) => id)).toEqual(made);
  expect((await all(nora)).map(({ id }) => id)).toEqual(made);
  expect((await all(dana)).map(({ id }) => id)).toEqual([danas]);
  expect([await all(iris), await all(stranger)]).toEqual([[], []]);
  expect([await unread(ana), await unread(dana), await unread(stranger)]).toEqual([5, 1, 0]);
});

test('what one has read is a mark of their own: twice is as once, it is taken back, and nobody else has it', async () => {
  const [newest = '', , third = ''] = ids;
  expect((await mark('markRead', ana, newest)).unread).toBe(4);
  const [{ readAt } = { readAt: null }] = await all(ana);
  expect((await mark('markRead', ana, newest)).unread).toBe(4);
  expect((await all(ana))[0]?.readAt).toBe(readAt);
  expect((await all(ana, { unread: 'false' })).map(({ id }) => id)).toEqual([newest]);
  expect((await all(ana, { unread: 'true' })).map(({ id }) => id)).toEqual(ids.slice(1));
  expect([await unread(nora), (await all(nora)).every((one) => one.readAt === null)]).toEqual([5, true]);
  expect((await mark('markUnread', ana, newest)).unread).toBe(5);
  expect((await as(ana).call(ownNotices.markAllRead, { body: { upTo: third } })).unread).toBe(2);
  expect((await all(ana, { unread: 'true' })).map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(await unread(nora)).toBe(5);
});

test('a notice to others is to everybody as one that does not exist; a mark is no fact', async () => {
  const count = async (): Promise<string | undefined> =>
    (await look<{ count: string }>(door, 'select count(*) from perennial.ledger_entry'))[0]?.count;
  const before = await count();
  const [newest = ''] = ids;
  for (const somebody of [dana, iris, stranger, { token: door.key }])
    for (const [path, body] of [
      [`/v1/notices/${newest}/mark-read`, undefined],
      [`/v1/notices/${newest}/mark-unread`, undefined],
      ['/v1/inbox/mark-read', { upTo: newest }],
    ] as const)
      expect((await door.send('POST', path, { token: somebody?.token ?? '', body })).status).toBe(404);
  await mark('markRead', ana, newest);
  expect(await count()).toBe(before);
  expect(await unread(dana)).toBe(1);
});

test('at the command line one reads and marks them too', async () => {
  const line = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY: known(dana).token });
  const [{ id } = { id: '' }] = await all(dana);
  expect((await line.type(['inbox', 'unread'])).data).toMatch(/^unread +1$/m);
  expect((await line.type(['notices', 'mark-read', id])).data).toMatch(/^unread +0$/m);
  const table = await line.type(['inbox', 'notices', '--unread', 'false']);
  expect(table.data).toMatch(/^id .*readAt/);
  expect(table.data).toContain(id);
  expect((await line.type(['notices', 'mark-unread', id])).exit).toBe(0);
  expect((await line.type(['inbox', 'mark-read', '--up-to', id])).data).toMatch(/^unread +0$/m);
  expect((await mark('markUnread', dana, id)).unread).toBe(1);
}, 60_000);

test('not even as the owner of the connection does one read the marks of a colleague', async () => {
  const seen = async (person: string | undefined): Promise<number | undefined> => {
    const rows = await door.source.transaction<{ count: number }[]>(async (all) => {
      await all.query(
        `select set_config('app.organisation', $1, true), set_config('app.person', $2, true), set_config('app.reach', '{*}', true)`,
        [known(ana).organisation, person ?? ''],
      );
      return all.query('select count(*)::integer as count from perennial.notice_reader');
    });
    return rows[0]?.count;
  };
  expect([await seen(ana?.id), await seen(dana?.id), await seen(undefined)]).toEqual([5, 1, 0]);
});

test('what the other side sent is read as long as one is a side of the programme', async () => {
  const [newest = ''] = ids;
  await look(
    door,
    `with other as (update perennial.notice_reader set organisation = 'org_other' where notice = $1 and person = $2 returning programme)
     insert into perennial.programme_party select o.programme, $3, 'certificationBody', now() from other o`,
    [newest, known(nora).id, known(nora).organisation],
  );
  expect(await unread(nora)).toBe(5);
  await look(door, `update perennial.programme_party set until = now() where organisation = $1`, [
    known(nora).organisation,
  ]);
  expect(await unread(nora)).toBe(4);
  expect((await all(nora)).map(({ id }) => id)).toEqual(ids.slice(1));
});

test(`of ${String(MANY)} notices the unread are counted, and a page of them read, without reading the others`, async () => {
  await look(
    door,
    `insert into perennial.stream select c.id, s.kind, s.organisation, s.programme, s.about, s.visibility, null, s.stage, s.version,
       s.state || jsonb_build_object('id', c.id), s.created_at - n * interval '1 second', s.updated_at
     from perennial.stream s, generate_series(1, ${String(MANY)}) n, lateral (select left(s.id, 20) || lpad(n::text, 10, '0') as id) c
     where s.id = $1`,
    [ids[4]],
  );
  expect(await unread(ana)).toBe(MANY + 1);
  const [last] = (await as(ana).call(ownNotices.list, { query: { pageSize: '200' } })).data.slice(-1);
  await as(ana).call(ownNotices.markAllRead, { body: { upTo: last?.id ?? '' } });
  expect(await unread(ana)).toBe(195);
  await look(door, 'analyze perennial.notice_reader');
  const rows = await door.source.transaction<{ 'QUERY PLAN': string }[]>(async (all) => {
    await all.query(
      `select set_config('app.organisation', $1, true), set_config('app.person', $2, true), set_config('app.reach', '{*}', true)`,
      [known(ana).organisation, known(ana).id],
    );
    return all.query(`explain (analyze, buffers) ${UNREAD}`);
  });
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('notice_reader_unread');
  expect(plan).not.toMatch(/Seq Scan on notice_reader/);
}, 60_000);
