import { hash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { Commands } from '#database/commands.js';
import { openDatabase } from '#database/data-source.js';
import { Operations } from '#database/operations.js';
import { Processes } from '#database/processes.js';
import { Sandboxes } from '#database/sandboxes.js';
import { Traces } from '#database/traces.js';
import { onWake } from '#database/wake.js';
import { Bell } from '#platform/bell.js';
import { makeLog } from '#platform/log.js';
import { Runs, type RunOf } from '#platform/runs.js';
import { untraced } from '#platform/tracing.js';
import { startRelay } from '../../apps/worker/duties/relay.js';
import { startSandboxClock } from '../../apps/worker/duties/sandbox-clock.js';
import type { TestDatabase } from './postgres.js';

const LOST = 0.1;
const LATE = 0.3;
const MOST_TIMES = 3;
const POOL = 6;
const nothing = (): void => undefined;

/** What becomes of a message. */
interface Fate {
  readonly lost: boolean;
  readonly late: boolean;
  readonly times: number;
}

/**
 * A bad line to the workflow server: a tenth of the messages is lost, the others arrive up to three times,
 * and three in ten of them only after a later one to the same run. Whoever sends is told that it has arrived.
 */
export class LossyLine extends Runs {
  /** Of the messages that bring facts; those that say only what time it is have the same fates. */
  readonly counts = { sent: 0, lost: 0, repeated: 0, overtaken: 0 };
  private readonly places = new Map<string, number>();
  private readonly held = new Map<string, (() => Promise<void>)[]>();

  constructor(
    client: Client,
    taskQueue: string,
    private readonly seed: number,
  ) {
    super(client, taskQueue);
  }

  override async tell(run: RunOf, news: unknown): Promise<void> {
    const { lost, late, times } = this.fateOfNext(bringsFacts(news) ? run.id : `${run.id} by the clock`);
    const count = (what: keyof LossyLine['counts']): void => {
      if (bringsFacts(news)) this.counts[what] += 1;
    };
    const arrive = async (): Promise<void> => {
      for (let n = 0; n < times; n += 1) await super.tell(run, news);
      if (times > 1) count('repeated');
    };
    count('sent');
    if (lost) count('lost');
    else if (late) this.hold(run.id, () => arrive().then(() => count('overtaken')));
    else await arrive().then(() => this.letGo(run.id));
  }

  /** The nth message of its kind to a run has the same fate under the same seed, whatever else is on the line. */
  private fateOfNext(run: string): Fate {
    const place = (this.places.get(run) ?? 0) + 1;
    this.places.set(run, place);
    const dice = hash('sha256', `${this.seed}/${run}/${place}`, 'buffer');
    const chance = (at: number): number => dice.readUInt32BE(at) / 2 ** 32;
    return { lost: chance(0) < LOST, late: chance(4) < LATE, times: 1 + Math.floor(chance(8) * MOST_TIMES) };
  }

  /** Until a later one has arrived; for ever, if none comes. */
  private hold(run: string, arrive: () => Promise<void>): void {
    this.held.set(run, [...(this.held.get(run) ?? []), arrive]);
  }

  private async letGo(run: string): Promise<void> {
    const held = this.held.get(run) ?? [];
    this.held.delete(run);
    for (const arrive of held) await arrive();
  }
}

const bringsFacts = (news: unknown): boolean =>
  typeof news === 'object' &&
  news !== null &&
  'facts' in news &&
  Array.isArray(news.facts) &&
  news.facts.length > 0;

/** The relay and the sandbox clock of a worker program, on such a line. Ends with what is answered. */
export async function relayOn(line: Runs, { appUrl }: TestDatabase): Promise<() => Promise<void>> {
  const source = await openDatabase(appUrl, 'engine', POOL);
  const [log, parked, runs] = [makeLog('relay', 'error'), new Bell(), () => Promise.resolve(line)];
  const relay = startRelay({
    ...{ processes: new Processes(source, new Commands(source)), traces: new Traces(source, untraced) },
    ...{ runs, log },
  });
  const [operations, sandboxes] = [new Operations(source), new Sandboxes(source)];
  const clock = startSandboxClock({ operations, sandboxes, runs, parked, over: nothing, log });
  const deaf = onWake(appUrl, {
    perennial_work: () => {
      relay.wake();
      clock.wake();
    },
    perennial_rest: () => {
      parked.ring();
    },
  });
  return async () => {
    await deaf();
    await relay.stop();
    await source.destroy(); // before the clock: an advance that waits for what was lost has no end
    await clock.stop();
  };
}
