import { batches } from '#contract/routes/batches.js';
import { findings } from '#contract/routes/findings.js';
import { inbox } from '#contract/routes/inbox.js';
import { ApiDoor } from './support/door.js';
import type { Somebody } from './support/people.js';
import { planOf, toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let [ana, both]: Somebody[] = [];
let plans: { readonly id: string; readonly version: number }[] = [];

beforeAll(async () => {
  door = await ApiDoor.open();
  const world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  both = await world.person('client', 'process-owner', 'aims-manager');
  const iris = await world.person('client', 'internal-auditor');
  const programme = await world.programme(ana);
  for (const key of ['one', 'two', 'three']) {
    const { id, version } = await toBePlanned(door, world, iris, { programme, key });
    const one = { params: { id }, key, version, body: planOf(both.id) };
    plans = [...plans, { id, version: (await as(both).call(findings.commands.submitPlan, one)).version }];
  }
}, 120_000);
afterAll(() => door.close());

const as = (somebody: Somebody | undefined) => door.as(somebody?.token);

const confirming = () =>
  plans.map(({ id, version }) => ({
    command: 'submitPlan',
    target: id,
    version,
    input: planOf(both?.id ?? ''),
  }));

test('[S4] nobody confirms their own work by the dozen: each is refused for itself, with the rule', async () => {
  const { data } = await as(both).call(batches.run, { key: 'own', body: { commands: confirming() } });
  expect(data).toHaveLength(3);
  for (const { status, body } of data)
    expect([status, body]).toMatchObject([403, { code: 'four-eyes-required', rules: ['SUP-0'] }]);
});

test('tasks are taken and done by the dozen, each with its own result, and a mistake stops no other', async () => {
  const open = await as(ana).call(inbox.list, { query: { view: 'claimable' } });
  const claims = open.data.map(({ id, version }) => ({ command: 'claimTask', target: id, version }));
  const [first, ...rest] = claims;
  if (!first) throw new Error('nothing is claimable');
  const wrong = [
    { ...first, version: 99 },
    { command: 'paintTask', target: first.target },
    { command: 'makeKey' },
    { ...first, input: { surprise: 1 } },
    { command: 'claimTask', target: 'tsk_01k9zq4v8e7m3x5t2c6b0n1r9s', version: 1 },
    { command: 'claimTask', target: first.target },
  ];
  const { data } = await as(ana).call(batches.run, {
    key: 'claims',
    body: { commands: [...wrong, first, ...rest] },
  });
  expect(data.map(({ status, body }) => (status === 200 ? status : [status, codeOf(body)]))).toEqual([
    ...[
      [412, 'stale-version'],
      [422, 'invalid-body'],
      [422, 'invalid-body'],
      [422, 'invalid-body'],
    ],
    ...[[404, 'not-found'], [428, 'precondition-missing'], 200, 200, 200],
  ]);
  expect(data.at(-1)?.body).toMatchObject({ object: 'task', state: 'claimed', claimant: ana?.id });
});

const codeOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;

test('the same batch once more answers the same and does nothing twice', async () => {
  const send = () =>
    door.send('POST', '/v1/batches', {
      ...{ token: ana?.token ?? '', key: 'confirms', body: { commands: confirming() } },
    });
  const [one, other] = [await send(), await send()];
  expect(JSON.parse(one.bytes.toString())).toMatchObject({
    data: [{ status: 200 }, { status: 200 }, { status: 200 }],
  });
  expect(other.bytes.equals(one.bytes)).toBe(true);
  const text = `select count(*)::integer as count from perennial.ledger_entry where type = 'nonconformity.plan-submitted'`;
  expect(await look<{ count: number }>(door, text)).toEqual([{ count: 3 }]);
});

test('a batch has one to a hundred commands', async () => {
  for (const commands of [[], Array.from({ length: 101 }, () => ({ command: 'claimTask' }))]) {
    const sent = { token: ana?.token ?? '', key: 'many', body: { commands } };
    expect(await door.problem('POST', '/v1/batches', sent)).toMatchObject({
      status: 422,
      code: 'invalid-body',
    });
  }
});
