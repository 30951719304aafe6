import { rebuild, rebuildAndCompare } from '#database/rebuild.js';
import { raised, world } from './world.js';

test('[R9] every derived table is what folding the ledger from zero gives, byte for byte', async () => {
  const w = await world();
  await raised(w);
  expect(await rebuildAndCompare(w.database.ownerUrl)).toEqual([]);
});

test.each([
  [
    'stream',
    `update perennial.stream set state = jsonb_set(state, '{grade}', '"major"') where kind = 'nonconformity'`,
  ],
  ['programme_party', 'delete from perennial.programme_party'],
  ['obligation', `update perennial.obligation set what = 'nothing'`],
  ['number_series', 'update perennial.number_series set last = last + 1'],
  ['process', `update perennial.process set status = 'closed'`],
  [
    'task',
    `insert into perennial.task (id, organisation, queue, live, due)
       select id, organisation, 'employee', false, 'infinity' from perennial.stream where kind = 'nonconformity'`,
  ],
  [
    'task_count',
    `insert into perennial.task_count select id, id, 'employee', 0, 1, 0 from perennial.stream limit 1`,
  ],
  [
    'notice_reader',
    `insert into perennial.notice_reader (person, notice, organisation, ordered_at)
       select id, id, organisation, now() from perennial.stream where kind = 'nonconformity'`,
  ],
])(
  '[R9] a change of the table %s behind the ledger is found, and a rebuild undoes it',
  async (table, change) => {
    const w = await world();
    await raised(w);
    await w.look(change);
    const differences = await rebuildAndCompare(w.database.ownerUrl);
    expect(differences.length).toBeGreaterThan(0);
    expect(new Set(differences.map((one) => one.table))).toEqual(new Set([table]));
    await rebuild(w.database.ownerUrl);
    expect(await rebuildAndCompare(w.database.ownerUrl)).toEqual([]);
  },
);

test('[R9] what processes were told survives a rebuild', async () => {
  const w = await world();
  const id = await raised(w);
  await w.processes.started({ id: `corrective-action/${id}`, last: 2 }, 'r1');
  await rebuild(w.database.ownerUrl);
  expect(await w.look('select told, release from perennial.process where subject = $1', [id])).toEqual([
    { told: 2, release: 'r1' },
  ]);
});
