import { Client } from '../support/client.js';
import { usual, type Course } from '../support/own-finding.js';
import { Rehearsed } from '../support/rehearsal.js';
import { Installation } from '../support/live.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker } from '../support/worker.js';

const courses: readonly Course[] = [
  usual,
  { ...usual, planAfter: 45, plansRejected: 1, disputed: true },
  { ...usual, grade: 'minor', evidenceRejected: 1, ending: 'ineffective' },
  { ...usual, ending: 'retracted', planAfter: 40 },
  { ...usual, evidenceAfter: 120, ending: 'open' },
];

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.make();
  await startWorker({ database: installation.database, temporal: await freshNamespace() });
}, 120_000);

afterAll(() => installation.end());

test.each(courses.map((course, place) => ({ course, number: place + 1 })))(
  'the same course in the rehearsal and on real servers leaves the same ledger, byte for byte: %#',
  async ({ course, number }) => {
    const live = await installation.client(number);
    await live.plays(course);
    const client = await new Client(new Rehearsed(), number).begin();
    await client.plays(course);
    expect(await live.lines()).toEqual(await client.lines());
  },
  60_000,
);
