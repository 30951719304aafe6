// Runs the TypeScript source without a build: node --import ./test/support/source.mjs apps/worker/main.ts
// Jest's global setup uses it too, since Jest itself transforms only what runs inside its tests.
import { transformSync } from '@swc/core';
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = new URL('../../', import.meta.url);
const rooms = /^#(domain|contract|database|platform|client|rehearsal|workflows)\/(.*)\.js$/;
const asTypeScript = (url) => url.replace(/\.js$/, '.ts');

function sourceOf(specifier, parent) {
  const [, room, path] = rooms.exec(specifier) ?? [];
  if (room !== undefined)
    return new URL(`${room === 'workflows' ? room : `libs/${room}`}/${path}.ts`, root).href;
  if (!/^\.{1,2}\/.*\.js$/.test(specifier) || parent === undefined) return undefined;
  const url = asTypeScript(new URL(specifier, parent).href);
  return existsSync(fileURLToPath(url)) ? url : undefined;
}

registerHooks({
  resolve(specifier, context, next) {
    const url = sourceOf(specifier, context.parentURL);
    return url === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith(root.href) || !url.endsWith('.ts')) return next(url, context);
    const file = fileURLToPath(url);
    const { code } = transformSync(readFileSync(file, 'utf8'), {
      filename: file,
      sourceMaps: 'inline',
      module: { type: 'es6' },
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

export const importSource = (path) => import(pathToFileURL(fileURLToPath(new URL(path, root))).href);
