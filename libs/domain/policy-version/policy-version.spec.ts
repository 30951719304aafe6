import { civilDate } from '../instant.js';
import { body, by, command, did, given, person } from '../specification.js';
import { policyOf } from './policy-version.js';

const administrator = person({ roles: ['scheme-administrator'], id: 'per_1', organisation: body });
const second = person({ roles: ['scheme-administrator'], id: 'per_2', organisation: body });
const draft = (id: string, values: object, holidays?: readonly string[]) =>
  command('draftPolicy', id, { values, ...(holidays ? { holidays } : {}) });
const approve = (id: string) => command('approvePolicy', id);

test('a policy is drafted by one and approved by another, and is in force from then on', () => {
  const drafted = given(
    did(draft('pol_1', { 'finding.major.planDays': 21 }, ['2029-05-01']), by(administrator)),
  );
  expect(policyOf(drafted.things).number('finding.major.planDays')).toBe(30);
  const after = drafted.when(approve('pol_1'), by(second)).records('policy.approved');
  const policy = policyOf(after.things);
  expect([policy.number('finding.major.planDays'), policy.version]).toEqual([21, 1]);
  expect(policy.businessCalendar.holidays).toEqual([civilDate('2029-05-01')]);
});

test('nobody approves the policy that they drafted (R-GEN-4, SOD-8)', () => {
  given(did(draft('pol_1', {}), by(administrator)))
    .when(approve('pol_1'), by(administrator))
    .refuses('four-eyes-required', 'R-GEN-4', 'SOD-8');
});

test('a body may be stricter than the rules, never looser (R-GEN-4)', () => {
  given()
    .when(draft('pol_1', { 'cycle.months': 24 }), by(administrator))
    .records('policy.drafted');
  given()
    .when(draft('pol_1', { 'cycle.months': 48 }), by(administrator))
    .refuses('policy-looser-than-rule', 'R-GEN-4', 'R-CRT-4');
  given()
    .when(draft('pol_1', { 'impartiality.lookbackMonths': 12 }), by(administrator))
    .refuses('policy-looser-than-rule', 'R-GEN-4', 'R-IMP-3');
  given()
    .when(draft('pol_1', { 'cycle.weeks': 3 }), by(administrator))
    .refuses('policy-looser-than-rule', 'R-GEN-4');
});

test('the newest approved version rules', () => {
  const { things } = given(
    did(draft('pol_1', { 'finding.major.planDays': 21 }), by(administrator)),
    did(approve('pol_1'), by(second)),
    did(draft('pol_2', { 'finding.major.planDays': 14 }), by(administrator)),
    did(approve('pol_2'), by(second)),
  );
  expect(policyOf(things)).toMatchObject({ version: 2 });
  expect(policyOf([...things].reverse()).number('finding.major.planDays')).toBe(14);
});
