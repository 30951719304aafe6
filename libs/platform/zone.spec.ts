import { civilDateAt, endOfDate, isZone, morningOf, startOfDate } from './zone.js';

test('one instant has two civil dates in two zones', () => {
  expect(civilDateAt('2029-02-28T23:30:00.000Z', 'Europe/Vienna')).toBe('2029-03-01');
  expect(civilDateAt('2029-02-28T23:30:00.000Z', 'America/Bogota')).toBe('2029-02-28');
});

test('a date has passed at the first instant of the next day, also when clocks change', () => {
  expect(startOfDate('2029-03-25', 'Europe/Vienna')).toBe('2029-03-24T23:00:00.000Z');
  expect(endOfDate('2029-03-25', 'Europe/Vienna')).toBe('2029-03-25T22:00:00.000Z');
});

test('a day that begins with a gap begins at its first valid instant', () => {
  // Beirut skips from 00:00 to 01:00 at the end of March.
  expect(startOfDate('2025-03-30', 'Asia/Beirut')).toBe('2025-03-29T22:00:00.000Z');
  expect(civilDateAt(startOfDate('2025-03-30', 'Asia/Beirut'), 'Asia/Beirut')).toBe('2025-03-30');
});

test('reminders go out at nine in the morning, summer and winter', () => {
  expect(morningOf('2029-01-10', 'Europe/Vienna')).toBe('2029-01-10T08:00:00.000Z');
  expect(morningOf('2029-07-10', 'Europe/Vienna')).toBe('2029-07-10T07:00:00.000Z');
});

test('a zone is a name of the IANA database', () => {
  expect(['Europe/Vienna', 'Asia/Kathmandu', 'UTC'].map(isZone)).toEqual([true, true, true]);
  expect(['Vienna', '+01:00', '', 'Europe/Nowhere'].map(isZone)).toEqual([false, false, false, false]);
});

test('decision recorded 2031-12-31 23:40 in New York: its date is 2031-12-31, and in a programme governed by Tokyo 2032-01-01 (R-CAL-1, R-CAL-18)', () => {
  const recorded = '2032-01-01T04:40:00.000Z';
  expect(civilDateAt(recorded, 'America/New_York')).toBe('2031-12-31');
  expect(civilDateAt(recorded, 'Asia/Tokyo')).toBe('2032-01-01');
});

test('certificate last valid 2027-09-04 in Santiago: midnight is skipped, and it has expired from 01:00 local (R-CAL-2)', () => {
  expect(endOfDate('2027-09-04', 'America/Santiago')).toBe('2027-09-05T04:00:00.000Z');
  expect(civilDateAt('2027-09-05T03:59:59.999Z', 'America/Santiago')).toBe('2027-09-04');
});

test('due 2029-12-12, done 2029-12-12 23:59 local: met (R-CAL-2)', () => {
  const done = '2029-12-12T22:59:00.000Z';
  expect(civilDateAt(done, 'Europe/Berlin')).toBe('2029-12-12');
  expect(done < endOfDate('2029-12-12', 'Europe/Berlin')).toBe(true);
});
