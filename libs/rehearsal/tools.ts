import type { Id } from '#domain/actor.js';
import type { CivilDate, Instant } from '#domain/instant.js';

/** The ids and commitments of one command; the same each time for the same command. */
export interface CommandIds {
  /** By its prefix and by what it is for: an ordinal, or `stream` for the thing that the command makes. */
  newId(prefix: string, purpose: number | 'stream'): Id;
  commit(content: string, ordinal: number, name: string): string;
}

/** What a rehearsal cannot make for itself: ids from a seed, and the days of a time zone. Handed in. */
export interface Tools {
  ids(commandKey: string, now: Instant): CommandIds;
  dateAt(at: Instant, zone: string): CivilDate;
  startOf(date: CivilDate, zone: string): Instant;
  endOf(date: CivilDate, zone: string): Instant;
  morningOf(date: CivilDate, zone: string): Instant;
}

/** The clock of a rehearsal, and the zone of what has none of its own. */
export interface Clock {
  now: Instant;
  readonly zone: string;
}
