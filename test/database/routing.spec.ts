import { Commands } from '#database/commands.js';
import { Routing } from '#database/routing.js';
import { processId } from '#domain/process/routing.js';
import { makeLog } from '#platform/log.js';
import { startRouting } from '../../apps/worker/duties/routing.js';
import { raised, world, type World } from './world.js';

// Whether somebody may do a task is looked at soon after it changed, every day, and when people come and go.

/** A client without a process owner, of whom a plan is asked. */
async function asked(w: World): Promise<string> {
  const process = processId('corrective-action', await raised(w));
  await new Commands(w.engine).step(process, {
    key: `${process}/raised#1/ask-for-plan`,
    order: {
      ...{ command: 'openTask', makes: { kind: 'task', prefix: 'tsk' } },
      input: { queue: 'process-owner', asks: 'submitPlan', due: '2031-03-03' },
    },
  });
  const [task] = await w.look<{ id: string }>('select id from perennial.task');
  if (!task) throw new Error('nothing was asked');
  return task.id;
}

/** Has the duty look at everything that is to be looked at. */
async function looks(w: World): Promise<void> {
  const routing = new Routing(w.engine);
  const duty = startRouting({ routing, commands: new Commands(w.engine), log: makeLog('routing', 'silent') });
  const due = 'select from perennial.task where live and look_at <= clock_timestamp()';
  while ((await w.look(due)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await duty.stop();
}

const factsOf = async (w: World, id: string): Promise<readonly string[]> => {
  const text = 'select type from perennial.ledger_entry where stream = $1 order by version';
  return (await w.look<{ type: string }>(text, [id])).map(({ type }) => type);
};

const now = (w: World) =>
  w.look("update perennial.task set look_at = clock_timestamp() - interval '1 second'");

test('a task that nobody may do is told once to whoever gives out roles, until somebody comes', async () => {
  const w = await world();
  const ana = await w.person(w.client, 'aims-manager');
  const id = await asked(w);
  await looks(w);
  expect(await factsOf(w, id)).toEqual(['task.opened']); // for a minute nobody is bothered
  for (let days = 0; days < 3; days += 1) {
    await now(w);
    await looks(w);
  }
  expect(await factsOf(w, id)).toEqual(['task.opened', 'task.nobody-left']);
  const [notice, ...more] = await w.look<{ people: readonly string[]; obligation: string }>(
    "select state->'people' as people, state->>'obligation' as obligation from perennial.stream where kind = 'notice' and about = $1",
    [id],
  );
  expect(notice).toEqual({ people: [ana.id], obligation: 'somebody' });
  expect(more).toEqual([]);

  const dana = await w.person(w.client, 'process-owner');
  await looks(w);
  expect((await factsOf(w, id)).slice(2)).toEqual(['task.somebody-found']);

  await w.does(w.admin, { type: 'recordDeparture', stream: dana.id, input: {} });
  await looks(w);
  expect((await factsOf(w, id)).slice(3)).toEqual(['task.nobody-left']);
}, 60_000);

test('several workers that look at once record it once', async () => {
  const w = await world();
  const id = await asked(w);
  await now(w);
  await Promise.all(Array.from({ length: 4 }, () => looks(w)));
  expect(await factsOf(w, id)).toEqual(['task.opened', 'task.nobody-left']);
}, 60_000);

test('whoever comes or goes while a task is looked at has it looked at again, and a look that was broken off is made again', async () => {
  const w = await world();
  const dana = await w.person(w.client, 'process-owner');
  const [id, routing] = [await asked(w), new Routing(w.engine)];
  const putOff = () =>
    w.look(
      'select round(extract(epoch from look_at - clock_timestamp()) / 60)::integer as minutes from perennial.task',
    );
  await now(w);
  expect([await routing.next(9), await routing.next(9)]).toEqual([[id], []]);
  expect(await putOff()).toEqual([{ minutes: 2 }]);
  await routing.lookedAt([id]);
  expect(await putOff()).toEqual([{ minutes: 24 * 60 }]);
  await now(w);
  expect(await routing.next(9)).toEqual([id]);
  await w.does(dana, { type: 'claimTask', stream: id, input: {} });
  await routing.lookedAt([id]);
  expect(await putOff()).toEqual([{ minutes: 1 }]);
  await w.does(dana, { type: 'releaseTask', stream: id, input: {} });
  await now(w);
  expect(await routing.next(9)).toEqual([id]);
  await w.does(w.admin, { type: 'recordDeparture', stream: dana.id, input: {} });
  await routing.lookedAt([id]);
  await looks(w);
  expect((await factsOf(w, id)).at(-1)).toBe('task.nobody-left');
}, 60_000);

test('in a sandbox nobody is told: its clock is not the one by which people are bothered', async () => {
  const w = await world();
  await asked(w);
  await now(w);
  expect(await new Routing(w.engine).next(9)).toHaveLength(1);
  const sandbox = 'sbx_00000000000000000000000000';
  await w.look(
    "insert into perennial.sandbox (id, name, organisation, zone, now, seed) values ($1, 'A try', $2, 'Etc/UTC', now(), 's')",
    [sandbox, w.client],
  );
  await w.look('insert into perennial.sandbox_member (organisation, sandbox) values ($1, $2)', [
    w.client,
    sandbox,
  ]);
  await now(w);
  expect(await new Routing(w.engine).next(9)).toEqual([]);
});
