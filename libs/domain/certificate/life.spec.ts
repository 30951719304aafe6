import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { expiryFromDecision } from '../recertification/dates.js';
import { restorationWindow } from './life.js';

test.each([
  ['2030-02-08', '2033-02-07'],
  ['2028-02-29', '2031-02-27'],
  ['2027-07-19', '2030-07-18'],
])('R-CAL-5: a decision of %s makes a certificate that expires on %s', (decision, expiry) => {
  expect(expiryFromDecision({ from: civilDate(decision) }, new Policy()).date).toBe(expiry);
});

test.each([
  ['2030-07-18', '2031-01-18'],
  ['2031-10-31', '2032-04-30'],
])('R-REC-6: the restoration window of a certificate that expired on %s ends with %s', (expiry, last) => {
  expect(restorationWindow(civilDate(expiry), new Policy())).toMatchObject({ date: last, kind: 'hard' });
});

test('R-CRT-4: a body may give a shorter cycle, never a longer one', () => {
  const decided = civilDate('2030-02-08');
  expect(expiryFromDecision({ from: decided }, new Policy(1, { 'cycle.months': 24 })).date).toBe(
    '2032-02-07',
  );
  expect(expiryFromDecision({ from: decided }, new Policy(1, { 'cycle.months': 48 })).date).toBe(
    '2033-02-07',
  );
});
