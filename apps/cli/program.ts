import { Command } from 'commander';
import { exitWords } from './api/ended.js';
import { isCalling, registerCollections } from './commands/collections.js';
import { registerCompletion } from './commands/completion.js';
import { registerExplain } from './commands/explain.js';
import { registerLinkIdentity } from './commands/link-identity.js';
import { registerExport } from './commands/export.js';
import { registerSignIn } from './commands/sign-in.js';
import { registerTail } from './commands/tail.js';

const examples = `
Examples:
  perennial sign-in ines@example.org                with your password
  perennial session show                            who you are here, and in which roles
  perennial inbox list --view claimable             what you could take
  perennial findings show N-2029-0001 --include actions,explanations
  perennial findings accept-plan N-2029-0001        as one may who holds the role
  perennial explain N-2029-0001                     why each date is as it is
  perennial programmes list --all --json            for programs
  perennial export ./aurora                         everything that you may see, in files

The key comes from PERENNIAL_KEY_FILE, PERENNIAL_KEY, or the data folder; never from an argument.

Exit codes of what calls Perennial:
${exitWords.map((line) => `  ${line}`).join('\n')}
`;

/**
 * The program, as far as the words need it: flags are made for the collection that they name, or for all of them where a script
 * is made of them; what runs servers is loaded when something else than a call is asked for.
 */
export async function makeProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('perennial')
    .description('ISO/IEC 42001 certification as durable processes')
    .showHelpAfterError('(add --help for more)')
    .addHelpText('after', examples)
    .exitOverride();
  if (!isCalling(words[0])) (await import('./commands/operators.js')).registerOperators(program);
  program.commandsGroup('Understanding it:');
  registerExplain(program);
  registerCompletion(program);
  program.commandsGroup('Using it; each is a collection of the API:');
  registerSignIn(program);
  registerLinkIdentity(program);
  registerCollections(program, words[0] === 'completion' ? undefined : (words[0] ?? ''));
  registerTail(program);
  registerExport(program);
  return program;
}
