import { readFileSync } from 'node:fs';

const read = (file: string): string => readFileSync(file, 'utf8');

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

test('docs/dependencies.md has one line for each direct dependency, and no other', () => {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
  const rows = read('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const explained = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect(explained.sort()).toEqual(declared.sort());
});

test('at most 40 packages are needed at run time', () => {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(40);
});

test('the README quotes the process of corrective action as it stands', () => {
  const readme = read('README.md');
  const [, quoted] = /```ts\n\/\/ workflows\/corrective-action\.ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(quoted).toBeDefined();
  expect(read('workflows/corrective-action.ts')).toContain((quoted ?? '').trim());
});
