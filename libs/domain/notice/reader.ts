import { addDays, mondayToFriday, nextBusinessDay, nextMonday } from '../calendar.js';
import type { CivilDate } from '../instant.js';

/** The languages in which people are written to. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** Each notice by itself, or all of a day or a week in one mail. */
export const digests = ['none', 'daily', 'weekly'] as const;
export type Digest = (typeof digests)[number];

/** Times of day on the clocks of the reader, `18:00-08:00`, until the next day where the end comes first; or `none`. */
export const QUIET_HOURS = /^(none|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$/;

/** How somebody wants to be written to; what is not said is as usual. (SUP-0) */
export interface Reading {
  /** English as usual. */
  readonly language?: Language;
  /** The zone in which they read; that of the programme as usual. */
  readonly zone?: string;
  /** When they are not to be written to. */
  readonly quietHours?: string;
  readonly digest?: Digest;
}

/** A civil date with a time of day `HH:MM`, as clocks in some zone show them. */
export interface ClockTime {
  readonly date: CivilDate;
  readonly time: string;
}

/** Nobody is reminded between midnight and three o'clock of the zone that governs the programme. */
export const NIGHT = '00:00-03:00';
/** Whoever reads in a zone of their own is not reminded before the morning there. */
const BEFORE_MORNING = '00:00-09:00';
/** Nine o'clock, and a quarter of an hour in which the reminders of this morning are gathered. */
const DIGEST_AT = '09:15';

/** The language in which somebody reads; they may have chosen one that has no words here, when every one could be chosen. */
export const languageOf = ({ language }: Reading): Language =>
  languages.find((known) => known === language) ?? 'en';

/** The quiet hours of somebody; undefined where they have none. */
export function quietHoursOf({ zone, quietHours }: Reading): string | undefined {
  if (quietHours === 'none') return undefined;
  return quietHours ?? (zone === undefined ? undefined : BEFORE_MORNING);
}

/**
 * What does not wait, neither for a digest nor for the end of quiet hours: a late notice; and of what is owed by a hard date, the last
 * reminder before it and all from the day itself on. The last step of every ladder is one day before.
 */
export const isUrgent = (
  { late, rungs }: { readonly late: boolean; readonly rungs: readonly string[] },
  due: 'hard' | 'soft',
): boolean =>
  late || (due === 'hard' && rungs.some((rung) => !rung.endsWith('-before') || rung.startsWith('1-')));

/** The end of hours that go on now; undefined outside of them. Equal ends are no hours. */
export function endOf(hours: string, { date, time }: ClockTime): ClockTime | undefined {
  const [from = '', until = ''] = hours.split('-');
  const isWithin = from <= until ? from <= time && time < until : from <= time || time < until;
  if (!isWithin) return undefined;
  return { date: time < until ? date : addDays(date, 1), time: until };
}

/** Where quiet hours end on a day on which nobody works, what may wait comes on the next day that somebody does. */
export const onBusinessDay = ({ date, time }: ClockTime): ClockTime => ({
  date: nextBusinessDay(date, mondayToFriday),
  time,
});

/** When the next digest goes out, on a business day; a weekly one on a Monday. */
export function nextDigest({ date, time }: ClockTime, digest: Exclude<Digest, 'none'>): ClockTime {
  const first = time < DIGEST_AT ? date : addDays(date, 1);
  const day = digest === 'daily' ? first : nextMonday(first);
  return onBusinessDay({ date: day, time: DIGEST_AT });
}
