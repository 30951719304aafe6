import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client as TemporalClient } from '@temporalio/client';
import type { z } from 'zod';
import { operations } from '#contract/routes/sandboxes.js';
import { session } from '#contract/routes/session.js';
import { watches } from '#contract/routes/watches.js';
import { makeFirstKey } from '#database/first-key.js';
import { rebuild } from '#database/rebuild.js';
import type { Id } from '#domain/actor.js';
import { pause } from '#platform/pause.js';
import { queueOf, Runs } from '#platform/runs.js';
import { connectTemporal, type TemporalPlace } from '#platform/temporal-client.js';
import { certification } from '../api/support/certification.js';
import { ApiDoor } from '../api/support/door.js';
import { Installation, until } from '../support/live.js';
import { daysAgo, RealClient } from '../support/real-clock.js';
import { freshNamespace } from '../support/temporal.js';
import { bundled, startWorker, type TestWorker } from '../support/worker.js';

const LONG = 180_000;
type Report = z.output<typeof watches.get.answer>;

let installation: Installation;
let door: ApiDoor;
let temporal: TemporalPlace;
let server: TemporalClient;
let worker: TestWorker;
let client: RealClient;
/** Three findings of a client on the real clock. */
let findings: readonly Id[];
let asked = 0;

beforeAll(async () => {
  installation = await Installation.make();
  const { database } = installation;
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
  door = await ApiDoor.before({ database, evidenceFolder }, await makeFirstKey(database.ownerUrl));
  temporal = await freshNamespace();
  server = await connectTemporal(temporal, 10_000);
  await certification(door);
  client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'ana', mail: 'ana@example.org', roles: ['aims-manager'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
  ]);
  findings = [
    await client.raised('iris', 10),
    await client.raised('iris', 11),
    await client.raised('iris', 12),
  ];
  worker = await startWorker({ database, temporal });
  await allWait();
}, LONG);

afterAll(async () => {
  await worker.stop();
  await door.close();
  await server.connection.close();
  await installation.end();
}, LONG);

/** Every process waits, and for nothing that is past. */
async function allWait(): Promise<void> {
  await until(async () => {
    const now = daysAgo(0);
    return (await installation.behind({ unseen: now, due: now })).length === 0;
  }, LONG);
}

/** Has the watch run, and reads what it reported. */
async function watched(): Promise<Report> {
  asked += 1;
  const begun = await door.as().call(watches.run, { key: `watch-${String(asked)}`, waitS: 20 });
  let result: unknown = begun.result;
  await until(async () => {
    const { status, result: came } = await door.as().call(operations.get, { params: { id: begun.id } });
    result = came;
    return status === 'succeeded';
  }, LONG);
  const { watch } = result as { watch: string };
  return door.as().call(watches.get, { params: { id: watch } });
}

const processOf = (finding: Id | undefined): Id => `corrective-action/${finding ?? ''}`;
const seenBy = async (process: Id): Promise<number | null> =>
  (await installation.processes({ id: process }))[0]?.seen ?? null;

test(
  'when all is well the watch has nothing to remark, and records nothing, however often it runs',
  async () => {
    await allWait();
    const entries = await installation.entries();
    const open = await installation.processes({ status: 'open' });
    for (const report of [await watched(), await watched()]) {
      expect(report.remarks).toEqual([]);
      expect(report.lookedAt).toEqual({ certificates: 1, processes: open.length });
    }
    expect(await installation.entries()).toBe(entries);
    const { data } = await door.as().call(watches.list);
    expect(data.map(({ because }) => because)).toEqual(['asked', 'asked']);
  },
  LONG,
);

test(
  'a run that was ended behind our back, one that never heard of a fact and one whose timer was lost are repaired and reported, each once',
  async () => {
    const [ended, deaf, late] = findings.map(processOf);
    await worker.stop();
    await client.does(
      'ana',
      { type: 'disputeFinding', stream: findings[1] ?? '', reason: 'It was kept' },
      daysAgo(1),
    );
    await installation.look('update perennial.process set told = last where id = $1', [deaf]);
    worker = await startWorker({ database: installation.database, temporal });
    await server.workflow.getHandle(ended ?? '').terminate('behind our back');
    const due = `update perennial.parking set next_due = clock_timestamp() - interval '20 minutes' where process = $1`;
    await installation.look(due, [late]);
    const before = await seenBy(deaf ?? '');
    const { remarks } = await watched();
    expect(new Set(remarks.map((one) => JSON.stringify([one.kind, one.subject, one.repaired])))).toEqual(
      new Set([
        JSON.stringify(['no-run', ended, true]),
        JSON.stringify(['unseen', deaf, true]),
        JSON.stringify(['due-missed', late, true]),
      ]),
    );
    expect(remarks).toHaveLength(3);
    expect(await seenBy(deaf ?? '')).toBeGreaterThan(before ?? 0);
    await allWait();
    expect((await installation.processes({ id: late ?? '' }))[0]?.nextDue).toBeTruthy();
    expect((await server.workflow.getHandle(ended ?? '').describe()).status.name).toBe('RUNNING');
    expect((await watched()).remarks).toEqual([]);
  },
  LONG,
);

test(
  'a certificate of which a surveillance is planned nowhere is reported, and nothing is planned in silence',
  async () => {
    const entries = await installation.entries();
    const [certificate] = await installation.look<{ id: Id }>(
      `select id from perennial.stream where kind = 'certificate' and stage = 'active'`,
    );
    await installation.look(
      `delete from perennial.stream where id = (select min(id) from perennial.stream where kind = 'surveillance')`,
    );
    const { remarks } = await watched();
    expect(remarks).toEqual([
      {
        ...{ kind: 'unplanned', subject: certificate?.id, repaired: false },
        detail: 'surveillance of cycle 1: 1 owed and not planned',
      },
    ]);
    expect(await installation.entries()).toBe(entries);
    await rebuild(installation.database.ownerUrl);
    expect((await watched()).remarks).toEqual([]);
  },
  LONG,
);

test(
  'the schedule is there once, however many workers there are, and what it begins leaves its report',
  async () => {
    const second = await startWorker({ database: installation.database, temporal });
    const ids: string[] = [];
    await until(async () => {
      ids.splice(0);
      for await (const { scheduleId } of server.schedule.list()) ids.push(scheduleId);
      return ids.length > 0;
    });
    expect(ids).toEqual(['dailyWatch']);
    const schedule = server.schedule.getHandle('dailyWatch');
    const { policies, spec } = await schedule.describe();
    expect(policies.overlap).toBe('SKIP');
    expect(spec.calendars).toHaveLength(1);
    await schedule.trigger();
    await until(async () => {
      const { data } = await door.as().call(watches.list);
      return data[0]?.because === 'schedule';
    }, LONG);
    await second.stop();
  },
  LONG,
);

/** A release of which no worker is left. */
const gone = queueOf('c0ffee000000');

test(
  'a schedule that a release has left behind which has ended is taken within the minute; one that another release carries is left to it',
  async () => {
    const schedule = server.schedule.getHandle('dailyWatch');
    const queue = async (): Promise<string> => (await schedule.describe()).action.taskQueue;
    const own = await queue();
    expect(await new Runs(server, gone).isCarried('dailyWatch')).toBe(true);
    await schedule.update(({ action, ...rest }) => ({ ...rest, action: { ...action, taskQueue: gone } }));
    expect(await new Runs(server, own).isCarried('dailyWatch')).toBe(false);
    await until(async () => {
      await pause(1_000);
      return (await queue()) === own;
    }, 60_000);
  },
  LONG,
);

test('the watch is for whoever runs the installation: nobody else has it run, or reads what it found', async () => {
  const [own] = await installation.look<{ id: Id }>(
    `select id from perennial.stream where kind = 'organisation' and state->>'mode' = 'sandbox' order by id limit 1`,
  );
  const made = { roles: ['observer'], scopes: ['watch'], organisation: own?.id };
  const { bytes } = await door.send('POST', '/v1/api-keys', { token: door.key, key: 'theirs', body: made });
  const { secret } = JSON.parse(bytes.toString()) as { secret: string };
  expect((await door.problem('POST', '/v1/watches', { token: secret, key: 'w' })).code).toBe('not-permitted');
  expect((await door.as(secret).call(watches.list)).data).toEqual([]);
  const { organisation } = await door.as().call(session.get);
  const mine = { roles: ['observer'], scopes: ['sandboxes:manage'], organisation };
  const narrow = await door.send('POST', '/v1/api-keys', { token: door.key, key: 'narrow', body: mine });
  const { secret: narrowKey } = JSON.parse(narrow.bytes.toString()) as { secret: string };
  const problem = await door.problem('POST', '/v1/watches', { token: narrowKey, key: 'w' });
  expect(problem.code).toBe('scope-missing');
});

test(
  'a process whose code fails again and again is started anew; when that does not help the report says so',
  async () => {
    await worker.stop();
    const planted = {
      ...{ file: 'corrective-action.ts', from: 'await askForPlan(p, finding);' },
      to: "throw new Error('planted');",
    };
    worker = await startWorker({ database: installation.database, temporal, bundle: await bundled(planted) });
    const failing = processOf(findings[0]);
    await until(async () => {
      const { raw } = await server.workflow.getHandle(failing).describe();
      return (raw.pendingWorkflowTask?.attempt ?? 0) > 3;
    }, LONG);
    const { remarks } = await watched();
    expect(remarks).toContainEqual({
      ...{ kind: 'failing', subject: failing, repaired: false },
      detail: 'its code failed again and again; started again from the ledger',
    });
    await worker.stop();
    worker = await startWorker({ database: installation.database, temporal });
    await allWait();
    expect((await watched()).remarks).toEqual([]);
  },
  LONG,
);
