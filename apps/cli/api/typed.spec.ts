import { z } from 'zod';
import { findings } from '#contract/routes/findings.js';
import { people } from '#contract/routes/people.js';
import { sandboxes } from '#contract/routes/sandboxes.js';
import { civilDate, count, id, list, text } from '#contract/shapes.js';
import { membersOf } from './members.js';
import { Mistyped } from './mistyped.js';
import { refuseSecrets } from './secret-flags.js';
import { checked, type Typed } from './typed.js';

const EVIDENCE = 'evd_01k9zq4v8e7m3x5t2c6b0n1r9s';
const shape = z.strictObject({
  grade: z.enum(['major', 'minor']),
  on: civilDate().exactOptional(),
  days: z.number().multipleOf(0.5).exactOptional(),
  free: z.boolean().exactOptional(),
  evidence: list(id('evd')).exactOptional(),
  clauses: list(text(20)).exactOptional(),
  numbers: list(count()).exactOptional(),
  team: list(z.strictObject({ person: id('per'), lead: z.boolean() })).exactOptional(),
  seed: z.union([z.int(), z.string()]).exactOptional(),
});

const read = (typed: Typed, input?: Readonly<Record<string, unknown>>): unknown =>
  checked(shape, membersOf(shape), typed, input);

function mistakes(typed: Typed, input?: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    read(typed, input);
  } catch (error) {
    if (error instanceof Mistyped) return error.mistakes;
    throw error;
  }
  return [];
}

test.each<[Typed, object]>([
  [{ on: '2029-02-28' }, { on: '2029-02-28' }],
  [{ days: '2.5' }, { days: 2.5 }],
  [{ days: '-1' }, { days: -1 }],
  [{ free: true }, { free: true }],
  [{ free: false }, { free: false }],
  [{ evidence: [EVIDENCE] }, { evidence: [EVIDENCE] }],
  [{ evidence: [`${EVIDENCE},${EVIDENCE}`, EVIDENCE] }, { evidence: [EVIDENCE, EVIDENCE, EVIDENCE] }],
  [{ evidence: [`["${EVIDENCE}"]`] }, { evidence: [EVIDENCE] }],
  [{ clauses: ['a, b', 'c'] }, { clauses: ['a, b', 'c'] }],
  [{ numbers: ['4,5', '6'] }, { numbers: [4, 5, 6] }],
  [
    { team: '[{"person":"per_01k9zq4v8e7m3x5t2c6b0n1r9s","lead":true}]' },
    { team: [{ person: 'per_01k9zq4v8e7m3x5t2c6b0n1r9s', lead: true }] },
  ],
  [{ seed: '42' }, { seed: 42 }],
  [{ seed: 'a word' }, { seed: 'a word' }],
])('%j is understood as %j', (typed, body) => {
  expect(read({ grade: 'major', ...typed })).toEqual({ grade: 'major', ...body });
});

test('what is typed goes over what came as a whole', () => {
  expect(read({ grade: 'minor' }, { grade: 'major', seed: 'x' })).toEqual({ grade: 'minor', seed: 'x' });
});

test('all mistakes are told at once, each with what would be right', () => {
  const told = mistakes(
    { on: '2029-02-31', days: 'two', evidence: ['fnd_1'], numbers: ['4,x'], team: '{', clauses: [' '] },
    { grave: 1 },
  );
  const patterns = [
    ...[/^--grade: .*missing.*major, minor/, /^--on: .*2029-03-01/, /^--days: .*number/],
    ...[
      /^--evidence\[0\]: .*evd_/,
      /^--numbers\[1\]: /,
      /^--team: .*JSON/,
      /^--clauses\[0\]: /,
      /^grave: .*grade, /,
    ],
  ];
  expect(patterns.filter((pattern) => !told.some((line) => pattern.test(line)))).toEqual([]);
  expect(told.length).toBe(patterns.length);
});

test.each(['', ' ', '1e3', '0x10', 'NaN', 'Infinity', '1,5', '٣'])('%j is no number', (days) => {
  expect(mistakes({ grade: 'major', days })).toEqual([expect.stringMatching(/^--days: /)]);
});

test('the shapes of the contract say what is needed: a choice of ways, a role, a command that needs nothing', () => {
  const { body: how = z.never() } = sandboxes.advance;
  const ways = (typed: Typed): unknown => checked(how, membersOf(how), typed);
  expect(ways({ until: 'next' })).toEqual({ until: 'next' });
  expect(() => ways({})).toThrow('exactly one of to, by and until');
  expect(() => ways({ until: 'next', by: 'P3M' })).toThrow('exactly one');
  expect(() => ways({ until: '2029-05-01' })).toThrow('write one of next');
  const { body: role = z.never() } = people.commands.grantRole;
  expect(() => checked(role, membersOf(role), { role: 'boss' })).toThrow(
    /--role: write one of .*lead-auditor/,
  );
  const { body: nothing = z.never() } = findings.commands.startImplementation;
  expect(checked(nothing, membersOf(nothing), {})).toEqual({});
});

test.each([
  ['--key'],
  ['--key=x'],
  ['-token'],
  ['--token', 'x'],
  ['--password=x'],
  ['tasks', 'prn_live_abc'],
  ['--url=http://x?k=prn_person_abc'],
])('%j is refused as a secret', (...words) =>
  expect(() => refuseSecrets(words)).toThrow('no secret is taken here'),
);

test.each([['--key-file', 'x'], ['--idempotency-key', 'x'], ['api-keys', 'rotate-key'], ['--keyword']])(
  '%j is none',
  (...words) => expect(() => refuseSecrets(words)).not.toThrow(),
);
