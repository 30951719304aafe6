import { by, client, finding, render, world, type World } from './world.js';

async function drafted(w: World): Promise<string> {
  const answer = await w.commands.execute(finding.draft(), by('per_iris', client), render);
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return answer.done.thing.thing.id;
}

test('an internal auditor drafts and raises a finding: facts, state, private texts, process and obligation in one transaction', async () => {
  const w = await world();
  await w.person('per_iris', client, 'internal-auditor');
  const id = await drafted(w);
  const raised = await w.commands.execute(finding.raise(id), by('per_iris'), render);
  expect(raised).toMatchObject({
    kind: 'done',
    status: 200,
    done: { thing: { version: 2, thing: { stage: 'raised' } } },
  });
  const entries = await w.look<{ type: string; version: number; log: string; body: Buffer }>(
    'select type, version, log, body from perennial.ledger_entry order by position',
  );
  expect(entries.map(({ type }) => type)).toEqual(['finding.drafted', 'nonconformity.raised']);
  expect(entries[0]?.log).toBe('perennial.localhost/log/org_client/1');
  expect(entries[1]?.body.toString()).not.toContain('impact assessment');
  expect(await w.look('select name, content from perennial.private_content order by name')).toHaveLength(3);
  expect(await w.look('select id, last, told, status from perennial.process')).toEqual([
    { id: `corrective-action/${id}`, last: 2, told: 0, status: 'open' },
  ]);
  expect(await w.look('select key from perennial.obligation')).toEqual([{ key: 'plan-1' }]);
});

test('what another organisation may not see is not found, and what does not exist is answered the same', async () => {
  const w = await world();
  await w.person('per_iris', 'org_client', 'internal-auditor');
  await w.person('per_strange', 'org_elsewhere', 'internal-auditor');
  const id = await drafted(w);
  const [foreign, none] = [finding.raise(id), finding.raise('fnd_none')];
  expect(await w.commands.execute(foreign, by('per_strange', 'org_elsewhere'), render)).toEqual({
    kind: 'not-found',
  });
  expect(await w.commands.execute(none, by('per_iris'), render)).toEqual({ kind: 'not-found' });
});

test('a refusal leaves nothing behind', async () => {
  const w = await world();
  await w.person('per_iris', 'org_client', 'employee');
  const answer = await w.commands.execute(finding.draft(), by('per_iris'), render);
  expect(answer).toMatchObject({ kind: 'refused', refused: [{ code: 'not-permitted' }] });
  expect(await w.look('select * from perennial.ledger_entry')).toEqual([]);
  expect(await w.look('select * from perennial.idempotency_record')).toEqual([]);
});

test('a process reads its facts, takes a step once and parks with the instants of its zone', async () => {
  const w = await world();
  await w.person('per_iris', 'org_client', 'internal-auditor');
  const id = await drafted(w);
  await w.commands.execute(finding.raise(id), by('per_iris'), render);
  const process = `corrective-action/${id}`;
  const [picked] = await w.processes.pick(10, 1000);
  expect(picked).toMatchObject({ id: process, told: 0, last: 2, news: { last: 2 } });
  expect(await w.processes.pick(10, 1000)).toEqual([]);
  await w.processes.told(process, 2, 'r1');
  const news = await w.processes.read(process, 0);
  expect(news.facts.map(({ type }) => type)).toEqual(['finding.drafted', 'nonconformity.raised']);
  const key = `${process}/raised#1/ask-for-plan`;
  const order = {
    command: 'openTask',
    makes: { kind: 'task', prefix: 'tsk' },
    input: { queue: 'process-owner', asks: 'submitPlan' },
  };
  expect((await w.processes.take(process, { key, order }, 2)).taken).toEqual([{ key }]);
  expect((await w.processes.take(process, { key, order }, 2)).taken).toEqual([{ key }]);
  expect(await w.look("select stage from perennial.stream where kind = 'task'")).toEqual([{ stage: 'open' }]);
  const parked = await w.processes.park(
    process,
    [{ label: 'the plan', on: '2029-03-25' as never, at: 'passed' }],
    2,
  );
  expect(parked.instants).toEqual(['2029-03-26T00:00:00.000Z']);
  expect(await w.look('select seen from perennial.parking')).toEqual([{ seen: 2 }]);
  const refused = `${process}/raised#1/odd`;
  await w.processes.take(process, { key: refused, order: { command: 'recordLimitPassed', input: {} } }, 2);
  expect((await w.processes.read(process, 2)).facts.map(({ type }) => type)).toEqual(['step.refused']);
  expect((await w.processes.park(process, [], 2)).facts).toHaveLength(1);
});
