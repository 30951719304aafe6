import { policyThen, thingThen, type Bounds } from './as-of.js';
import { instant } from './instant.js';
import type { Fact } from './machine.js';
import { organisationMachine } from './organisation/organisation.js';
import { policyVersionMachine, setBy } from './policy-version/policy-version.js';

interface Written {
  readonly type: string;
  readonly data: object;
  /** When it was recorded; when it counts, if that is earlier. */
  readonly at: string;
  readonly from?: string;
}

/** The life of one thing; days are those of March 2029, at nine. */
const life = (...written: readonly Written[]): readonly Fact[] =>
  written.map(({ type, data, at, from = at }, place) => ({
    ...{ stream: 'org_client', version: place + 1, type, data, texts: {}, evidence: [], command: 'cmd' },
    ...(place === 0 ? { opens: { organisation: 'org_client', visibility: 'owner' as const } } : {}),
    actor: { id: 'per_ana', role: 'top-management' as const },
    ...{ at: day(at), effectiveAt: day(from) },
  }));

const day = (d: string) => instant(`2029-03-${d}T09:00:00.000Z`);
const by = (effective?: string, recorded?: string): Bounds => ({
  ...(effective === undefined ? {} : { effectiveBy: day(effective) }),
  ...(recorded === undefined ? {} : { recordedBy: day(recorded) }),
});

const created = {
  type: 'organisation.created',
  data: { side: 'client', mode: 'live', zone: 'Europe/Vienna', accredited: false },
};
const zone = (name: string) => ({ type: 'organisation.changed', data: { zone: name } });
const closed = { type: 'organisation.closed', data: {} };

/** Made on the 1st; closed on the 20th as of the 10th; its zone was changed on the 12th and known on the 12th. */
const facts = life(
  { ...created, at: '01' },
  { ...zone('Europe/Rome'), at: '12' },
  { ...closed, at: '20', from: '10' },
);

const then = (bounds: Bounds, of = facts): unknown => {
  const past = thingThen(organisationMachine, of, bounds);
  if (!past) return 'none';
  const { thing, version } = past;
  return [thing.stage, organisationMachine.is(thing) ? thing.zone : '', version];
};

test.each([
  ['everything that is known, when nothing bounds it', by(), ['closed', 'Europe/Rome', 3]],
  ['nothing before the first fact', by('01'), ['active', 'Europe/Vienna', 1]],
  ['what was recorded later and counts from before', by('10'), ['closed', 'Europe/Vienna', 3]],
  [
    'not what was recorded later, for those who ask what was known',
    by('10', '19'),
    ['active', 'Europe/Vienna', 1],
  ],
  ['what was known by then', by(undefined, '12'), ['active', 'Europe/Rome', 2]],
  ['both together: known later, about earlier', by('11', '20'), ['closed', 'Europe/Vienna', 3]],
  ['both together: known earlier, about later', by('31', '12'), ['active', 'Europe/Rome', 2]],
])('a look at the past counts %s', (_, bounds, expected) => {
  expect(then(bounds)).toEqual(expected);
});

test('a fact counts at the very instant at which it is effective or recorded', () => {
  const instantly = { effectiveBy: day('12'), recordedBy: day('12') };
  expect(then(instantly)).toEqual(['active', 'Europe/Rome', 2]);
  const before = instant('2029-03-12T08:59:59.999Z');
  expect(then({ ...instantly, effectiveBy: before })).toEqual(['active', 'Europe/Vienna', 1]);
  expect(then({ ...instantly, recordedBy: before })).toEqual(['active', 'Europe/Vienna', 1]);
});

test('nothing is there before its first fact counts, and nothing without facts', () => {
  const before = instant('2029-03-01T08:59:59.999Z');
  expect(then({ effectiveBy: before })).toBe('none');
  expect(then({ recordedBy: before })).toBe('none');
  expect(then({}, [])).toBe('none');
  const openedLate = life({ ...created, at: '05' }, { ...closed, at: '06', from: '04' });
  expect(then(by('04'), openedLate)).toBe('none');
});

test('facts keep the order of their versions, not that of the days from which they count', () => {
  const twice = life(
    { ...created, at: '01' },
    { ...zone('Europe/Rome'), at: '10' },
    { ...zone('Europe/Oslo'), at: '11', from: '05' },
  );
  expect(then(by('05'), twice)).toEqual(['active', 'Europe/Oslo', 3]);
  expect(then(by('10'), twice)).toEqual(['active', 'Europe/Oslo', 3]);
  expect(then(by('10', '10'), twice)).toEqual(['active', 'Europe/Rome', 2]);
});

test('it says when the first and the last fact that count were recorded', () => {
  expect(thingThen(organisationMachine, facts, by('10'))).toMatchObject({
    createdAt: day('01'),
    updatedAt: day('20'),
  });
  expect(thingThen(organisationMachine, facts, by('11', '19'))).toMatchObject({ updatedAt: day('01') });
});

test('R-GEN-4: the policy is the one that was approved then', () => {
  const version = (n: number, d: string) => ({
    ...policyVersionMachine.initial(`pol_${String(n)}`),
    ...{
      stage: 'approved',
      version: n,
      enteredAt: day(d),
      since: day(d),
      values: { 'cycle.months': 36 - n },
    },
  });
  const versions = [version(1, '02'), version(2, '20')];
  const months = (bounds: Bounds): number => policyThen(versions, bounds, setBy('')).number('cycle.months');
  expect([by('01'), by('02'), by('19'), by('20'), by()].map(months)).toEqual([36, 35, 35, 34, 34]);
  expect(months(by(undefined, '19'))).toBe(35);
});
