import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from '../apps/cli/commands/generate.js';

const files = generatedFiles('.');

test.each([...files])('%s is what the source says (npm run generate)', (file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('there is no page about a machine that is gone', () => {
  const pages = readdirSync('docs/processes').map((name) => join('docs/processes', name));
  expect(pages.filter((page) => !files.has(page))).toEqual([]);
});
