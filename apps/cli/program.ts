import { Command } from 'commander';
import { exitWords } from './api/ended.js';
import { registerCollections } from './commands/collections.js';
import { registerCompletion } from './commands/completion.js';
import { registerExplain } from './commands/explain.js';
import { registerGenerate } from './commands/generate.js';
import { registerJourney } from './commands/journey.js';
import { registerMigrate } from './commands/migrate.js';
import { registerProcesses } from './commands/processes.js';
import { registerSecrets } from './commands/secrets.js';
import { registerTail } from './commands/tail.js';
import { registerUp } from './commands/up.js';

const examples = `
Examples:
  perennial session show                            who you are here, and in which roles
  perennial tasks list --view claimable             what you could take
  perennial findings show N-2029-0001 --include actions,explanations
  perennial findings accept-plan N-2029-0001        as one may who holds the role
  perennial explain N-2029-0001                     why each date is as it is
  perennial programmes list --all --json            for programs

The key comes from PERENNIAL_KEY_FILE, PERENNIAL_KEY, or the data folder; never from an argument.

Exit codes of what calls Perennial:
${exitWords.map((line) => `  ${line}`).join('\n')}
`;

/** The whole program. Flags are made for the collection that the words name; for all of them where a script is made of them. */
export function makeProgram(words: readonly string[]): Command {
  const program = new Command('perennial')
    .description('ISO/IEC 42001 certification as durable processes')
    .showHelpAfterError('(add --help for more)')
    .addHelpText('after', examples)
    .exitOverride();
  program.commandsGroup('Running it:');
  registerUp(program);
  registerMigrate(program);
  registerSecrets(program);
  registerProcesses(program);
  program.commandsGroup('Trying it:');
  registerJourney(program);
  registerGenerate(program);
  program.commandsGroup('Understanding it:');
  registerExplain(program);
  registerCompletion(program);
  program.commandsGroup('Using it; each is a collection of the API:');
  registerCollections(program, words[0] === 'completion' ? undefined : (words[0] ?? ''));
  registerTail(program);
  return program;
}
