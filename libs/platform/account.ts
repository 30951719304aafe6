import { spawnSync } from 'node:child_process';
import process from 'node:process';
import type { Launch } from './child.js';
import { StartFailure } from './start-failure.js';

/** PostgreSQL refuses to be root. This says as whom it runs, and how it is started as that account. */
export interface Account {
  as: (command: string, args: readonly string[]) => Launch;
  /** Whose the data folder must be; undefined where we are no root and all is ours already. */
  owner?: { uid: number; gid: number };
}

const OWN_NAME = 'perennial';
/** Enter folders that are closed to it (a checkout under /root); it is no root in anything else. */
const ENTER = [
  '--securebits',
  '+no_setuid_fixup',
  '--clear-groups',
  '--inh-caps',
  '+dac_override',
  '--ambient-caps',
  '+dac_override',
  '--',
];

export function accountFor(paths: readonly string[]): Account {
  if (process.getuid?.() !== 0) return { as: (command, args) => ({ command, args }) };
  const owner = find('postgres') ?? find(OWN_NAME) ?? make();
  if (owner === undefined) throw nobody('and no other user could be made');
  const plain: Account = { owner, as: (command, args) => ({ command, args, ...owner }) };
  if (reaches(plain, paths)) return plain;
  const ids = [`--reuid=${String(owner.uid)}`, `--regid=${String(owner.gid)}`, ...ENTER];
  const entering: Account = {
    owner,
    as: (command, args) => ({ command: 'setpriv', args: [...ids, command, ...args] }),
  };
  if (reaches(entering, paths)) return entering;
  throw nobody(`and user ${String(owner.uid)} cannot enter this folder`);
}

function reaches(account: Account, paths: readonly string[]): boolean {
  return paths.every((path) => {
    const { command, args, uid, gid } = account.as('test', ['-x', path]);
    const rights = uid === undefined || gid === undefined ? {} : { uid, gid };
    return spawnSync(command, args, { ...rights, cwd: '/', stdio: 'ignore' }).status === 0;
  });
}

function find(name: string): { uid: number; gid: number } | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function make(): { uid: number; gid: number } | undefined {
  const ways = [
    ['useradd', '--system', '--user-group', '--no-create-home', OWN_NAME],
    ['adduser', '-S', '-D', '-H', OWN_NAME],
  ];
  for (const [command = '', ...args] of ways) spawnSync(command, args, { stdio: 'ignore' });
  return find(OWN_NAME);
}

function nobody(why: string): StartFailure {
  return new StartFailure({
    code: 'E1010',
    what: `PostgreSQL refuses to run as root, ${why}.`,
    lines: [
      'Start as an ordinary user, or make one that it can use:   useradd --system perennial',
      'or move the checkout to a folder that others may enter, or set DATABASE_URL.',
      'Nothing was changed.',
    ],
  });
}
