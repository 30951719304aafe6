import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { startChild, type Child, type Rung } from './child.js';
import { freePort, listens } from './ports.js';
import { StartFailure } from './start-failure.js';
import { connectTemporal } from './temporal-client.js';

export interface TemporalOptions {
  /** The Temporal CLI that was found (temporal-cli.ts). */
  cli: string;
  /** Where the server keeps what is waited for. Without a file it would forget everything at a restart. */
  databaseFile: string;
  logFile: string;
  /** The port wanted; the next free one otherwise. 0: any. */
  port: number;
  /** Of the server's own pages, for operators; none: no pages. */
  pagesPort?: number;
}

export interface TemporalServer {
  address: string;
  namespace: string;
  pages?: string;
  child: Child;
  stop: () => Promise<void>;
}

/** By what an operator finds processes; never anything personal. */
export const searchAttributes = {
  OrgId: 'Keyword',
  ProcessType: 'Keyword',
  Stage: 'Keyword',
  NextDueAt: 'Datetime',
  Overdue: 'Bool',
} as const;

/**
 * How often a second the server's one shard may look for what is to be handed out. With its 20 a single process waits up to 50 ms for
 * each of its steps; what looks for work that is not there costs nothing, since it is told when there is some.
 */
const LOOKS_PER_SECOND = 1_000;
const READY_MS = 30_000;
const ATTEMPTS = 3;
export const temporalLadder: readonly Rung[] = [
  { signal: 'SIGTERM', patienceMs: 8_000 },
  { signal: 'SIGKILL', patienceMs: 5_000 },
];

/** The Temporal CLI's dev server with its state in a file, on loopback. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  mkdirSync(dirname(options.databaseFile), { recursive: true });
  // Of two that start at once and want one port the other may answer, while ours has not ended yet.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.port);
    const pagesPort = options.pagesPort === undefined ? undefined : await freePort(options.pagesPort);
    const launch = { command: options.cli, args: flags(options, port, pagesPort) };
    const child = await startChild(launch, { logFile: options.logFile });
    const address = `127.0.0.1:${String(port)}`;
    if ((await serves(address, child)) && listens(child.pid, port))
      return running({ address, child, pagesPort });
    await child.stop(temporalLadder);
    if (attempt === ATTEMPTS) throw doesNotStart(options);
  }
}

function flags({ databaseFile }: TemporalOptions, port: number, pagesPort: number | undefined): string[] {
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    // After a loss of power the last moments may be gone; the ledger has them, and the relay tells them again.
    ...['--db-filename', databaseFile],
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...(pagesPort === undefined ? ['--headless'] : ['--ui-port', String(pagesPort)]),
    ...['--log-format', 'json', '--log-level', 'warn', '--disable-config-file', '--disable-config-env'],
    ...['transfer', 'timer'].flatMap((queue) => [
      '--dynamic-config-value',
      `history.${queue}ProcessorMaxPollRPS=${String(LOOKS_PER_SECOND)}`,
    ]),
    ...attributes,
  ];
}

async function serves(address: string, child: Child): Promise<boolean> {
  const ended = child.exited.then(() => false);
  const ready = connectTemporal({ address, namespace: 'default' }, READY_MS).then(
    async (client) => {
      await client.connection.close();
      return true;
    },
    () => false,
  );
  return Promise.race([ended, ready]);
}

function running(found: { address: string; child: Child; pagesPort: number | undefined }): TemporalServer {
  const { address, child, pagesPort } = found;
  return {
    address,
    namespace: 'default',
    ...(pagesPort === undefined ? {} : { pages: `http://127.0.0.1:${String(pagesPort)}` }),
    child,
    stop: () => child.stop(temporalLadder),
  };
}

function doesNotStart({ cli, logFile, databaseFile }: TemporalOptions): StartFailure {
  return new StartFailure({
    code: 'E1004',
    what: `The workflow server ${cli} was found and does not start.`,
    lines: [
      `What it said:   ${logFile}`,
      `Its file may be deleted; every wait is made again from the ledger:   rm ${databaseFile}*`,
    ],
  });
}
