import { addDays } from '../calendar.js';
import type { CivilDate, Instant } from '../instant.js';
import { evolve, type Fact, type Machine, type Thing } from '../machine.js';
import { spansOf, type Dated } from './spans.js';

/** A day, or several, in somebody's calendar: something owed, planned or asked of them. */
export interface Appointment extends Omit<Dated, 'key'> {
  /** For ever the same however often it moves, and never that of another. */
  readonly uid: string;
  /** Rises whenever it moves or falls away. */
  readonly sequence: number;
  /** When it was last made, moved, or fell away. */
  readonly changedAt: Instant;
  readonly cancelled: boolean;
}

/** For how long a calendar is told that something has fallen away. */
export const CANCELLED_DAYS = 90;

/**
 * The appointments of a thing, from all its facts in the order of their versions: what it ever owed and planned. Nothing is kept
 * for it: when a date came, moved or fell away follows from the facts. What is owed again after it had fallen away is another one.
 */
export function appointmentsOf(machine: Machine, facts: readonly Fact[]): readonly Appointment[] {
  let thing: Thing = machine.initial(facts[0]?.stream ?? '');
  let standing: Standing = new Map();
  const fallenAway: Appointment[] = [];
  const times = new Map<string, number>();
  for (const fact of facts) {
    thing = evolve(machine, thing, fact);
    const dates = datesOf(machine, thing);
    const gone = [...standing].filter(([key]) => !dates.some((date) => date.key === key));
    fallenAway.push(...gone.map(([, one]) => fallen(one, fact.at)));
    const next = dates.map((date): [string, Appointment] => {
      const before = standing.get(date.key);
      if (before) return [date.key, moved(before, date, fact.at)];
      const nth = (times.get(date.key) ?? 0) + 1;
      times.set(date.key, nth);
      return [date.key, made(`${thing.id}.${date.key}.${nth}`, date, fact.at)];
    });
    standing = new Map(next);
  }
  return [...standing.values(), ...fallenAway];
}

/** What holds after a fact, by the keys of its dates. */
type Standing = ReadonlyMap<string, Appointment>;

/** What stands in a calendar on a day: all that holds, and for a while what has fallen away. */
export const isShownOn = (
  { cancelled, changedAt }: Pick<Appointment, 'cancelled' | 'changedAt'>,
  today: CivilDate,
): boolean => !cancelled || changedAt.slice(0, 10) >= addDays(today, -CANCELLED_DAYS);

const datesOf = (machine: Machine, thing: Thing): readonly Dated[] => [
  ...(machine.obligations?.(thing) ?? []).map(({ key, what, due: { date } }) => ({
    ...{ key, what, span: false },
    ...{ from: date, to: date },
  })),
  ...spansOf(thing),
];

const made = (uid: string, { key: _, ...date }: Dated, changedAt: Instant): Appointment => ({
  ...{ uid, sequence: 0, changedAt, cancelled: false },
  ...date,
});

function moved(one: Appointment, { what, from, to }: Dated, changedAt: Instant): Appointment {
  if (one.from === from && one.to === to && one.what === what) return one;
  return { ...one, what, from, to, sequence: one.sequence + 1, changedAt };
}

const fallen = (one: Appointment, changedAt: Instant): Appointment => ({
  ...one,
  ...{ cancelled: true, sequence: one.sequence + 1, changedAt },
});
