import { entriesOf, textsBehind, thingOf, thingsOf, type Shown } from '#database/reading/things.js';
import { obligationsOf } from '#database/reading/obligations.js';
import { processesOf } from '#database/reading/processes.js';
import { viewAs } from '#database/reading/view.js';
import { isStep } from '#domain/readiness/step.js';
import { draft, raised, lookAs, world, type World } from './world.js';

/** A third organisation beside the two of the programme, and what it has of its own. */
async function third(w: World): Promise<{ organisation: string; finding: string }> {
  const organisation = await w.organisation('client');
  const somebody = await w.person(organisation, 'internal-auditor', 'aims-manager');
  const input = { governingZone: 'Europe/Vienna' };
  const programme = (await w.does(somebody, { type: 'openProgramme', input })).thing.thing.id;
  return { organisation, finding: (await w.does(somebody, draft(programme))).thing.thing.id };
}

test('every table is under row-level security, the owner too', async () => {
  const w = await world();
  const open = await w.look(
    `select relname from pg_class where relnamespace = 'perennial'::regnamespace and relkind = 'r' and relname <> 'migration'
       and not (relrowsecurity and relforcerowsecurity)`,
  );
  expect(open).toEqual([]);
});

test('without an organisation nothing is to be seen, in any table', async () => {
  const w = await world();
  await raised(w);
  const tables = await w.look<{ relname: string }>(
    `select relname from pg_class c where relnamespace = 'perennial'::regnamespace and relkind = 'r'
       and has_table_privilege('perennial_app', c.oid, 'select') and relname not in ('migration', 'installation')
     order by relname`,
  );
  expect(tables.length).toBeGreaterThan(8);
  for (const { relname } of tables) {
    const seen = await viewAs(
      w.app,
      { organisation: '', principal: '' },
      async (client) => (await client.query<object>(`select 1 from perennial.${relname}`)).rows,
    );
    expect({ relname, seen: seen.length }).toEqual({ relname, seen: 0 });
  }
});

test('what an organisation sees is its own, and what both sides of its programme share, in every table', async () => {
  const w = await world();
  const finding = await raised(w);
  const other = await third(w);
  const kinds = ['organisation', 'person', 'programme', 'nonconformity', 'task', 'apiKey', 'readiness-step'];
  const seenBy = (organisation: string) =>
    lookAs(w, organisation, async (client) => {
      const lists: Shown[] = [];
      for (const kind of kinds) lists.push(...(await thingsOf(client, { kind }, { limit: 200 })));
      const owed = await obligationsOf(client, {}, { limit: 200 });
      const processes = await processesOf(client, {}, 200);
      const streams = await client.query<{ stream: string }>(
        'select distinct stream from perennial.ledger_entry',
      );
      const texts = await client.query<{ stream: string }>(
        'select distinct stream from perennial.private_content',
      );
      const things = lists.map(({ thing }) => thing);
      return {
        things,
        owed,
        processes,
        streams: [...streams.rows, ...texts.rows].map(({ stream }) => stream),
      };
    });
  const [client, body, elsewhere] = [
    await seenBy(w.client),
    await seenBy(w.body),
    await seenBy(other.organisation),
  ];
  expect(client.things.map(({ id }) => id)).toContain(finding);
  expect(client.owed.map(({ stream }) => stream)).toContain(finding);
  expect(client.processes.map(({ subject }) => subject)).toContain(finding);
  for (const seen of [client, body]) expect(seen.things.map(({ id }) => id)).toContain(w.programme);
  expect(elsewhere.things.map(({ id }) => id)).toContain(other.finding);
  for (const [organisation, seen] of [
    [w.client, client],
    [w.body, body],
    [other.organisation, elsewhere],
  ] as const) {
    const known = new Set(seen.things.map(({ id }) => id));
    const foreign = seen.things.filter(
      (thing) => thing.organisation !== organisation && thing.id !== w.programme,
    );
    const shared = organisation === w.body ? [8, 9, 10, 11, 12] : []; // the steps that follow the audits
    expect(foreign.flatMap((thing) => (isStep(thing) ? thing.step : thing.id)).toSorted()).toEqual(
      shared.toSorted(),
    );
    expect(seen.streams.filter((stream) => !known.has(stream))).toEqual([]);
    expect(seen.owed.filter(({ stream }) => !known.has(stream))).toEqual([]);
    expect(seen.processes.filter(({ subject }) => !known.has(subject))).toEqual([]);
  }
});

test('a side that has left a programme sees it no more', async () => {
  const w = await world();
  const sees = () => lookAs(w, w.body, (client) => thingOf(client, w.programme));
  expect(await sees()).toBeDefined();
  await w.look('update perennial.programme_party set until = now() where organisation = $1', [w.body]);
  expect(await sees()).toBeUndefined();
  await w.look('update perennial.programme_party set until = null where organisation = $1', [w.body]);
});

test('a thing is found by its id and by its number, with its entries and the texts behind its commitments', async () => {
  const w = await world();
  const id = await raised(w);
  await lookAs(w, w.client, async (client) => {
    const shown = await thingOf(client, id, 'nonconformity');
    const number = shown?.thing.number ?? '';
    expect(number).toMatch(/^N-\d{4}-0001$/);
    expect((await thingOf(client, number))?.thing.id).toBe(id);
    expect(await thingOf(client, id, 'task')).toBeUndefined();
    const { statement = '' } = shown?.thing.texts ?? {};
    expect(await textsBehind(client, [statement])).toEqual({
      [statement]: 'No impact assessment of the assistant was kept.',
    });
    const entries = await entriesOf(client, id, { after: 1, limit: 10 });
    expect(entries.map(({ fact }) => fact.type)).toEqual(['nonconformity.raised']);
  });
  await lookAs(w, w.body, async (client) => {
    expect(await thingOf(client, id)).toBeUndefined();
    expect(await entriesOf(client, id, { after: 0, limit: 10 })).toEqual([]);
  });
});

test('pages follow each other without a gap and without a row twice, while rows are added', async () => {
  const w = await world();
  for (let n = 0; n < 7; n += 1) await w.does(w.iris, draft(w.programme));
  const page = (behind?: { at: string; id: string }) =>
    lookAs(w, w.client, (client) =>
      thingsOf(
        client,
        { kind: 'nonconformity' },
        { limit: 3, ...(behind ? { behind: behind as never } : {}) },
      ),
    );
  const seen: string[] = [];
  for (let rows = await page(); rows.length > 0;) {
    seen.push(...rows.map(({ thing }) => thing.number ?? ''));
    if (seen.length === 3) await w.does(w.iris, draft(w.programme));
    const last = rows.at(-1);
    rows = await page({ at: last?.createdAt ?? '', id: last?.thing.id ?? '' });
  }
  expect(seen.map((number) => Number(number.slice(-4)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a view writes nothing', async () => {
  const w = await world();
  const writing = lookAs(w, w.client, (client) => client.query("select perennial.write_command('{}')"));
  await expect(writing).rejects.toMatchObject({ code: '25006' });
});
