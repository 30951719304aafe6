import { addDays } from '../calendar.js';
import { civilDate, instant } from '../instant.js';
import type { Fact } from '../machine.js';
import { machineOf } from '../machines.js';
import { appointmentsOf, CANCELLED_DAYS, isShownOn, type Appointment } from './appointment.js';

const day = (month: string) => instant(`2029-${month}-01T09:00:00.000Z`);

type Written = readonly [month: string, type: string, data: object];

/** The life of one thing of a kind; each fact is recorded on the first day of its month. */
const life = (...written: readonly Written[]): readonly Fact[] =>
  written.map(([month, type, data], place) => ({
    ...{ stream: 'svl_1', version: place + 1, type, data, texts: {}, evidence: [], command: 'cmd' },
    ...(place === 0 ? { opens: { organisation: 'org_body', visibility: 'both' as const } } : {}),
    actor: { id: 'per_pia', role: 'programme-manager' as const },
    ...{ at: day(month), effectiveAt: day(month) },
  }));

const explained = (date: string) => ({ date, kind: 'hard', rule: 'R-SUR-1', basis: [], interpretations: [] });

/** The dates of a surveillance that is due on a day, within a window of two months around its target. */
const dates = (due: string) => ({
  ...{ due: explained(due), target: explained(addDays(civilDate(due), -30)) },
  ...{ opens: explained(addDays(civilDate(due), -60)), closes: explained(due) },
  ...{ informationAsked: explained(due), informationDue: explained(due) },
});

const forecast = ['01', 'surveillance.forecast', { cycle: 1, ordinal: 1, certificate: 'crt_1' }] as const;
const owed = ['02', 'surveillance.dates-set', dates('2029-12-31')] as const;
const later = ['03', 'surveillance.dates-set', dates('2030-02-28')] as const;
const scheduled = ['04', 'surveillance.scheduled', { audit: 'aud_1', plannedTo: '2030-02-01' }] as const;
const held = ['05', 'surveillance.held', { on: '2030-02-01', year: 2030, late: false }] as const;

type Lines = Readonly<Record<string, string>>;

/** Each appointment in a line: its days, how often it moved, since when it stands so, and whether it holds. */
function seen(...facts: readonly Written[]): Lines {
  const all = appointmentsOf(machineOf('surveillance'), life(...facts));
  return Object.fromEntries(all.map((one) => [one.uid, lineOf(one)]));
}

const lineOf = ({ from, to, sequence, changedAt, cancelled }: Appointment): string =>
  [
    from,
    ...(to === from ? [] : [to]),
    `#${String(sequence)}`,
    changedAt.slice(5, 7),
    ...(cancelled ? ['fallen'] : []),
  ].join(' ');

test('what is owed and the days in which it lies are appointments, from the fact on that sets their dates', () => {
  expect(seen(forecast)).toEqual({});
  expect(seen(forecast, owed)).toEqual({
    'svl_1.surveillance.1': '2029-12-31 #0 02',
    'svl_1.window.1': '2029-11-01 2029-12-31 #0 02',
  });
  const [one, other] = appointmentsOf(machineOf('surveillance'), life(forecast, owed));
  expect([one?.span, one?.what, other?.span]).toEqual([false, 'surveillance audit', true]);
});

test('what moves stays the same appointment, and its sequence rises with each move and with nothing else', () => {
  expect(seen(forecast, owed, later)).toMatchObject({ 'svl_1.surveillance.1': '2030-02-28 #1 03' });
  expect(seen(forecast, owed, later, scheduled)).toMatchObject({
    'svl_1.surveillance.1': '2030-02-28 #1 03',
  });
});

test('what falls away keeps its days and is cancelled by the fact with which it fell', () => {
  expect(seen(forecast, owed, later, scheduled, held)).toMatchObject({
    'svl_1.surveillance.1': '2030-02-28 #2 05 fallen',
    'svl_1.window.1': '2029-12-30 2030-02-28 #2 04 fallen',
  });
});

test('what is owed again after it had fallen away is another appointment: no name is used twice', () => {
  const again = seen(forecast, owed, scheduled, ['05', 'surveillance.unscheduled', {}]);
  expect(again).toMatchObject({
    'svl_1.window.1': expect.stringMatching(/fallen$/) as string,
    'svl_1.window.2': '2029-11-01 2029-12-31 #0 05',
    'svl_1.surveillance.1': '2029-12-31 #0 02',
  });
});

test('the days of an audit are those for which it is planned, then those on which it was held; none of one that is cancelled', () => {
  const planned = { auditType: 'stage2', plannedFrom: '2029-06-04', plannedTo: '2029-06-08' };
  const audit = (...more: readonly Written[]) =>
    appointmentsOf(machineOf('audit'), life(['01', 'audit.opened', planned], ...more)).filter(
      ({ span }) => span,
    );
  expect(audit().map(lineOf)).toEqual(['2029-06-04 2029-06-08 #0 01']);
  expect(audit(['06', 'audit.cancelled', {}]).map(lineOf)).toEqual(['2029-06-04 2029-06-08 #1 06 fallen']);
});

test(`a calendar is told for ${String(CANCELLED_DAYS)} days that something has fallen away`, () => {
  const fallen = { cancelled: true, changedAt: day('01') };
  expect(isShownOn(fallen, addDays(civilDate('2029-01-01'), CANCELLED_DAYS))).toBe(true);
  expect(isShownOn(fallen, addDays(civilDate('2029-01-01'), CANCELLED_DAYS + 1))).toBe(false);
  expect(isShownOn({ ...fallen, cancelled: false }, civilDate('2039-01-01'))).toBe(true);
});

test('nothing without facts', () => {
  expect(appointmentsOf(machineOf('surveillance'), [])).toEqual([]);
});
