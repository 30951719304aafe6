import {
  addBusinessDays,
  addDays,
  addMonths,
  daysBetween,
  earlier,
  isBusinessDay,
  later,
  mondayToFriday,
  nextBusinessDay,
  yearOf,
} from './calendar.js';
import { civilDate, isCivilDate, isInstant } from './instant.js';

const day = civilDate;

test.each([
  ['2028-02-29', 6, '2028-08-29'],
  ['2028-02-29', 12, '2029-02-28'],
  ['2028-02-29', 36, '2031-02-28'],
  ['2027-08-30', 6, '2028-02-29'],
  ['2030-10-31', 6, '2031-04-30'],
  ['2029-12-31', 6, '2030-06-30'],
  ['2029-12-31', 36, '2032-12-31'],
  ['2029-01-31', 1, '2029-02-28'],
  ['2029-01-31', 2, '2029-03-31'],
  ['2030-10-31', -6, '2030-04-30'],
  ['2027-09-20', 12, '2028-09-20'],
  ['2029-01-15', -1, '2028-12-15'],
])('%s and %i months is %s: same day, clamped, from the anchor (R-CAL-3)', (anchor, months, result) => {
  expect(addMonths(day(anchor), months)).toBe(result);
});

test('what lies beyond 2199, or before 1900, falls on the last or the first day', () => {
  const [first, last] = [day('1900-01-01'), day('2199-12-31')];
  expect([addMonths(last, 24), addDays(last, 1), addDays(day('2029-01-01'), 100_000)]).toEqual([
    ...[last, last, last],
  ]);
  expect([addMonths(first, -1), addDays(first, -1)]).toEqual([first, first]);
  const closed = { version: 1, holidays: [last, first] };
  expect([nextBusinessDay(last, closed), addBusinessDays(last, 5, closed)]).toEqual([last, last]);
  expect(addBusinessDays(first, -5, closed)).toBe(first);
});

test('months are not days (R-CAL-4), and the day of the event is day 0 (R-CAL-12)', () => {
  expect(daysBetween(day('2027-09-20'), addMonths(day('2027-09-20'), 12))).toBe(366);
  expect(addDays(day('2030-05-06'), 90)).toBe('2030-08-04');
  expect(addDays(day('2028-03-01'), -1)).toBe('2028-02-29');
});

test('adding days agrees with the calendar over centuries, leap years and their exceptions', () => {
  let date = day('1999-12-31');
  for (let step = 0; step < 500; step += 1) {
    const next = addDays(date, 137);
    expect(new Date(`${next}T00:00:00Z`).getTime() - new Date(`${date}T00:00:00Z`).getTime()).toBe(
      137 * 86_400_000,
    );
    expect(daysBetween(date, next)).toBe(137);
    date = next;
  }
  expect(addDays(day('2100-02-28'), 1)).toBe('2100-03-01');
});

test('a working day is from Monday to Friday and no holiday; soft dates roll to it (R-CAL-11)', () => {
  const calendar = { version: 2, holidays: [day('2029-05-01')] };
  expect(isBusinessDay(day('2029-05-01'), mondayToFriday)).toBe(true);
  expect(isBusinessDay(day('2029-05-01'), calendar)).toBe(false);
  expect(nextBusinessDay(day('2028-09-30'), mondayToFriday)).toBe('2028-10-02');
  expect(nextBusinessDay(day('2028-10-02'), mondayToFriday)).toBe('2028-10-02');
  expect(addBusinessDays(day('2029-04-27'), 2, calendar)).toBe('2029-05-02');
  expect(addBusinessDays(day('2029-05-02'), -2, calendar)).toBe('2029-04-27');
  expect(addBusinessDays(day('2029-04-28'), 0, calendar)).toBe('2029-04-28');
});

test('the earlier and the later of two days, and the year of one', () => {
  const [a, b] = [day('2029-01-01'), day('2029-01-02')];
  expect([earlier(a, b), earlier(b, a), later(a, b), later(b, a)]).toEqual([a, a, b, b]);
  expect(yearOf(b)).toBe(2029);
});

test.each(['2029-02-31', '2029-02-29', '1899-12-31', '2200-01-01', '12029-01-01', '2029-1-1', ''])(
  '%s is no day on which anything could be due (R-CAL-1)',
  (text) => {
    expect(isCivilDate(text)).toBe(false);
    expect(() => civilDate(text)).toThrow(RangeError);
  },
);

test.each([
  ['2029-03-01T09:00:00.000Z', true],
  ['2029-02-29T09:00:00.000Z', false],
  ['2029-03-01T24:00:00.000Z', false],
  ['2029-03-01T09:00:00Z', false],
  ['2029-03-01T09:00:00.000+01:00', false],
])('%s as an instant: %s (R-CAL-1)', (text, is) => {
  expect(isInstant(text)).toBe(is);
});
