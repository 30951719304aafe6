import { findings } from '#contract/routes/findings.js';
import { inbox } from '#contract/routes/inbox.js';
import { people } from '#contract/routes/people.js';
import { tasks } from '#contract/routes/tasks.js';
import type { Role } from '#domain/actor.js';
import { ApiDoor } from './support/door.js';
import type { Somebody } from './support/people.js';
import { planOf, toBePlanned } from './support/plans.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

const TASKS = 9;

let door: ApiDoor;
let world: SmallWorld;
let programme: string;
let [ana, nora, dana, iris, mira, stranger]: Somebody[] = [];

beforeAll(async () => {
  door = await ApiDoor.open();
  world = await SmallWorld.make(door);
  const joins = (...roles: Role[]): Promise<Somebody> => world.person('client', ...roles);
  ana = await joins('aims-manager');
  nora = await joins('aims-manager');
  dana = await joins('process-owner');
  iris = await joins('internal-auditor');
  mira = await joins('employee');
  programme = await world.programme(ana);
  stranger = await (await SmallWorld.make(door, 'elsewhere')).person('client', 'aims-manager');
  for (let n = 0; n < TASKS; n += 1) await asked(`plan-${String(n)}`);
}, 120_000);
afterAll(() => door.close());

const known = (somebody: Somebody | undefined): Somebody => {
  if (!somebody) throw new Error('nobody has joined');
  return somebody;
};
const as = (somebody: Somebody | undefined) => door.as(known(somebody).token);

/** A plan that Dana submits: a task asks the queue of AIMS managers to confirm it. */
async function asked(key: string): Promise<string> {
  const { id, version } = await toBePlanned(door, world, known(iris), { programme, key });
  const one = { params: { id }, key, version, body: planOf(known(dana).id) };
  await as(dana).call(findings.commands.submitPlan, one);
  return id;
}

const countsOf = (somebody: Somebody | undefined) => as(somebody).call(inbox.counts, {});

type View = 'mine' | 'claimable' | 'waiting' | 'done';

async function all(somebody: Somebody | undefined, view: View, query: object = {}) {
  const rows: { id: string; version: number; about: string | null; [name: string]: unknown }[] = [];
  for (let pageToken: string | null | undefined = undefined; pageToken !== null;) {
    const page: { data: typeof rows; nextPageToken: string | null } = await as(somebody).call(inbox.list, {
      query: { view, pageSize: '4', ...query, ...(pageToken === undefined ? {} : { pageToken }) },
    });
    rows.push(...page.data);
    pageToken = page.nextPageToken;
  }
  return rows;
}

const sum = (groups: Readonly<Record<string, unknown>>): number =>
  Object.values(groups).reduce<number>((total, count) => total + Number(count), 0);

/** A command to the first task that is claimable, by whoever takes it. */
async function taken(somebody: Somebody | undefined, key: string) {
  const [first] = await all(somebody, 'claimable');
  if (!first) throw new Error('nothing is claimable');
  const { id, version } = first;
  return as(somebody).call(tasks.commands.claimTask, { params: { id }, key, version, body: {} });
}

test('each view shows its tasks, page by page, and the counts are those of the pages', async () => {
  const claimable = await all(ana, 'claimable');
  expect(claimable).toHaveLength(TASKS);
  expect(new Set(claimable.map(({ id }) => id)).size).toBe(TASKS);
  expect(claimable[0]).toMatchObject({
    ...{ asks: 'submitPlan', queue: 'aims-manager', group: 'later', claimant: null, state: 'open' },
    does: 'Submit the plan for correction and corrective action.',
    subject: { object: 'nonconformity', state: 'raised' },
  });
  expect(await countsOf(ana)).toMatchObject({ claimable: { later: TASKS }, waiting: 0, done: 0 });
  expect(await all(dana, 'waiting')).toHaveLength(TASKS);
  expect(await countsOf(dana)).toMatchObject({ waiting: TASKS });
  expect(await all(ana, 'claimable', { queue: 'process-owner' })).toEqual([]);
});

test('a task that somebody takes leaves the queue of the others, and is done by the command that it asks for', async () => {
  const before = await countsOf(ana);
  const { id, version } = await taken(ana, 'takes');
  expect((await all(nora, 'claimable')).map((one) => one.id)).not.toContain(id);
  expect((await all(nora, 'waiting')).map((one) => one.id)).toContain(id);
  const snooze = { params: { id }, key: 'off', version, body: { until: '2029-03-05' as never } };
  await as(ana).call(tasks.commands.snoozeTask, snooze);
  expect(await all(ana, 'mine')).toEqual([]);
  expect(await all(ana, 'mine', { due: 'snoozed' })).toMatchObject([{ id, snoozedUntil: '2029-03-05' }]);
  expect((await countsOf(ana)).mine).toMatchObject({ snoozed: 1, later: 0 });
  const [{ about } = { about: '' }] = await all(ana, 'mine', { due: 'snoozed' });
  const finding = await as(ana).call(findings.get, { params: { id: about ?? '' } });
  const confirm = { params: { id: finding.id }, key: 'confirms', version: finding.version };
  await as(ana).call(findings.commands.submitPlan, { ...confirm, body: planOf(known(dana).id) });
  expect(await all(ana, 'done')).toMatchObject([{ id, state: 'done', doneBy: known(ana).id, group: null }]);
  const after = await countsOf(ana);
  expect(after.done).toBe(1);
  expect(sum(after.claimable)).toBe(sum(before.claimable) - 1);
});

test('a manager says what is urgent, and sees who could do it, with what they have in hand', async () => {
  const [first] = await all(ana, 'claimable');
  if (!first) throw new Error('nothing is claimable');
  const [{ id, version }, before] = [first, await countsOf(ana)];
  const urgent = { params: { id }, key: 'urgent', version, body: { priority: 'urgent' as const } };
  const changed = await as(nora).call(tasks.commands.prioritiseTask, urgent);
  expect(changed).toMatchObject({ priority: 'urgent', level: 0, nobodyLeft: null });
  expect(await all(ana, 'claimable', { only: 'urgent' })).toMatchObject([{ id }]);
  expect(await all(dana, 'waiting', { only: 'urgent' })).toMatchObject([{ id }]);
  expect(await all(ana, 'claimable', { only: 'escalated' })).toEqual([]);
  expect(await all(ana, 'claimable', { only: 'nobody-left' })).toEqual([]);
  expect(await countsOf(ana)).toEqual(before);

  const [takes, gives] = [known(ana).id, known(nora).id];
  const people = () => as(ana).call(inbox.people, { params: { id } });
  expect(await people()).toMatchObject({ wouldNeed: [], data: [{ able: true }, { able: true }] });
  const held = (await all(ana, 'mine', { due: 'snoozed' })).length + (await all(ana, 'mine')).length;
  const { data } = await people();
  expect(data.find(({ account }) => account === takes)).toMatchObject({ inHands: held, refusals: [] });
  expect(data.map(({ account }) => account).sort()).toEqual([takes, gives].sort());
});

test('what stands against a colleague is told to those who give out tasks and roles alone', async () => {
  const [first] = await all(ana, 'claimable');
  const path = `/v1/tasks/${first?.id ?? ''}/people`;
  const ask = (somebody: Somebody | undefined) => door.problem('GET', path, { token: known(somebody).token });
  expect(await ask(dana)).toMatchObject({ code: 'not-permitted' });
  expect(await ask(stranger)).toMatchObject({ code: 'not-found' });
});

test('what the first agreed to is there for the second to read', async () => {
  const [{ about } = { about: '' }] = await all(ana, 'claimable');
  const { texts } = await as(ana).call(findings.get, { params: { id: about ?? '' } });
  const agreed: unknown = JSON.parse(String(texts['agreedTo']));
  expect(agreed).toMatchObject({ input: { cause: 'No owner', owner: known(dana).id } });
});

test('a deputy has the inbox of whoever is away, acts for them, and both names stand on it', async () => {
  const [away, deputy] = [known(ana), known(mira)];
  const one = { params: { id: away.id } };
  const version = async (): Promise<number> => (await as(nora).call(people.get, one)).version;
  await as(nora).call(people.commands.nameDeputy, {
    ...{ ...one, key: 'deputy', version: await version() },
    body: { role: 'aims-manager', deputy: deputy.id },
  });
  expect(await all(mira, 'claimable')).toEqual([]);
  await as(ana).call(people.commands.recordAbsence, {
    ...{ ...one, key: 'away', version: await version() },
    body: { from: '2029-03-01', until: '2029-03-09' },
  });
  expect(await all(mira, 'claimable')).toEqual(await all(nora, 'claimable'));
  const task = await taken(mira, 'stands-in');
  const finding = await as(mira).call(findings.get, { params: { id: task.about ?? '' } });
  const done = await as(mira).call(findings.commands.submitPlan, {
    ...{ params: { id: finding.id }, key: 'stands-in', version: finding.version },
    body: planOf(known(dana).id),
  });
  expect(done.state).toBe('planSubmitted');
  const { data } = await as(ana).call(findings.entries, { params: { id: finding.id } });
  expect(data.at(-1)?.actor).toMatchObject({ id: deputy.id, role: 'aims-manager', for: away.id });
  await as(ana).call(people.commands.endAbsence, {
    ...{ ...one, key: 'back', version: await version(), body: {} },
  });
  expect(await all(mira, 'claimable')).toEqual([]);
});

test('who loses the role loses the task that needs it: it is there for the others again', async () => {
  const gone = await world.person('client', 'aims-manager');
  const { id, version } = await taken(gone, 'loses');
  expect(await all(gone, 'mine')).toMatchObject([{ id }]);
  const refused = await door.problem('POST', `/v1/tasks/${id}/claim-task`, {
    ...{ token: known(nora).token, key: 'takes-it', version, body: {} },
  });
  expect(refused).toMatchObject({ code: 'wrong-state', detail: 'Somebody has this task.' });
  const one = { params: { id: gone.id } };
  const { version: read } = await as(nora).call(people.get, one);
  const revoke = { ...one, key: 'revokes', version: read, body: { role: 'aims-manager' as const } };
  await as(nora).call(people.commands.revokeRole, revoke);
  expect((await all(nora, 'claimable')).map((row) => row.id)).toContain(id);
  const { data } = await as(nora).call(tasks.entries, { params: { id } });
  expect(data.at(-1)).toMatchObject({ type: 'task.released', actor: { id: known(nora).id } });
});

test('strangers see nothing of it, and count nothing', async () => {
  for (const view of ['mine', 'claimable', 'waiting', 'done'] as const)
    expect(await all(stranger, view)).toEqual([]);
  const counts = await countsOf(stranger);
  expect([sum(counts.mine), sum(counts.claimable), counts.waiting, counts.done]).toEqual([0, 0, 0, 0]);
});

test('the page of one view is not the page of another', async () => {
  const { nextPageToken } = await as(ana).call(inbox.list, { query: { view: 'claimable', pageSize: '2' } });
  const path = `/v1/inbox?view=waiting&pageToken=${nextPageToken ?? ''}`;
  expect(await door.problem('GET', path, { token: known(ana).token })).toMatchObject({
    code: 'page-token-invalid',
  });
});

test('the rows of the inbox are those of the tasks, whatever was done to them', async () => {
  const derived = `select id, organisation, programme, state->>'queue', coalesce(state->>'claimant', state->>'of'),
    stage in ('open', 'claimed'), coalesce((state->>'due')::date, 'infinity'), (state->>'snoozedUntil')::date, state->>'doneBy'
    from perennial.stream where kind = 'task'`;
  const kept =
    'select id, organisation, programme, queue, holder, live, due, snoozed_until, done_by from perennial.task';
  const rows = await look<object>(
    door,
    `(${derived} except all ${kept}) union all (${kept} except all ${derived})`,
  );
  expect(rows).toEqual([]);
});
