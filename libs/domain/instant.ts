/** A moment in UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`. Two of them compare as text. (R-CAL-1) */
export type Instant = string & { readonly brand: 'Instant' };

/** A day as people write it, `YYYY-MM-DD`, read in a programme's governing zone. Two of them compare as text. (R-CAL-1) */
export type CivilDate = string & { readonly brand: 'CivilDate' };

const INSTANT = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const CIVIL_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** True for a day that exists between 1900 and 2199; 31 February and 29 February of a common year do not. */
export function isCivilDate(text: string): text is CivilDate {
  if (!CIVIL_DATE.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  return (
    year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  );
}

/** True for a whole instant with milliseconds and `Z`, on a day that exists. */
export function isInstant(text: string): text is Instant {
  return INSTANT.test(text) && isCivilDate(text.slice(0, 10));
}

/** Reads a civil date; throws on what is not one, because a rule never computes with half a date. */
export function civilDate(text: string): CivilDate {
  if (!isCivilDate(text)) throw new RangeError(`${text} is not a civil date between 1900 and 2199`);
  return text;
}

/** Reads an instant; throws on what is not one. */
export function instant(text: string): Instant {
  if (!isInstant(text)) throw new RangeError(`${text} is not an instant like 2029-03-01T09:00:00.000Z`);
  return text;
}

/** Days of a month, 29 for February of a leap year. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
