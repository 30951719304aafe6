// Bundles the processes from their source, with or without planted changes: node bundle.mjs <out> [<file> <from> <to>] …
import { fileURLToPath } from 'node:url';
import { bundleProcesses } from '../../scripts/bundle-processes.mjs';

const [out, ...words] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const planted = (file, from, to) => ({
  test: new RegExp(`/workflows/${file.replace('.', '\\.')}$`),
  enforce: 'pre',
  use: { loader: here('planted-change.cjs'), options: { from, to } },
});
const changes = [];
for (let at = 0; at < words.length; at += 3) changes.push(planted(...words.slice(at, at + 3)));

await bundleProcesses((name) => here(`../../workflows/${name}.ts`), out, {
  webpackConfigHook: (config) => ({
    ...config,
    resolve: {
      ...config.resolve,
      conditionNames: ['source', '...'],
      extensionAlias: { '.js': ['.ts', '.js'] },
    },
    module: { ...config.module, rules: [...(config.module?.rules ?? []), ...changes] },
  }),
});
