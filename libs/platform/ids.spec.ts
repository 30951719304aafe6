import { idOf, machineSource, newId, seededSource, uuidOf } from './ids.js';

const NOON = Date.UTC(2029, 2, 1, 12);

test('an id is its prefix and a UUIDv7 of the instant it was made', () => {
  const id = newId('nc', { ...machineSource, now: () => NOON });
  expect(id).toMatch(/^nc_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
  const uuid = uuidOf(id) ?? '';
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(NOON);
});

test('id and uuid lead back to each other', () => {
  for (let turn = 0; turn < 200; turn += 1) {
    const id = newId('aud', machineSource);
    expect(idOf('aud', uuidOf(id, 'aud') ?? '')).toBe(id);
  }
});

test('ids made later sort later', () => {
  const early = newId('prg', { ...machineSource, now: () => NOON });
  const late = newId('prg', { ...machineSource, now: () => NOON + 1 });
  expect(early < late).toBe(true);
});

test('one seed and one key give the same ids, in their order', () => {
  const make = (seed: string, key: string) => {
    const source = seededSource(seed, key, () => NOON);
    return [newId('ent', source), newId('ent', source)];
  };
  expect(make('42', 'a')).toEqual(make('42', 'a'));
  expect(new Set([...make('42', 'a'), ...make('42', 'b'), ...make('43', 'a')]).size).toBe(6);
});

test.each([
  ['another prefix', 'prg_01hzy3v7q8e9tax5wk2m4n6p8r', 'aud'],
  ['capitals', 'aud_01HZY3V7Q8E9TAX5WK2M4N6P8R', 'aud'],
  ['a look-alike letter', 'aud_01hzy3v7q8e9tax5wk2m4n6p8l', 'aud'],
  ['more than 128 bits', 'aud_81hzy3v7q8e9tax5wk2m4n6p8r', 'aud'],
  ['a letter too few', 'aud_01hzy3v7q8e9tax5wk2m4n6p8', 'aud'],
  ['no prefix', '01hzy3v7q8e9tax5wk2m4n6p8r', undefined],
])('no uuid is read from an id with %s', (_title, id, prefix) => {
  expect(uuidOf(id, prefix)).toBeUndefined();
});
