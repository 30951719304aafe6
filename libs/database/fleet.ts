import type { DataSource } from 'typeorm';
import { runOf, type Runs } from '#platform/runs.js';
import type { Processes } from './processes.js';
import { processesOf, type ProcessShown, type WhichProcesses } from './reading/processes.js';
import { withClient } from './transaction.js';

const PAGE = 200;
const AT_ONCE = 8;

export interface FleetParts {
  readonly source: DataSource;
  readonly processes: Processes;
  readonly runs: Runs;
  /** Under which processes are started. */
  readonly release: string;
}

/** How the run of a process is: it lives, there is none that anybody serves, or its code fails again and again. */
export type Condition = 'well' | 'none' | 'failing';

const FAILED_OFTEN = 3;

/** All processes of an installation, and their runs. Connected as the engine. */
export class Fleet {
  constructor(private readonly parts: FleetParts) {}

  /** Processes page by page, in the order of their ids. */
  async *list(which: WhichProcesses): AsyncGenerator<ProcessShown> {
    let after: string | undefined;
    do {
      const asked = { ...which, ...(after === undefined ? {} : { after }) };
      const page = await withClient(this.parts.source, (client) => processesOf(client, asked, PAGE));
      yield* page;
      after = page.length < PAGE ? undefined : page.at(-1)?.id;
    } while (after !== undefined);
  }

  /** Ends the runs of these processes and starts them again from the ledger; answers how many. */
  async restart(which: WhichProcesses): Promise<number> {
    return this.each(which, async (process) => {
      await this.begin(process);
      return true;
    });
  }

  /** After the loss of the workflow server: starts every process that has something left to do. */
  async rebuild(): Promise<number> {
    return this.each({}, async (process) => {
      if (process.status === 'closed' && process.agenda.length === 0) return false;
      await this.begin(process);
      return true;
    });
  }

  /** Starts what is open and has no run, or one that nobody serves. */
  async reconcile(): Promise<number> {
    return this.each({ status: 'open' }, async (process) => {
      if ((await this.condition(process.id)) !== 'none') return false;
      await this.begin(process);
      return true;
    });
  }

  /** Ends the run of a process, if there is one, and starts it again from the ledger. */
  async begin(process: Parameters<typeof runOf>[0] & Pick<ProcessShown, 'last'>): Promise<void> {
    const { processes, runs, release } = this.parts;
    await runs.restart(runOf(process));
    await processes.started(process, release);
  }

  /** How a run is; asked one by one, since lists of the server lag behind. */
  async condition(id: string): Promise<Condition> {
    const { runs } = this.parts;
    const standing = await runs.standing(id);
    if (standing?.status !== 'RUNNING') return 'none';
    const isServed = standing.taskQueue === runs.taskQueue || (await runs.isServed(standing.taskQueue));
    if (!isServed) return 'none';
    return standing.attempts > FAILED_OFTEN ? 'failing' : 'well';
  }

  /** Does something about each of these processes, several at a time; answers how often it was needed. */
  async each(which: WhichProcesses, work: (process: ProcessShown) => Promise<boolean>): Promise<number> {
    const list = this.list(which);
    let done = 0;
    const worker = async (): Promise<void> => {
      for (let next = await list.next(); next.done !== true; next = await list.next())
        if (await work(next.value)) done += 1;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return done;
  }
}
