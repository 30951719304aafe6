import { civilDate } from '../instant.js';
import { body, by, client, command, did, given, person } from '../specification.js';
import type { Parties } from '../programme/parties.js';
import { policyOf, setBy, settersOf } from './policy-version.js';

const administrator = person({ roles: ['scheme-administrator'], id: 'per_1', organisation: body });
const ofBody = setBy(body);
const second = person({ roles: ['scheme-administrator'], id: 'per_2', organisation: body });
const draft = (id: string, values: object, holidays?: readonly string[]) =>
  command('draftPolicy', id, { values, ...(holidays ? { holidays } : {}) });
const approve = (id: string) => command('approvePolicy', id);

test('a policy is drafted by one and approved by another, and is in force from then on', () => {
  const drafted = given(
    did(draft('pol_1', { 'finding.major.planDays': 21 }, ['2029-05-01']), by(administrator)),
  );
  expect(policyOf(drafted.things, ofBody).number('finding.major.planDays')).toBe(30);
  const after = drafted.when(approve('pol_1'), by(second)).records('policy.approved');
  const policy = policyOf(after.things, ofBody);
  expect([policy.number('finding.major.planDays'), policy.edition('finding.major.planDays')]).toEqual([
    21, 1,
  ]);
  expect(policy.businessCalendar().holidays).toEqual([civilDate('2029-05-01')]);
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
  expect(policyOf(things, ofBody).edition('finding.major.planDays')).toBe(2);
  expect(policyOf([...things].reverse(), ofBody).number('finding.major.planDays')).toBe(14);
});

const manager = person({ roles: ['aims-manager'], id: 'per_3' });
const head = person({ roles: ['top-management'], id: 'per_4' });
const every = (days: number) => ({ 'readiness.progressReviewDays': days });

test('a client sets the rhythm of its own management system, and its top management approves it (R-GEN-4)', () => {
  const { things } = given(did(draft('pol_1', every(28)), by(manager)), did(approve('pol_1'), by(head)));
  expect(policyOf(things, setBy(client)).number('readiness.progressReviewDays')).toBe(28);
  given(did(draft('pol_1', every(28)), by(head)))
    .when(approve('pol_1'), by(head))
    .refuses('four-eyes-required', 'R-GEN-4', 'SOD-8');
});

test("a body sets nothing that is its clients' to set (R-GEN-4)", () => {
  given()
    .when(draft('pol_1', every(28)), by(administrator))
    .refuses('policy-key-of-client', 'R-GEN-4');
});

describe('in a programme', () => {
  const { things } = given(
    did(draft('pol_1', { ...every(28), 'finding.major.planDays': 20 }, ['2029-05-01']), by(manager)),
    did(approve('pol_1'), by(head)),
    did(draft('pol_2', { 'finding.major.planDays': 21 }, ['2029-06-01']), by(administrator)),
    did(approve('pol_2'), by(second)),
  );
  const found = (parties: Parties) => {
    const policy = policyOf(things, settersOf(parties, client));
    return [policy.number('readiness.progressReviewDays'), policy.number('finding.major.planDays')];
  };

  test('each side sets its own values and works on its own days, and of a body that is not yet known the defaults count', () => {
    expect(found({ client, certificationBody: body, bodyMode: 'hosted' })).toEqual([28, 21]);
    expect(found({ client })).toEqual([28, 30]);
    expect(found({ client: 'org_other', certificationBody: body })).toEqual([14, 21]);
    const policy = policyOf(things, settersOf({ client, certificationBody: body }, client));
    expect(policy.businessCalendar().holidays).toEqual(['2029-06-01']);
    expect(policy.businessCalendar('readiness.progressReviewDays').holidays).toEqual(['2029-05-01']);
  });

  test('where the body is a record, the client says by which values it works', () => {
    expect(found({ client, bodyMode: 'mirrored' })).toEqual([28, 20]);
  });
});
