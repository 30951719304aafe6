import type { Log } from '#platform/log.js';
import type { Processes, Untold } from '#database/processes.js';
import type { Traces } from '#database/traces.js';
import { partsOf } from '#domain/process/routing.js';
import { isAway, runOf, type Runs } from '#platform/runs.js';
import type { Work } from '#platform/tracing.js';
import { startLoop, type Loop } from './loop.js';

const AT_ONCE = 64;
const LEASE_MS = 10_000;
const AGAIN_MS = 1_000;

/** What the relay works with. The server may be away: then facts wait in PostgreSQL, and commands are taken as always. */
export interface RelayParts {
  readonly processes: Processes;
  readonly traces: Traces;
  readonly runs: () => Promise<Runs>;
  readonly log: Log;
}

/**
 * Tells each process what happened to its thing, at least once and in order; the facts of one process go in one message.
 * Safe to run many times: a process is taken under a lease, and no row is locked while the server is spoken to.
 */
export const startRelay = (parts: RelayParts): Loop =>
  startLoop(() => tellAll(parts), { name: 'relay', idleMs: 250, log: parts.log });

/** A server that is away is one failure of the loop, which waits for it; any other one is that of a single process. */
async function tellAll(parts: RelayParts): Promise<boolean> {
  const runs = await parts.runs();
  const untold = await parts.processes.pick(AT_ONCE, LEASE_MS);
  const failures = await Promise.all(untold.map((one) => tell(one, runs, parts)));
  const away = failures.find(isAway);
  if (away !== undefined) throw away;
  return untold.length > 0;
}

/** Answers why it could not be told. */
async function tell(untold: Untold, runs: Runs, parts: RelayParts): Promise<Error | undefined> {
  const { processes, traces, log } = parts;
  const place = untold.news.facts.at(-1)?.version ?? untold.last;
  const facts = { stream: partsOf(untold.id).subject, from: untold.told + 1, to: place };
  let ids = {};
  try {
    await traces.follow(facts, telling(untold), async (span) => {
      ids = span.ids;
      await runs.tell(runOf(untold), untold.news);
      await processes.told(untold.id, place);
    });
    return undefined;
  } catch (error) {
    await processes.leave(untold.id, AGAIN_MS);
    if (!isAway(error))
      log.warn({ err: error, process: untold.id, ...ids }, 'not told; tried again in a moment');
    return error instanceof Error ? error : new Error(String(error));
  }
}

const telling = ({ id, name, news }: Untold): Work => ({
  name: `tell ${name}`,
  kind: 'producer',
  attributes: {
    'perennial.process': name,
    'perennial.thing': partsOf(id).subject,
    'perennial.facts': news.facts.map(({ type }) => type),
  },
});
