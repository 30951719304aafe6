import { globSync, readFileSync } from 'node:fs';

const read = (file: string): string => readFileSync(file, 'utf8');
const idsIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, id = '']) => id);

const promised = idsIn(read('docs/guarantees.md'), /^\| ([RLS]\d+) \|/gm);
const shown = globSync('{apps,libs,workflows,test}/**/*.spec.ts').flatMap((file) =>
  idsIn(read(file), /['"`]\[([RLS]\d+)\] /g),
);

test('every promise in docs/guarantees.md has a test whose title begins with its id', () => {
  expect(promised.length).toBeGreaterThan(5);
  expect(promised.filter((id) => !shown.includes(id))).toEqual([]);
});

test('no test names a promise that docs/guarantees.md does not make', () => {
  expect([...new Set(shown)].filter((id) => !promised.includes(id))).toEqual([]);
});
