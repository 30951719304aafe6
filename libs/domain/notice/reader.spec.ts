import { civilDate } from '../instant.js';
import { ladders } from '../obligation.js';
import {
  endOf,
  isUrgent,
  languageOf,
  nextDigest,
  onBusinessDay,
  QUIET_HOURS,
  quietHoursOf,
} from './reader.js';

// 1 March 2029 is a Thursday.
const at = (day: string, time: string) => ({ date: civilDate(`2029-03-${day}`), time });

test('quiet hours end on the same day or on the next one, and both ends are told apart', () => {
  expect(endOf('18:00-08:00', at('01', '18:00'))).toEqual(at('02', '08:00'));
  expect(endOf('18:00-08:00', at('02', '07:59'))).toEqual(at('02', '08:00'));
  expect(endOf('18:00-08:00', at('02', '08:00'))).toBeUndefined();
  expect(endOf('12:00-13:00', at('01', '12:30'))).toEqual(at('01', '13:00'));
  expect(endOf('12:00-13:00', at('01', '11:59'))).toBeUndefined();
  expect(endOf('12:00-12:00', at('01', '12:00'))).toBeUndefined();
});

test('what has waited over the night before a Saturday comes on Monday', () => {
  expect(onBusinessDay(at('03', '08:00'))).toEqual(at('05', '08:00'));
  expect(onBusinessDay(at('02', '08:00'))).toEqual(at('02', '08:00'));
});

test('a daily digest goes out on each business day, a weekly one on Mondays', () => {
  expect(nextDigest(at('01', '09:14'), 'daily')).toEqual(at('01', '09:15'));
  expect(nextDigest(at('01', '09:15'), 'daily')).toEqual(at('02', '09:15'));
  expect(nextDigest(at('02', '10:00'), 'daily')).toEqual(at('05', '09:15'));
  expect(nextDigest(at('01', '09:00'), 'weekly')).toEqual(at('05', '09:15'));
  expect(nextDigest(at('05', '09:00'), 'weekly')).toEqual(at('05', '09:15'));
  expect(nextDigest(at('05', '09:30'), 'weekly')).toEqual(at('12', '09:15'));
});

test('a late notice does not wait, nor the last step before a hard date and what comes after it', () => {
  const of = (...rungs: string[]) => ({ late: false, rungs });
  expect(isUrgent({ late: true, rungs: ['30-days-before'] }, 'soft')).toBe(true);
  for (const { unit, before } of Object.values(ladders)) {
    const names = before.map((n) => `${String(n)}-${unit === 'days' ? 'days' : 'business-days'}-before`);
    expect(names.filter((name) => isUrgent(of(name), 'hard'))).toEqual(names.slice(-1));
    expect(names.filter((name) => isUrgent(of(name), 'soft'))).toEqual([]);
  }
  for (const name of ['on-the-day', '1-days-overdue', '14-days-overdue'])
    expect([isUrgent(of(name), 'hard'), isUrgent(of(name), 'soft')]).toEqual([true, false]);
});

test('whoever reads in a zone of their own is not woken there, unless they say otherwise', () => {
  expect(quietHoursOf({})).toBeUndefined();
  expect(quietHoursOf({ zone: 'America/Lima' })).toBe('00:00-09:00');
  expect(quietHoursOf({ zone: 'America/Lima', quietHours: '18:00-08:00' })).toBe('18:00-08:00');
  expect(quietHoursOf({ zone: 'America/Lima', quietHours: 'none' })).toBeUndefined();
});

test('quiet hours are two times of day, or none', () => {
  for (const right of ['none', '18:00-08:00', '00:00-23:59']) expect(right).toMatch(QUIET_HOURS);
  for (const wrong of ['', '24:00-08:00', '18:00', '18:60-19:00', '8:00-9:00', '18:00-08:00 ', 'None'])
    expect(wrong).not.toMatch(QUIET_HOURS);
});

test('English is read where nothing is said, and where a language has no words', () => {
  expect([languageOf({}), languageOf({ language: 'de' })]).toEqual(['en', 'de']);
});
