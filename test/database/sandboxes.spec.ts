import { CommandIds } from '#database/command-ids.js';
import { Commands } from '#database/commands.js';
import { Operations } from '#database/operations.js';
import { Processes } from '#database/processes.js';
import { Sandboxes, type Sandbox } from '#database/sandboxes.js';
import { thingsOf } from '#database/reading/things.js';
import { machineSource } from '#platform/ids.js';
import { by, done, draft, raise, render, lookAs, world, type World } from './world.js';

const startsAt = '2029-01-08T08:00:00.000Z' as never;

async function sandbox(w: World, seed = '42'): Promise<Sandbox> {
  const { organisation } = w.admin;
  return new Sandboxes(w.app).create({
    organisation,
    name: 'first look',
    zone: 'Europe/Berlin',
    startsAt,
    seed,
    members: 1,
  });
}

/** A client in the sandbox with a finding that was raised; its ids come from the seed. */
async function played(w: World, { organisations }: Sandbox): Promise<{ finding: string; entries: string[] }> {
  const [organisation = ''] = organisations;
  const act = async (
    key: string,
    principal: { id: string; organisation: string },
    asked: Parameters<Commands['execute']>[0],
  ) => done(await w.commands.execute(asked, by(principal, { key }), render)).thing.thing.id;
  const input = { name: 'Client', side: 'client', mode: 'sandbox', zone: 'Europe/Berlin' };
  await act('1', w.admin, { type: 'createOrganisation', stream: organisation, input });
  const person = { name: 'Iris', mail: 'iris@example.org', roles: ['internal-auditor', 'aims-manager'] };
  const iris = {
    id: await act('2', w.admin, { type: 'invitePerson', under: organisation, input: person }),
    organisation,
  };
  await act('3', iris, { type: 'acceptInvitation', stream: iris.id, input: {} });
  const programme = await act('4', iris, {
    type: 'openProgramme',
    input: { governingZone: 'Europe/Berlin' },
  });
  const finding = await act('5', iris, draft(programme));
  await act('6', iris, raise(finding));
  const rows = await w.look<{ body: string }>(
    `select convert_from(body, 'UTF8') as body from perennial.ledger_entry
     where stream in (select id from perennial.stream where organisation = $1) order by position`,
    [organisation],
  );
  return { finding, entries: rows.map(({ body }) => body) };
}

test('what happens in a sandbox happens on its clock', async () => {
  const w = await world();
  const { entries } = await played(w, await sandbox(w));
  expect(entries.length).toBeGreaterThan(6);
  for (const entry of entries) expect(entry).toContain('"recordedAt":"2029-01-08T08:00:00.000Z"');
});

test('ids and salts come from the seed and the key of the command, and are others for another key', () => {
  const ids = (seed: string, key: string) => {
    const made = new CommandIds({ seed, key, now: () => Date.parse(startsAt), random: machineSource.random });
    return [
      made.newId('fnd', 'stream'),
      made.newId('ent', 0),
      made.newId('ent', 1),
      made.salt(0, 'statement').toString(),
    ];
  };
  expect(ids('42', 'k')).toEqual(ids('42', 'k'));
  expect(new Set([...ids('42', 'k'), ...ids('42', 'l'), ...ids('43', 'k')]).size).toBe(12);
});

test('the ids of one sandbox are not those of another with the same seed', async () => {
  const w = await world();
  const [one, other] = [await sandbox(w), await sandbox(w)];
  expect(one.organisations[0]).not.toBe(other.organisations[0]);
});

test('who keeps a sandbox sees what is in it, and nobody else does', async () => {
  const w = await world();
  const made = await sandbox(w);
  await played(w, made);
  const sees = (organisation: string) =>
    lookAs(w, organisation, (client) => thingsOf(client, { kind: 'nonconformity' }, { limit: 10 }));
  expect(await sees(w.admin.organisation)).toHaveLength(1);
  expect((await sees(w.admin.organisation))[0]?.sandbox).toBe(true);
  expect(await sees(made.organisations[0] ?? '')).toHaveLength(1);
  expect(await sees(w.client)).toEqual([]);
  expect(await new Sandboxes(w.app).list(w.client, 100)).toEqual([]);
  expect(await new Sandboxes(w.app).get(w.admin.organisation, made.id)).toMatchObject({
    id: made.id,
    zone: 'Europe/Berlin',
  });
});

test('a sandbox rests when every process has seen its facts and waits for later; its clock only moves forward', async () => {
  const w = await world();
  const made = await sandbox(w);
  const { finding } = await played(w, made);
  const [sandboxes, processes] = [new Sandboxes(w.engine), new Processes(w.engine, new Commands(w.engine))];
  const process = `corrective-action/${finding}`;
  const restless = async () =>
    (await sandboxes.restless(made.id)).map(({ id }) => id).filter((id) => id === process);
  expect(await restless()).toEqual([process]);
  await processes.told(process, 2);
  expect(await restless()).toEqual([process]);
  const news = await processes.park(process, [{ label: 'plan', on: '2029-02-07' as never, at: 'passed' }], 2);
  expect(news).toMatchObject({ sandbox: true, clock: startsAt, instants: ['2029-02-07T23:00:00.000Z'] });
  expect(await restless()).toEqual([]);
  expect(await sandboxes.nextDue(made.id)).toBe('2029-02-07T23:00:00.000Z');
  expect(await sandboxes.move(made.id, '2029-02-07T23:00:00.000Z' as never)).toBe('2029-02-07T23:00:00.000Z');
  expect(await restless()).toEqual([process]);
  expect(await sandboxes.move(made.id, startsAt)).toBe('2029-02-07T23:00:00.000Z');
});

test('one operation at a time moves the clock of a sandbox; a worker that dies leaves it to another', async () => {
  const w = await world();
  const { id: box } = await sandbox(w);
  const [asked, work] = [new Operations(w.app), new Operations(w.engine)];
  const { organisation } = w.admin;
  const order = { kind: 'clock-advance', organisation, sandbox: box, input: { to: '2030-01-01' } };
  const queued = await asked.queue(order);
  expect(queued).toMatchObject({ status: 'queued', sandbox: box });
  expect(await asked.queue(order)).toBeUndefined();
  const id = queued?.id ?? '';
  expect(await work.take('clock-advance', 60_000)).toMatchObject({
    id,
    status: 'running',
    input: { to: '2030-01-01' },
  });
  expect(await work.take('clock-advance', 60_000)).toBeUndefined();
  await w.look("update perennial.operation set leased_until = clock_timestamp() - interval '1 second'");
  expect(await work.take('clock-advance', 60_000)).toMatchObject({ id });
  await work.progress(id, { done: 1, total: 2 }, 60_000);
  await work.finish(id, { result: { now: '2030-01-01' } });
  expect(await asked.get(organisation, id)).toMatchObject({
    ...{ status: 'succeeded', progress: { done: 1, total: 2 }, result: { now: '2030-01-01' } },
  });
  expect(await asked.get(w.client, id)).toBeUndefined();
  expect(await asked.queue(order)).toMatchObject({ status: 'queued' });
});
