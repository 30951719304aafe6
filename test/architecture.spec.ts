import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');
const rooms = ['apps', 'libs', 'workflows', 'test', 'bench'].filter((room) => existsSync(join(root, room)));
const sources = globSync('{apps,libs,workflows,test,bench}/**/*.ts', { cwd: root }).filter(
  (file) => !file.startsWith('test/planted/'),
);

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}
interface Cruise {
  summary: { violations: Violation[]; ruleSetUsed: { forbidden: { name: string }[] } };
}
interface Linted {
  filePath: string;
  messages: { ruleId: string | null }[];
}

/** A tool as a program of its own: what it says on stdout, whatever its exit code. */
function run(tool: string, args: string[], cwd: string): Promise<string> {
  return new Promise((done, failed) => {
    const program = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd });
    let text = '';
    program.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    program.on('error', failed);
    program.on('close', () => done(text));
  });
}

async function cruise(cwd: string, paths: string[]): Promise<Cruise> {
  const config = join(root, '.dependency-cruiser.mjs');
  const args = ['--config', config, '--output-type', 'json', ...paths];
  return JSON.parse(await run('dependency-cruiser/bin/dependency-cruiser.mjs', args, cwd)) as Cruise;
}

test('no room looks into one that it may not see', async () => {
  const { summary } = await cruise(root, rooms);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
}, 120_000);

test('each boundary catches the break that is planted for it', async () => {
  const { summary } = await cruise(join(root, 'test/planted/rooms'), ['.']);
  const broken = new Set(summary.violations.map(({ rule }) => rule.name));
  expect(summary.ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual(
    [],
  );
}, 120_000);

test('each rule of the linter catches the break that is planted for it, and no comment lifts it', async () => {
  const args = ['--config', join(root, 'eslint.config.mjs'), '--format', 'json', '.'];
  const files = JSON.parse(
    await run('eslint/bin/eslint.js', args, join(root, 'test/planted/lint')),
  ) as Linted[];
  // The file is named for the rule that it breaks: <rule>.<how>.ts
  const rows = files.map(({ filePath, messages }) => ({
    expected: basename(filePath).split('.')[0]?.replace('__', '/'),
    caught: messages.map(({ ruleId }) => ruleId),
  }));
  expect(rows.length).toBeGreaterThanOrEqual(23);
  for (const { expected, caught } of rows) expect(caught).toContain(expected);
}, 120_000);

test('folders and files are named for what they hold', () => {
  const vague = /(^|\/)(shared|common|utils?|helpers?|misc|src)\/|(manager|utils?|helpers?|impl)\.ts$/i;
  expect(sources.filter((file) => vague.test(file))).toEqual([]);
  const lists = sources.filter((file) => basename(file) === 'index.ts');
  expect(
    lists.filter((file) => !['workflows/index.ts', 'apps/worker/activities/index.ts'].includes(file)),
  ).toEqual([]);
});

test('half of all functions are no longer than twelve lines', () => {
  const lengths = sources.filter((file) => !file.endsWith('.spec.ts')).flatMap(functionLengths);
  lengths.sort((one, other) => one - other);
  expect(lengths.length).toBeGreaterThan(50);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(12);
});

function functionLengths(file: string): number[] {
  const text = ts.sys.readFile(join(root, file)) ?? '';
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024);
  const lengths: number[] = [];
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      lengths.push(lineAt(node.end) - lineAt(node.getStart(source)) + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lengths;
}
