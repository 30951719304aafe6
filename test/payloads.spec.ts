import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';

// What Temporal keeps of our processes, recorded from the samples and from other stories: ids, dates and codes, and no word of people.

const HISTORIES = 'test/histories';
const SAMPLES = ['samples/customer-chat-assistant.yaml', 'samples/pump-failure-forecast.yaml'];

const leaves = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
};

/** Sentences, names and addresses of the samples; what a certificate is about is nobody's secret. */
const words = SAMPLES.flatMap((file) => leaves(parse(readFileSync(file, 'utf8')))).filter(
  (text) => text.includes('@') || (/^(?!ISO).* /.test(text) && text.length > 8),
);

/** A payload is JSON in base 64; whatever else stands in a history is taken as it is. */
const plain = (text: string): string =>
  /^[A-Za-z0-9+/]{8,}={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : text;

const histories = readdirSync(HISTORIES, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.json.gz'))
  .map(({ parentPath, name }) => join(parentPath, name));

test('[S13] no text, name or address of people is in what the workflow server keeps', () => {
  expect([histories.length > 100, words.length > 100]).toEqual([true, true]);
  const found = histories.flatMap((file) => {
    const text = leaves(JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')))
      .map(plain)
      .join('\n');
    return words.filter((word) => text.includes(word)).map((word) => `${file}: ${word}`);
  });
  expect(found).toEqual([]);
}, 60_000);
