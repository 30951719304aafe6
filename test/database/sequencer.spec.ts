import { Sequencer } from '#database/sequencer.js';
import { eventsOf } from '#database/reading/events.js';
import { settledPosition } from '#database/reading/feed.js';
import { pause } from '#platform/pause.js';
import { until } from '../support/live.js';
import { placeAll } from '../support/place-all.js';
import { draft, raise, raised, lookAs, untilBlocked, world, type World } from './world.js';

const LEASE_MS = 5_000;

const feedOf = (w: World, organisation: string, after = 0) =>
  lookAs(w, organisation, (client) => eventsOf(client, { after }, 500));

const lookOften = async (w: World, sequencer: Sequencer): Promise<void> => {
  for (let look = 0; look < 5; look += 1) await placeAll(w.engine, sequencer);
};

interface Place {
  readonly seen_by: string;
  readonly sequence: number;
  readonly stream: string;
  readonly version: number;
}

const places = (w: World): Promise<Place[]> =>
  w.look<Place>(
    `select v.seen_by, v.sequence::integer, l.stream, l.version from perennial.event v
     join perennial.ledger_entry l on l.position = v.position order by v.seen_by, v.sequence`,
  );

test('[L6] what commits late behind a higher position gets its place, and nobody who follows the feed misses it', async () => {
  const w = await world();
  const sequencer = new Sequencer(w.engine);
  const finding = (await w.does(w.iris, draft(w.programme))).thing.thing.id;
  await settles(w, sequencer);
  const { last } = await feedOf(w, w.client);
  await w.look('begin');
  await w.look('lock table perennial.private_content in share mode'); // whoever writes a text waits, with its position drawn
  await w.look('savepoint held');
  await w.look('lock table perennial.number_series in share mode'); // and whoever needs a number, without one
  const early = w.does(w.pia, {
    type: 'openProgramme',
    input: { client: w.client, governingZone: 'Europe/Vienna' },
  });
  await untilBlocked(w, 1);
  const late = w.does(w.iris, raise(finding)); // its transaction is the younger one, and its position the lower
  await untilBlocked(w, 2);
  await w.look('rollback to savepoint held');
  await early;
  await lookOften(w, sequencer);
  const first = await feedOf(w, w.client, last);
  expect(first.entries.map(({ fact }) => fact.type)).toContain('programme.opened');
  await w.look('commit');
  await late;
  await placeAll(w.engine, sequencer);
  const then = await feedOf(w, w.client, first.last);
  expect(then.entries.map(({ fact }) => fact.type)).toEqual(['nonconformity.raised']);
  const after = await w.look<{ position: number }>(
    `select l.position::integer from perennial.event v join perennial.ledger_entry l on l.position = v.position
     where v.seen_by = $1 order by v.sequence offset $2`,
    [w.client, last],
  );
  expect(after.at(-1)?.position).toBeLessThan(after[0]?.position ?? 0);
});

test('[L6] sixteen writers and three sequencers: every entry has one place in each feed that sees it, without a gap, in the order of its thing', async () => {
  const w = await world({}, 20);
  let over = false;
  const sequencing = Array.from({ length: 3 }, async () => {
    const sequencer = new Sequencer(w.engine);
    while (!over) {
      await sequencer.place();
      await pause(5);
    }
  });
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let n = 0; n < 4; n += 1) await raised(w);
    }),
  );
  for (let rest = 1; rest > 0;)
    rest = (
      await w.look(
        'select from perennial.ledger_entry l where not exists (select from perennial.event v where v.position = l.position)',
      )
    ).length;
  over = true;
  await Promise.all(sequencing);
  const rows = await places(w);
  const feeds = Map.groupBy(rows, ({ seen_by }) => seen_by);
  for (const feed of feeds.values()) {
    expect(feed.map(({ sequence }) => sequence)).toEqual(feed.map((_, place) => place + 1));
    for (const life of Map.groupBy(feed, ({ stream }) => stream).values())
      expect(life.map(({ version }) => version)).toEqual(
        life.map(({ version }) => version).toSorted((a, b) => a - b),
      );
  }
  const [all] = await w.look<{ count: number }>(
    'select count(*)::integer as count from perennial.ledger_entry l join perennial.stream s on s.id = l.stream where s.organisation = $1',
    [w.client],
  );
  expect(feeds.get(w.client)?.length).toBe(all?.count);
  expect(all?.count).toBeGreaterThan(128);
});

interface Office {
  readonly settled: number;
  readonly last: number;
  readonly unsettled: number;
}

async function office(w: World): Promise<Office> {
  const [row] = await w.look<Office>(
    `select q.settled::integer, (select max(position)::integer from perennial.ledger_entry) as last,
       (select count(*)::integer from perennial.placed) as unsettled from perennial.sequencer q`,
  );
  if (!row) throw new Error('there is no office');
  return row;
}

/** Others write in other databases of the server: what they began has to end too. */
const settles = (w: World, sequencer: Sequencer): Promise<void> =>
  until(async () => {
    await placeAll(w.engine, sequencer);
    const { settled, last, unsettled } = await office(w);
    return settled === last && unsettled === 0;
  });

test('what can change no more is looked at no more, as soon as all have ended who began before it', async () => {
  const w = await world();
  const sequencer = new Sequencer(w.engine);
  await raised(w);
  await settles(w, sequencer);
  const before = await office(w);
  await w.look('begin');
  await w.look('select pg_current_xact_id()'); // somebody has begun to write
  await raised(w);
  await lookOften(w, sequencer);
  const held = await office(w);
  expect(held.settled).toBe(before.last);
  expect(held.unsettled).toBe(held.last - before.last);
  await w.look('rollback');
  await settles(w, sequencer);
});

test('[L6] the ledger is settled to its end while nobody writes in it, and else before whoever has drawn a position', async () => {
  const w = await world();
  const sequencer = new Sequencer(w.engine);
  const finding = (await w.does(w.iris, draft(w.programme))).thing.thing.id;
  await settles(w, sequencer);
  const { last } = await office(w);
  await w.look('begin');
  await w.look('select pg_current_xact_id()'); // somebody writes, and not in the ledger
  expect(await settledPosition(w.app)).toBe(last);
  await w.look('lock table perennial.private_content in share mode');
  const early = w.does(w.iris, raise(finding));
  await untilBlocked(w);
  await w.does(w.pia, { type: 'openProgramme', input: { client: w.client, governingZone: 'Europe/Vienna' } });
  expect((await office(w)).last).toBeGreaterThan(last + 1);
  expect(await settledPosition(w.app)).toBe(last);
  await lookOften(w, sequencer);
  expect(await settledPosition(w.app)).toBe(last);
  await w.look('commit');
  await early;
  expect(await settledPosition(w.app)).toBe((await office(w)).last);
});

test('a database that moved to a server with lower numbers of transactions is sequenced on', async () => {
  const w = await world();
  const sequencer = new Sequencer(w.engine);
  await raised(w);
  await placeAll(w.engine, sequencer);
  await w.look("update perennial.sequencer set marked_before = '9000000000000'");
  await raised(w);
  await settles(w, sequencer);
});

test('[L11] an organisation has in its feed what it sees, and nobody else has it', async () => {
  const w = await world();
  const stranger = await w.organisation('client');
  const own = await raised(w);
  await placeAll(w.engine);
  const streams = async (organisation: string): Promise<readonly string[]> =>
    (await feedOf(w, organisation)).entries.map(({ fact }) => fact.stream);
  expect(await streams(w.client)).toContain(own);
  expect(await streams(w.client)).toContain(w.programme);
  expect(await streams(stranger)).toEqual([stranger]);
  const mine = await lookAs(w, w.client, async (client) => {
    const { rows } = await client.query<{ seen_by: string }>('select distinct seen_by from perennial.event');
    return rows.map(({ seen_by }) => seen_by);
  });
  expect(mine).toEqual([w.client]);
});

test('[L7] one sequencer holds the office; when it falls silent another takes over, and what is placed stays', async () => {
  const w = await world();
  const [one, other] = [new Sequencer(w.engine), new Sequencer(w.engine)];
  await placeAll(w.engine, one);
  const before = await places(w);
  expect(await other.place()).toBe('elsewhere');
  await raised(w);
  expect(await other.place()).toBe('elsewhere');
  await pause(LEASE_MS + 200);
  expect(await other.place()).toBeGreaterThan(0);
  expect(await one.place()).toBe('elsewhere');
  const after = await places(w);
  expect(
    after.filter((place) => before.some((old) => JSON.stringify(old) === JSON.stringify(place))),
  ).toEqual(before);
}, 30_000);

test('a reading that is narrowed or comes to the end goes on behind all that there was', async () => {
  const w = await world();
  await raised(w);
  await placeAll(w.engine);
  const all = await feedOf(w, w.client);
  const narrowed = await lookAs(w, w.client, (client) =>
    eventsOf(client, { after: 0, types: ['nonconformity.raised'] }, 500),
  );
  expect(narrowed.entries.map(({ fact }) => fact.type)).toEqual(['nonconformity.raised']);
  expect(narrowed.last).toBe(all.last);
  const page = await lookAs(w, w.client, (client) => eventsOf(client, { after: 0 }, 2));
  expect(page.last).toBe(2);
  expect((await feedOf(w, w.client, 2)).entries).toHaveLength(all.entries.length - 2);
});
