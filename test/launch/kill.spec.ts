import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { rebuildAndCompare } from '#database/rebuild.js';
import { urlsOf } from '#platform/postgres.js';
import { compare } from '#rehearsal/play/ledgers.js';
import { play, type Performance } from '#rehearsal/play/player.js';
import { HttpDoor } from '../../apps/cli/journey/http-door.js';
import { RehearsalDoor } from '../../apps/cli/journey/rehearsal-door.js';
import { until, WholeSystem, type Up } from '../support/whole-system.js';
import { scriptIn } from '../support/script-in.js';

const MOMENTS = Number(process.env['KILL_MOMENTS'] ?? 8);
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000);
const JOURNEYS = Number(process.env['KILL_JOURNEYS'] ?? 2);
const parts = ['worker', 'relay', 'api', 'postgres', 'temporal'] as const;
type PartName = (typeof parts)[number];

const script = scriptIn('samples/customer-chat-assistant.yaml');

/** A part that falls again and again is started again later each time, and half a minute may pass without a door. */
const PATIENCE_MS = 300_000;

/** A relay as a program of its own, started again whenever it falls. */
class Relay {
  private child: ChildProcess | undefined;
  private over = false;

  constructor(private readonly env: Readonly<Record<string, string>>) {
    this.start();
  }

  get pid(): number {
    return this.child?.exitCode === null ? (this.child.pid ?? 0) : 0;
  }

  stop(): void {
    this.over = true;
    this.child?.kill('SIGKILL');
  }

  private start(): void {
    if (this.over) return;
    const env = { ...process.env, ...this.env };
    this.child = spawn(process.execPath, ['dist/apps/worker/main.js'], { env, stdio: 'ignore' });
    this.child.once('exit', () => setTimeout(() => this.start(), 250));
  }
}

/** Numbers between 0 and 1 that follow from the seed. */
function* chances(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

let system: WholeSystem;
let up: Up;
let relay: Relay;
beforeAll(async () => {
  system = await WholeSystem.prepare({ PERENNIAL_DUTIES: 'processes,notices' });
  up = await system.started();
  const { temporalAddress } = system.record();
  relay = new Relay({
    ...{ DATABASE_URL: urls().appUrl, TEMPORAL_ADDRESS: temporalAddress },
    ...{ PERENNIAL_DUTIES: 'relay', PERENNIAL_LOG_LEVEL: 'silent' },
  });
}, 180_000);
afterAll(async () => {
  relay.stop();
  up.signal('SIGTERM');
  await up.ended;
  await system.remove();
}, 120_000);

const urls = () => urlsOf(system.record().postgresPort, `${system.data}/secrets`);
const pidOf = (part: PartName): number => (part === 'relay' ? relay.pid : (system.record().pids[part] ?? 0));

/** A part may have fallen by itself, with another one. */
function runs(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Each part in turn, in an order by chance, at moments by chance; a part must run before it can be killed. */
async function killAtRandom(killed: PartName[]): Promise<void> {
  const chance = chances(SEED);
  let hat: PartName[] = [];
  const last = new Map<PartName, number>();
  while (killed.length < MOMENTS) {
    await new Promise((done) => setTimeout(done, 300 + 2_200 * chance.next().value));
    if (hat.length === 0) hat = [...parts];
    const [part = 'api'] = hat.splice(Math.floor(chance.next().value * hat.length), 1);
    await until(
      () => runs(pidOf(part)) && pidOf(part) !== last.get(part),
      () => `${part} does not come back\n${up.talk}`,
    );
    last.set(part, pidOf(part));
    process.kill(pidOf(part), 'SIGKILL');
    killed.push(part);
  }
}

const oneRound = (): Promise<readonly Performance[]> =>
  Promise.all(
    Array.from({ length: JOURNEYS }, () =>
      play(script, new HttpDoor(system.url, system.key(), { patienceMs: PATIENCE_MS })),
    ),
  );

test(`${String(JOURNEYS)} journeys of three years at once, with every part killed in turn at ${String(MOMENTS)} moments, leave the ledgers of undisturbed ones (seed ${String(SEED)})`, async () => {
  const undisturbed = (await play(script, new RehearsalDoor())).story.entries;
  const killed: PartName[] = [];
  const performed: Performance[] = [];
  const rounds = async (): Promise<void> => {
    do performed.push(...(await oneRound()));
    while (killed.length < MOMENTS);
  };
  await Promise.all([killAtRandom(killed), rounds()]).catch((cause: unknown) => {
    throw new Error(`after ${killed.join(', ')}\n${up.talk}`, { cause });
  });
  expect(new Set(killed)).toEqual(new Set(parts));
  const apart = new Set(performed.map(({ story }) => story.entries[0]?.fact.stream));
  expect(apart.size).toBe(performed.length);
  for (const { story, unmet } of performed) {
    expect(unmet).toEqual([]);
    expect(compare(undisturbed, story.entries)).toBeUndefined();
  }
  await until(() => system.serves()); // the last that was killed may be PostgreSQL
  expect(await rebuildAndCompare(urls().ownerUrl)).toEqual([]);
}, 1_800_000);
