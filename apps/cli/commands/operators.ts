import type { Command } from 'commander';
import { registerGenerate } from './generate.js';
import { registerJourney } from './journey.js';
import { registerMigrate } from './migrate.js';
import { registerPasswordLink } from './password-link.js';
import { registerProcesses } from './processes.js';
import { registerSecrets } from './secrets.js';
import { registerUp } from './up.js';

/** What is no call of the API: it needs databases and servers, and their code. */
export function registerOperators(program: Command): void {
  program.commandsGroup('Running it:');
  registerUp(program);
  registerMigrate(program);
  registerSecrets(program);
  registerProcesses(program);
  registerPasswordLink(program);
  program.commandsGroup('Trying it:');
  registerJourney(program);
  registerGenerate(program);
}
