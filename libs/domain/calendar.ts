import { civilDate, daysInMonth, type CivilDate } from './instant.js';

/** The working days of an organisation, in a version: a later holiday moves no date that was computed. (R-CAL-11) */
export interface BusinessCalendar {
  readonly version: number;
  readonly holidays: readonly CivilDate[];
}

/** Monday to Friday without holidays, until a calendar is loaded (policy `calendar.businessDays`). */
export const mondayToFriday: BusinessCalendar = { version: 1, holidays: [] };

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const parts = (date: CivilDate): Parts => ({
  year: Number(date.slice(0, 4)),
  month: Number(date.slice(5, 7)),
  day: Number(date.slice(8, 10)),
});

const [FIRST, LAST] = [civilDate('1900-01-01'), civilDate('2199-12-31')];

const two = (n: number): string => String(n).padStart(2, '0');

/** What people enter lies between 1900 and 2199; what is counted from it beyond that falls on the first or the last day. */
function dateOf({ year, month, day }: Parts): CivilDate {
  if (year < 1900) return FIRST;
  return year > 2199 ? LAST : civilDate(`${String(year)}-${two(month)}-${two(day)}`);
}

/** The calendar year of a day. */
export const yearOf = (date: CivilDate): number => parts(date).year;

/** Same day of month `n` months on (or back), clamped to the month's end; from the anchor, never chained. (R-CAL-3, R-CAL-4) */
export function addMonths(anchor: CivilDate, n: number): CivilDate {
  const { year, month, day } = parts(anchor);
  const months = year * 12 + (month - 1) + n;
  const [y, m] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  return dateOf({ year: y, month: m, day: Math.min(day, daysInMonth(y, m)) });
}

/** The day `n` days on (or back); the day of the event is day 0. (R-CAL-12) */
export const addDays = (date: CivilDate, n: number): CivilDate => fromDayNumber(dayNumber(date) + n);

/** Days from `a` to `b`, negative when `b` comes first. */
export const daysBetween = (a: CivilDate, b: CivilDate): number => dayNumber(b) - dayNumber(a);

/** True from Monday to Friday when it is no holiday. */
export function isBusinessDay(date: CivilDate, calendar: BusinessCalendar): boolean {
  const weekday = weekdayOf(date);
  return weekday !== 0 && weekday !== 6 && !calendar.holidays.includes(date);
}

/** Sunday is 0, Monday 1. */
const weekdayOf = (date: CivilDate): number => (((dayNumber(date) + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday

/** This day, if it is a Monday, else the next one that is. */
export const nextMonday = (date: CivilDate): CivilDate => addDays(date, (8 - weekdayOf(date)) % 7);

/** The date itself, or the first business day after it: soft dates roll, hard dates never do. (R-CAL-11) */
export function nextBusinessDay(date: CivilDate, calendar: BusinessCalendar): CivilDate {
  let day = date;
  while (!isBusinessDay(day, calendar) && day < LAST) day = addDays(day, 1);
  return day;
}

/** The nth business day after (or before) a day, that day not counted. (R-CAL-11, R-CAL-12) */
export function addBusinessDays(date: CivilDate, n: number, calendar: BusinessCalendar): CivilDate {
  const step = n < 0 ? -1 : 1;
  let day = date;
  for (let left = Math.abs(n); left > 0;) {
    day = addDays(day, step);
    if (isBusinessDay(day, calendar) || day === FIRST || day === LAST) left -= 1;
  }
  return day;
}

/** The earlier of two days. */
export const earlier = (a: CivilDate, b: CivilDate): CivilDate => (a <= b ? a : b);

/** The later of two days. */
export const later = (a: CivilDate, b: CivilDate): CivilDate => (a >= b ? a : b);

/** Days since 1970-01-01 in the proleptic Gregorian calendar, by counting 400-year eras from 1 March of year 0. */
function dayNumber(date: CivilDate): number {
  const { year, month, day } = parts(date);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function fromDayNumber(n: number): CivilDate {
  const z = n + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return dateOf({ year, month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 });
}
