import { civilDate, instant, type Instant } from '#domain/instant.js';
import { DigestIsGone, NoticeCopies } from '#database/notice-copies.js';
import { world } from './world.js';

const LEASE_MS = 120_000;
const DAY_MS = 86_400_000;
const day = civilDate('2029-03-01');
const morning = instant('2029-03-01T08:15:00.000Z');
const after = (ms: number, from = morning): Instant => instant(new Date(Date.parse(from) + ms).toISOString());

async function copies(): Promise<NoticeCopies> {
  return new NoticeCopies((await world()).engine);
}

const inDigest = (person: string) => [{ person, dueAt: morning, day }];

test('the notices of a digest go out together, on its day and not before, and once', async () => {
  const kept = await copies();
  for (const notice of ['ntc_2', 'ntc_1']) await kept.wait(notice, inDigest('per_eve'));
  await kept.wait('ntc_1', inDigest('per_eve'));
  await kept.wait('ntc_1', [{ person: 'per_gus', dueAt: after(1_000) }]);
  expect(await kept.take(after(-1), LEASE_MS)).toBeUndefined();
  const due = await kept.take(morning, LEASE_MS);
  expect(due).toEqual({ person: 'per_eve', day, notices: ['ntc_1', 'ntc_2'] });
  expect(await kept.take(morning, LEASE_MS)).toBeUndefined();
  expect(await kept.take(after(1_000), LEASE_MS)).toEqual({ person: 'per_gus', notices: ['ntc_1'] });
  if (due) await kept.sent(due, morning);
  expect(await kept.take(after(DAY_MS), LEASE_MS)).toEqual({ person: 'per_gus', notices: ['ntc_1'] });
});

test('a digest that is on its way takes nothing more, so that what has one Message-ID is one mail', async () => {
  const kept = await copies();
  await kept.wait('ntc_1', inDigest('per_eve'));
  const due = await kept.take(morning, LEASE_MS);
  await expect(kept.wait('ntc_2', inDigest('per_eve'))).rejects.toThrow(DigestIsGone);
  if (due) await kept.sent(due, morning);
  await expect(kept.wait('ntc_2', inDigest('per_eve'))).rejects.toThrow(DigestIsGone);
  await kept.wait('ntc_2', inDigest('per_wim'));
  expect(await kept.of('ntc_2')).toEqual([{ person: 'per_wim', way: 'digest' }]);
});

test('of workers that look at once each mail has one', async () => {
  const kept = await copies();
  const people = Array.from({ length: 20 }, (_, n) => `per_${String(n).padStart(2, '0')}`);
  for (const notice of ['ntc_1', 'ntc_2'])
    await kept.wait(
      notice,
      people.flatMap((person) => inDigest(person)),
    );
  const taken = await Promise.all(people.map(() => kept.take(morning, LEASE_MS)));
  expect(taken.map((due) => due?.person).toSorted()).toEqual(people);
  expect(taken.map((due) => due?.notices)).toEqual(people.map(() => ['ntc_1', 'ntc_2']));
  expect(await kept.take(morning, LEASE_MS)).toBeUndefined();
});

test('[R10] what cannot go out is tried again for two days and longer, never more than ten minutes apart', async () => {
  const kept = await copies();
  await kept.wait('ntc_1', inDigest('per_eve'));
  let [now, tries] = [morning, 0];
  while (now < after(3 * DAY_MS)) {
    const due = await kept.take(now, LEASE_MS);
    if (due) {
      tries += 1;
      await kept.putOff(due, now);
    }
    now = after(300_000, now);
  }
  expect(tries).toBeGreaterThan(3 * 24 * 6 - 10);
  expect(await kept.take(after(600_000, now), LEASE_MS)).toMatchObject({ day, notices: ['ntc_1'] });
});

test('a worker that was killed loses its lease, and the mail goes out as it was', async () => {
  const kept = await copies();
  await kept.wait('ntc_1', inDigest('per_eve'));
  const due = await kept.take(morning, LEASE_MS);
  expect(await kept.take(after(LEASE_MS - 1), LEASE_MS)).toBeUndefined();
  expect(await kept.take(after(LEASE_MS), LEASE_MS)).toEqual(due);
});

test('who has a notice is known, and what the mail server refused for good', async () => {
  const kept = await copies();
  await kept.wentOut('ntc_1', [{ person: 'per_ana' }, { person: 'per_max', answer: 550 }], morning);
  await kept.wait('ntc_1', [{ person: 'per_ana', dueAt: morning }]);
  expect(await kept.of('ntc_1')).toEqual([
    { person: 'per_ana', way: 'mail' },
    { person: 'per_max', way: 'mail', answer: 550 },
  ]);
  expect(await kept.take(after(DAY_MS), LEASE_MS)).toBeUndefined();
});

test('what went out a month ago is forgotten, what waits is not', async () => {
  const kept = await copies();
  await kept.wentOut('ntc_1', [{ person: 'per_ana' }], instant('2020-01-01T00:00:00.000Z'));
  await kept.wait('ntc_2', [{ person: 'per_ana', dueAt: instant('2020-01-01T00:00:00.000Z') }]);
  await kept.tidy();
  expect([await kept.of('ntc_1'), (await kept.of('ntc_2')).length]).toEqual([[], 1]);
});
