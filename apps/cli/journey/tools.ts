import { CommandIds } from '#database/command-ids.js';
import { commitment } from '#database/ledger/entry.js';
import { civilDate, instant, type CivilDate, type Instant } from '#domain/instant.js';
import { civilDateAt, endOfDate, morningOf, startOfDate } from '#platform/zone.js';
import { machineSource } from '#platform/ids.js';
import type { Hour } from '#rehearsal/play/door.js';
import type { Tools } from '#rehearsal/tools.js';

const HALF_AN_HOUR_MS = 30 * 60 * 1000;

/** The instant of an hour of a script: people act half an hour after the reminders of the day. */
export function instantOf(date: CivilDate, hour: Hour, zone: string): Instant {
  if (hour === 'end') return instant(endOfDate(date, zone));
  return instant(new Date(Date.parse(morningOf(date, zone)) + HALF_AN_HOUR_MS).toISOString());
}

/** What a rehearsal is handed: ids and commitments from a seed, as a sandbox makes them, and the days of zones. */
export function toolsFrom(seed: string): Tools {
  return {
    ids: (key, now) => {
      const ids = new CommandIds({ key, seed, now: () => Date.parse(now), random: machineSource.random });
      return {
        newId: (prefix, purpose) => ids.newId(prefix, purpose),
        commit: (content, ordinal, name) => commitment(ids.salt(ordinal, name), content),
      };
    },
    dateAt: (at, zone) => civilDate(civilDateAt(at, zone)),
    startOf: (date, zone) => instant(startOfDate(date, zone)),
    endOf: (date, zone) => instant(endOfDate(date, zone)),
    morningOf: (date, zone) => instant(morningOf(date, zone)),
  };
}
