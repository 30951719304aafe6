import { CommandIds } from '#database/command-ids.js';
import { commitment } from '#database/ledger/entry.js';
import { civilDate, instant, type CivilDate, type Instant } from '#domain/instant.js';
import { civilDateAt, endOfDate, morningOf, startOfDate } from '#platform/zone.js';
import { machineSource } from '#platform/ids.js';
import type { Hour } from '#rehearsal/play/door.js';
import type { Tools } from '#rehearsal/tools.js';

const HALF_AN_HOUR_MS = 30 * 60 * 1000;

/** The days of zones, as a rehearsal asks for them. */
export type Days = Omit<Tools, 'ids'>;

/** Of a zone the same days are asked for again and again, at every step and whenever a run parks: each is worked out once. */
export const rememberedDays = (): Days => ({
  dateAt: remembered((at, zone) => civilDate(civilDateAt(at, zone))),
  startOf: remembered((date, zone) => instant(startOfDate(date, zone))),
  endOf: remembered((date, zone) => instant(endOfDate(date, zone))),
  morningOf: remembered((date, zone) => instant(morningOf(date, zone))),
});

/** The instant of an hour of a script: people act half an hour after the reminders of the day. */
export function instantOf(date: CivilDate, hour: Hour, zone: string, days = rememberedDays()): Instant {
  if (hour === 'end') return days.endOf(date, zone);
  return instant(new Date(Date.parse(days.morningOf(date, zone)) + HALF_AN_HOUR_MS).toISOString());
}

/** What a rehearsal is handed: ids and commitments from a seed, as a sandbox makes them, and the days of zones. */
export function toolsFrom(seed: string, days = rememberedDays()): Tools {
  return {
    ids: (key, now) => {
      const at = Date.parse(now);
      const ids = new CommandIds({ key, seed, now: () => at, random: machineSource.random });
      return {
        newId: (prefix, purpose) => ids.newId(prefix, purpose),
        commit: (content, ordinal, name) => commitment(ids.salt(ordinal, name), content),
      };
    },
    ...days,
  };
}

function remembered<A extends string, B>(ask: (when: A, zone: string) => B): (when: A, zone: string) => B {
  const zones = new Map<string, Map<A, B>>();
  return (when, zone) => {
    const answers = zones.get(zone) ?? new Map<A, B>();
    const answer = answers.get(when) ?? ask(when, zone);
    zones.set(zone, answers.set(when, answer));
    return answer;
  };
}
