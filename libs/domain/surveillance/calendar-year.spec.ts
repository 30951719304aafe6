import { yearOf } from '../calendar.js';
import { inWords } from '../explanation.js';
import { civilDate } from '../instant.js';
import { Policy, type Choices } from '../policy.js';
import {
  countedAs,
  nextSurveillance,
  startYearOf,
  surveillancesOwed,
  yearsNeeded,
  yearsWithout,
  type Cycle,
  type HeldSurveillance,
} from './calendar-year.js';

// The worked examples of the calendar-year rule, of windows, and of several dates for one surveillance. All invented.

const policy = new Policy();
const cycle = (decided: string, recertification: string, more: Partial<Cycle> = {}): Cycle => ({
  ...{ cycle: 1, decidedOn: civilDate(decided), startYear: yearOf(civilDate(decided)) },
  recertificationOn: civilDate(recertification),
  ...more,
});
const on = (day: string): HeldSurveillance => ({ on: civilDate(day), year: yearOf(civilDate(day)) });
const due = (of: Cycle, held: readonly string[], by = policy) => {
  const next = nextSurveillance(of, held.map(on), by);
  return (
    next && `${next.due.date} ${next.due.kind}${next.atLatest ? ` at latest ${next.atLatest.date}` : ''}`
  );
};

describe('E1: an early first surveillance moves nobody’s calendar year', () => {
  const e1 = cycle('2029-05-22', '2032-02-10');

  test('R-SUR-2, R-CAL-8: it needs 2030 and 2031; held in 2029 it meets neither, and there are three surveillances', () => {
    expect(yearsNeeded(e1)).toEqual([2030, 2031]);
    expect(due(e1, [])).toBe('2030-05-22 hard');
    expect(due(e1, ['2029-11-06'])).toBe('2030-12-31 hard');
    expect(due(e1, ['2029-11-06', '2030-10-15'])).toBe('2031-12-31 hard');
    expect(due(e1, ['2029-11-06', '2030-10-15', '2031-10-07'])).toBeUndefined();
    expect(surveillancesOwed(e1, [on('2029-11-06')], policy)).toHaveLength(2);
  });

  test('R-CAL-13: both bases stay visible, and the explanation says which one rules', () => {
    const next = nextSurveillance(e1, [on('2029-11-06')], policy);
    expect(next?.due.basis.map(({ date, rule }) => `${date} ${rule}`)).toEqual([
      '2030-12-31 R-SUR-2',
      '2031-05-22 R-SUR-2b',
    ]);
    expect(next && inWords(next.due)).toBe(
      '2030-12-31: the end of calendar year 2030, in view of decision of 2029-05-22 (R-SUR-2), because that is earlier than 2031-05-22 (R-SUR-2b), by interpretation I-3.',
    );
  });
});

describe('E2: a recertification that moves across New Year', () => {
  const [planned, moved] = [cycle('2030-02-08', '2032-11-16'), cycle('2030-02-08', '2033-01-18')];

  test('R-SUR-2b: the second surveillance has a soft date, and no year behind it', () => {
    expect(yearsNeeded(planned)).toEqual([2031]);
    expect(due(planned, [])).toBe('2031-02-08 hard');
    expect(due(planned, ['2031-01-21'])).toBe('2032-02-09 soft'); // 8 February 2032 is a Sunday
  });

  test('R-CAL-8: moved into 2033 it needs 2032 too', () => {
    expect(yearsNeeded(moved)).toEqual([2031, 2032]);
    expect(yearsWithout(moved, [on('2031-01-21')])).toEqual([2032]);
    expect(due(moved, ['2031-01-21'])).toBe('2032-02-09 soft at latest 2032-12-31');
  });
});

test('E3, I-5: a later cycle counts its years from the recertification audit, unless the body counts from the decision', () => {
  const decidedOn = civilDate('2033-01-12');
  const auditedOn = civilDate('2032-11-16');
  expect(startYearOf({ decidedOn, auditedOn }, policy)).toBe(2032);
  expect(yearsNeeded(cycle('2033-01-12', '2035-11-07', { cycle: 2, startYear: 2032 }))).toEqual([2033, 2034]);
  const byDecision = new Policy(1, {}, { choices: { 'surveillance.startYearLaterCycles': 'decisionYear' } });
  expect(startYearOf({ decidedOn, auditedOn }, byDecision)).toBe(2033);
});

test('E4, I-1, I-2: an audit over New Year counts for the year of its last day, unless the body reads it otherwise', () => {
  const days = { firstDay: civilDate('2031-12-30'), lastDay: civilDate('2032-01-02') };
  expect(countedAs(days, policy)).toEqual({ on: '2032-01-02', year: 2032 });
  const choices: Choices = {
    'surveillance.dateBasis': 'firstDay',
    'surveillance.yearOfSpanningAudit': 'firstDay',
  };
  const first = new Policy(1, {}, { choices });
  expect(countedAs(days, first)).toEqual({ on: '2031-12-30', year: 2031 });
  expect(yearsWithout(cycle('2030-02-08', '2033-01-18'), [countedAs(days, policy)])).toEqual([2031]);
});

test('R-SUR-2: a year that went by without a surveillance is lost; the next one is owed for its own year', () => {
  const of = cycle('2029-05-22', '2033-02-10');
  expect(yearsNeeded(of)).toEqual([2030, 2031, 2032]);
  expect(due(of, ['2031-03-04'])).toBe('2031-05-22 soft at latest 2032-12-31');
});

describe('windows', () => {
  const of = cycle('2028-03-09', '2030-12-08');
  const shown = (by = policy) => {
    const next = nextSurveillance(of, [], by);
    return [next?.due, next?.target, next?.opens, next?.closes].map((one) => one?.date);
  };

  test('default window (R-CAL-9, I-17)', () => {
    expect(shown()).toEqual(['2029-03-09', '2029-01-09', '2028-10-09', '2029-01-09']);
  });

  test('clipped at the hard date (R-CAL-9)', () => {
    const after = new Policy(1, { 'surveillance.windowAfterMonths': 3 });
    expect(shown(after)).toEqual(['2029-03-09', '2029-01-09', '2028-10-09', '2029-03-09']);
  });

  test('stricter anchor: the other basis stays visible (R-CAL-13)', () => {
    const stricter = new Policy(1, {}, { choices: { 'surveillance1.extraAnchor': 'stage2LastDay' } });
    const next = nextSurveillance({ ...of, stage2LastDay: civilDate('2028-01-27') }, [], stricter);
    expect(next?.due).toMatchObject({ date: '2029-01-27', kind: 'hard', rule: 'R-SUR-1' });
    expect(next?.due.basis.map(({ date }) => date)).toContain('2029-03-09');
  });

  test('every eight months: from the anchor, and the first meets the twelve months (R-SUR-2c, R-CAL-16)', () => {
    const often = new Policy(1, { 'surveillance.intervalMonths': 8 });
    const targets = surveillancesOwed(of, [], often).map(({ target }) => target.date);
    expect(targets.slice(0, 3)).toEqual(['2028-11-09', '2029-07-09', '2030-03-09']);
    expect(due(of, ['2028-11-09'], often)).toBe('2029-07-09 soft at latest 2029-12-31');
  });

  test('when the client is asked what has changed, and by when it tells (SM-7)', () => {
    const next = nextSurveillance(of, [], policy);
    expect([next?.informationAsked.date, next?.informationDue.date]).toEqual(['2028-11-10', '2028-12-11']);
  });
});

test('I-4: the first surveillance of a later cycle has a date of the programme, or a hard one where the body reads it so', () => {
  const later = cycle('2033-02-07', '2035-11-07', { cycle: 2, startYear: 2032 });
  expect(due(later, [])).toBe('2033-12-31 hard');
  const earlyInYear = cycle('2033-02-07', '2035-11-07', { cycle: 2, startYear: 2033 });
  expect(due(earlyInYear, [])).toBe('2034-02-07 soft at latest 2034-12-31');
  const hard = new Policy(1, {}, { choices: { 'surveillance1.laterCycles': 'hard' } });
  expect(due(earlyInYear, [], hard)).toBe('2034-02-07 hard');
});

test('Programme A: the first by 2028-07-19; then min(2029-12-31 hard, 2029-07-19 soft) = 2029-07-19', () => {
  const a = cycle('2027-07-19', '2030-04-18');
  expect(yearsNeeded(a)).toEqual([2028, 2029]);
  expect(due(a, [])).toBe('2028-07-19 hard');
  expect(due(a, ['2028-06-14'])).toBe('2029-07-19 soft at latest 2029-12-31');
});
