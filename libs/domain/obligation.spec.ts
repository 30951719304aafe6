import { mondayToFriday } from './calendar.js';
import { civilDate } from './instant.js';
import { rungs, type Obligation } from './obligation.js';

const owed = (date: string, more: Partial<Obligation> = {}): Obligation => ({
  key: 'plan',
  what: 'plan for correction and corrective action',
  due: { date: civilDate(date), kind: 'soft', rule: 'R-FND-4', basis: [] },
  ladder: 'L-SHORT',
  owedBy: ['process-owner'],
  ...more,
});
const before = (obligation: Obligation) =>
  [...rungs(obligation, mondayToFriday)]
    .filter(({ escalates }) => !escalates)
    .map(({ name, on }) => `${name} ${on}`);

test('the short ladder reminds fourteen, seven, three and one day before, on working days for a soft date', () => {
  expect(before(owed('2029-03-15'))).toEqual([
    '14-days-before 2029-03-01',
    '7-days-before 2029-03-08',
    '3-days-before 2029-03-12',
    '1-days-before 2029-03-14',
  ]);
  expect(before(owed('2029-03-13'))).toContain('3-days-before 2029-03-12');
});

test('reminders of a hard date come earlier rather than later: they do not roll', () => {
  const due = { ...owed('2029-03-13').due, kind: 'hard' as const };
  expect(before(owed('2029-03-13', { due }))).toContain('3-days-before 2029-03-10');
});

test('the ladder of tasks counts business days', () => {
  expect(before(owed('2029-03-12', { ladder: 'L-TASK' }))).toEqual([
    '5-business-days-before 2029-03-05',
    '2-business-days-before 2029-03-08',
    '1-business-days-before 2029-03-09',
  ]);
});

test('from the day on it escalates: on the day, the day after, then weekly for a year', () => {
  const all = [...rungs(owed('2029-03-15', { escalation: 'X-CLIENT' }), mondayToFriday)];
  const overdue = all.filter((one) => one.escalates);
  expect(overdue.slice(0, 5).map(({ name, on, to }) => [name, on, to])).toEqual([
    ['on-the-day', '2029-03-15', ['process-owner', 'aims-manager']],
    ['1-days-overdue', '2029-03-16', ['process-owner', 'aims-manager']],
    ['7-days-overdue', '2029-03-22', ['process-owner', 'top-management']],
    ['14-days-overdue', '2029-03-29', ['process-owner', 'top-management']],
    ['21-days-overdue', '2029-04-05', ['process-owner', 'top-management']],
  ]);
  expect(overdue.at(-1)?.name).toBe('364-days-overdue');
});

test('what is overdue of a soft date is said on business days, of a hard one on its days', () => {
  const days = (obligation: Obligation) =>
    [...rungs(obligation, mondayToFriday)].filter((one) => one.escalates).map(({ on }) => on);
  expect(days(owed('2029-03-16')).slice(0, 3)).toEqual(['2029-03-16', '2029-03-19', '2029-03-23']);
  const hard = owed('2029-03-16', { due: { ...owed('2029-03-16').due, kind: 'hard' } });
  expect(days(hard).slice(0, 3)).toEqual(['2029-03-16', '2029-03-17', '2029-03-23']);
});

test('a week before, the next in line learns of it too', () => {
  const [, week] = rungs(
    owed('2029-03-15', { escalation: 'X-CB', owedBy: ['lead-auditor'] }),
    mondayToFriday,
  );
  expect(week).toMatchObject({ name: '7-days-before', to: ['lead-auditor', 'programme-manager'] });
});

test('no two reminders of an obligation have the same name', () => {
  for (const ladder of ['L-LONG', 'L-MED', 'L-SHORT', 'L-TASK'] as const) {
    const names = [...rungs(owed('2029-03-15', { ladder }), mondayToFriday)].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});

test('what was sent is no reminder any more', () => {
  const sent = new Set(['7-days-before', 'on-the-day', '14-days-overdue']);
  const all = [...rungs(owed('2029-03-15'), mondayToFriday)];
  expect([...rungs(owed('2029-03-15'), mondayToFriday, sent)]).toEqual(
    all.filter(({ name }) => !sent.has(name)),
  );
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining([...sent]));
});
