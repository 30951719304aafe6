import { createPublicKey, hash, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { canonical, NotCanonical } from '#database/ledger/canonical.js';
import { commitment, entryText, factOf, leafHash } from '#database/ledger/entry.js';

const vectors = JSON.parse(readFileSync(new URL('./vectors/entries.json', import.meta.url), 'utf8')) as {
  entries: string[];
  leaves: string[];
  sizes: number[];
  root: string;
  note: string;
  signature: string;
  key: string;
};

test('the golden entries have the bytes, sizes and leaf hashes that are written down', () => {
  expect(vectors.entries.map((text) => canonical(JSON.parse(text)))).toEqual(vectors.entries);
  expect(vectors.entries.map((text) => Buffer.byteLength(text))).toEqual(vectors.sizes);
  expect(vectors.entries.map(leafHash)).toEqual(vectors.leaves);
});

test('an entry that is read and written again has the same bytes', () => {
  for (const text of vectors.entries) {
    const { id, fact } = factOf(text);
    const { ordinal, log, actor } = JSON.parse(text) as {
      ordinal: number;
      log: string;
      actor: { auth: string };
    };
    expect(entryText(fact, { id, log, ordinal, kind: 'nonconformity', auth: actor.auth })).toBe(text);
  }
});

test('the commitment to a private text is the one that is written down', () => {
  const [first] = vectors.entries;
  const { sha256 } = (JSON.parse(first ?? '') as { commitments: { statement: { sha256: string } } })
    .commitments.statement;
  expect(commitment(Buffer.alloc(32, 7), 'Call Ada on Monday.')).toBe(sha256);
});

test('the golden leaves hash to the root in the checkpoint that the log key signed', () => {
  const [a = '', b = '', c = ''] = vectors.leaves;
  const node = (l: string, r: string) =>
    hash('sha256', Buffer.concat([Buffer.from([1]), Buffer.from(l, 'hex'), Buffer.from(r, 'hex')]));
  expect(node(node(a, b), c)).toBe(vectors.root);
  expect(Buffer.from(vectors.note.split('\n')[2] ?? '', 'base64').toString('hex')).toBe(vectors.root);
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  const raw = Buffer.from(vectors.key, 'base64').subarray(1);
  const key = createPublicKey({ key: Buffer.concat([prefix, raw]), format: 'der', type: 'spki' });
  expect(
    verify(null, Buffer.from(vectors.note), key, Buffer.from(vectors.signature, 'base64').subarray(4)),
  ).toBe(true);
});

test('members are sorted by code unit, undefined ones are absent, and escapes are those of JSON', () => {
  expect(canonical({ b: 1, a: [true, null], B: undefined, A_1: 'é\u0001\n"\\/' })).toBe(
    '{"A_1":"é\\u0001\\n\\"\\\\/","a":[true,null],"b":1}',
  );
});

test.each([
  ['a fraction', 1.5],
  ['a number that is not exact', 2 ** 53],
  ['minus zero', -0],
  ['no number', Number.NaN],
  ['a lone surrogate', '\ud800'],
  ['a key with a dot', { 'a.b': 1 }],
  ['a key that begins with a digit', { '1a': 1 }],
  ['an empty key', { '': 1 }],
  ['a hole in a list', [undefined]],
  ['a function', () => 1],
])('%s has no canonical form', (_, value) => {
  expect(() => canonical(value)).toThrow(NotCanonical);
});

test('what is parsed and made canonical again is the same text, for 1,000 random values', () => {
  const key = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/);
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger().map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any')), fc.dictionary(key, tie('any'))),
  })).any;
  fc.assert(
    fc.property(value, (one) => {
      const text = canonical(one);
      expect(canonical(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(one)));
    }),
    { numRuns: 1000 },
  );
});
