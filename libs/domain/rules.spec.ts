import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { machines } from './machines.js';
import { policyKeys } from './policy.js';
import { rules } from './rules.js';

const ID = /'((?:R-[A-Z0-9]+-\d+[a-z]?)|(?:(?:SOD|I|INV|SM|SUP)-\d+))'/g;

/** Every rule id that the code of the domain names, with the file that names it. */
function named(): readonly (readonly [string, string])[] {
  const root = join(process.cwd(), 'libs/domain');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.endsWith('rules.ts'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(ID)].map(([, id = '']) => [id, file] as const),
    );
}

test('every rule that the code names has its sentence', () => {
  const without = named().filter(([id]) => !Object.hasOwn(rules, id));
  expect(without).toEqual([]);
});

test('every rule behind a command, a machine or a policy key has its sentence', () => {
  const behind = Object.values(machines).flatMap(({ id, commands }) => [
    id,
    ...Object.values(commands).flatMap((command) => command.rules),
  ]);
  const all = [...behind, ...Object.values(policyKeys).map(({ rule }) => rule)];
  expect(all.filter((id) => rules[id] === undefined)).toEqual([]);
});

test('a rule is said in one sentence that ends', () => {
  const loose = Object.entries(rules).filter(([, rule]) => !/^[A-Z].{15,}[^.]\.$/.test(rule?.says ?? ''));
  expect(loose).toEqual([]);
});
