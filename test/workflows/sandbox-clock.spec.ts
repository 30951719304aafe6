import type { TemporalPlace } from '#platform/temporal-client.js';
import { STARTS, type Client } from '../support/client.js';
import { Installation, until } from '../support/live.js';
import { usual } from '../support/own-finding.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker } from '../support/worker.js';

const LONG = 120_000;
const SOON_MS = 10_000;

let installation: Installation;
let temporal: TemporalPlace;

beforeAll(async () => {
  [installation, temporal] = [await Installation.make(), await freshNamespace()];
}, LONG);

afterAll(() => installation.end());

async function clockOf({ organisation }: Client): Promise<string | undefined> {
  const [row] = await installation.look<{ now: string }>(
    `select perennial.iso(b.now) as now from perennial.sandbox b
     join perennial.sandbox_member m on m.sandbox = b.id where m.organisation = $1`,
    [organisation],
  );
  return row?.now;
}

test(
  'an advance lets a worker go that is stopping, and whoever takes it up goes no further than was asked',
  async () => {
    const parts = { database: installation.database, temporal };
    const first = await startWorker(parts);
    const client = await installation.client(1);
    const finding = await client.draft();
    for (const deed of client.deeds(usual).slice(0, 1)) await client.deed(finding, deed);
    await client.advance(STARTS); // until it waits
    const [{ nextDue } = { nextDue: null }] = await installation.processes({ subject: finding });
    await first.stop();

    const alone = await startWorker({ ...parts, duties: ['relay'] }); // with nobody to live the processes, nobody parks
    const advance = await installation.advancing(client.organisation, { until: 'next' });
    await until(async () => (await clockOf(client)) === nextDue);
    const began = performance.now();
    await alone.stop();
    expect(performance.now() - began).toBeLessThan(SOON_MS);

    await startWorker(parts);
    await installation.advanced(advance);
    expect(await clockOf(client)).toBe(nextDue);
  },
  LONG,
);
