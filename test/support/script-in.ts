import { readFileSync } from 'node:fs';
import type { Script } from '#rehearsal/play/script.js';
import { inputCheck } from '../../apps/cli/journey/inputs.js';
import { readScript } from '../../apps/cli/journey/script-file.js';

/** The script that a file holds; one with mistakes is a mistake of the test. */
export function scriptIn(path: string): Script {
  const read = readScript(readFileSync(path, 'utf8'), inputCheck);
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes, null, 1));
  return read.script;
}
