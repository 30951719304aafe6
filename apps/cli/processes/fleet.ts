import type { DataSource } from 'typeorm';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Processes } from '#database/processes.js';
import { processesOf, type ProcessShown, type WhichProcesses } from '#database/reading/processes.js';
import { withClient } from '#database/transaction.js';
import { queueOf, Runs } from '#platform/runs.js';
import { connectTemporal } from '#platform/temporal-client.js';
import type { Place } from './place.js';

const PAGE = 200;
const AT_ONCE = 8;
const WITHIN_MS = 15_000;
const POOL = 8;

/** All processes of an installation, and their runs. */
export class Fleet {
  private readonly processes: Processes;

  private constructor(
    private readonly source: DataSource,
    private readonly runs: Runs,
    private readonly release: string,
    private readonly close: () => Promise<void>,
  ) {
    this.processes = new Processes(source, new Commands(source));
  }

  static async reach({ databaseUrl, temporal, release }: Place): Promise<Fleet> {
    const client = await connectTemporal(temporal, WITHIN_MS);
    const source = await openDatabase(databaseUrl, 'engine', POOL);
    return new Fleet(source, new Runs(client, queueOf(release)), release, () => client.connection.close());
  }

  async leave(): Promise<void> {
    await this.source.destroy();
    await this.close();
  }

  /** Processes page by page, in the order of their ids. */
  async *list(which: WhichProcesses): AsyncGenerator<ProcessShown> {
    let after: string | undefined;
    do {
      const asked = { ...which, ...(after === undefined ? {} : { after }) };
      const page = await withClient(this.source, (client) => processesOf(client, asked, PAGE));
      yield* page;
      after = page.length < PAGE ? undefined : page.at(-1)?.id;
    } while (after !== undefined);
  }

  /** Ends the runs of these processes and starts them again from the ledger; answers how many. */
  async restart(which: WhichProcesses): Promise<number> {
    return this.forEach(which, async (process) => {
      await this.begin(process);
      return true;
    });
  }

  /** After the loss of the workflow server: starts every process that has something left to do. */
  async rebuild(): Promise<number> {
    return this.forEach({}, async (process) => {
      if (process.status === 'closed' && process.agenda.length === 0) return false;
      await this.begin(process);
      return true;
    });
  }

  /** Starts what is open and has no run, or one that nobody serves; asked one by one, since lists of the server lag behind. */
  async reconcile(): Promise<number> {
    return this.forEach({ status: 'open' }, async (process) => {
      const { status, taskQueue } = (await this.runs.standing(process.id)) ?? {};
      if (status === 'RUNNING' && taskQueue === this.runs.taskQueue) return false;
      await this.begin(process);
      return true;
    });
  }

  private async begin({ id, name, organisation, number, last }: ProcessShown): Promise<void> {
    await this.runs.restart({ id, name, organisation, summary: `${name} of ${number}` });
    await this.processes.started({ id, last }, this.release);
  }

  private async forEach(
    which: WhichProcesses,
    work: (process: ProcessShown) => Promise<boolean>,
  ): Promise<number> {
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
