import type { Command } from 'commander';
import { identities } from '#contract/routes/identities.js';
import { clientFor, ending, openPlace } from '../api/act.js';
import { proofFromBrowser } from '../api/proof-typed.js';
import type { Typed } from '../api/typed.js';
import { say } from '../output.js';
import { placeOptions } from './collections.js';

/** `perennial link-identity`: whoever is signed in shows at a provider who they are there, and comes in by it from then on. */
export function registerLinkIdentity(program: Command): void {
  const command = program
    .command('link-identity')
    .description('link who you are at a provider to your account, just after you signed in')
    .argument('<provider>', 'name of the provider');
  placeOptions()
    .filter(({ long }) => long !== '--json')
    .forEach((option) => command.addOption(option));
  command.action((provider: string, typed: Typed) => ending(typed, () => link(provider, typed)));
}

async function link(provider: string, typed: Typed): Promise<void> {
  const client = clientFor(typed);
  const body = await proofFromBrowser(openPlace(typed).url, provider);
  const { id, mail } = await client.call(identities.link, { body });
  say(`From now on this opens the account of ${mail}. To undo it:   perennial session remove-identity ${id}`);
}
