import { Commands } from '#database/commands.js';
import { Credentials, newCredential } from '#database/credentials.js';
import { openDatabase } from '#database/data-source.js';
import type { Caller } from '#database/issue.js';
import { machineSource } from '#platform/ids.js';
import { by, done, draft, raise, raised, render, world, type Somebody } from './world.js';

test('a finding is raised: facts, state, private texts, process and obligation in one transaction', async () => {
  const w = await world();
  const id = (await w.does(w.iris, draft(w.programme))).thing.thing.id;
  const answer = await w.commands.execute(raise(id), by(w.iris), render);
  expect(answer).toMatchObject({
    kind: 'done',
    status: 200,
    done: { thing: { version: 2, thing: { stage: 'raised' } } },
  });
  const entries = await w.look<{ type: string; log: string; body: Buffer }>(
    'select type, log, body from perennial.ledger_entry where stream = $1 order by version',
    [id],
  );
  expect(entries.map(({ type }) => type)).toEqual(['finding.drafted', 'nonconformity.raised']);
  expect(entries[0]?.log).toBe(`perennial.localhost/log/${w.client}/1`);
  expect(entries[1]?.body.toString()).not.toContain('impact assessment');
  const texts = await w.look('select name from perennial.private_content where stream = $1 order by name', [
    id,
  ]);
  expect(texts).toEqual([{ name: 'gradeReason' }, { name: 'objectiveEvidence' }, { name: 'statement' }]);
  expect(
    await w.look('select id, last, told, status from perennial.process where subject = $1', [id]),
  ).toEqual([{ id: `corrective-action/${id}`, last: 2, told: 0, status: 'open' }]);
  expect(await w.look('select key from perennial.obligation where stream = $1', [id])).toEqual([
    { key: 'plan-1' },
  ]);
});

test('what another organisation may not see is not found, and what does not exist is answered the same', async () => {
  const w = await world();
  const stranger = await w.person(await w.organisation('client'), 'internal-auditor');
  const id = await raised(w);
  const auditor = await w.person(w.body, 'lead-auditor');
  for (const who of [stranger, auditor])
    expect(await w.commands.execute(raise(id), by(who), render)).toEqual({ kind: 'not-found' });
  expect(await w.commands.execute(raise('fnd_none'), by(w.iris), render)).toEqual({ kind: 'not-found' });
});

test('a refusal leaves nothing behind, and its key may be used again', async () => {
  const w = await world();
  const ed = await w.person(w.client, 'employee');
  const [before] = await w.look<{ count: string }>('select count(*) from perennial.ledger_entry');
  const answer = await w.commands.execute(draft(w.programme), by(ed, { key: 'again' }), render);
  expect(answer).toMatchObject({ kind: 'refused', refused: [{ code: 'not-permitted' }] });
  expect(await w.look('select count(*) from perennial.ledger_entry')).toEqual([before]);
  expect(await w.look("select * from perennial.idempotency_record where key = 'again'")).toEqual([]);
  expect(await w.look('select * from perennial.number_series where series = $1', ['N'])).toEqual([]);
});

test('a dry run answers as the command would, and leaves nothing behind', async () => {
  const w = await world();
  const [before] = await w.look<{ count: string }>('select count(*) from perennial.ledger_entry');
  const answer = await w.commands.execute(draft(w.programme), by(w.iris, { dryRun: true }), render);
  expect(answer).toMatchObject({
    kind: 'done',
    done: { thing: { version: 1, thing: { number: expect.stringMatching(/^N-\d{4}-0001$/) as string } } },
  });
  expect(await w.look('select count(*) from perennial.ledger_entry')).toEqual([before]);
});

test('a key is known for thirty days, and free again after them', async () => {
  const w = await world();
  const sent = async (day: number) => {
    await w.look(
      `update perennial.idempotency_record set recorded_at = clock_timestamp() - make_interval(days => $1)
       where key = 'again'`,
      [day],
    );
    return (await w.commands.execute(draft(w.programme), by(w.iris, { key: 'again' }), render)).kind;
  };
  const answers = [await sent(0), await sent(29), await sent(31), await sent(0)];
  expect(answers).toEqual(['done', 'replayed', 'done', 'replayed']);
});

test('somebody who has left acts no more', async () => {
  const w = await world();
  const top = await w.person(w.client, 'top-management');
  await w.look(
    "update perennial.stream set stage = 'departed', state = jsonb_set(state, '{stage}', '\"departed\"') where id = $1",
    [w.iris.id],
  );
  expect(await w.commands.execute(draft(w.programme), by(w.iris), render)).toEqual({
    kind: 'unknown-principal',
  });
  await w.look(
    "update perennial.stream set stage = 'active', state = jsonb_set(state, '{stage}', '\"active\"') where id = $1",
    [w.iris.id],
  );
  expect(await w.commands.execute(draft(w.programme), by(top), render)).toMatchObject({ kind: 'refused' });
});

test('whoever signs out while they act records nothing, and is not told again what they were told', async () => {
  const w = await world();
  const credentials = new Credentials(w.app);
  const signIn = async (person: Somebody, expiresAt: string) => {
    const token = newCredential('person', machineSource.random);
    await credentials.add(token, { ...person, expiresAt });
    return token.hash;
  };
  const credential = await signIn(w.iris, '2999-01-01T00:00:00.000Z');
  const acts = async (how: Partial<Caller>) =>
    (await w.commands.execute(draft(w.programme), by(w.iris, { credential, ...how }), render)).kind;
  expect([await acts({ key: 'first' }), await acts({ key: 'first' })]).toEqual(['done', 'replayed']);
  const others = [
    await signIn(w.iris, '2020-01-01T00:00:00.000Z'),
    await signIn(await w.person(w.client, 'employee'), '2999-01-01T00:00:00.000Z'),
    newCredential('person', machineSource.random).hash,
  ];
  const before = await w.look('select count(*) from perennial.ledger_entry');
  for (const other of others) expect(await acts({ credential: other })).toBe('unknown-principal');
  await credentials.revoke(w.iris.id);
  expect([await acts({ key: 'first' }), await acts({})]).toEqual(['unknown-principal', 'unknown-principal']);
  expect(await w.look('select count(*) from perennial.ledger_entry')).toEqual(before);
});

test('what people write stands as they wrote it, also where a server would take a backslash for more', async () => {
  const w = await world();
  await w.look(`alter database ${w.database.name} set standard_conforming_strings = off`);
  const app = await openDatabase(w.database.appUrl, 'app', 1);
  const commands = new Commands(app);
  const statement =
    String.raw`O'Neill said: \', '\\', E'\n' and $$ "x" ''); select 1 -- ` + '\n\u2028é\u{1F600}';
  const asked = { ...draft(w.programme), input: { source: 'internalAudit', statement } };
  const answer = await commands.execute(asked, by(w.iris, { key: `it's \\` }), () => ({
    status: 200,
    text: statement,
  }));
  const again = await commands.execute(asked, by(w.iris, { key: `it's \\` }), render);
  await app.destroy();
  expect(again).toEqual({ kind: 'replayed', status: 200, text: statement });
  expect(
    await w.look('select content from perennial.private_content where stream = $1', [
      done(answer).thing.thing.id,
    ]),
  ).toEqual([{ content: statement }]);
});

test('a process reads its facts, takes a step once, and parks with the instants of the governing zone', async () => {
  const w = await world();
  const id = await raised(w);
  const process = `corrective-action/${id}`;
  expect(await w.processes.pick(50, 60_000)).toContainEqual(
    expect.objectContaining({ id: process, told: 0, last: 2 }),
  );
  expect(await w.processes.pick(50, 60_000)).toEqual([]);
  await w.processes.told(process, 2);
  const news = await w.processes.read(process, 0);
  expect(news.facts.map(({ type }) => type)).toEqual(['finding.drafted', 'nonconformity.raised']);
  const key = `${process}/raised#1/ask-for-plan`;
  const input = { queue: 'process-owner', asks: 'submitPlan' };
  const order = { command: 'openTask', makes: { kind: 'task', prefix: 'tsk' }, input };
  expect((await w.processes.take(process, { key, order }, 2)).taken).toEqual([{ key }]);
  expect((await w.processes.take(process, { key, order }, 2)).taken).toEqual([{ key }]);
  expect(await w.look("select stage from perennial.stream where kind = 'task' and about = $1", [id])).toEqual(
    [{ stage: 'open' }],
  );
  const item = { label: 'the plan', on: '2029-03-25' as never, at: 'passed' as const };
  const parked = await w.processes.park(process, [item, { label: 'a fact' }], 2);
  expect(parked.instants).toEqual(['2029-03-25T22:00:00.000Z', null]);
  expect(await w.look('select seen from perennial.parking where process = $1', [process])).toEqual([
    { seen: 2 },
  ]);
});

test('a step that is refused, and one that has nothing to do, are facts and are never taken again', async () => {
  const w = await world();
  const id = await raised(w);
  const process = `corrective-action/${id}`;
  const refused = { key: `${process}/raised#1/odd`, order: { command: 'recordLimitPassed', input: {} } };
  for (const _ of [1, 2]) await w.processes.take(process, refused, 2);
  const { facts, taken } = await w.processes.read(process, 0);
  expect(facts.map(({ type }) => type)).toEqual(['finding.drafted', 'nonconformity.raised', 'step.refused']);
  expect(taken).toEqual([{ key: refused.key }]);
  expect((await w.processes.park(process, [], 2)).facts).toHaveLength(1);
  expect(await w.look('select seen from perennial.parking where process = $1', [process])).toEqual([]);
});
