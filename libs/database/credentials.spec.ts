import { isWellFormed, newCredential } from './credentials.js';

const zeros = (size: number): Uint8Array => new Uint8Array(size);

test('a credential says what it is for, and ends with the check of what stands before', () => {
  const { text, shown } = newCredential('live', zeros);
  expect(text).toMatch(/^prn_live_0{32}[0-9A-Za-z]{6}$/);
  expect(text.slice(0, 12)).toBe(shown);
  expect(isWellFormed(text)).toBe(true);
});

test('one wrong, missing or exchanged character is noticed without asking the database', () => {
  const { text } = newCredential('person', (size) =>
    Uint8Array.from({ length: size }, (_, n) => (n * 7) % 62),
  );
  const wrong = Array.from(
    text,
    (letter, place) => text.slice(0, place) + (letter === 'x' ? 'y' : 'x') + text.slice(place + 1),
  );
  expect(wrong.filter(isWellFormed)).toEqual([]);
  expect([text.slice(0, -1), `${text}0`, text.replace('person', 'live'), ''].filter(isWellFormed)).toEqual(
    [],
  );
});

test('each character is drawn without preference: bytes beyond the last full round are thrown away', () => {
  const bytes = [255, 248, 247, 0];
  const { text } = newCredential('test', (size) =>
    Uint8Array.from({ length: size }, (_, n) => bytes[n % 4] ?? 0),
  );
  expect(text.slice(9, 41)).toBe('z0'.repeat(16));
});
