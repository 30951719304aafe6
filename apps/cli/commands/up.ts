import { relative } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { readConfig, type Config } from '#platform/config.js';
import { onShutdown } from '#platform/shutdown.js';
import { complain, say } from '../output.js';
import { runningSystem, Start, type System } from '../up/system.js';
import { endedBy } from '../up/ended-by.js';

interface UpFlags {
  port?: string;
  host?: string;
  data?: string;
}

export function registerUp(program: Command): void {
  program
    .command('up')
    .description('start everything: database, workflow server, worker, API')
    .option('--port <number>', 'port of the API (4200)')
    .option('--host <address>', 'address to bind (127.0.0.1)')
    .option('--data <folder>', 'data folder (./.perennial)')
    .action((flags: UpFlags) => up(flags));
}

async function up({ port, host, data }: UpFlags): Promise<void> {
  const config = readConfig({
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(data === undefined ? {} : { dataFolder: data }),
  });
  const running = await runningSystem(config);
  if (running !== undefined) {
    say(`Perennial runs already in ${shortly(config.dataFolder)}.`);
    tell(running);
    return;
  }
  const start = new Start(config);
  const end = onShutdown(
    async () => {
      if (start.isEmpty()) return start.stop();
      say('Stopping: API, worker, workflow server, PostgreSQL.');
      await start.stop();
      say(`Stopped. The data lies in ${shortly(config.dataFolder)}.`);
    },
    () => start.killAtOnce(),
  );
  process.once('exit', () => start.killAtOnce());
  await serve(config, start, end);
}

async function serve(config: Config, start: Start, end: (exit: number) => void): Promise<void> {
  try {
    say(`Data in ${shortly(config.dataFolder)}`);
    tell(await start.system());
    say('Stop    Ctrl+C');
    say('');
  } catch (error) {
    if (start.isEnding) return; // a part that was stopped did not fail
    const { text, exit } = endedBy(error);
    complain(text);
    end(exit);
  }
}

function tell({ address, keyFile, temporalPages }: System): void {
  say('');
  say(`API     ${address}        key in ${shortly(keyFile)}`);
  say('Try     npm run journey              one certification, from application to certificate');
  if (temporalPages !== undefined) say(`Waits   ${temporalPages}        what each process waits for`);
}

const shortly = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : `./${short}`;
};
