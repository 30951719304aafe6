import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import { lastReminders, type Item, type Step } from '#domain/process/news.js';
import { machineClock, type Clock } from '#platform/clock.js';
import { endOfDate, morningOf } from '#platform/zone.js';
import type { Commands } from './commands.js';
import { newsOf, NoSuchProcess, type Asking, type ProcessNews } from './process-news.js';
import { prepared } from './prepared.js';
import { withClient } from './transaction.js';

const FACTS_TOLD_AT_ONCE = 100;

/** A process that has something to be told, with what it is. */
export interface Untold {
  readonly id: Id;
  readonly name: string;
  readonly organisation: Id;
  /** The number for people of its thing, or the thing's id. */
  readonly number: string;
  readonly told: number;
  readonly last: number;
  readonly news: ProcessNews;
}

/** What a worker, a relay and an operator ask about processes. Connected as the engine. */
export class Processes {
  constructor(
    private readonly source: DataSource,
    private readonly commands: Commands,
    private readonly clock: Clock = machineClock,
  ) {}

  /**
   * The facts beyond those seen, page by page; on the first call of a run every step taken so far, and the release whose
   * worker lives it is noted.
   */
  async read(process: Id, seen: number, release?: string): Promise<ProcessNews> {
    return withClient(this.source, async (client) => {
      if (seen === 0 && release !== undefined) await livedBy(client, process, release);
      return (await this.ask(client, process, { seen, ...(seen === 0 ? { steps: 'all' } : {}) })).news;
    });
  }

  /** Takes a step unless it was taken, and answers with it and with what is unseen. */
  async take(process: Id, step: Step, seen: number, trace?: string): Promise<ProcessNews> {
    if ((await this.commands.step(process, step, trace)) === 'not-found') throw new NoSuchProcess(process);
    return withClient(this.source, async (client) => {
      const { news } = await this.ask(client, process, { seen, steps: step });
      if (news.facts.at(-1)?.version === news.last) await tellNoMore(client, process, news.last);
      return news;
    });
  }

  /**
   * Writes what the process waits for, unless there is something unseen; no fact can slip in between. Answers also of what it
   * has reminded last: a run whose worker died may have lost sight of it.
   */
  async park(process: Id, items: readonly Item[], seen: number): Promise<ProcessNews> {
    return withClient(this.source, async (client) => {
      const { at, news } = await this.ask(client, process, { seen, steps: 'reminders' });
      if (at.last > seen) return news;
      const instants = items.map((item) => instantOf(item, at.zone));
      const isParked = await writeAgenda(client, { process, items, instants, seen, clock: at.clock });
      if (!isParked) return (await this.ask(client, process, { seen })).news;
      return { ...news, taken: lastReminders(news.taken), instants };
    });
  }

  /** Takes up to so many processes that have something to be told, for the time of the lease; no row stays locked. */
  async pick(limit: number, leaseMs: number): Promise<readonly Untold[]> {
    return withClient(this.source, async (client) => {
      const text = `update perennial.process set leased_until = clock_timestamp() + $2 * interval '1 ms'
         where id in (select id from perennial.process where told < last
             and (leased_until is null or leased_until < clock_timestamp())
           order by id limit $1 for no key update skip locked)
         returning id, name, organisation, told, last,
           coalesce((select number from perennial.stream s where s.id = subject), subject) as number`;
      const { rows } = await client.query<Omit<Untold, 'news'>>(prepared(text, [limit, leaseMs]));
      const untold: Untold[] = [];
      for (const row of rows) {
        const { news } = await this.ask(client, row.id, { seen: row.told, limit: FACTS_TOLD_AT_ONCE });
        untold.push({ ...row, news });
      }
      return untold;
    });
  }

  /** Notes how far a process was told, and gives the lease back. */
  async told(process: Id, version: number): Promise<void> {
    await this.run(
      'update perennial.process set told = greatest(told, $2), leased_until = null where id = $1',
      [process, version],
    );
  }

  /** Gives a lease back without having told: somebody else may try. */
  async leave(process: Id, forMs: number): Promise<void> {
    await this.run(
      `update perennial.process set leased_until = clock_timestamp() + $2 * interval '1 ms' where id = $1`,
      [process, forMs],
    );
  }

  /**
   * Notes that a process was started from the ledger by a release. Its run reads at least the facts that were there before the
   * start; of those that came meanwhile it is told, for it may have read before they came.
   */
  async started({ id, last }: { readonly id: Id; readonly last: number }, release: string): Promise<void> {
    await this.run(
      `update perennial.process set told = greatest(told, $2), leased_until = null, release = $3 where id = $1`,
      [id, last, release],
    );
  }

  private ask(client: ClientBase, process: Id, asking: Asking): ReturnType<typeof newsOf> {
    return newsOf(client, process, this.clock.now, asking);
  }

  private async run(text: string, values: readonly unknown[]): Promise<void> {
    await withClient(this.source, (client) => client.query(prepared(text, values)));
  }
}

async function livedBy(client: ClientBase, process: Id, release: string): Promise<void> {
  const text = 'update perennial.process set release = $2 where id = $1 and release is distinct from $2';
  await client.query(prepared(text, [process, release]));
}

/** What the answer to a step tells already need not be told again. */
async function tellNoMore(client: ClientBase, process: Id, version: number): Promise<void> {
  const text = 'update perennial.process set told = $2 where id = $1 and told < $2';
  await client.query(prepared(text, [process, version]));
}

/** A day has passed at the first instant of the next; reminders go out at nine. */
function instantOf({ on, at }: Item, zone: string): Instant | null {
  if (on === undefined) return null;
  return instant(at === 'morning' ? morningOf(on, zone) : endOfDate(on, zone));
}

interface Parked {
  readonly process: Id;
  readonly items: readonly Item[];
  readonly instants: readonly (Instant | null)[];
  readonly seen: number;
  readonly clock: Instant;
}

/** False when there is something unseen: then nothing is written. */
async function writeAgenda(
  client: ClientBase,
  { process, items, instants, seen, clock }: Parked,
): Promise<boolean> {
  const lines = items.map(({ label, on, at }, place) => ({ place, label, on, at, due: instants[place] }));
  const next = instants.filter((one) => one !== null).toSorted()[0] ?? null;
  const text = 'select perennial.park_process($1, $2, $3, $4, $5) as parked';
  const { rows } = await client.query<{ parked: boolean }>(
    prepared(text, [process, seen, clock, next, JSON.stringify(lines)]),
  );
  return rows[0]?.parked === true;
}
