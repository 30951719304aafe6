// Compiles the source into dist/, and the processes into the bundle that Temporal's sandbox runs.
// Nothing is done when the sources are those of the last build that went well.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bar, step } from './steps.mjs';

const ROOMS = ['apps', 'libs', 'workflows', 'test', 'bench', 'scripts'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json'];

function* filesIn(folder) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

function sourceHash(root) {
  const hash = createHash('sha256');
  const sources = ROOMS.flatMap((room) => [...filesIn(join(root, room))]).filter((file) =>
    /\.(ts|mjs|sql|json)$/.test(file),
  );
  for (const file of [...sources.sort(), ...FILES.map((name) => join(root, name))]) {
    hash.update(file.slice(root.length)).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

function run(program, args, cwd) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ code: 1, output: error.message }));
    child.on('close', (code) => done({ code, output }));
  });
}

/** What was compiled from a source that is gone would still be found by those who look through a folder. */
function removeStale(root) {
  for (const room of ROOMS) {
    for (const file of filesIn(join(root, 'dist', room))) {
      const source = join(root, file.slice(join(root, 'dist').length)).replace(/\.js(\.map)?$/, '.ts');
      if (!fs.existsSync(source)) fs.rmSync(file);
    }
  }
}

async function compile(root, node) {
  const tsc = await run(
    node,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--pretty', 'false'],
    root,
  );
  if (tsc.code !== 0) return tsc.output.split('\n').filter((text) => text.includes('error TS'));
  removeStale(root);
  if (!fs.existsSync(join(root, 'dist/workflows/index.js'))) return [];
  const bundle = await run(node, ['scripts/bundle.mjs'], root);
  return bundle.code === 0 ? [] : bundle.output.split('\n').filter((text) => /error/i.test(text));
}

/** SQL and other texts that the code reads at run time stand beside it. */
function copyTexts(root) {
  for (const file of filesIn(join(root, 'libs'))) {
    if (!file.endsWith('.sql')) continue;
    const target = join(root, 'dist', file.slice(root.length));
    fs.mkdirSync(join(target, '..'), { recursive: true });
    fs.copyFileSync(file, target);
  }
}

export async function build(root, node, talks) {
  const began = Date.now();
  const stamp = join(root, 'dist', '.stamp');
  const hash = sourceHash(root);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) {
    if (talks) step(2, 'Build', began, 'nothing has changed');
    return { ok: true, errors: [] };
  }
  fs.mkdirSync(join(root, 'dist'), { recursive: true });
  fs.rmSync(stamp, { force: true });
  const progress = bar(2, 'Build');
  const tell = () => talks && progress(undefined, 'compiling');
  tell();
  const look = setInterval(tell, 500);
  const errors = await compile(root, node);
  clearInterval(look);
  if (errors.length > 0) return { ok: false, errors };
  copyTexts(root);
  fs.writeFileSync(stamp, hash);
  if (talks) step(2, 'Build', began, 'compiled');
  return { ok: true, errors: [] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ok, errors } = await build(dirname(dirname(process.argv[1])), process.execPath, true);
  for (const error of errors) process.stderr.write(`${error}\n`);
  process.exitCode = ok ? 0 : 65;
}
