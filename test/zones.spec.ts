import { zone } from '#contract/routes/sandboxes.js';
import { isZone } from '#platform/zone.js';

// The door checks names of zones without the calendar by which Perennial counts: what the one takes, the other must know.

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const shorthands = LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => a + b + c)));
const odd = ['utc', 'Etc/GMT+5', 'Mars/Olympus', 'Etc/Unknown', 'Japan', 'EST5EDT'];

/** The calendar counts by them; PostgreSQL does not know them. */
const withdrawn = ['US/Pacific-New', 'SystemV/AST4', 'Canada/East-Saskatchewan'];

test('every zone that the door takes is one by which the calendar counts, and the other way round but for those that were withdrawn', () => {
  const taken = zone();
  const names = [...Intl.supportedValuesOf('timeZone'), ...shorthands, ...odd, ...withdrawn];
  expect(names.filter((name) => taken.safeParse(name).success !== isZone(name))).toEqual(withdrawn);
}, 60_000);
