import { inbox } from '#contract/routes/inbox.js';
import { ApiDoor, type Got } from './support/door.js';
import type { Somebody } from './support/people.js';
import { planOf, toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// A thousand times two people press at once: to take a task, to give it away, to confirm a plan, to accept or reject it.

const LANES = 20;
const PAIRS = 1_000;
const PAIRS_OF_A_ROUND = 4;

let door: ApiDoor;
let world: SmallWorld;
let programme: string;
let ana: Somebody, nora: Somebody, dana: Somebody, iris: Somebody, ida: Somebody;

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  nora = await world.person('client', 'aims-manager');
  dana = await world.person('client', 'process-owner');
  iris = await world.person('client', 'internal-auditor');
  ida = await world.person('client', 'internal-auditor');
  programme = await world.programme(ana);
}, 60_000);
afterAll(() => door.close());

/** What became of the pairs, by kind: a word for each. */
const became: Record<string, Record<string, number>> = {};
function tell(kind: string, outcome: string): void {
  const known = (became[kind] ??= {});
  known[outcome] = (known[outcome] ?? 0) + 1;
}

let keys = 0;
interface Press {
  readonly who: Somebody;
  readonly path: string;
  readonly version: number;
  readonly body?: object;
}

const press = ({ who, path, version, body = {} }: Press): Promise<Got> =>
  door.send('POST', path, { token: who.token, key: `pair-${String((keys += 1))}`, version, body });

const read = ({ bytes }: Got) =>
  JSON.parse(bytes.toString()) as { code?: string; version: number; state: string; current?: object };

/** Both press at once, either of them first. */
async function race(kind: string, one: Press, other: Press): Promise<readonly Got[]> {
  const [first, second] = keys % 2 === 0 ? [one, other] : [other, one];
  const answers = await Promise.all([press(first), press(second)]);
  for (const got of answers)
    tell(kind, got.status === 200 ? 'done' : `${String(got.status)} ${read(got).code ?? ''}`);
  return answers;
}

/** Of two of whom one alone can win: one has, and the other learns what stands. */
async function oneWins(kind: string, one: Press, other: Press): Promise<Got> {
  const answers = await race(kind, one, other);
  const [won, ...more] = answers.filter(({ status }) => status === 200);
  const [lost] = answers.filter(({ status }) => status !== 200);
  if (!won || more.length > 0 || !lost)
    throw new Error(`${kind}: ${answers.map(({ status }) => status).join()}`);
  const { code, current } = read(lost);
  if (code !== 'stale-version' || current === undefined)
    throw new Error(`${kind}: lost by ${code ?? 'nothing'}`);
  return won;
}

async function taskAbout(finding: string): Promise<{ id: string; version: number }> {
  const text = `select id, version from perennial.stream where kind = 'task' and about = $1 and stage = 'open'`;
  const [task] = await look<{ id: string; version: number }>(door, text, [finding]);
  if (!task) throw new Error('nothing is asked');
  return task;
}

/** From a plan that one has submitted: the task is raced for, the plan confirmed, and decided on. Answers how it was decided. */
async function round(finding: string, version: number): Promise<{ version: number; state: string }> {
  const plan = planOf(dana.id);
  const submit = `/v1/findings/${finding}/submit-plan`;
  await press({ who: dana, path: submit, version, body: plan });
  const task = await taskAbout(finding);
  const at = (verb: string): string => `/v1/tasks/${task.id}/${verb}`;
  const claim = (who: Somebody): Press => ({ who, path: at('claim-task'), version: task.version });
  const claimed = await oneWins('claim, claim', claim(ana), claim(nora));
  const { claimant } = JSON.parse(claimed.bytes.toString()) as { claimant: string };
  const holder = claimant === ana.id ? ana : nora;
  const released = await press({ who: holder, path: at('release-task'), version: read(claimed).version });
  const again = { version: read(released).version };
  const give = { who: ana, path: at('reassign-task'), body: { to: nora.id }, ...again };
  const given = await oneWins('claim, reassign', { ...claim(ana), ...again }, give);
  const confirm = { who: nora, path: submit, version: version + 1, body: plan };
  const back = { who: ana, path: at('reassign-task'), version: read(given).version, body: { to: ana.id } };
  const both = await race('confirm, reassign', confirm, back);
  if (both.every(({ status }) => status !== 200)) throw new Error('confirm, reassign: nobody won');
  const decide = { version: version + 2 };
  const accept = { who: iris, path: `/v1/findings/${finding}/accept-plan`, ...decide };
  const reject = {
    who: ida,
    path: `/v1/findings/${finding}/reject-plan`,
    body: { reason: 'No cause' },
    ...decide,
  };
  return read(await oneWins('accept, reject', accept, reject));
}

/** Rounds about one finding after the other: a plan that was rejected is submitted again. */
async function lane(name: number, rounds: number): Promise<void> {
  let at: { id: string; version: number } | undefined;
  for (let n = 0; n < rounds; n += 1) {
    at ??= await toBePlanned(door, world, iris, { programme, key: `lane-${String(name)}-${String(n)}` });
    const { version, state } = await round(at.id, at.version);
    at = state === 'planAccepted' ? undefined : { id: at.id, version };
  }
}

test('[S8] of a thousand pairs who press at once each has one outcome, the loser learns which, and nothing is stuck', async () => {
  const rounds = Math.ceil(PAIRS / PAIRS_OF_A_ROUND / LANES);
  await Promise.all(Array.from({ length: LANES }, (_, name) => lane(name, rounds)));
  const total = Object.values(became).flatMap((kind) => Object.values(kind));
  expect(total.reduce((sum, count) => sum + count, 0) / 2).toBeGreaterThanOrEqual(PAIRS);
  const each = LANES * rounds;
  for (const kind of ['claim, claim', 'claim, reassign', 'accept, reject'])
    expect([kind, became[kind]]).toEqual([kind, { done: each, '412 stale-version': each }]);
  const decided = await look<{ type: string; count: string }>(
    door,
    `select type, count(*) from perennial.ledger_entry where type ~ 'plan-(accepted|rejected)$' group by 1`,
  );
  expect(decided.reduce((sum, { count }) => sum + Number(count), 0)).toBe(each);
  expect(decided).toHaveLength(2);
  const left = await look(
    door,
    `select id from perennial.stream where kind = 'task' and stage in ('open', 'claimed')`,
  );
  expect(left).toEqual([]);
  expect(await door.as(ana.token).call(inbox.counts, {})).toMatchObject({ waiting: 0 });
}, 240_000);
