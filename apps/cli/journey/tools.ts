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
    dateAt: remembered((at, zone) => civilDate(civilDateAt(at, zone))),
    startOf: remembered((date, zone) => instant(startOfDate(date, zone))),
    endOf: remembered((date, zone) => instant(endOfDate(date, zone))),
    morningOf: remembered((date, zone) => instant(morningOf(date, zone))),
  };
}

/** Of a zone the same days are asked for again and again, at every step and whenever a run parks. */
function remembered<A extends string, B>(ask: (when: A, zone: string) => B): (when: A, zone: string) => B {
  const answers = new Map<string, B>();
  return (when, zone) => {
    const key = `${when} ${zone}`;
    const answer = answers.get(key) ?? ask(when, zone);
    answers.set(key, answer);
    return answer;
  };
}
