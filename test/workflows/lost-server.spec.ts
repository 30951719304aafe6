import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays } from '#domain/calendar.js';
import { makeFirstKey } from '#database/first-key.js';
import type { Client as TemporalClient } from '@temporalio/client';
import { Waker } from '#database/wake.js';
import { connectTemporal } from '#platform/temporal-client.js';
import type { TemporalServer } from '#platform/temporal-server.js';
import { compare } from '#rehearsal/play/ledgers.js';
import { play } from '#rehearsal/play/player.js';
import { HttpDoor } from '../../apps/cli/journey/http-door.js';
import { RehearsalDoor } from '../../apps/cli/journey/rehearsal-door.js';
import { ApiDoor } from '../api/support/door.js';
import { Installation, until } from '../support/live.js';
import { operatorOf, type Operator } from '../support/operator.js';
import { MIDWAY, Portfolio } from '../support/portfolio.js';
import { fromRun } from '../support/postgres.js';
import { Rehearsed } from '../support/rehearsal.js';
import { expectSame } from '../support/same.js';
import { HaltedPlay, sample } from '../support/sample.js';
import { ownTemporal } from '../support/temporal.js';
import { startWorker } from '../support/worker.js';

const CLIENTS = 10;
const size = { onTheirWay: 2, justRaised: 18 };
const AT_LEAST = 200;
const LONG = 300_000;
const NAME = 'lost-server';

let installation: Installation;
let door: ApiDoor;
let temporal: TemporalServer;
let waker: Waker;
let operator: Operator;
let portfolio: Portfolio;
let certification: HaltedPlay;

beforeAll(async () => {
  installation = await Installation.make();
  const { database } = installation;
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
  door = await ApiDoor.before({ database, evidenceFolder }, await makeFirstKey(database.ownerUrl));
  waker = new Waker(database.appUrl, 'perennial_work');
  temporal = await ownTemporal(NAME);
  await startWorker({ database, temporal });
  operator = await operatorOf(database, temporal);
  portfolio = await Portfolio.live(installation, CLIENTS, size);
  await portfolio.goesOnUntil(MIDWAY);
  const inMiddle = new HttpDoor(door.url, door.key);
  certification = await HaltedPlay.before('decide', inMiddle, () => {
    waker.wake();
  });
}, LONG);

afterAll(async () => {
  await waker.close();
  await door.close();
  await installation.end();
});

/** Every open process has seen all its facts and waits. */
async function allWait(): Promise<void> {
  await until(async () => {
    const [row] = await installation.look<{ busy: string }>(
      `select count(*) as busy from perennial.process p left join perennial.parking k on k.process = p.id
       where p.status = 'open' and (p.told < p.last or k.seen is distinct from p.last)`,
    );
    return row?.busy === '0';
  });
}

/** Every open process as an operator sees it: its stage, its facts, and what it waits for until when. */
async function listed(): Promise<readonly string[]> {
  await allWait();
  return (await operator('list', '--json')).data.trim().split('\n');
}

/** The same without the operator, and how much has been recorded. */
async function standing(): Promise<readonly string[]> {
  await allWait();
  const open = await installation.processes({ status: 'open' });
  return [...open.map((one) => JSON.stringify(one)), String(await installation.entries())];
}

/** The server ends, its data is deleted, and so is what the runs had written of their waits; it begins anew, empty. */
async function losesServer(): Promise<void> {
  const port = Number(temporal.address.split(':')[1]);
  await temporal.stop();
  rmSync(join(fromRun('TEST_RUN_FOLDER'), NAME), { recursive: true });
  await installation.look('delete from perennial.parking');
  await installation.look('delete from perennial.agenda');
  temporal = await ownTemporal(NAME, port);
  expect(temporal.address).toContain(`:${String(port)}`);
}

/** Of every tenth process the run that the server knows. */
async function runs(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  await onServer(async (client) => {
    for (const { id } of (await installation.processes({ status: 'open' })).filter((_, n) => n % 10 === 0)) {
      const shown = await client.workflow
        .getHandle(id)
        .describe()
        .catch(() => undefined);
      if (shown?.status.name === 'RUNNING') found.set(id, shown.runId);
    }
  });
  return found;
}

async function onServer(work: (client: TemporalClient) => Promise<void>): Promise<void> {
  const client = await connectTemporal(temporal, 10_000);
  await work(client);
  await client.connection.close();
}

/** The processes whose run is another one than before. */
async function freshSince(before: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const now = await runs();
  return [...before].filter(([id, run]) => now.get(id) !== run).map(([id]) => id);
}

test(
  '[R16] when the workflow server has lost everything, a rebuild brings every process back to what it waited for, and writes nothing',
  async () => {
    const [before, entries] = [await listed(), await installation.entries()];
    expect(before.length).toBeGreaterThanOrEqual(AT_LEAST);
    const open = await installation.processes({ status: 'open' });
    expect(new Set(open.map(({ name }) => name))).toEqual(
      new Set(['audit', 'certification-cycle', 'corrective-action', 'decision', 'readiness-step']),
    );
    expect(new Set(open.map(({ stage }) => stage)).size).toBeGreaterThan(10);
    await losesServer();
    expect((await runs()).size).toBe(0);
    const began = performance.now();
    const { talk } = await operator('rebuild');
    expect(talk).toContain(`${String(open.length)} processes were started from the ledger`);
    const after = await listed();
    const seconds = (performance.now() - began) / 1000;
    process.stderr.write(
      `  ${String(open.length)} processes wait again ${seconds.toFixed(1)} s after the word\n`,
    );
    expectSame(after, before);
    expect(await installation.entries()).toBe(entries);
    expect((await runs()).size).toBe(Math.ceil(open.length / 10));
  },
  LONG,
);

test(
  'one process is started again on demand, and all others are left alone',
  async () => {
    const [before, ran] = [await standing(), await runs()];
    const [one = ''] = [...ran.keys()];
    expect((await operator('restart', one)).talk).toContain('1 processes were started again');
    expect(await freshSince(ran)).toEqual([one]);
    expectSame(await standing(), before);
  },
  LONG,
);

test(
  'a run that was ended behind our back is found and started again, and a healthy one is left alone',
  async () => {
    const [before, ran] = [await standing(), await runs()];
    const ended = [...ran.keys()].filter((_, place) => place % 5 === 2);
    await onServer(async (client) => {
      for (const id of ended) await client.workflow.getHandle(id).terminate('behind our back');
    });
    const { talk } = await operator('reconcile');
    expect(talk).toContain(`${String(ended.length)} processes had no run and were started`);
    expect(await freshSince(ran)).toEqual(ended);
    expectSame(await standing(), before);
  },
  LONG,
);

test(
  '[R16] afterwards everything goes on, and comes to the ledgers to which it would have come',
  async () => {
    const later = addDays(MIDWAY, 12);
    await portfolio.goesOnUntil(later);
    const twins: string[] = [];
    for (let number = 1; number <= CLIENTS; number += 1) {
      const twin = await Portfolio.begin(new Rehearsed(), [number], size);
      await twin.goesOnUntil(later);
      twins.push(...(await twin.lines()));
    }
    expectSame(await portfolio.lines(), twins);
    const { unmet, story } = await certification.goesOn();
    expect(unmet).toEqual([]);
    const undisturbed = await play(sample(), new RehearsalDoor());
    expect(compare(story.entries, undisturbed.story.entries)).toBeUndefined();
  },
  LONG,
);
