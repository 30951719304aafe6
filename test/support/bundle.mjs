// Bundles the processes from their source, with or without planted changes: node bundle.mjs <out> [<file> <from> <to>] …
import { bundleWorkflowCode } from '@temporalio/worker';
import { renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [out, ...words] = process.argv.slice(2);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const silent = () => {};
const logger = {
  log: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: (message) => process.stderr.write(`${message}\n`),
};

const planted = (file, from, to) => ({
  test: new RegExp(`/workflows/${file.replace('.', '\\.')}$`),
  enforce: 'pre',
  use: { loader: here('planted-change.cjs'), options: { from, to } },
});
const changes = [];
for (let at = 0; at < words.length; at += 3) changes.push(planted(...words.slice(at, at + 3)));

const { code } = await bundleWorkflowCode({
  workflowsPath: here('../../workflows/index.ts'),
  preloadModules: ['stack-depth', 'processes', 'host'].map((name) => here(`../../workflows/${name}.ts`)),
  logger,
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
writeFileSync(`${out}.new`, code);
renameSync(`${out}.new`, out);
