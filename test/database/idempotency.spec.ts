import type { Answer } from '#database/commands.js';
import { by, done, draft, render, world } from './world.js';

const statusOf = (answer: Answer): string =>
  'text' in answer ? `${answer.status} ${answer.text}` : answer.kind;

test('[S7] a thousand duplicates at once have one effect and one answer', async () => {
  const w = await world({}, 20);
  const caller = by(w.iris, { key: 'one' });
  const answers = await Promise.all(
    Array.from({ length: 1000 }, () => w.commands.execute(draft(w.programme), caller, render)),
  );
  const kinds = Map.groupBy(answers, ({ kind }) => kind);
  expect(kinds.get('done')).toHaveLength(1);
  expect(kinds.get('replayed')).toHaveLength(999);
  expect(new Set(answers.map(statusOf)).size).toBe(1);
  expect(await w.look("select id from perennial.stream where kind = 'nonconformity'")).toHaveLength(1);
  expect(
    await w.look("select version from perennial.ledger_entry where type = 'finding.drafted'"),
  ).toHaveLength(1);
});

test('[S7] the same key with another body is refused, and on another route or by another person it is another key', async () => {
  const w = await world();
  const ira = await w.person(w.client, 'internal-auditor');
  const execute = (caller: ReturnType<typeof by>) => w.commands.execute(draft(w.programme), caller, render);
  const first = done(await execute(by(w.iris, { key: 'k' })));
  expect(await execute(by(w.iris, { key: 'k', fingerprint: 'other' }))).toEqual({ kind: 'key-reused' });
  const others = [by(w.iris, { key: 'k', route: 'POST /other' }), by(ira, { key: 'k' })];
  for (const other of others) {
    const { id } = done(await execute(other)).thing.thing;
    expect(id).not.toBe(first.thing.thing.id);
  }
});

test('[S7] the stored answer is given before anything else is looked at, and by every connection', async () => {
  const w = await world();
  const caller = by(w.iris, { key: 'k' });
  const first = await w.commands.execute(draft(w.programme), caller, render);
  await w.look("update perennial.stream set stage = 'departed' where id = $1", [w.iris.id]);
  const again = await w.commands.execute(draft(w.programme), caller, render);
  await w.look("update perennial.stream set stage = 'active' where id = $1", [w.iris.id]);
  expect(again.kind).toBe('replayed');
  expect(statusOf(again)).toBe(statusOf(first));
});

test('[S7] who waits too long for the first one learns that it is under way', async () => {
  const w = await world();
  await w.look('begin');
  await w.look('select 1 from perennial.stream where id = $1 for update', [w.programme]);
  const caller = by(w.iris, { key: 'k' });
  const first = w.commands.execute(draft(w.programme), caller, render);
  await blocked(w.look);
  expect(await w.commands.execute(draft(w.programme), caller, render)).toEqual({ kind: 'in-flight' });
  await w.look('rollback');
  expect((await first).kind).toBe('done');
  expect((await w.commands.execute(draft(w.programme), caller, render)).kind).toBe('replayed');
});

async function blocked(look: (text: string) => Promise<object[]>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const waiting = await look(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (waiting.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('nobody waits for a lock');
}
