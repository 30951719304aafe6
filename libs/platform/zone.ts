import { Temporal as Tz } from 'temporal-polyfill';

/** Office hours begin at nine: when reminders are due. */
const REMINDERS_AT = Tz.PlainTime.from('09:00');

/** The civil date that people in the zone write at this instant (both as ISO texts). */
export function civilDateAt(instant: string, zone: string): string {
  return Tz.Instant.fromEpochMilliseconds(Date.parse(instant))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
}

/** The first instant of a civil date; where the day begins with a gap, the first instant that exists. */
export function startOfDate(date: string, zone: string): string {
  return iso(day(date).toZonedDateTime(zone));
}

/** A date has passed at the first instant of the next day. */
export function endOfDate(date: string, zone: string): string {
  return iso(day(date).add({ days: 1 }).toZonedDateTime(zone));
}

/** 09:00 local: when a reminder that falls on this date goes out. */
export function morningOf(date: string, zone: string): string {
  return iso(day(date).toZonedDateTime({ timeZone: zone, plainTime: REMINDERS_AT }));
}

/** The time of day `HH:MM` that clocks in the zone show at this instant. */
export function timeOfDayAt(instant: string, zone: string): string {
  return Tz.Instant.from(instant).toZonedDateTimeISO(zone).toPlainTime().toString().slice(0, 5);
}

/** When clocks in the zone show a time of day `HH:MM` on this date; where they skip it, as much later. */
export function instantAt(date: string, time: string, zone: string): string {
  return iso(day(date).toZonedDateTime({ timeZone: zone, plainTime: time }));
}

/** An instant moved by an ISO 8601 duration, as the calendar of the zone counts: a month is a month, a day a day. */
export function plusDuration(instant: string, duration: string, zone: string): string {
  return iso(Tz.Instant.from(instant).toZonedDateTimeISO(zone).add(Tz.Duration.from(duration)));
}

/** A name of the IANA database (`Europe/Vienna`, `UTC`), not an offset: offsets know no summer. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    Tz.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** The digits stand where `YYYY-MM-DD` has them: to read every form that ISO 8601 knows would take longer than all the rest. */
function day(date: string): Tz.PlainDate {
  return new Tz.PlainDate(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8)));
}

function iso(zoned: Tz.ZonedDateTime): string {
  return new Date(zoned.epochMilliseconds).toISOString();
}
