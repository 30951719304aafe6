import { findings } from '#contract/routes/findings.js';
import { ApiDoor } from './support/door.js';
import { each } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { look } from './support/traces.js';
import { raised, SmallWorld } from './support/world.js';

const MANY = 50;

let door: ApiDoor;
let world: SmallWorld;
let programme: string;
/** The auditors of the client itself: each may accept or reject a plan. */
let auditors: readonly Somebody[];
let [ana, dana]: Somebody[] = [];
beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  dana = await world.person('client', 'process-owner');
  programme = await world.programme(ana);
  auditors = await each(Array.from({ length: MANY }), () => world.person('client', 'internal-auditor'));
}, 120_000);
afterAll(() => door.close());

/** A finding of the client's own with a plan that waits for somebody to accept it; answers its version. */
async function planned(key: string): Promise<{ id: string; version: number }> {
  const [iris] = auditors;
  if (!iris || !ana || !dana) throw new Error('nobody has joined');
  const id = await world.finding(iris, programme, key);
  const one = { params: { id }, key };
  const { raiseNonconformity, submitPlan } = findings.commands;
  await door.as(iris.token).call(raiseNonconformity, { ...one, version: 1, body: raised });
  const plan = {
    ...{ correction: 'Assess it', extent: 'Looked at all five', cause: 'No owner', causeMethod: 'Five whys' },
    ...{ correctiveAction: 'An owner for each', owner: dana.id, actionDue: '2029-06-01' as never },
    otherSites: 'There are none',
  };
  await door.as(dana.token).call(submitPlan, { ...one, version: 2, body: plan });
  const { version, state } = await door.as(ana.token).call(submitPlan, { ...one, version: 3, body: plan });
  expect(state).toBe('planSubmitted');
  return { id, version };
}

const typesOf = async (finding: string): Promise<readonly string[]> => {
  const text = 'select type from perennial.ledger_entry where stream = $1 order by version';
  return (await look<{ type: string }>(door, text, [finding])).map(({ type }) => type);
};

test('[S8] fifty people accept one plan at once: one has, and each of the others learns what stands now', async () => {
  const { id, version } = await planned('accepted');
  const answers = await Promise.all(
    auditors.map(({ token }) =>
      door.send('POST', `/v1/findings/${id}/accept-plan`, { token, key: 'accept', version, body: {} }),
    ),
  );
  const won = answers.filter(({ status }) => status === 200);
  const lost = answers
    .filter(({ status }) => status !== 200)
    .map(({ bytes }) => JSON.parse(bytes.toString()) as object);
  expect(won).toHaveLength(1);
  expect(lost).toHaveLength(MANY - 1);
  for (const problem of lost)
    expect(problem).toMatchObject({
      ...{ code: 'stale-version', status: 412, current: { id, version: version + 1, state: 'planAccepted' } },
      hint: 'Read it again, and decide on what stands now.',
    });
  expect((await typesOf(id)).filter((type) => type === 'nonconformity.plan-accepted')).toHaveLength(1);
}, 180_000);

test('[S8] where half of them accept and half reject, it is one or the other', async () => {
  const { id, version } = await planned('either');
  const answers = await Promise.all(
    auditors.map(({ token }, place) => {
      const [what, body] = place % 2 === 0 ? ['accept-plan', {}] : ['reject-plan', { reason: 'No cause' }];
      return door.send('POST', `/v1/findings/${id}/${what}`, { token, key: 'either', version, body });
    }),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([
    200,
    ...Array.from({ length: MANY - 1 }, () => 412),
  ]);
  const decided = (await typesOf(id)).filter((type) => /plan-(accepted|rejected)$/.test(type));
  expect(decided).toHaveLength(1);
}, 180_000);

test('fifty findings drafted at once have fifty numbers, and none is left out', async () => {
  const text = `select number from perennial.stream where kind = 'nonconformity'`;
  const before = await look<{ number: string }>(door, text);
  await Promise.all(auditors.map((iris) => world.finding(iris, programme, 'drafted')));
  const numbers = (await look<{ number: string }>(door, text)).map(({ number }) => Number(number.slice(-4)));
  const expected = Array.from({ length: before.length + MANY }, (_, place) => place + 1);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(expected);
}, 180_000);
