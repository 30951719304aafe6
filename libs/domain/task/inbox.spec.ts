import { civilDate } from '../instant.js';
import { dueGroupOf, heldRoles } from './inbox.js';

const today = civilDate('2029-02-28');
const from = civilDate('2029-01-01');

test.each([
  ['2029-02-27', 'overdue'],
  ['2029-02-28', 'today'],
  ['2029-03-01', 'week'],
  ['2029-03-07', 'week'],
  ['2029-03-08', 'later'],
])('what is due on %s is %s', (due, group) => {
  expect(dueGroupOf({ due: civilDate(due) }, today)).toBe(group);
});

test('what has no day is later than all, and what was put off is nowhere else until its day', () => {
  expect(dueGroupOf({}, today)).toBe('later');
  const due = civilDate('2029-03-05');
  expect(dueGroupOf({ due, snoozedUntil: civilDate('2029-03-01') }, today)).toBe('snoozed');
  expect(dueGroupOf({ due, snoozedUntil: today }, today)).toBe('week');
});

test('each role of the day is named once, and not for a programme where it is held in all', () => {
  const grants = [
    { role: 'auditor' as const, from, programme: 'prg_1' },
    { role: 'auditor' as const, from, programme: 'prg_1', until: today },
    { role: 'lead-auditor' as const, from, programme: 'prg_1' },
    { role: 'lead-auditor' as const, from },
    { role: 'decision-maker' as const, from, until: civilDate('2029-02-27') },
    { role: 'programme-manager' as const, from: civilDate('2029-03-01') },
  ];
  expect(heldRoles({ grants }, today)).toEqual([
    { role: 'auditor', programme: 'prg_1' },
    { role: 'lead-auditor' },
  ]);
});
