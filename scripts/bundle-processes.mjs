// The processes as one file: what serves all runs, and what is said of it when it cannot be made.
import { bundleWorkflowCode } from '@temporalio/worker';
import { renameSync, writeFileSync } from 'node:fs';

/** They keep nothing: one copy serves all runs. */
const PRELOADED = ['stack-depth', 'processes', 'host'];

/** Bundles `index` and what it reaches; `pathOf` tells where a module of the processes stands. The file is there whole or not at all. */
export async function bundleProcesses(pathOf, out, more = {}) {
  const failures = [];
  const silent = () => {};
  const fails = (text) => failures.push(text);
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: pathOf('index'),
      preloadModules: PRELOADED.map(pathOf),
      logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: fails },
      ...more,
    });
    const whole = `${out}.${process.pid}.new`;
    writeFileSync(whole, code);
    renameSync(whole, out);
  } catch (error) {
    process.stderr.write(
      `error: the processes cannot be bundled: ${error.message}\n${failures.join('\n')}\n`,
    );
    process.exitCode = 1;
  }
}
