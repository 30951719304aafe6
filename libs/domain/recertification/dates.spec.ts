import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { expiryFromDecision, expiryFromOld, keepsAnniversaryFrom, recertificationDates } from './dates.js';

// The worked examples of expiry: initial, renewed before expiry, restored after it. All invented.

const policy = new Policy();
const sameDay = new Policy(1, {}, { choices: { 'expiry.convention': 'sameDay' } });
const fromOld = (day: string, by = policy) => expiryFromOld({ from: civilDate(day) }, by).date;
const fromDecision = (day: string, by = policy) => expiryFromDecision({ from: civilDate(day) }, by).date;

test('initial: decision 2030-02-08 expires 2033-02-07 (R-CAL-5), or on the same day where the body reads it so', () => {
  expect(fromDecision('2030-02-08')).toBe('2033-02-07');
  expect(fromDecision('2030-02-08', sameDay)).toBe('2033-02-08');
});

test('leap day: decision 2028-02-29, anniversary 2031-02-28, expires 2031-02-27 (R-CAL-3, R-CAL-5)', () => {
  expect(fromDecision('2028-02-29')).toBe('2031-02-27');
});

test('leap day, renewal: old expiry 2031-02-27 expires 2034-02-27 (R-CAL-6)', () => {
  expect(fromOld('2031-02-27')).toBe('2034-02-27');
});

test('why through the anniversary: old expiry 2033-02-28 expires 2036-02-29; the naive way gives 2036-02-28 (R-CAL-6)', () => {
  expect(fromOld('2033-02-28')).toBe('2036-02-29');
  expect(fromOld('2033-02-28', sameDay)).toBe('2036-02-28');
});

test('early renewal: expiry 2033-02-07, limit 2032-08-07; decided 2032-07-20 it expires 2035-07-19, with a reason 2036-02-07 (R-CAL-6, I-21)', () => {
  expect(keepsAnniversaryFrom(civilDate('2033-02-07'), policy)).toBe('2032-08-07');
  expect(fromDecision('2032-07-20')).toBe('2035-07-19');
  expect(fromOld('2033-02-07')).toBe('2036-02-07');
});

test('decision on the last day: expiry 2030-07-18 expires 2033-07-18, without a gap (I-7)', () => {
  expect(fromOld('2030-07-18')).toBe('2033-07-18');
});

test('R-CRT-4: a body may certify for less than a cycle, counted from the same anchor', () => {
  expect(expiryFromDecision({ from: civilDate('2030-02-08'), months: 12 }, policy).date).toBe('2031-02-07');
  expect(expiryFromOld({ from: civilDate('2030-07-18'), months: 12 }, policy).date).toBe('2031-07-18');
  expect(expiryFromOld({ from: civilDate('2030-07-18'), months: 12 }, sameDay).date).toBe('2031-07-18');
});

test('R-REC-1: start, audit and decision are counted back from the expiry', () => {
  const { startDue, auditDue, decisionDue } = recertificationDates(civilDate('2030-07-18'), policy);
  expect([startDue, auditDue, decisionDue].map(({ date }) => date)).toEqual([
    ...['2030-01-18', '2030-04-18', '2030-06-18'],
  ]);
});
