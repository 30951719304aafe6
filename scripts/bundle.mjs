// The processes as one file, made once at build time: a worker that starts has nothing left to bundle.
import { bundleWorkflowCode } from '@temporalio/worker';
import { renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
const silent = () => {};
const failures = [];
const logger = {
  log: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: (text) => failures.push(text),
};

try {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path('workflows/index.js'),
    // They keep nothing: one copy serves all runs.
    preloadModules: ['stack-depth', 'processes', 'host'].map((name) => path(`workflows/${name}.js`)),
    logger,
  });
  writeFileSync(path('workflow-bundle.js.new'), code);
  renameSync(path('workflow-bundle.js.new'), path('workflow-bundle.js'));
} catch (error) {
  process.stderr.write(`error: the processes cannot be bundled: ${error.message}\n${failures.join('\n')}\n`);
  process.exitCode = 1;
}
