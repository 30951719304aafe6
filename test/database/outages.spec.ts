import { instant, type Instant } from '#domain/instant.js';
import { Outages } from '#database/outages.js';
import { outageItemsOf, outagesOf, watchesOf } from '#database/reading/watches.js';
import { Watches } from '#database/watches.js';
import { raised, lookAs, world, type World } from './world.js';

/** A heart that beats at the times that the spec says. */
class Heart {
  private now: Instant = instant('2029-03-01T09:00:00.000Z');
  readonly outages: Outages;

  constructor({ engine }: World) {
    this.outages = new Outages(engine, { now: () => Date.parse(this.now) });
  }

  beats(at: string): Promise<string | undefined> {
    this.now = instant(`2029-03-${at}:00.000Z`);
    return this.outages.beat('processes');
  }
}

const outages = (w: World, organisation = w.client) =>
  lookAs(w, organisation, (client) => outagesOf(client, { limit: 10 }));

const items = (w: World, outage: string, organisation = w.client) =>
  lookAs(w, organisation, (client) => outageItemsOf(client, outage, 10));

/** Everything has been told and waits. */
const settle = (w: World) =>
  w.look(
    `update perennial.process set told = last; insert into perennial.parking (process, seen, clock) select id, last, now() from perennial.process`,
  );

test('a silence of more than ten minutes is an outage from the last heartbeat to the next, a shorter one is none', async () => {
  const w = await world();
  const heart = new Heart(w);
  for (const at of ['01T09:00', '01T09:01', '01T09:11', '01T09:10'])
    expect(await heart.beats(at)).toBeUndefined();
  expect(await heart.beats('11T09:12')).toMatch(/^out_/);
  expect(await outages(w)).toMatchObject([
    { beganAt: '2029-03-01T09:11:00.000Z', endedAt: '2029-03-11T09:12:00.000Z', caughtUpAt: null },
  ]);
});

test('of many workers that come back at once one opens the outage', async () => {
  const w = await world();
  const heart = new Heart(w);
  await heart.beats('01T09:00');
  const opened = await Promise.all(Array.from({ length: 8 }, () => heart.beats('02T09:00')));
  expect(opened.filter((one) => one !== undefined)).toHaveLength(1);
  expect(await outages(w)).toHaveLength(1);
});

test('an outage whose report waits for those who are behind goes on when it grows silent again', async () => {
  const w = await world();
  const heart = new Heart(w);
  await raised(w);
  await heart.beats('01T09:00');
  const first = await heart.beats('02T09:00');
  expect(await heart.outages.follow()).toBeUndefined();
  expect(await heart.beats('04T09:00')).toBe(first);
  expect(await outages(w)).toMatchObject([
    { beganAt: '2029-03-01T09:00:00.000Z', endedAt: '2029-03-04T09:00:00.000Z' },
  ]);
  await settle(w);
  await w.look(`update perennial.parking set next_due = '2029-03-04T08:00:00Z'`);
  expect(await heart.outages.follow()).toBeUndefined();
  await w.look(`update perennial.parking set next_due = '2029-03-05T08:00:00Z'`);
  expect(await heart.outages.follow()).toBe(first);
  expect(await heart.outages.follow()).toBeUndefined();
  expect((await outages(w))[0]?.caughtUpAt).toBe('2029-03-04T09:00:00.000Z');
  await heart.beats('05T09:00');
  expect(await outages(w)).toHaveLength(2);
});

test('the report names the legal dates that passed in it while something was still owed, for whoever sees the thing', async () => {
  const w = await world();
  const heart = new Heart(w);
  const finding = await raised(w);
  const plant = (key: string, due: string, kind: string) =>
    w.look(
      `insert into perennial.obligation (stream, key, what, due, kind, rule, ladder, owed_by, explanation)
       values ($1, $2, 'verification of the major', $3, $4, 'R-DEC-4', 'L-MED', '{}', '{}')`,
      [finding, key, due, kind],
    );
  await plant('before', '2029-02-28', 'hard');
  await plant('within', '2029-03-05', 'hard');
  await plant('service', '2029-03-05', 'soft');
  await plant('after', '2029-03-11', 'hard');
  await heart.beats('01T09:00');
  const outage = (await heart.beats('11T09:00')) ?? '';
  await w.look(`delete from perennial.obligation where rule = 'R-DEC-4'`);
  expect(await items(w, outage)).toMatchObject([
    { kind: 'passed', thing: finding, obligation: 'within', due: '2029-03-05', notice: null },
  ]);
  expect((await outages(w))[0]?.counts).toEqual({ late: 0, withdrawn: 0, failed: 0, passed: 1 });
  const stranger = await w.organisation('client');
  expect(await items(w, outage, stranger)).toEqual([]);
  expect((await outages(w, stranger))[0]?.counts.passed).toBe(0);
  expect(await items(w, outage, w.admin.organisation)).toEqual([]);
  expect((await outages(w, w.admin.organisation))[0]?.counts.passed).toBe(1);
});

test('the last four hundred reports of the watch are kept, for the installation alone', async () => {
  const w = await world();
  const watches = new Watches(w.engine);
  const at = (minute: number): Instant =>
    instant(new Date(Date.parse('2029-03-01T09:00:00Z') + minute * 60_000).toISOString());
  for (let n = 0; n < 403; n += 1)
    await watches.keep({
      ...{ because: 'schedule', beganAt: at(n), endedAt: at(n), remarks: [] },
      lookedAt: { certificates: 0, processes: n },
    });
  const seenBy = (organisation: string) =>
    lookAs(w, organisation, (client) => watchesOf(client, { limit: 500 }));
  const kept = await seenBy(w.admin.organisation);
  expect(kept).toHaveLength(400);
  expect(kept.map(({ lookedAt }) => lookedAt.processes).toSorted((a, b) => a - b)[0]).toBe(3);
  expect(await seenBy(w.client)).toEqual([]);
});
