// `npm run check`: format, lint, types, unit tests. `npm test`: the same, and every other test on real servers.
// The last line on stdout is the count. Extra words go to Jest, and then Jest alone is run.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { line } from './steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...names) => join(root, ...names);
const [command, build, ...words] = process.argv.slice(2);
const count = { passed: 0, failed: 0 };

function run(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
    child.on('error', () => done(1));
    child.on('exit', (code) => done(code ?? 1));
  });
}

async function step(name, args) {
  const began = Date.now();
  const code = await run(args);
  if (code !== 0) count.failed += 1;
  line(`${name.padEnd(12)} ${code === 0 ? 'ok' : 'failed'}   ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function jest(args) {
  const file = at('.perennial-test', `jest-${process.pid}.json`);
  mkdirSync(at('.perennial-test'), { recursive: true });
  const flags = ['--json', `--outputFile=${file}`, '--testLocationInResults=false'];
  const vm = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const code = await run([...vm, 'node_modules/jest/bin/jest.js', ...flags, ...args]);
  const result = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  rmSync(file, { force: true });
  count.passed += result?.numPassedTests ?? 0;
  count.failed += (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
  // Jest failed, and not by a test: its set-up, or a word it does not know.
  if (code !== 0 && count.failed === 0) count.failed += 1;
}

if (words.length === 0) {
  if (build !== 'built') count.failed += 1;
  await step('Format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']);
  await step('Lint', ['node_modules/eslint/bin/eslint.js', '--cache', '--cache-location=.cache/eslint', '.']);
}
await jest(command === 'check' ? ['--selectProjects', 'unit', ...words] : words);
process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
process.exitCode = count.failed === 0 ? 0 : 1;
