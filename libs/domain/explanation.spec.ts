import { restorationWindow } from './certificate/life.js';
import { hardDate, inWords, softDate, span, type Span } from './explanation.js';
import { civilDate } from './instant.js';
import { sixMonthLimit } from './nonconformity/limit.js';
import { Policy } from './policy.js';

const policy = new Policy(4, { 'finding.major.verifyDays': 60 });
const raised: Span = {
  rule: 'R-FND-5',
  anchor: { name: 'raised', date: civilDate('2030-05-06') },
  key: 'finding.major.verifyDays',
  unit: 'days',
};
const limit: Span = {
  rule: 'R-DEC-4',
  anchor: { name: 'the last day of Stage 2', date: civilDate('2028-03-31') },
  key: 'stage2.majorVerifyMonths',
  unit: 'months',
};

test('a basis names rule, anchor, operation and the value of the policy in its version (R-CAL-20)', () => {
  expect(span(raised, policy)).toEqual({
    date: '2030-07-05',
    rule: 'R-FND-5',
    anchor: { name: 'raised', date: '2030-05-06' },
    operation: 'plus 60 days',
    policy: { key: 'finding.major.verifyDays', value: 60, version: 4 },
  });
});

test('a date that rests on an open point of the sources says so wherever it is told (R-CAL-20)', () => {
  const six = sixMonthLimit(civilDate('2028-03-31'), new Policy());
  expect(six.interpretations).toEqual(['I-34', 'I-35']);
  expect(inWords(six)).toBe(
    '2028-09-30: 6 months after last day of Stage 2 of 2028-03-31 (R-DEC-4), by interpretation I-34, I-35.',
  );
  expect(restorationWindow(civilDate('2030-07-18'), new Policy()).interpretations).toEqual(['I-8']);
});

test('a hard date on a Saturday stays there (R-CAL-11)', () => {
  expect(hardDate(span(limit, policy))).toMatchObject({ date: '2028-09-30', kind: 'hard', rule: 'R-DEC-4' });
});

test('a soft date on a Saturday rolls to Monday (R-CAL-11)', () => {
  expect(softDate(policy, span(limit, policy))).toMatchObject({ date: '2028-10-02', kind: 'soft' });
});

test('of two bases the earlier one rules, and both stay visible (R-CAL-13)', () => {
  const date = hardDate(
    span(limit, policy),
    span({ ...raised, anchor: { name: 'raised', date: civilDate('2028-05-01') } }, policy),
  );
  expect(date).toMatchObject({ date: '2028-06-30', rule: 'R-FND-5' });
  expect(date.basis).toHaveLength(2);
  expect(inWords(date)).toBe(
    '2028-06-30: 60 days after raised of 2028-05-01 (R-FND-5), because that is earlier than 2028-09-30 (R-DEC-4).',
  );
});

test('a span may count back, and in business days', () => {
  const lead = span(
    {
      rule: 'R-PLAN-1',
      anchor: { name: 'the first day of the audit', date: civilDate('2029-03-15') },
      key: 'audit.planLeadBusinessDays',
      unit: 'businessDays',
      direction: 'before',
    },
    new Policy(),
  );
  expect(lead).toMatchObject({ date: '2029-03-01', operation: 'minus 10 business days' });
  expect(inWords(hardDate(lead))).toContain('10 business days before the first day of the audit');
});

test('a value looser than the rule that slipped in is cut to the limit (R-GEN-4)', () => {
  expect(new Policy(1, { 'stage2.majorVerifyMonths': 9 }).number('stage2.majorVerifyMonths')).toBe(6);
  expect(new Policy(1, { 'impartiality.lookbackMonths': 1 }).number('impartiality.lookbackMonths')).toBe(24);
});
