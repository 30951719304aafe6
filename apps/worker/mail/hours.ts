import { civilDate, instant, type CivilDate, type Instant } from '#domain/instant.js';
import {
  endOf,
  nextDigest,
  NIGHT,
  onBusinessDay,
  quietHoursOf,
  type ClockTime,
  type Reading,
} from '#domain/notice/reader.js';
import { civilDateAt, instantAt, timeOfDayAt } from '#platform/zone.js';

/** When something goes out that waits, and in the digest of which day. */
export interface Later {
  readonly dueAt: Instant;
  readonly day?: CivilDate;
}

/** The night of the programme may end in quiet hours of the reader, and these in the next night. */
const ROUNDS = 4;

/** When what may wait goes out to somebody: undefined for now. */
export function laterFor(reader: Reading, governingZone: string, now: Instant): Later | undefined {
  const { digest = 'none', zone = governingZone } = reader;
  if (digest === 'none') {
    const dueAt = awake(reader, governingZone, now);
    return dueAt === now ? undefined : { dueAt };
  }
  const at = nextDigest(clockAt(now, zone), digest);
  return { dueAt: awake(reader, governingZone, instantOf(at, zone)), day: at.date };
}

/** The first instant from here on at which somebody may be written to. */
function awake(reader: Reading, governingZone: string, from: Instant): Instant {
  const { zone = governingZone } = reader;
  const quiet = quietHoursOf(reader);
  let at = from;
  for (let round = 0; round < ROUNDS; round += 1) {
    const night = endOf(NIGHT, clockAt(at, governingZone));
    if (night !== undefined) at = instantOf(night, governingZone);
    const end = quiet === undefined ? undefined : endOf(quiet, clockAt(at, zone));
    if (end === undefined) break;
    at = instantOf(onBusinessDay(end), zone);
  }
  return at;
}

const clockAt = (at: Instant, zone: string): ClockTime => ({
  date: civilDate(civilDateAt(at, zone)),
  time: timeOfDayAt(at, zone),
});

const instantOf = ({ date, time }: ClockTime, zone: string): Instant => instant(instantAt(date, time, zone));
