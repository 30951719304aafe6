import process from 'node:process';
import { endedByCall, exits } from './api/ended.js';
import { refuseSecrets } from './api/secret-flags.js';
import { makeProgram } from './program.js';
import { complain } from './output.js';
import { endedBy } from './up/ended-by.js';

// Whoever reads may stop reading: `perennial entries tail | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const words = process.argv.slice(2);

try {
  refuseSecrets(words);
  const program = await makeProgram(words);
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  process.exitCode = exitOf(error);
}

function exitOf(error: unknown): number {
  // Commander has told it already: help that was asked for, or a word that it does not know.
  if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : exits.mistyped;
  const { text, exit } = endedByCall(error) ?? endedBy(error);
  complain(text);
  return exit;
}
