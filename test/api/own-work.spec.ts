import { findings } from '#contract/routes/findings.js';
import { apiKeys, people } from '#contract/routes/people.js';
import { tasks } from '#contract/routes/tasks.js';
import type { Role } from '#domain/actor.js';
import { ApiDoor } from './support/door.js';
import { join, type Somebody } from './support/people.js';
import { planOf, toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// Dana prepares a plan, which a second person must confirm. She tries every way there is to be that second person herself.

let door: ApiDoor;
let world: SmallWorld;
let programme: string;
let [ana, iris]: Somebody[] = [];
let made = 0;

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
  iris = await world.person('client', 'internal-auditor');
  programme = await world.programme(ana);
}, 120_000);
afterAll(() => door.close());

const known = (somebody: Somebody | undefined): Somebody => {
  if (!somebody) throw new Error('nobody has joined');
  return somebody;
};

interface Planned {
  readonly id: string;
  readonly version: number;
  readonly plan: ReturnType<typeof planOf>;
}

/** A plan that somebody has submitted, and that waits for a second. */
async function plannedBy(token: string, owner: string, key: string): Promise<Planned> {
  const { id, version } = await toBePlanned(door, world, known(iris), { programme, key });
  const one = { params: { id }, key, version, body: planOf(owner) };
  const submitted = await door.as(token).call(findings.commands.submitPlan, one);
  expect(submitted.state).toBe('raised');
  return { id, version: submitted.version, plan: planOf(owner) };
}

/** Tries to confirm, and must be refused with the rule; nothing moves. */
async function refused(token: string, { id, version, plan }: Planned, rule = 'SUP-0'): Promise<void> {
  made += 1;
  const sent = { token, key: `try-${String(made)}`, version, body: plan };
  const problem = await door.problem('POST', `/v1/findings/${id}/submit-plan`, sent);
  expect(problem).toMatchObject({ status: 403, code: 'four-eyes-required', rules: [rule] });
  const [row] = await look<{ stage: string }>(door, 'select stage from perennial.stream where id = $1', [id]);
  expect(row?.stage).toBe('raised');
}

const dana = (...roles: Role[]): Promise<Somebody> => world.person('client', ...roles);

async function versionOf(id: string): Promise<number> {
  const [row] = await look<{ version: number }>(door, 'select version from perennial.stream where id = $1', [
    id,
  ]);
  return row?.version ?? 0;
}

/** The task that asks for the confirmation, held by somebody. */
async function taskOf(finding: string): Promise<{ readonly id: string; readonly version: number }> {
  const text = `select id, version from perennial.stream where kind = 'task' and about = $1 and stage in ('open', 'claimed')`;
  const [task] = await look<{ id: string; version: number }>(door, text, [finding]);
  if (!task) throw new Error('nothing is asked');
  return task;
}

test('[S4] directly, in the other of her roles', async () => {
  const both = await dana('process-owner', 'aims-manager');
  await refused(both.token, await plannedBy(both.token, both.id, 'direct'));
});

test('[S4] by a role that she is given in the middle of it', async () => {
  const her = await dana('process-owner');
  const planned = await plannedBy(her.token, her.id, 'mid-flow');
  await door.as(known(ana).token).call(people.commands.grantRole, {
    ...{ params: { id: her.id }, key: 'mid-flow', version: await versionOf(her.id) },
    body: { role: 'aims-manager' },
  });
  await refused(her.token, planned);
});

test('[S4] from a second account of hers', async () => {
  const her = await dana('process-owner');
  const planned = await plannedBy(her.token, her.id, 'account');
  const other = await join(door, world.sandbox, {
    ...{ organisation: world.client, name: 'Dana', mail: 'dana.other@example.org', sameHumanAs: her.id },
    roles: ['aims-manager'],
  });
  await refused(other.token, planned);
});

test('[S4] by a key that she made, and that prepares in her place', async () => {
  const her = await dana('aims-manager');
  const key = await door.as(her.token).call(apiKeys.commands.makeKey, {
    key: 'prepares',
    body: { organisation: world.client, roles: ['process-owner'], scopes: ['read', 'act'] },
  });
  const doer = await dana('process-owner');
  await refused(her.token, await plannedBy(key.secret ?? '', doer.id, 'key'));
});

test('[S4] by taking the task, or having it given to her', async () => {
  const both = await dana('process-owner', 'aims-manager');
  const { id } = await plannedBy(both.token, both.id, 'task');
  const task = await taskOf(id);
  const path = `/v1/tasks/${task.id}`;
  const own = { token: both.token, key: 'takes', version: task.version, body: {} };
  expect(await door.problem('POST', `${path}/claim-task`, own)).toMatchObject({ code: 'four-eyes-required' });
  const given = { token: known(ana).token, key: 'given', version: task.version, body: { to: both.id } };
  expect(await door.problem('POST', `${path}/reassign-task`, given)).toMatchObject({
    code: 'four-eyes-required',
  });
});

test('[S4] by a colleague who hands her the task, or to whom she hands it', async () => {
  const her = await dana('process-owner');
  const { id } = await plannedBy(her.token, her.id, 'handed');
  const task = await taskOf(id);
  const held = await door.as(known(ana).token).call(tasks.commands.claimTask, {
    ...{ params: { id: task.id }, key: 'held', version: task.version, body: {} },
  });
  const body = { to: her.id, until: '2029-03-10' };
  const sent = { token: known(ana).token, key: 'hands', version: held.version, body };
  const problem = await door.problem('POST', `/v1/tasks/${task.id}/delegate-task`, sent);
  expect(problem).toMatchObject({ status: 403, code: 'four-eyes-required', rules: ['SUP-0'] });
});

test('[S4] by a colleague who hands her the role, and as the deputy of one who is away', async () => {
  const her = await dana('process-owner');
  const planned = await plannedBy(her.token, her.id, 'lent');
  const nora = await dana('aims-manager');
  await door.as(nora.token).call(people.commands.delegate, {
    ...{ params: { id: nora.id }, key: 'lends', version: await versionOf(nora.id) },
    body: { role: 'aims-manager', to: her.id, until: '2029-03-10' },
  });
  await refused(her.token, planned);
  await door.as(known(ana).token).call(people.commands.nameDeputy, {
    ...{ params: { id: nora.id }, key: 'deputy', version: await versionOf(nora.id) },
    body: { role: 'aims-manager', deputy: her.id },
  });
  await door.as(nora.token).call(people.commands.recordAbsence, {
    ...{ params: { id: nora.id }, key: 'away', version: await versionOf(nora.id) },
    body: { from: '2029-03-01', until: '2029-03-09' },
  });
  await refused(her.token, planned);
});

test('[S4] by a colleague to whom she hands her own second role, so that they confirm for her', async () => {
  const both = await dana('process-owner', 'aims-manager');
  const planned = await plannedBy(both.token, both.id, 'proxy');
  const colleague = await dana('employee');
  await door.as(both.token).call(people.commands.delegate, {
    ...{ params: { id: both.id }, key: 'proxy', version: await versionOf(both.id) },
    body: { role: 'aims-manager', to: colleague.id, until: '2029-03-10' },
  });
  await refused(colleague.token, planned);
});

test('[S4] by the same key of the command once more: it answers what it answered, and moves nothing', async () => {
  const both = await dana('process-owner', 'aims-manager');
  const { id, version, plan } = await plannedBy(both.token, both.id, 'retried');
  const path = `/v1/findings/${id}/submit-plan`;
  const again = await door.send('POST', path, {
    ...{ token: both.token, key: 'retried', version: version - 1, body: plan },
  });
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
  expect(await versionOf(id)).toBe(version);
});

test('[S4] as an administrator, who holds no role in certification', async () => {
  const her = await dana('process-owner');
  const { id, version, plan } = await plannedBy(her.token, her.id, 'administrator');
  const sent = { token: door.key, key: 'administrator', version, body: plan };
  const problem = await door.problem('POST', `/v1/findings/${id}/submit-plan`, sent);
  expect(problem).toMatchObject({ status: 403, code: 'not-permitted', rules: ['R-GEN-1'] });
});

test('somebody else confirms it, and all of it was in nobody’s way but hers', async () => {
  const her = await dana('process-owner');
  const { id, version, plan } = await plannedBy(her.token, her.id, 'confirmed');
  const one = { params: { id }, key: 'confirmed', version, body: plan };
  expect((await door.as(known(ana).token).call(findings.commands.submitPlan, one)).state).toBe(
    'planSubmitted',
  );
});
