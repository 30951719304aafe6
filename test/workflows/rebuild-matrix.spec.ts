import { readFileSync } from 'node:fs';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Id } from '#domain/actor.js';
import { releaseOf } from '#platform/runs.js';
import { connectTemporal } from '#platform/temporal-client.js';
import { play } from '#rehearsal/play/player.js';
import type { Entry } from '#rehearsal/play/door.js';
import type { Script } from '#rehearsal/play/script.js';
import { reachFleet, type ReachedFleet } from '../../apps/cli/processes/fleet.js';
import { linesOf } from '../support/client.js';
import {
  StraightDoor,
  type Agendas,
  type Counts,
  type Moment,
  type Plot,
} from '../support/histories-door.js';
import { LiveGround } from '../support/histories-live.js';
import { MemoryGround } from '../support/histories-memory.js';
import { stories } from '../support/histories-scenarios.js';
import { Installation } from '../support/live.js';
import { freshNamespace } from '../support/temporal.js';
import { bundled, startWorker } from '../support/worker.js';

const FIRST = 1_000;
/** A client that declines the proposal leaves few facts; every other story has more than twenty moments to be ended at. */
const SHORT = 'declined';
/** What leads to a certificate is ended at every moment in the other stories; these are left in peace until a cycle has begun. */
const LATER = ['lived', 'refused', 'restored'];
/** In memory a run that was begun anew lives on for so many moments before it is ended again. */
const EVERY = 5;

let installation: Installation;
let temporal: Client;
let reached: ReachedFleet;

beforeAll(async () => {
  installation = await Installation.make();
  const place = await freshNamespace();
  await startWorker({ database: installation.database, temporal: place });
  temporal = await connectTemporal(place, 10_000);
  const release = releaseOf(readFileSync(await bundled(), 'utf8'));
  reached = await reachFleet({ databaseUrl: installation.database.appUrl, temporal: place, release });
}, 120_000);

afterAll(async () => {
  await reached.leave();
  await temporal.connection.close();
  await installation.end();
}, 60_000);

/** What came of a play: the facts, what was waited for whenever all waited, and which processes had moved by then. */
interface Outcome {
  readonly facts: readonly string[];
  readonly agendas: readonly Agendas[];
  readonly moved: readonly (readonly Id[])[];
}

const movedSince = (before: Counts, now: Counts): readonly Id[] =>
  [...now].filter(([process, count]) => count > (before.get(process) ?? 0)).map(([process]) => process);

/** A play in memory, in which all runs are ended at every fifth moment, or at none. */
async function inMemory(script: Script, number: number, offset = -1): Promise<Outcome> {
  const ground = new MemoryGround();
  const agendas: Agendas[] = [];
  const moved: (readonly Id[])[] = [];
  let counts: Counts = new Map();
  const watch = async (moment: Moment): Promise<void> => {
    if (moment !== 'settled') return;
    if (agendas.length % EVERY === offset) await ground.world.restart();
    agendas.push(ground.agendas());
    const now = ground.counts();
    moved.push(movedSince(counts, now));
    counts = now;
  };
  const { story } = await play(script, new StraightDoor(ground, number, watch));
  return { facts: factsOf(story.entries), agendas, moved };
}

/** Organisations and people stand in the log of the installation; processes have nothing to do with them. */
const factsOf = (entries: readonly Entry[]): readonly string[] =>
  linesOf(entries.filter(({ kind }) => kind !== 'organisation' && kind !== 'person')).toSorted();

/** The first place at which two lists are not the same. */
function firstDifference(one: readonly unknown[], other: readonly unknown[]): object | undefined {
  const [left, right] = [one, other].map((list) => list.map((item) => JSON.stringify(item)));
  const at = (left ?? []).findIndex((item, place) => item !== right?.[place]);
  if (at < 0 && one.length === other.length) return undefined;
  return { at, lengths: [one.length, other.length], one: one[at], other: other[at] };
}

/**
 * A play on real servers in which each process is ended after each of its facts: when somebody's command has just been
 * committed, perhaps in the middle of a step, and whenever all wait. It is begun anew at once, or by whatever it is told next.
 */
class Disturbed {
  readonly agendas: Agendas[] = [];
  /** Which processes were ended since the moment before. */
  readonly ended: (readonly Id[])[] = [];
  private counts: Counts = new Map();
  private since: Id[] = [];
  private turn = 0;

  constructor(
    private readonly ground: LiveGround,
    private readonly story: string,
  ) {}

  /** Whether the moment has come from which processes are ended. */
  private isTime(now: Counts): boolean {
    return !LATER.includes(this.story) || [...now.keys()].some((id) => id.startsWith('surveillance/'));
  }

  async watch(moment: Moment, plot: Plot): Promise<void> {
    const now = await this.ground.counts(plot);
    for (const process of movedSince(this.counts, now)) {
      this.since.push(process);
      if (!this.isTime(now)) continue;
      this.turn += 1;
      if (moment === 'committed') await restart(process);
      else if (this.turn % 2 === 0) await restartUnseen(process);
      else await terminate(process);
    }
    this.counts = now;
    if (moment === 'committed') return;
    await this.ground.settle(plot);
    this.agendas.push(await this.ground.agendas(plot));
    this.ended.push(this.since.splice(0));
  }
}

const restart = async (id: Id): Promise<void> => {
  expect(await reached.fleet.restart({ id })).toBe(1);
};

/** What its last run wrote down is taken away, so that the one that is begun must write it. */
async function restartUnseen(id: Id): Promise<void> {
  await installation.look(
    'with gone as (delete from perennial.parking where process = $1) delete from perennial.agenda where process = $1',
    [id],
  );
  await restart(id);
}

async function terminate(id: Id): Promise<void> {
  try {
    await temporal.workflow.getHandle(id).terminate();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error; // it was over
  }
}

test.concurrent.each(stories.map((script, place) => ({ script, name: script.name, number: FIRST + place })))(
  '[R17] each process ended after each of its facts and begun anew leaves the same facts and waits for the same: $name',
  async ({ script, number }) => {
    const undisturbed = await inMemory(script, number);
    const ground = new LiveGround(installation);
    const disturbed = new Disturbed(ground, script.name);
    const { unmet, story } = await play(
      script,
      new StraightDoor(ground, number, (moment, plot) => disturbed.watch(moment, plot)),
    );
    expect(unmet).toEqual([]);
    expect(firstDifference(disturbed.agendas, undisturbed.agendas)).toBeUndefined();
    expect(firstDifference(factsOf(story.entries), undisturbed.facts)).toBeUndefined();
    const missed = undisturbed.moved.flatMap((ids, at) =>
      ids.filter((id) => !disturbed.ended[at]?.includes(id)).map((id) => `${String(at)} ${id}`),
    );
    expect(missed).toEqual([]);
    expect(disturbed.ended.flat().length).toBeGreaterThan(script.name === SHORT ? 5 : 20);
  },
  1_800_000,
);

test.each(stories.map((script) => ({ script, name: script.name })))(
  '[R17] whenever all runs are ended, those that are begun anew live on to the same end: $name',
  async ({ script }) => {
    const undisturbed = await inMemory(script, FIRST);
    for (let offset = 0; offset < EVERY; offset += 1) {
      const { facts, agendas } = await inMemory(script, FIRST, offset);
      expect(firstDifference(agendas, undisturbed.agendas)).toBeUndefined();
      expect(firstDifference(facts, undisturbed.facts)).toBeUndefined();
    }
  },
  300_000,
);
