import { Mistyped } from './mistyped.js';

const SECRET =
  /^--?(key|token|api-key|apikey|password|secret|bearer)(=|$)|prn_(live|test|person|link|proof)_/;

/** What stands among the arguments is seen by everybody on the machine: no secret is taken there. @throws Mistyped */
export function refuseSecrets(words: readonly string[]): void {
  const flag = words.find((word) => SECRET.test(word));
  if (flag === undefined) return;
  const named = flag.startsWith('-') ? (flag.split('=')[0] ?? '') : 'A key among the arguments';
  throw new Mistyped([
    `${named}: no secret is taken here. Others see the arguments of a program, and the shell keeps them.`,
    'Put the key into a file that is yours alone, and name the file:',
    '  chmod 600 ~/.perennial-key; export PERENNIAL_KEY_FILE=~/.perennial-key',
    'If it was a real one, withdraw it:   perennial api-keys list; perennial api-keys revoke-key <id>',
  ]);
}
