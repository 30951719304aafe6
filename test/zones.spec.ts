import { zone } from '#contract/routes/sandboxes.js';
import { isZone } from '#platform/zone.js';

// The door checks names of zones without the calendar by which Perennial counts: what the one takes, the other must know.

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const shorthands = LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => a + b + c)));
const odd = [
  'utc',
  'Etc/GMT+5',
  'US/Pacific-New',
  'SystemV/AST4',
  'Mars/Olympus',
  'Etc/Unknown',
  'Japan',
  'EST5EDT',
];

test('every zone that the door takes is one by which the calendar counts, and the other way round', () => {
  const taken = zone();
  const names = [...Intl.supportedValuesOf('timeZone'), ...shorthands, ...odd];
  expect(names.filter((name) => taken.safeParse(name).success !== isZone(name))).toEqual([]);
}, 60_000);
