import { instant } from '#domain/instant.js';
import { laterFor } from './hours.js';

const VIENNA = 'Europe/Vienna';
// A Thursday in winter: Vienna is an hour ahead of UTC.
const at = (day: string, time: string) => instant(`2029-03-${day}T${time}:00.000Z`);

test('who says nothing gets everything at once, but nothing in the night of the programme', () => {
  expect(laterFor({}, VIENNA, at('01', '08:00'))).toBeUndefined();
  expect(laterFor({}, VIENNA, at('03', '08:00'))).toBeUndefined();
  expect(laterFor({}, VIENNA, at('01', '23:30'))).toEqual({ dueAt: at('02', '02:00') });
  expect(laterFor({}, VIENNA, at('02', '02:00'))).toBeUndefined();
});

test('what comes in quiet hours waits for their end, and over a weekend until Monday', () => {
  const reader = { quietHours: '18:00-08:00' };
  expect(laterFor(reader, VIENNA, at('01', '18:30'))).toEqual({ dueAt: at('02', '07:00') });
  expect(laterFor(reader, VIENNA, at('02', '18:30'))).toEqual({ dueAt: at('05', '07:00') });
  expect(laterFor(reader, VIENNA, at('01', '12:00'))).toBeUndefined();
});

test('whoever reads in another zone gets it when it is morning there', () => {
  const lima = { zone: 'America/Lima' };
  expect(laterFor(lima, VIENNA, at('01', '08:00'))).toEqual({ dueAt: at('01', '14:00') });
  expect(laterFor({ zone: 'Asia/Tokyo' }, VIENNA, at('01', '08:00'))).toBeUndefined();
});

test('quiet hours that end in the night of the programme go on to its end', () => {
  const reader = { zone: 'America/Los_Angeles', quietHours: '09:00-16:00' };
  const later = laterFor(reader, VIENNA, at('01', '20:00'));
  expect(later).toEqual({ dueAt: at('02', '02:00') });
});

test('a digest is that of a day in the zone of the reader, and no quiet hours cut it off', () => {
  expect(laterFor({ digest: 'daily' }, VIENNA, at('01', '08:00'))).toEqual({
    ...{ dueAt: at('01', '08:15'), day: '2029-03-01' },
  });
  expect(laterFor({ digest: 'weekly', zone: 'America/Lima' }, VIENNA, at('01', '08:00'))).toEqual({
    ...{ dueAt: at('05', '14:15'), day: '2029-03-05' },
  });
  expect(laterFor({ digest: 'daily', quietHours: '22:00-10:00' }, VIENNA, at('01', '08:00'))).toEqual({
    ...{ dueAt: at('01', '09:00'), day: '2029-03-01' },
  });
});

test('a night that summer time shortens ends when clocks show three', () => {
  // On 25 March 2029 clocks in Vienna go from two to three.
  expect(laterFor({}, VIENNA, at('24', '23:30'))).toEqual({ dueAt: at('25', '01:00') });
});
