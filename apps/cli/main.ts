import process from 'node:process';
import { Command } from 'commander';
import { registerGenerate } from './commands/generate.js';
import { registerJourney } from './commands/journey.js';
import { registerMigrate } from './commands/migrate.js';
import { registerProcesses } from './commands/processes.js';
import { registerSecrets } from './commands/secrets.js';
import { registerUp } from './commands/up.js';
import { complain } from './output.js';
import { endedBy } from './up/ended-by.js';

const program = new Command('perennial')
  .description('ISO/IEC 42001 certification as durable processes')
  .showHelpAfterError()
  .exitOverride();

registerUp(program);
registerJourney(program);
registerGenerate(program);
registerMigrate(program);
registerProcesses(program);
registerSecrets(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitOf(error);
}

function exitOf(error: unknown): number {
  // Commander has told it already: help that was asked for, or a word that it does not know.
  if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : 64;
  const { text, exit } = endedBy(error);
  complain(text);
  return exit;
}
