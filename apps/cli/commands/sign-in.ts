import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { session } from '#contract/routes/session.js';
import { writeSecret } from '#platform/secrets.js';
import { ending, openPlace } from '../api/act.js';
import type { Typed } from '../api/typed.js';
import { secretFromPerson } from '../api/secret-typed.js';
import { print, say } from '../output.js';
import { placeOptions } from './collections.js';

const KEY_FILE = join(homedir(), '.perennial-key');

/** `perennial sign-in`: asks for the password, and keeps the token in a file that PERENNIAL_KEY_FILE can name. */
export function registerSignIn(program: Command): void {
  const command = program
    .command('sign-in')
    .description(
      'sign in with mail address and password; what stands for you then is kept in a file of your own',
    )
    .argument('<mail>', 'your mail address')
    .option('--account <id>', 'which account, where you have several')
    .option('--key-file <file>', 'where the token is kept', KEY_FILE);
  placeOptions()
    .filter(({ long }) => long !== '--json')
    .forEach((option) => command.addOption(option));
  command.action((mail: string, typed: Typed) => ending(typed, () => signIn(mail, typed)));
}

async function signIn(mail: string, typed: Typed): Promise<void> {
  const { account, keyFile } = typed;
  const { client, url } = openPlace(typed);
  const password = await secretFromPerson('Password: ');
  const body = { mail, password, ...(typeof account === 'string' ? { account } : {}) };
  const { token, principal, expiresAt } = await client.call(session.signIn, { body });
  const file = String(keyFile);
  writeSecret(file, `PERENNIAL_URL=${url}\nPERENNIAL_KEY=${token}`);
  say(`You are ${principal} until ${expiresAt} at most; unused, for half a day. To act as that:`);
  print(`export PERENNIAL_URL='${url}' PERENNIAL_KEY_FILE='${file}'`);
}
