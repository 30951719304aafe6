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
