import { Commands } from '#database/commands.js';
import { processesOf } from '#database/reading/processes.js';
import { withClient } from '#database/transaction.js';
import { steps } from '#domain/readiness/steps.js';
import { by, draft, raise, raised, render, world, type World } from './world.js';

/** What was told to each process, place by place, in the order in which it was told. */
async function relay(w: World, heard: Map<string, number[]>, until: () => boolean): Promise<void> {
  while (!until()) {
    for (const { id, news } of await w.processes.pick(4, 5_000)) {
      const places = news.facts.map(({ version }) => version);
      heard.set(id, [...(heard.get(id) ?? []), ...places]);
      await w.processes.told(id, places.at(-1) ?? 0);
    }
  }
}

test('[L6] four relays and sixteen writers: every process hears every fact once and in order', async () => {
  const w = await world({}, 20);
  const engine = new Commands(w.engine);
  const heard = new Map<string, number[]>();
  let over = false;
  const relays = Array.from({ length: 4 }, () => relay(w, heard, () => over));
  const write = async (n: number): Promise<void> => {
    const id = (await w.does(w.iris, draft(w.programme))).thing.thing.id;
    await w.does(w.iris, raise(id));
    for (let step = 0; step < 5; step += 1) {
      const key = `corrective-action/${id}/raised#1/odd-${n}-${step}`;
      await engine.step(`corrective-action/${id}`, {
        key,
        order: { command: 'recordLimitPassed', input: {} },
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, n) => write(n)));
  for (let rest = 1; rest > 0;)
    rest = (await w.look('select 1 from perennial.process where told < last')).length;
  over = true;
  await Promise.all(relays);
  const rows = await w.look<{ id: string; last: number }>(
    'select id, last from perennial.process order by id',
  );
  expect(rows.length).toBe(16 + 1 + steps.length); // findings, the programme, and its steps of readiness
  for (const { id, last } of rows)
    expect({ id, heard: heard.get(id) }).toEqual({
      id,
      heard: Array.from({ length: last }, (_, place) => place + 1),
    });
});

test('a process that parks while facts are recorded has seen them, or is told what it has not seen', async () => {
  const w = await world({}, 20);
  const id = await raised(w);
  const process = `corrective-action/${id}`;
  for (let round = 0; round < 30; round += 1) {
    const last = round + 2;
    const step = {
      key: `${process}/raised#1/odd-${round}`,
      order: { command: 'recordLimitPassed', input: {} },
    };
    const [parked] = await Promise.all([
      w.processes.park(process, [], last),
      w.processes.take(process, step, last),
    ]);
    const [{ seen } = { seen: 0 }] = await w.look<{ seen: number }>(
      'select seen from perennial.parking where process = $1',
      [process],
    );
    expect(parked.facts.length === 1 ? parked.last : seen).toBe(parked.facts.length === 1 ? last + 1 : last);
  }
});

test('a lease that ran out is taken by another relay; one that is given back at once too', async () => {
  const w = await world();
  const id = `corrective-action/${await raised(w)}`;
  const picked = async (leaseMs: number) => (await w.processes.pick(50, leaseMs)).map((one) => one.id);
  expect(await picked(1)).toContain(id);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await picked(60_000)).toContain(id);
  expect(await picked(60_000)).toEqual([]);
  await w.processes.leave(id, 0);
  expect(await picked(60_000)).toEqual([id]);
  await w.processes.started({ id, last: 2 }, 'r2');
  expect(await picked(60_000)).toEqual([]);
});

test('a fact that comes while a process is being started is told to it all the same', async () => {
  const w = await world();
  const id = `corrective-action/${await raised(w)}`;
  const asRead = { id, last: 2 };
  const step = { key: `${id}/raised#1/odd`, order: { command: 'recordLimitPassed', input: {} } };
  await new Commands(w.engine).step(id, step);
  await w.processes.started(asRead, 'r2');
  const told = (await w.processes.pick(50, 60_000)).find((one) => one.id === id);
  expect(told?.news.facts.map(({ version }) => version)).toEqual([3]);
});

test('the release that lives a process is the one whose run has read its facts, whoever told it', async () => {
  const w = await world();
  const id = `corrective-action/${await raised(w)}`;
  const release = () => w.look('select release from perennial.process where id = $1', [id]);
  await w.processes.told(id, 2);
  expect(await release()).toEqual([{ release: null }]);
  await w.processes.read(id, 0, 'r1');
  await w.processes.told(id, 2);
  await w.processes.read(id, 2, 'r2');
  expect(await release()).toEqual([{ release: 'r1' }]);
  await w.processes.read(id, 0, 'r2');
  expect(await release()).toEqual([{ release: 'r2' }]);
});

test('a process that was never told of anything has no run of other code: no server need be asked for it', async () => {
  const w = await world();
  const id = `corrective-action/${await raised(w)}`;
  const ofOthers = async (): Promise<readonly string[]> => {
    const which = { status: 'open' as const, name: 'corrective-action', notOf: 'r2' };
    return (await withClient(w.engine, (client) => processesOf(client, which, 10))).map((one) => one.id);
  };
  expect(await ofOthers()).toEqual([]);
  await w.processes.told(id, 2);
  expect(await ofOthers()).toEqual([id]);
  await w.processes.read(id, 0, 'r1');
  expect(await ofOthers()).toEqual([id]);
  await w.processes.read(id, 0, 'r2');
  expect(await ofOthers()).toEqual([]);
});

test('the end of a process is told; what happens afterwards is not', async () => {
  const w = await world();
  const id = await raised(w);
  const manager = await w.person(w.client, 'aims-manager', 'internal-auditor');
  const answer = await w.commands.execute(
    { type: 'retractFinding', stream: id, input: {}, reason: 'raised twice' },
    by(manager),
    render,
  );
  expect(answer).toMatchObject({ kind: 'done' });
  const process = `corrective-action/${id}`;
  const row = () =>
    w.look('select status, last - told as untold from perennial.process where id = $1', [process]);
  expect(await row()).toEqual([{ status: 'closed', untold: 3 }]);
  await w.processes.told(process, 3);
  const step = { key: `${process}/retracted#1/odd`, order: { command: 'recordLimitPassed', input: {} } };
  await w.processes.take(process, step, 3);
  expect(await row()).toEqual([{ status: 'closed', untold: 0 }]);
});
