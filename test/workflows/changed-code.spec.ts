import pg from 'pg';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync } from 'node:fs';
import { addDays } from '#domain/calendar.js';
import { queueOf, releaseOf, Runs } from '#platform/runs.js';
import { connectTemporal, type TemporalPlace } from '#platform/temporal-client.js';
import { Installation, until } from '../support/live.js';
import { MIDWAY, Portfolio } from '../support/portfolio.js';
import { Rehearsed } from '../support/rehearsal.js';
import { expectSame } from '../support/same.js';
import { freshNamespace } from '../support/temporal.js';
import { bundled, node, startWorker, type PlantedChange, type TestWorker } from '../support/worker.js';

const CLIENTS = 10;
const size = { onTheirWay: 3, justRaised: 0 };
const ADDED = 'look-before-the-plan';
const HURRIED = 8;
/** A release whose last worker has ended. */
const GONE = 'c0ffee000000';
const LONG = 300_000;

const asksForPlan = "await p.once('ask-for-plan'";
/** A step more, before the one that runs of every third process have taken first. */
const otherOrder: PlantedChange = {
  file: 'corrective-action.ts',
  from: asksForPlan,
  to: `await p.once('${ADDED}', openTask({ queue: 'aims-manager', asks: 'submitPlan' })); ${asksForPlan}`,
};

let installation: Installation;
let temporal: TemporalPlace;
let bundles: { readonly present: string; readonly changed: string };
let worker: TestWorker;
/** The one by which the old code comes back. */
let back: TestWorker;
let portfolio: Portfolio;

beforeAll(async () => {
  installation = await Installation.make();
  temporal = await freshNamespace();
  bundles = { present: await bundled(), changed: await bundled(otherOrder) };
  worker = await startWorker({ database: installation.database, temporal });
  portfolio = await Portfolio.live(installation, CLIENTS, size);
  await portfolio.goesOnUntil(MIDWAY);
}, LONG);

afterAll(() => installation.end());

const releaseIn = (bundle: string): string => releaseOf(readFileSync(bundle, 'utf8'));

/** Every open process is lived by the release of a bundle, has seen all its facts and waits. */
async function allLivedBy(bundle: string): Promise<void> {
  const release = releaseIn(bundle);
  await until(async () => {
    const open = await installation.processes({ status: 'open' });
    return open.every((one) => one.release === release && one.seen === one.last && one.told === one.last);
  });
}

/** What every open process waits for. */
async function agendas(): Promise<readonly string[]> {
  const open = await installation.processes({ status: 'open' });
  return open.map(({ id, stage, seen, agenda }) => JSON.stringify([id, stage, seen, agenda]));
}

/** The keys of steps taken so far, one by one. */
async function steps(): Promise<readonly string[]> {
  const rows = await installation.look<{ command: string }>(
    `select command from perennial.ledger_entry where command like '%/%' and ordinal = 0 order by position`,
  );
  return rows.map(({ command }) => command);
}

const asksForPlanIn = (stage: string): boolean => ['raised', 'planRejected'].includes(stage);

/** How the run of a process bears the code of a bundle. */
async function replay(id: string, bundle: string): Promise<string> {
  const { address, namespace } = temporal;
  const args = ['test/support/replay.mjs', bundle, address, namespace, id];
  return (await promisify(execFile)(node, args)).stdout.trim();
}

/** Every fact as a line, without the tasks that the changed code has added. */
function withoutAdded(lines: readonly string[]): readonly string[] {
  const added = lines
    .filter((line) => line.includes(`/${ADDED}"`))
    .map((line) => /"stream":"(\w+)"/.exec(line)?.[1] ?? '');
  return lines.filter((line) => added.every((task) => !line.includes(`"${task}"`)));
}

/** The same findings in memory, undisturbed. */
async function twin(): Promise<Portfolio> {
  const numbers = Array.from({ length: CLIENTS }, (_, place) => place + 1);
  const undisturbed = await Portfolio.begin(new Rehearsed(), numbers, size);
  await undisturbed.goesOnUntil(MIDWAY);
  return undisturbed;
}

test('the changed code is one that a run of the old code does not bear', async () => {
  const open = await installation.processes({ status: 'open' });
  const id = open.find(({ stage }) => stage === 'raised')?.id ?? '';
  expect(await replay(id, bundles.present)).toBe('bears it');
  expect(await replay(id, bundles.changed)).toMatch(/Determinism|another one/);
});

test(
  '[R13] changed code takes over what the old code had begun, and what happened between the two: no step is lost, none is taken twice',
  async () => {
    const before = await steps();
    await worker.stop();
    await portfolio.hurries(HURRIED);
    const untold = await installation.look('select id from perennial.process where told < last');
    expect(untold.length).toBeGreaterThan(HURRIED / 2);
    worker = await startWorker({ database: installation.database, temporal, bundle: bundles.changed });
    await allLivedBy(bundles.changed);
    const open = await installation.processes({ status: 'open' });
    const expected = open.filter(({ stage }) => asksForPlanIn(stage)).length;
    const added = (step: string): boolean => step.endsWith(`/${ADDED}`);
    // The last of them has read, as is told by its release, and may be about to take the step.
    await until(async () => (await steps()).filter(added).length >= expected);
    const after = await steps();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(new Set(after).size).toBe(after.length);
    expect(after.filter(added).length).toBe(expected);
    const undisturbed = await twin();
    await undisturbed.hurries(HURRIED);
    expectSame(withoutAdded(await portfolio.lines()), await undisturbed.lines());
  },
  LONG,
);

test(
  '[R13] the way back is the same: the old code takes over while the changed one still runs, and records nothing',
  async () => {
    const [asked, entries] = [await agendas(), await installation.entries()];
    back = await startWorker({ database: installation.database, temporal });
    await allLivedBy(bundles.present);
    expectSame(await agendas(), asked);
    expect(await installation.entries()).toBe(entries);
  },
  LONG,
);

test(
  '[R13] two releases beside each other come to the same ends, whichever of them tells',
  async () => {
    const later = addDays(MIDWAY, 9);
    await portfolio.goesOnUntil(later);
    const undisturbed = await twin();
    await undisturbed.hurries(HURRIED);
    await undisturbed.goesOnUntil(later);
    expectSame(withoutAdded(await portfolio.lines()), await undisturbed.lines());
  },
  LONG,
);

test(
  '[R13] a run that nobody serves any more is taken over without a deploy',
  async () => {
    await worker.kill();
    await allLivedBy(bundles.present);
    const [asked, entries] = [await agendas(), await installation.entries()];
    const strays = (await installation.processes({ status: 'open' })).slice(0, 4);
    const client = await connectTemporal(temporal, 10_000);
    const gone = new Runs(client, queueOf(GONE));
    for (const { id, name, organisation } of strays)
      await gone.restart({ id, name, organisation, summary: id });
    expect(await gone.isServed(queueOf(releaseIn(bundles.present)))).toBe(true);
    expect(await gone.isServed(queueOf(GONE))).toBe(false);
    await client.connection.close();
    const ids = strays.map(({ id }) => id);
    await installation.look(`update perennial.process set release = $2 where id = any ($1)`, [ids, GONE]);
    await installation.look(`update perennial.process set release = null where id = $1`, [ids[0]]);
    await installation.look('delete from perennial.parking where process = any ($1)', [ids]);
    await installation.look('delete from perennial.agenda where process = any ($1)', [ids]);
    await allLivedBy(bundles.present);
    expectSame(await agendas(), asked);
    expect(await installation.entries()).toBe(entries);
  },
  LONG,
);

test(
  '[R13] while processes are taken over the worker does all else, however long it takes; one that cannot be started holds up no other',
  async () => {
    await back.stop();
    const [broken, slow] = await installation.processes({ status: 'open' });
    const name = 'update perennial.process set name = $2 where id = $1';
    await installation.look(name, [broken?.id, 'x'.repeat(2_000)]);
    const holder = new pg.Client(installation.database.ownerUrl);
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from perennial.process where id = $1 for update', [slow?.id]);
    worker = await startWorker({
      ...{ database: installation.database, temporal },
      ...{ bundle: bundles.changed, early: true },
    });
    await until(async () => {
      const text = 'select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid';
      return (await holder.query(text)).rows.length > 0;
    });
    await installation.look(`update perennial.heartbeat set beat_at = beat_at - interval '2 minutes'`);
    await until(async () => {
      const text = `select from perennial.heartbeat where beat_at > clock_timestamp() - interval '1 minute'`;
      return (await installation.look(text)).length > 0;
    });
    const client = await connectTemporal(temporal, 10_000);
    const release = releaseIn(bundles.changed);
    const { action } = await client.schedule.getHandle('dailyWatch').describe();
    expect(action.taskQueue).toBe(queueOf(release));
    const notYet = await installation.processes({ status: 'open', notOf: release });
    expect(notYet.map(({ id }) => id)).toContain(slow?.id);
    expect(notYet.length).toBeGreaterThan(2);
    await holder.end();
    const left = async (): Promise<readonly string[]> =>
      (await installation.processes({ status: 'open', notOf: release })).map(({ id }) => id);
    await until(async () => (await left()).length <= 1);
    expect(await left()).toEqual([broken?.id]);
    await installation.look(name, [broken?.id, broken?.name]);
    await installation.look('update perennial.process set release = $2 where id = $1', [broken?.id, GONE]);
    await allLivedBy(bundles.changed);
    await client.connection.close();
  },
  LONG,
);
