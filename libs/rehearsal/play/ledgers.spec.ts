import { instant } from '#domain/instant.js';
import type { Entry } from './door.js';
import { compare } from './ledgers.js';

const at = instant('2027-04-23T08:00:00.000Z');
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(26));

interface Told {
  readonly stream: string;
  readonly kind: string;
  readonly type: string;
  readonly command: string;
  readonly data?: object;
  readonly version?: number;
}

const entry = ({ stream, kind, type, command, data = {}, version = 1 }: Told): Entry => ({
  kind,
  fact: {
    ...{
      stream,
      version,
      type,
      data,
      command,
      at,
      effectiveAt: at,
      texts: { statement: 'salted' },
      evidence: [],
    },
    actor: { id: 'per_x', role: 'lead-auditor' },
  },
});

const finding = (id: string, command: string, data: object = {}): Entry =>
  entry({ stream: `fnd_${id}`, kind: 'nonconformity', type: 'finding.drafted', command, data });

const task = (id: string, about: string): Entry =>
  entry({
    stream: `tsk_${id}`,
    kind: 'task',
    type: 'task.opened',
    command: `corrective-action/fnd_${about}/raised#1/ask-for-plan`,
    data: { about: `fnd_${about}` },
  });

test('two ledgers are equal when only chance, salts and the order of things beside each other differ', () => {
  const first = [finding(`${a}`, 'act-1'), finding(`${b}`, 'act-2'), task(`${c}`, `${a}`)];
  const second = [finding(`${d}`, 'act-1'), task(`${b}`, `${d}`), finding(`${c}`, 'act-2')];
  expect(compare(first, second)).toBeUndefined();
});

test('whoever acts from outside, such as the key of an installation, may have another id', () => {
  const by = (id: string, one: Entry): Entry => ({
    ...one,
    fact: { ...one.fact, actor: { id, role: 'auditor' } },
  });
  const [first, second] = [finding(`${a}`, 'act-1'), finding(`${b}`, 'act-2')];
  const [key, other] = [`key_${c}`, `key_${d}`];
  expect(compare([by(key, first), by(key, second)], [by(other, first), by(other, second)])).toBeUndefined();
  expect(compare([by(key, first), by(key, second)], [by(key, first), by(other, second)])).toBeDefined();
});

test('a fact that differs in data, in effect, or in the step that made it is told with its place', () => {
  const first = [finding(`${a}`, 'act-1', { source: 'audit' })];
  const data = compare(first, [finding(`${a}`, 'act-1', { source: 'incident' })]);
  expect(data?.place).toBe(1);
  expect(data?.first).toContain('audit');
  expect(data?.second).toContain('incident');
  const [one] = first;
  const later = one && { ...one, fact: { ...one.fact, effectiveAt: instant('2027-04-22T08:00:00.000Z') } };
  expect(compare(first, later ? [later] : [])).toBeDefined();
  expect(compare(first, [finding(`${a}`, 'act-2', { source: 'audit' })])).toBeDefined();
});

test('a fact that one ledger has and the other has not is told', () => {
  const first = [finding(`${a}`, 'act-1'), task(`${c}`, `${a}`)];
  expect(compare(first, first.slice(0, 1))).toMatchObject({ place: 1, second: 'nothing' });
  expect(compare(first.slice(0, 1), first)).toMatchObject({ place: 1, first: 'nothing' });
});

test('two things that one command makes are told apart by their order', () => {
  const twice = (first: string, second: string): Entry[] => [
    finding(first, 'act-1', { source: 'audit' }),
    finding(second, 'act-1', { source: 'incident' }),
  ];
  expect(compare(twice(`${a}`, `${b}`), twice(`${c}`, `${d}`))).toBeUndefined();
  expect(compare(twice(`${a}`, `${b}`), twice(`${c}`, `${d}`).reverse())).toBeDefined();
});
