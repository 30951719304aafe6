import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { machines } from '#domain/machines.js';
import { indexOf, pageOf } from '../generate/diagrams.js';
import { openapiText } from '../generate/openapi.js';
import { say } from '../output.js';

export function registerGenerate(program: Command): void {
  program
    .command('generate')
    .description('write openapi.json and the pages about processes anew')
    .action(() => {
      for (const [file, text] of generatedFiles('.')) {
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(file, text);
        say(`${file} written`);
      }
    });
}

/** Every file that is made from the source, with what it must say. */
export function generatedFiles(root: string): ReadonlyMap<string, string> {
  const all = Object.values(machines).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));
  const pages = all.map(
    (machine) => [join('docs/processes', `${machine.kind}.md`), pageOf(machine)] as const,
  );
  return new Map([
    ['openapi.json', openapiText(versionOf(join(root, 'package.json')))],
    [join('docs/processes', 'README.md'), indexOf(all)],
    ...pages,
  ]);
}

function versionOf(manifest: string): string {
  const read: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : '';
}
