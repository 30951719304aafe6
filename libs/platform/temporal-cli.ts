import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './child.js';
import { pause } from './pause.js';
import { StartFailure } from './start-failure.js';
import { build, download, isBeingMade, type Got, type Progress } from './temporal-get.js';

const ASK_MS = 20_000;
const LOOK_MS = 500;

export interface TemporalCli {
  path: string;
  server: string;
  /** Which of the ways led to it, for people. */
  from: string;
}

export interface Search {
  /** PERENNIAL_TEMPORAL_CLI. */
  configured: string | undefined;
  cacheFolder: string;
  /** Says why a way failed, in one line. */
  failed: (line: string) => void;
  progress: Progress;
}

type Found = TemporalCli | { failed: string };
type Way = (search: Search) => Promise<Found>;

/** In this order; each that fails says why. (TEMPORAL_ADDRESS comes before them all: then nothing is looked for.) */
const ways: readonly Way[] = [asConfigured, onPath, fromCache, byDownload, byGo];

export async function findTemporalCli(search: Search): Promise<TemporalCli> {
  const tried: string[] = [];
  for (const way of ways) {
    const found = await way(search);
    if ('path' in found) return found;
    tried.push(found.failed);
    search.failed(found.failed);
  }
  throw new StartFailure({
    code: 'E1004',
    what: 'There is no workflow server, and none could be got.',
    lines: [
      ...tried.map((line) => `- ${line}`),
      'Any one of these helps:',
      '  TEMPORAL_ADDRESS=host:7233 npm start                  a server that runs already',
      '  PERENNIAL_TEMPORAL_CLI=/path/to/temporal npm start    its program, 1.5 or newer',
      '  the program `temporal`, 1.5 or newer, on the path',
      '  a connection to temporal.download, once',
      '  Go 1.25 or newer and a connection to its modules, once',
      'Nothing was changed.',
    ],
  });
}

async function asConfigured({ configured }: Search): Promise<Found> {
  if (configured === undefined) return { failed: 'PERENNIAL_TEMPORAL_CLI: not set' };
  return usable(configured, 'PERENNIAL_TEMPORAL_CLI');
}

async function onPath(): Promise<Found> {
  return usable('temporal', 'the path');
}

/** Two starts at once get one server: the second waits for what the first is getting. */
async function fromCache(search: Search): Promise<Found> {
  const found = await kept(search);
  if ('path' in found || !isBeingMade(search.cacheFolder)) return found;
  while (isBeingMade(search.cacheFolder)) {
    search.progress('another start is getting it');
    await pause(LOOK_MS);
  }
  return kept(search);
}

async function kept({ cacheFolder }: Search): Promise<Found> {
  const folder = join(cacheFolder, 'temporal');
  const versions = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d/.test(name)) : [];
  for (const version of versions.sort().reverse()) {
    const found = await usable(join(folder, version, 'temporal'), `the cache (${version})`);
    if ('path' in found) return found;
  }
  return { failed: `the cache: none that runs in ${folder}` };
}

async function byDownload({ cacheFolder, progress }: Search): Promise<Found> {
  return checked(await download(cacheFolder, progress), 'download');
}

async function byGo({ cacheFolder, progress }: Search): Promise<Found> {
  return checked(await build(cacheFolder, progress), 'go install');
}

async function checked(got: Got, from: string): Promise<Found> {
  return 'failed' in got ? { failed: `${from}: ${got.failed}` } : usable(got.path, from);
}

/** Asks it for its version: a program that is cut off, or made for another machine, does not answer. */
async function usable(path: string, from: string): Promise<Found> {
  const { code, output } = await runToEnd({ command: path, args: ['--version'] }, { limitMs: ASK_MS });
  const [, cli = '', server] = /version (\S+) \(Server ([\d.]+)/.exec(output) ?? [];
  if (code !== 0 || server === undefined) {
    return { failed: `${from}: ${path === 'temporal' ? 'no program temporal' : `${path} does not run`}` };
  }
  // One that Go has built calls itself 0.0.0-DEV.
  if (/^(0\.\d|1\.[0-4])\.(?!0-DEV)/.test(cli)) return { failed: `${from}: it is ${cli}, and 1.5 is needed` };
  return { path, server, from };
}
