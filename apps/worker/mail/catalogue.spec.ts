import { bodyRoles, clientRoles, neutralRoles } from '#domain/actor.js';
import { civilDate, instant } from '#domain/instant.js';
import { machines } from '#domain/machines.js';
import { languages } from '#domain/notice/reader.js';
import { ladders, rungs, type LadderName, type Obligation } from '#domain/obligation.js';
import { mondayToFriday } from '#domain/calendar.js';
import { owedWords } from '#domain/owed-words.js';
import { dayIn, rolesIn, rungIn, thingIn, wordsIn } from './catalogue.js';
import { owingKinds } from './words.js';

/** Every place of a catalogue at which words stand. */
const places = (words: object, before = ''): readonly string[] =>
  Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? places(value, `${before}${name}/`) : [`${before}${name}`],
  );

test('what has words in one language has them in the other', () => {
  const [english, ...others] = languages.map((language) => places(wordsIn(language)).toSorted());
  expect(english?.length).toBeGreaterThan(90);
  others.forEach((other) => {
    expect(other).toEqual(english);
  });
});

test.each(languages)('all that can be owed, and every role, has words in %s', (language) => {
  const { owed, role } = wordsIn(language);
  const roles = [...clientRoles, ...bodyRoles, ...neutralRoles];
  expect(owedWords.filter((one) => (owed[one] as string | undefined)?.trim() === undefined)).toEqual([]);
  expect(roles.filter((one) => (role[one] as string | undefined)?.trim() === undefined)).toEqual([]);
  expect(new Set(Object.values(role)).size).toBe(roles.length);
  expect(new Set(Object.values(owed)).size).toBe(owedWords.length);
  expect(rolesIn(language, ['auditor', 'auditor'])).toBe(`${role.auditor}, ${role.auditor}`);
});

test('German is German', () => {
  const [english, german] = [wordsIn('en'), wordsIn('de')];
  const same = owedWords.filter((one) => english.owed[one] === german.owed[one]);
  expect(same).toEqual([]);
});

test('every kind of thing that owes something has words', () => {
  const owing = Object.entries(machines).filter(([, machine]) => machine.obligations !== undefined);
  expect(owing.map(([kind]) => kind).toSorted()).toEqual([...owingKinds].toSorted());
  expect(thingIn('de', { kind: 'nonconformity', number: 'N-1' })).toBe('Abweichung N-1');
  expect(thingIn('de', { kind: 'notice', number: 'ntc_1' })).toBe('ntc_1');
});

const owed = (ladder: LadderName): Obligation => ({
  ...{ key: 'plan', what: 'review of the plan', ladder, owedBy: ['auditor'] },
  due: { date: civilDate('2029-06-15'), kind: 'hard', rule: 'R-FND-5', basis: [] },
});

test.each(languages)('every step of every ladder has words of its own in %s', (language) => {
  for (const ladder of Object.keys(ladders) as LadderName[]) {
    const names = [...rungs(owed(ladder), mondayToFriday)].map(({ name }) => rungIn(language, name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => /NaN|undefined|-/.test(name))).toEqual([]);
  }
});

test('steps are counted as people count, and days are written as they write them', () => {
  const names = ['1-days-before', '30-days-before', '1-business-days-before', '2-business-days-before'];
  expect(names.map((name) => rungIn('en', name))).toEqual([
    ...['1 day before', '30 days before', '1 business day before', '2 business days before'],
  ]);
  expect(names.map((name) => rungIn('de', name))).toEqual([
    ...['1 Tag vorher', '30 Tage vorher', '1 Arbeitstag vorher', '2 Arbeitstage vorher'],
  ]);
  expect(['on-the-day', '7-days-overdue'].map((name) => rungIn('de', name))).toEqual([
    ...['am Tag selbst', '7 Tage überfällig'],
  ]);
  const day = civilDate(instant('2029-03-03T09:00:00.000Z').slice(0, 10));
  expect([dayIn('en', day), dayIn('de', day)]).toEqual(['3 March 2029', '3. März 2029']);
});
