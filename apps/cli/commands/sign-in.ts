import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Client } from '#client/client.js';
import { providers } from '#contract/routes/identities.js';
import { session } from '#contract/routes/session.js';
import { writeSecret } from '#platform/secrets.js';
import { ending, openPlace } from '../api/act.js';
import { Mistyped } from '../api/mistyped.js';
import { proofFromBrowser } from '../api/proof-typed.js';
import type { Typed } from '../api/typed.js';
import { secretFromPerson } from '../api/secret-typed.js';
import { print, say } from '../output.js';
import { placeOptions } from './collections.js';

const KEY_FILE = join(homedir(), '.perennial-key');

/** `perennial sign-in`: asks for the password, or for what a provider proves, and keeps the token in a file that PERENNIAL_KEY_FILE can name. */
export function registerSignIn(program: Command): void {
  const command = program
    .command('sign-in')
    .description(
      'sign in with mail address and password, or by a provider; what stands for you then is kept in a file of your own',
    )
    .argument('[mail]', 'your mail address')
    .option('--provider <name>', 'by a provider, in place of mail address and password')
    .option('--account <id>', 'which account, where you have several')
    .option('--key-file <file>', 'where the token is kept', KEY_FILE);
  placeOptions()
    .filter(({ long }) => long !== '--json')
    .forEach((option) => command.addOption(option));
  command.action((mail: string | undefined, typed: Typed) => ending(typed, () => signIn(mail, typed)));
}

async function signIn(mail: string | undefined, typed: Typed): Promise<void> {
  const { keyFile, provider } = typed;
  const { client, url } = openPlace(typed);
  if ((mail === undefined) === (provider === undefined))
    throw new Mistyped(['Write your mail address, or --provider and its name.']);
  const { token, principal, expiresAt } =
    mail === undefined ? await byProof(client, url, typed) : await byPassword(client, mail, typed);
  const file = String(keyFile);
  writeSecret(file, `PERENNIAL_URL=${url}\nPERENNIAL_KEY=${token}`);
  say(`You are ${principal} until ${expiresAt} at most; unused, for half a day. To act as that:`);
  print(`export PERENNIAL_URL='${url}' PERENNIAL_KEY_FILE='${file}'`);
}

const accountIn = ({ account }: Typed) => (typeof account === 'string' ? { account } : {});

async function byPassword(client: Client, mail: string, typed: Typed) {
  const password = await secretFromPerson('Password: ');
  return client.call(session.signIn, { body: { mail, password, ...accountIn(typed) } });
}

async function byProof(client: Client, url: string, typed: Typed) {
  const proof = await proofFromBrowser(url, String(typed['provider']));
  return client.call(providers.signIn, { body: { ...proof, ...accountIn(typed) } });
}
