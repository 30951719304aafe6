import { isTaken, MOST_ATTEMPTS, pauseAfter } from './attempts.js';

const HOUR = 3_600_000;
const every = Array.from({ length: MOST_ATTEMPTS }, (_, place) => place + 1);

test('[S9] ten attempts within 75 hours and 35 minutes: at once, and 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h later', () => {
  const pauses = every.map((attempt) => pauseAfter(attempt, { status: 500 }, 0));
  expect(pauses).toEqual([
    ...[5_000, 300_000, 1_800_000, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
    undefined,
  ]);
  const whole = pauses.reduce<number>((sum, pause = 0) => sum + pause, 0);
  expect(whole).toBe(75 * HOUR + 35 * 60_000 + 5_000);
});

test('those who failed together are spread over a tenth of the time, and never earlier', () => {
  expect(pauseAfter(3, {}, 0)).toBe(1_800_000);
  expect(pauseAfter(3, {}, 0.5)).toBe(1_890_000);
  expect(pauseAfter(3, {}, 1)).toBe(1_980_000);
});

test.each([
  ['429 that asks for a minute', 429, 60_000, 60_000],
  ['503 that asks for three hours', 503, 3 * HOUR, 3 * HOUR],
  ['503 that asks for a year', 503, 365 * 24 * HOUR, 24 * HOUR],
  ['429 that asks for nothing less than usual', 429, 1, 5_000],
  ['429 with an instant that is past', 429, -1, 5_000],
  ['500, which may not ask', 500, 60_000, 5_000],
])('[S9] a %s is heard as far as it may ask', (_, status, retryAfterMs, pause) => {
  expect(pauseAfter(1, { status, retryAfterMs }, 0)).toBe(pause);
});

test('whatever is asked, there is no eleventh attempt', () => {
  expect(pauseAfter(MOST_ATTEMPTS, { status: 503, retryAfterMs: 1 }, 0)).toBeUndefined();
});

test.each([
  [200, true],
  [202, true],
  [299, true],
  [199, false],
  [300, false],
  [301, false],
  [410, false],
  [500, false],
])('[S9] an answer of %i is a success: %s', (status, taken) => {
  expect([isTaken({ status }), isTaken({})]).toEqual([taken, false]);
});
