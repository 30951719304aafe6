import type { Client } from '@temporalio/client';
import { connectTemporal } from '#platform/temporal-client.js';
import { play } from '#rehearsal/play/player.js';
import type { Entry } from '#rehearsal/play/door.js';
import type { Script } from '#rehearsal/play/script.js';
import { linesOf } from '../support/client.js';
import { StraightDoor } from '../support/histories-door.js';
import { LiveGround } from '../support/histories-live.js';
import { MemoryGround } from '../support/histories-memory.js';
import { nineYears, refused } from '../support/histories-lives.js';
import { Installation } from '../support/live.js';
import { freshNamespace } from '../support/temporal.js';
import { bundled, startWorker, type PlantedChange } from '../support/worker.js';

const NUMBER = 2_000;
const MOST_EVENTS = 500;
const MOST_BYTES = 256 * 1024;

const factsOf = (entries: readonly Entry[]): readonly string[] =>
  linesOf(entries.filter(({ kind }) => kind !== 'organisation' && kind !== 'person')).toSorted();

interface Lived {
  readonly facts: readonly string[];
  /** Every run of every process, with the length of its history. */
  readonly runs: readonly { readonly events: number; readonly bytes: number; readonly went: string }[];
}

async function onServers(script: Script, ...changes: readonly PlantedChange[]): Promise<Lived> {
  const installation = await Installation.make();
  const place = await freshNamespace();
  const bundle = await bundled(...changes);
  await startWorker({ database: installation.database, temporal: place, bundle });
  const temporal = await connectTemporal(place, 10_000);
  const { story, unmet } = await play(script, new StraightDoor(new LiveGround(installation), NUMBER));
  expect(unmet).toEqual([]);
  const runs = await runsOf(temporal);
  await temporal.connection.close();
  await installation.end();
  return { facts: factsOf(story.entries), runs };
}

async function runsOf(temporal: Client): Promise<Lived['runs']> {
  const runs = [];
  for await (const { historyLength, historySize = 0, status } of temporal.workflow.list())
    runs.push({ events: historyLength, bytes: historySize, went: status.name });
  return runs;
}

const inMemory = async (script: Script): Promise<readonly string[]> =>
  factsOf((await play(script, new StraightDoor(new MemoryGround(), NUMBER))).story.entries);

test.concurrent(
  '[R12] over three cycles, nine years, no run of any process grows beyond what is well carried',
  async () => {
    const { facts, runs } = await onServers(nineYears);
    expect(facts).toEqual(await inMemory(nineYears));
    expect(facts.length).toBeGreaterThan(1_000);
    expect(runs.filter(({ events, bytes }) => events > MOST_EVENTS || bytes > MOST_BYTES)).toEqual([]);
  },
  900_000,
);

test.concurrent(
  '[R12] runs that go on as new ones all the time, while facts come in, lose none of them',
  async () => {
    const often = { file: 'temporal.ts', from: 'FULL_AT_EVENTS = 400', to: 'FULL_AT_EVENTS = 18' };
    const { facts, runs } = await onServers(refused, often);
    expect(facts).toEqual(await inMemory(refused));
    expect(runs.filter(({ went }) => went === 'CONTINUED_AS_NEW').length).toBeGreaterThan(50);
  },
  900_000,
);
