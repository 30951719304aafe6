import { readFileSync } from 'node:fs';
import type { Client as TemporalClient } from '@temporalio/client';
import type { Id } from '#domain/actor.js';
import { addDays } from '#domain/calendar.js';
import type { CivilDate } from '#domain/instant.js';
import { pause } from '#platform/pause.js';
import { queueOf, releaseOf } from '#platform/runs.js';
import { connectTemporal } from '#platform/temporal-client.js';
import { instantOf } from '../../apps/cli/journey/tools.js';
import { Client, ZONE } from '../support/client.js';
import { Installation } from '../support/live.js';
import { LossyLine, relayOn } from '../support/lossy-line.js';
import { usual, type Course, type Deed } from '../support/own-finding.js';
import { Rehearsed } from '../support/rehearsal.js';
import { freshNamespace } from '../support/temporal.js';
import { bundled, startWorker } from '../support/worker.js';

const SEED = 20_290_301;
const FACTS = 4;
const REST_MS = 300;
const LONG = 120_000;

/** Short enough that no run is full and goes on as a new one. */
const courses: readonly Course[] = [
  { ...usual, planAfter: 45, disputed: true },
  { ...usual, grade: 'minor', evidenceRejected: 1 },
  { ...usual, ending: 'retracted', planAfter: 40 },
];

/** A finding has no days before it is raised or once closed; what awaits a confirmation must not change. */
const daysMayMove = ({ by, type }: Deed): boolean =>
  !['raiseNonconformity', 'confirmEffective'].includes(type) && !(by === 'ana' && type.startsWith('submit'));

let installation: Installation;
let temporal: TemporalClient;
let line: LossyLine;
let relayEnds: () => Promise<void>;

beforeAll(async () => {
  installation = await Installation.make();
  const { database } = installation;
  const [place, bundle] = [await freshNamespace(), await bundled()];
  await startWorker({ database, temporal: place, bundle, duties: ['processes', 'notices'] });
  temporal = await connectTemporal(place, 10_000);
  line = new LossyLine(temporal, queueOf(releaseOf(readFileSync(bundle, 'utf8'))), SEED);
  relayEnds = await relayOn(line, database);
}, LONG);

afterAll(async () => {
  await relayEnds();
  await temporal.connection.close();
  await installation.end();
});

/** What a process waits for, and by which day. */
interface Line {
  readonly label: string;
  readonly on?: string | null;
}

/** A client, and what the process of a finding waits for, live or in a rehearsal. */
interface Stage {
  readonly client: Client;
  readonly agenda: (finding: Id) => Promise<readonly Line[]>;
  readonly rest: () => Promise<void>;
}

async function live(number: number): Promise<Stage> {
  const client = await installation.client(number);
  const agenda = async (subject: Id) => (await installation.processes({ subject }))[0]?.agenda ?? [];
  return { client, agenda, rest: () => pause(REST_MS) };
}

async function rehearsed(number: number): Promise<Stage> {
  const floor = new Rehearsed();
  const client = await new Client(floor, number).begin();
  const agenda = () => Promise.resolve(floor.world.agenda().flatMap(({ items }) => items));
  return { client, agenda, rest: () => Promise.resolve() };
}

/**
 * More time for the verification and then for the plan, by facts of which some come at once and some when the
 * process rests: what it is not told then, it does not read by chance. It takes no step meanwhile, so it
 * does not matter who is faster.
 */
async function moves({ client, agenda, rest }: Stage, finding: Id, today: CivilDate): Promise<string> {
  await client.advance(instantOf(today, 'office', ZONE));
  for (let n = 1; n <= FACTS; n += 1) {
    const input = { which: n < FACTS ? 'verification' : 'plan', until: addDays(today, 100 + n) };
    await client.does('iris', { type: 'extendPlanDue', stream: finding, input, reason: 'She asked for it' });
    if (n > 1) await rest();
  }
  await client.advance(instantOf(today, 'office', ZONE));
  const waits = (await agenda(finding)).map(({ label, on }) => `${on ?? ''} ${label}`);
  return `${today} waits for ${waits.toSorted().join('; ')}`;
}

/** What a finding waited for on each day of its course, and what came of it. */
async function plays(stage: Stage, course: Course): Promise<readonly string[]> {
  const { client } = stage;
  const [finding, waits] = [await client.draft(), new Array<string>()];
  for (const deed of client.deeds(course)) {
    if (daysMayMove(deed)) waits.push(await moves(stage, finding, deed.on));
    await client.deed(finding, deed);
  }
  await client.waits();
  return [...waits, ...(await client.lines())];
}

test.concurrent.each(courses.map((course, place) => ({ course, number: place + 1 })))(
  '[R19] messages lost, repeated and overtaken on their way: a finding leaves the same ledger: $#',
  async ({ course, number }) => {
    const played = await plays(await live(number), course);
    expect(played).toEqual(await plays(await rehearsed(number), course));
  },
  LONG,
);

test('[R19] enough messages with facts were lost, repeated and overtaken to mean something', () => {
  const { sent, lost, repeated, overtaken } = line.counts;
  process.stderr.write(`  ${sent} messages, ${lost} lost, ${repeated} repeated, ${overtaken} overtaken\n`);
  expect(sent).toBeGreaterThan(50);
  expect(lost).toBeGreaterThan(3);
  expect(repeated).toBeGreaterThan(25);
  expect(overtaken).toBeGreaterThan(10);
});
