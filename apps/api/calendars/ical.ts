import ical, {
  ICalAlarmType,
  ICalEventStatus,
  ICalEventTransparency,
  type ICalAlarmData,
  type ICalEventData,
} from 'ical-generator';
import { addDays } from '#domain/calendar.js';
import type { Appointment } from '#domain/appointment/appointment.js';

/** An appointment with its title, which says number and kind. */
export type Titled = Omit<Appointment, 'what'> & { readonly title: string };

/** What a calendar is called, from which installation its events come, and how long before them it reminds. */
interface Cover {
  readonly name: string;
  readonly instance: string;
  readonly alarms: readonly string[];
}

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

/** A calendar as text (RFC 5545, RFC 7986). The same appointments give the same bytes. */
export function calendarText({ name, instance, alarms }: Cover, appointments: readonly Titled[]): string {
  const calendar = ical({ name, prodId: { company: 'Perennial', product: 'Perennial' }, ttl: HOUR_S });
  for (const one of appointments) calendar.createEvent(eventOf(one, { instance, alarms }));
  return `${calendar.toString()}\r\n`;
}

function eventOf(
  { uid, title, from, to, span, sequence, changedAt, cancelled }: Titled,
  { instance, alarms }: Omit<Cover, 'name'>,
): ICalEventData {
  const isQuiet = span || cancelled;
  return {
    id: `${uid}@${instance}`,
    summary: title,
    allDay: true,
    start: midnight(from),
    // The first day after it: the end of an event is exclusive.
    end: midnight(addDays(to, 1)),
    sequence,
    stamp: new Date(changedAt),
    lastModified: new Date(changedAt),
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    transparency: span ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
    alarms: isQuiet ? [] : alarms.map((before) => alarmOf(before, title)),
  };
}

const alarmOf = (before: string, description: string): ICalAlarmData => ({
  ...{ type: ICalAlarmType.display, description },
  triggerBefore: secondsOf(before),
});

/** `P7D` or `P2W`. */
function secondsOf(duration: string): number {
  const [, count = '0', unit] = /^P(\d+)([DW])$/.exec(duration) ?? [];
  return Number(count) * (unit === 'W' ? 7 : 1) * DAY_S;
}

/** A day is written as it is, so its midnight in UTC stands for it. */
const midnight = (day: string): Date => new Date(`${day}T00:00:00.000Z`);
