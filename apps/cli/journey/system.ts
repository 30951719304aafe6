import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import process from 'node:process';
import type { Config } from '#platform/config.js';
import { onShutdown } from '#platform/shutdown.js';
import { keyFileOf } from '../up/data-folder.js';
import { runningSystem, Start } from '../up/system.js';

const INTERRUPTED = 130;

/** Where a script is played, with the key that may make sandboxes, and what to do when it is over. */
export interface Place {
  readonly url: string;
  readonly key: string;
  readonly leave: () => Promise<void>;
}

/** The system that was named, or the one that runs in the data folder, or one that is started now and stopped afterwards. */
export async function findPlace(config: Config, url: string | undefined): Promise<Place> {
  const { key } = config;
  const stay = (): Promise<void> => Promise.resolve();
  if (url !== undefined) return { url, key: key ?? keyIn(keyFileOf(config)), leave: stay };
  const running = await runningSystem(config);
  if (running !== undefined) return { url: running.address, key: key ?? keyIn(running.keyFile), leave: stay };
  return startOne(config);
}

async function startOne(config: Config): Promise<Place> {
  const start = new Start(config);
  onShutdown(
    async () => {
      await start.stop();
      process.exit(INTERRUPTED);
    },
    () => start.killAtOnce(),
  );
  process.once('exit', () => start.killAtOnce());
  try {
    const { address, keyFile } = await start.system();
    return { url: address, key: keyIn(keyFile), leave: () => start.stop() };
  } catch (error) {
    await start.stop();
    throw error;
  }
}

const keyIn = (file: string): string => parseEnv(readFileSync(file, 'utf8'))['PERENNIAL_KEY'] ?? '';
