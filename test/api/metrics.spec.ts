import { metrics } from '#contract/routes/metrics.js';
import { ApiDoor } from './support/door.js';
import { planOf, toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let world: SmallWorld;
beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
}, 60_000);
afterAll(() => door.close());

/** Every number, by its name with its labels. */
async function read(): Promise<ReadonlyMap<string, number>> {
  const { status, headers, bytes } = await door.send('GET', metrics.read.path, { token: door.key });
  expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain') as string]);
  const lines = bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, number] => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

test('numbers say how the installation stands: what waits, for how long, and how requests fare', async () => {
  const [ana, dana, iris] = [
    await world.person('client', 'aims-manager'),
    await world.person('client', 'process-owner'),
    await world.person('client', 'internal-auditor'),
  ];
  const programme = await world.programme(ana);
  const { id, version } = await toBePlanned(door, world, iris, { programme, key: 'planned' });
  const sent = { token: dana.token, key: 'submits', version, body: planOf(dana.id) };
  expect((await door.send('POST', `/v1/findings/${id}/submit-plan`, sent)).status).toBe(200);
  await look(door, `insert into perennial.heartbeat values ('processes', now() - interval '90 s')`);
  const numbers = await read();
  expect(numbers.get('perennial_tasks_open')).toBe(1);
  expect(numbers.get('perennial_processes_open{process="corrective-action"}')).toBe(1);
  expect(numbers.get('perennial_processes_behind')).toBeGreaterThan(0);
  expect(numbers.get('perennial_untold_age_seconds')).toBe(0); // a sandbox has a clock of its own
  expect(numbers.get('perennial_feed_lag_seconds')).toBeGreaterThan(0);
  expect(numbers.get('perennial_heartbeat_age_seconds')).toBeGreaterThanOrEqual(90);
  expect(numbers.get('perennial_http_request_seconds_count{route="submitPlan",status="200"}')).toBe(1);
  expect(numbers.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

test('no address and no id stands in them', async () => {
  await door.send('GET', '/v1/findings/fnd_7zzzzzzzzzzzzzzzzzzzzzzzzz?asOf=2029-01-01', { token: door.key });
  await door.send('GET', '/v1/secret-path-of-somebody', { token: door.key });
  const names = [...(await read()).keys()].join('\n');
  expect(names).not.toMatch(/fnd_|secret-path|\?/);
  expect(names).toContain('route="none",status="404"');
});

test('they are for whoever runs the installation, and for nobody else', async () => {
  const ana = await world.person('client', 'aims-manager');
  expect((await door.send('GET', metrics.read.path, { token: ana.token })).status).toBe(404);
  expect((await door.send('GET', metrics.read.path)).status).toBe(401);
});
