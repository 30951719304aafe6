import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/live.js';
import { fromRun } from '../support/postgres.js';
import { ApiDoor, problemIn, send, type Got } from './support/door.js';
import { Line } from './support/line.js';
import type { Somebody } from './support/people.js';
import { ApiProgram } from './support/program.js';
import { full, limited, noDisk, ROOM, type Scarce } from './support/scarce.js';
import { leavesNothing, look } from './support/traces.js';
import { file, formOf, formProblem, metadata, sendForm } from './support/uploads.js';
import { SmallWorld } from './support/world.js';

/** Beside the program in trouble, in front of the same database: here people join, and here is looked. */
let door: ApiDoor;
let line: Line;
let api: ApiProgram;
let ana: Somebody;
beforeAll(async () => {
  door = await ApiDoor.open();
  ana = await (await SmallWorld.make(door)).person('client', 'aims-manager');
  line = await Line.to(door.behind.database.appUrl);
  api = await ApiProgram.start({ databaseUrl: line.url, evidenceFolder: door.behind.evidenceFolder });
}, 120_000);
afterAll(async () => {
  await line.cut();
  await door.close();
});

const body = { governingZone: 'Europe/Vienna' };
const open = (key: string): Promise<Got> =>
  send(api.url, 'POST', '/v1/programmes', { token: ana.token, key, body });
const list = (): Promise<Got> => send(api.url, 'GET', '/v1/programmes', { token: ana.token });
const upload = (key: string, of: Pick<ApiDoor, 'url'> = api): Promise<Got> =>
  sendForm(of, { token: ana.token, key }, formOf(metadata(), file(`${key}\n`)));

const recorded = async (type: string): Promise<number> => {
  const text = 'select count(*)::integer as count from perennial.ledger_entry where type = $1';
  return (await look<{ count: number }>(door, text, [type]))[0]?.count ?? 0;
};

const health = async (): Promise<readonly [number, unknown]> => {
  const { status, bytes } = await send(api.url, 'GET', '/readyz');
  return [status, JSON.parse(bytes.toString())];
};
const ready = (): Promise<void> => until(async () => (await health())[0] === 200, 10_000);

const away = {
  ...{ code: 'database-unavailable', status: 503, retryable: true },
  hint: 'Try again shortly.',
};

function expectAway(got: Got): void {
  expect(problemIn(got)).toMatchObject(away);
  expect(got.headers['retry-after']).toMatch(/^[1-9]\d*$/);
}

test('while the database is away all are told to come back, and then answered as if nothing had been', async () => {
  const before = await recorded('programme.opened');
  expect(await health()).toEqual([200, { status: 'ok', parts: { database: 'ok' } }]);
  await line.cut();
  await leavesNothing(door, async () => {
    for (const got of [await open('away'), await list(), await upload('away')]) expectAway(got);
    expect(await health()).toEqual([503, { status: 'down', parts: { database: 'down' } }]);
    expect(await send(api.url, 'GET', '/livez')).toMatchObject({ status: 200 });
  });
  await line.mend();
  const got = await open('away');
  expect(got).toMatchObject({ status: 201 });
  expect(got.headers['idempotency-replayed']).toBeUndefined();
  expect(await recorded('programme.opened')).toBe(before + 1);
  expect(await list()).toMatchObject({ status: 200 });
  expect(await upload('away')).toMatchObject({ status: 201 });
  await ready();
});

test('[S7] a line that breaks between commit and answer is 503 too, and the same key tells what was done', async () => {
  const before = await recorded('programme.opened');
  line.cutsAfter('write_command');
  expectAway(await open('in-doubt'));
  await line.mend();
  await ready();
  const got = await open('in-doubt');
  expect(got).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
  expect(await recorded('programme.opened')).toBe(before + 1);
});

test('[S11] a file stays where it may be that something recorded rests on it', async () => {
  line.cutsAfter('write_command');
  expectAway(await upload('in-doubt'));
  await line.mend();
  await ready();
  const text = `select stream from perennial.ledger_entry where type = 'evidence.recorded'
    order by position desc limit 1`;
  const [made] = await look<{ stream: string }>(door, text);
  const path = `/v1/evidence/${made?.stream ?? ''}/content`;
  const got = await send(api.url, 'GET', path, { token: ana.token });
  expect([got.status, got.bytes.toString()]).toEqual([200, 'in-doubt\n']);
});

test('a database that is silent is away too: whoever watches is not kept waiting, and whoever asks not for ever', async () => {
  line.mute();
  const asked = [list(), open('silence')];
  expect(await health()).toEqual([503, { status: 'down', parts: { database: 'down' } }]);
  for (const got of await Promise.all(asked)) expectAway(got);
  await line.cut();
  await line.mend();
  await ready();
  expect(await list()).toMatchObject({ status: 200 });
}, 60_000);

/** Of a piece that does not fit, what does is written; only the next is an error. The first has no next. */
const files: readonly (readonly [string, number])[] = [
  ['a file whose end does not fit', ROOM + 4_000],
  ['a file that is much too large', ROOM * 10],
];

async function wantsRoom({ api: poor, files: left, makeRoom }: Scarce): Promise<void> {
  const forms = files.map(([, bytes]) => formOf(metadata(), file(Buffer.alloc(bytes, 'x'))));
  const sender = (place: number) => ({ token: ana.token, key: `${poor.url}/${String(place)}` });
  for (const [place, form] of forms.entries()) {
    const problem = await leavesNothing(door, () => formProblem(poor, sender(place), form));
    expect([files[place]?.[0], problem]).toMatchObject([
      expect.any(String),
      { code: 'storage-full', status: 507, retryable: true, hint: 'An operator has to make room.' },
    ]);
    expect(left()).toEqual([]);
  }
  expect(await upload('fits', poor)).toMatchObject({ status: 201 });
  const rich = await makeRoom();
  for (const [place, form] of forms.entries()) {
    const got = await sendForm(rich, sender(place), form);
    expect(got).toMatchObject({ status: 201 });
    expect(got.headers['idempotency-replayed']).toBeUndefined();
    const { id } = JSON.parse(got.bytes.toString()) as { id: string };
    const back = await send(rich.url, 'GET', `/v1/evidence/${id}/content`, { token: ana.token });
    expect(back.bytes.equals(Buffer.alloc(files[place]?.[1] ?? 0, 'x'))).toBe(true);
  }
}

const folder = (): string => mkdtempSync(join(fromRun('TEST_RUN_FOLDER'), 'scarce-'));
const place = () => ({ databaseUrl: door.behind.database.appUrl, evidenceFolder: folder() });

test('[S11] a file that is longer than a file may be here is refused as a whole, and taken when it may', async () => {
  await wantsRoom(await limited(place()));
}, 180_000);

const why = noDisk(folder());
if (why !== undefined) process.stderr.write(`no full disk is tried: none can be mounted here (${why})\n`);
const onDisk = why === undefined ? test : test.skip;

onDisk(
  '[S11] a file that a full disk has no room for is refused as a whole, and taken when there is room',
  async () => {
    await wantsRoom(await full(place()));
  },
  60_000,
);

const rename = (table: string, from: string, to: string): Promise<object[]> =>
  look(door, `alter table perennial.${table} rename column ${from} to ${to}`);

/** What nobody outside may learn: how the program is made, and what lies behind it. */
const INSIDE =
  /select|insert|column|perennial\.|process|stream|ledger|opened_by|created_at|leaf_hash|\.ts|\.js|node_modules| at /i;

interface Trouble {
  readonly what: string;
  readonly table: string;
  readonly column: string;
  readonly ask: () => Promise<Got>;
  readonly well: number;
}

const troubles: readonly Trouble[] = [
  {
    ...{ what: 'a command that can be written half only', table: 'process', column: 'opened_by' },
    ...{ ask: () => open('fault'), well: 201 },
  },
  { what: 'a list', table: 'stream', column: 'created_at', ask: list, well: 200 },
  { what: 'a file', table: 'ledger_entry', column: 'leaf_hash', ask: () => upload('fault'), well: 201 },
];

test.each(troubles)(
  '$what is 500 where we are at fault, says nothing of the inside, and leaves nothing behind',
  async ({ table, column, ask, well }) => {
    const got = await leavesNothing(door, async () => {
      await rename(table, column, 'elsewhere');
      const answer = await ask();
      await rename(table, 'elsewhere', column);
      return answer;
    });
    const problem = problemIn(got);
    expect(problem).toMatchObject({ code: 'internal-error', status: 500, retryable: false });
    expect(problem.requestId).toBe(got.headers['request-id']);
    expect(problem.hint).toContain('request id');
    expect(`${got.bytes.toString()} ${JSON.stringify(got.headers)}`).not.toMatch(INSIDE);
    await until(() => Promise.resolve(api.loggedOf(problem.requestId).length > 0), 5_000);
    expect(api.loggedOf(problem.requestId)).toMatchObject([
      { level: 'error', err: { message: expect.stringContaining(column) as string } },
    ]);
    const again = await ask();
    expect(again).toMatchObject({ status: well });
    expect(again.headers['idempotency-replayed']).toBeUndefined();
  },
);
