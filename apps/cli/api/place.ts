import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Config } from '#platform/config.js';
import { keyFileOf, runningIn } from '../up/data-folder.js';

/** Which Perennial is called, and with whose key. */
export interface Place {
  readonly url: string;
  readonly key: string;
}

/** Nothing says where Perennial is. */
export class Nowhere extends Error {
  override readonly name = 'Nowhere';
}

/** There is no key to call with, or one that others could read. */
export class NoKey extends Error {
  override readonly name = 'NoKey';
}

const OTHERS = 0o077;

/**
 * The address and the key of the configuration, else those of the system that runs in the data folder. Its key goes to its own
 * address and to no other.
 * @throws Nowhere, NoKey
 */
export function placeOf(config: Config, isOpen = false): Place {
  const running = runningIn(config.dataFolder)?.address;
  const url = (config.url ?? running)?.replace(/\/+$/, '');
  if (url === undefined)
    throw new Nowhere(
      [
        `No Perennial runs in ${config.dataFolder}, and nothing says where one is.`,
        'Start one:     npm start',
        'Or name one:   PERENNIAL_URL=https://perennial.example, or --url',
      ].join('\n'),
    );
  return { url, key: isOpen ? '' : keyFor(url, config, running) };
}

function keyFor(url: string, config: Config, running: string | undefined): string {
  if (config.key !== undefined) return keyIn(config.key);
  const file = keyFileOf(config);
  const own = namesIn(file);
  const { PERENNIAL_KEY: key, PERENNIAL_URL: madeFor } = own;
  if (key === undefined) throw noKey(`There is no key in ${config.dataFolder}.`);
  if (url !== running && url !== madeFor?.replace(/\/+$/, ''))
    throw noKey(`The key in ${file} belongs to the Perennial of that folder and is not sent to ${url}.`);
  return key;
}

function namesIn(file: string): Readonly<Record<string, string | undefined>> {
  let mode: number;
  try {
    ({ mode } = statSync(file));
  } catch {
    return {};
  }
  if ((mode & OTHERS) !== 0 && process.platform !== 'win32')
    throw new NoKey(`Others can read the key in ${file}.\nMake it yours alone:   chmod 600 ${file}`);
  return parseEnv(readFileSync(file, 'utf8'));
}

/** A file of the key alone, or one like dev.env with names in front. */
const keyIn = (text: string): string => parseEnv(text)['PERENNIAL_KEY'] ?? text;

const noKey = (what: string): NoKey =>
  new NoKey(
    [
      what,
      'Say whose key to use:   export PERENNIAL_KEY_FILE=~/.perennial-key   (a file with mode 600), or PERENNIAL_KEY',
    ].join('\n'),
  );
