import type { Route } from '#contract/route.js';
import { bodyWith, isDate, isId, isInstant, membersOf, schemaOf, type Member } from './support/bodies.js';
import { ApiDoor } from './support/door.js';
import { addressOf, each, taking, unknownId } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { leavesNothing } from './support/traces.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let ana: Somebody;
beforeAll(async () => {
  door = await ApiDoor.open();
  ana = await (await SmallWorld.make(door)).person('client', 'aims-manager');
}, 180_000);
afterAll(() => door.close());

interface Place {
  readonly route: Route;
  readonly members: readonly Member[];
}

/** The members of a kind in the bodies of all routes, however deep. */
const placesOf = (kind: (member: Member) => boolean): readonly Place[] =>
  taking
    .map((route) => ({ route, members: membersOf(schemaOf(route) ?? {}).filter(kind) }))
    .filter(({ members }) => members.length > 0);

type Forms = readonly (readonly [form: string, value: unknown])[];

/**
 * Sends a wrong value to every place of every route, each route another one of the forms, and in each pass a different one.
 * Answers the places that were not told with this code.
 */
async function silent(
  places: readonly Place[],
  forms: Forms,
  code: string,
  passes = 3,
): Promise<readonly string[]> {
  const cases = places.flatMap((place, row) =>
    Array.from({ length: Math.min(passes, forms.length) }, (_, pass) => {
      const [form = '', value] = forms[(row + pass * Math.ceil(forms.length / passes)) % forms.length] ?? [];
      return { ...place, form, value };
    }),
  );
  expect(new Set(cases.map(({ form }) => form)).size).toBe(forms.length);
  const answers = await leavesNothing(door, () =>
    each(cases, async ({ route, members, form, value }) => {
      const body = bodyWith(members.map((member) => [member, value]));
      const asked = { token: ana.token, key: 'bad-dates', version: 1, body };
      const { errors } = await door.problem(route.method, addressOf(route), asked);
      const told = errors.map((one) => `${one.pointer ?? ''} ${one.code}`);
      return members
        .filter(({ pointer }) => !told.includes(`${pointer} ${code}`))
        .map(({ pointer }) => `${form}: ${route.name} ${pointer}`);
    }),
  );
  return answers.flat();
}

const dates = placesOf(isDate);
const instants = placesOf(isInstant);
const ids = placesOf(isId);

test('there are dates and ids in many bodies', () => {
  const count = (places: readonly Place[]): number => places.flatMap(({ members }) => members).length;
  expect(count(dates)).toBeGreaterThan(140);
  expect(count(ids)).toBeGreaterThan(150);
  expect(count(instants)).toBe(2);
});

test('every route that takes a date refuses one that is none, where it stands', async () => {
  const forms: Forms = [
    ['31 February', '2029-02-31'],
    ['29 February of a common year', '2029-02-29'],
    ['29 February of 1900, a common year', '1900-02-29'],
    ['31 April', '2029-04-31'],
    ['month 13', '2029-13-01'],
    ['month 0', '2029-00-10'],
    ['day 0', '2029-03-00'],
    ['a day before 1900', '1899-12-31'],
    ['a day after 2199', '2200-01-01'],
    ['a year of 5 digits', '12029-03-01'],
    ['a year with a sign', '+002029-03-01'],
    ['a date with a time', '2029-03-01T00:00:00.000Z'],
    ['a date without its zeros', '2029-3-1'],
    ['a date by the week', '2029-W10-4'],
    ['a date in words', '1 March 2029'],
    ['a date with a space behind it', '2029-03-01 '],
    ['a date in another alphabet', '２０２９-03-01'],
    ['nothing', ''],
  ];
  expect(await silent(dates, forms, 'not-a-date')).toEqual([]);
}, 180_000);

test('29 February of a leap year is a date everywhere', async () => {
  const body = { governingZone: 'Europe/Vienna', effectiveOn: '2028-02-29' };
  const asked = { token: ana.token, key: 'leap', body };
  expect(await door.problem('POST', '/v1/programmes', asked)).toMatchObject({ code: 'reason-missing' });
});

test('every route that takes an instant refuses one that is none, where it stands', async () => {
  const forms: Forms = [
    ['without its zone', '2029-03-01T09:00:00'],
    ['with an offset', '2029-03-01T09:00:00+01:00'],
    ['on a day that does not exist', '2029-02-29T09:00:00Z'],
    ['at an hour that does not exist', '2029-03-01T24:00:00Z'],
    ['in a second that does not exist', '2029-03-01T09:00:60Z'],
    ['that is a date', '2029-03-01'],
    ['in a year of 5 digits', '12029-03-01T09:00:00Z'],
    ['before 1900', '1899-12-31T23:59:59.999Z'],
    ['with a comma', '2029-03-01T09:00:00,000Z'],
  ];
  expect(await silent(instants, forms, 'not-an-instant', 9)).toEqual([]);
}, 180_000);

test('every route that takes an id refuses one that can be none there, where it stands', async () => {
  const forms: Forms = [
    ['of another kind', unknownId('zzz')],
    ['too short', 'prg_01k9zq4v8e7m3x5t2c6b0n1r9'],
    ['in capitals', 'PRG_01K9ZQ4V8E7M3X5T2C6B0N1R9S'],
    ['with a letter that the alphabet does not have', 'prg_01k9zq4v8e7m3x5t2c6b0n1rlo'],
    ['beyond 128 bits', 'prg_8zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['with a line break behind it', 'prg_01k9zq4v8e7m3x5t2c6b0n1r9s\n'],
    ['without its prefix', '01k9zq4v8e7m3x5t2c6b0n1r9s'],
    ['that is a number for people', 'N-2029-0001'],
    ['that is a way to somewhere else', '../../prg_01k9zq4v8e7m3x5t2c6b0n1r9s'],
  ];
  expect(await silent(ids, forms, 'not-an-id')).toEqual([]);
}, 180_000);

test('no date, instant or id is a number, a truth, a list or nothing', async () => {
  const forms: Forms = [20_290_301, true, null, []].map((value) => [JSON.stringify(value), value]);
  for (const places of [dates, ids]) expect(await silent(places, forms, 'wrong-type', 1)).toEqual([]);
  expect(await silent(instants, forms, 'wrong-type', 4)).toEqual([]);
}, 180_000);

test('an id of the right form that names nothing, or something of others, is told as one that cannot be seen', async () => {
  const stranger = await SmallWorld.make(door, 'another-world');
  const theirs = await stranger.programme(await stranger.person('client', 'aims-manager'));
  const asked = (under: string) => ({ token: ana.token, key: 'x', body: { under, source: 'monitoring' } });
  await leavesNothing(door, async () => {
    for (const under of [unknownId('prg'), theirs])
      expect(await door.problem('POST', '/v1/findings', asked(under))).toMatchObject({ code: 'not-found' });
    for (const evidence of [unknownId('evd'), 'evd_00000000000000000000000000']) {
      const body = { governingZone: 'Europe/Vienna', evidence: [evidence] };
      expect(
        await door.problem('POST', '/v1/programmes', { token: ana.token, key: 'x', body }),
      ).toMatchObject({
        ...{ code: 'invalid-body', errors: [{ pointer: '/evidence/0', code: 'not-in-list' }] },
      });
    }
  });
});
