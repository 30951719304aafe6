import { execFileSync, spawnSync } from 'node:child_process';
import { makeProgram } from '../program.js';
import { scripts, treeOf } from './completion.js';

const tree = treeOf(await makeProgram(['completion']));
const script = scripts.bash(tree);

/** What bash offers for the last word of a line. */
function offered(line: string): readonly string[] {
  const words = line.split(' ');
  const array = words.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${array}); COMP_CWORD=${String(words.length - 1)}; _perennial; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8', cwd: '/' })
    .trim()
    .split('\n');
}

test.each<[string, readonly string[]]>([
  ['perennial find', ['findings']],
  ['perennial findings acc', ['accept-plan']],
  ['perennial findings accept-plan --no', ['--note']],
  ['perennial findings accept-plan N-2029-0001 --idem', ['--idempotency-key']],
  ['perennial findings raise-nonconformity N-2029-0001 --grade m', ['major', 'minor']],
  ['perennial inbox list --view w', ['waiting']],
  ['perennial processes re', ['restart', 'rebuild', 'reconcile']],
  ['perennial explain N-1 --j', ['--json']],
  ['perennial completion z', ['zsh']],
])('bash offers for "%s": %j', (line, words) => {
  expect(offered(line).toSorted()).toEqual(words.toSorted());
});

test.each(['zsh', 'fish'] as const)('the script for %s has every command with each of its flags', (shell) => {
  const lines = scripts[shell](tree).split('\n');
  for (const { path, words } of tree) {
    const at = shell === 'fish' ? ` ${path}'`.replace(" '", "_at'") : `'${path}') offered=`;
    const own = lines.filter((line) => line.includes(at)).join('\n');
    const missing = words.filter(
      ({ word }) => !own.includes(word.replace(/^--/, shell === 'fish' ? '-l ' : '--')),
    );
    expect([path, missing]).toEqual([path, []]);
  }
});

test('the script for bash is one that bash can read', () => {
  expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});
