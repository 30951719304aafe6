import type { Id } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import { policyOf, setBy } from '#domain/policy-version/policy-version.js';
import { unplanned } from '#domain/recertification/unplanned.js';
import type { Behind } from '#database/behind.js';
import type { Fleet } from '#database/fleet.js';
import type { Operations } from '#database/operations.js';
import type { ProcessShown } from '#database/reading/processes.js';
import type { Remark, Watches, WatchReport } from '#database/watches.js';
import type { Clock } from '#platform/clock.js';
import type { Log } from '#platform/log.js';
import { pause } from '#platform/pause.js';
import { runOf, type Runs } from '#platform/runs.js';
import { startLoop, type Loop } from './loop.js';

const MINUTE_MS = 60_000;
/** Since when a process on the real clock is behind: it has not seen a fact, or a due instant has not been met. */
const UNSEEN_AFTER_MS = 5 * MINUTE_MS;
const DUE_AFTER_MS = 15 * MINUTE_MS;
/** Who is behind is looked at twice; and what was repaired is looked at again until then. */
const TWICE_MS = 2_000;
const REPAIRED_WITHIN_MS = 10_000;
const LOOK_MS = 250;
const PAGE = 100;
/** What a report may hold. */
const MOST_REMARKS = 1_000;
const LEASE_MS = 10 * MINUTE_MS;
const IDLE_MS = 1_000;

export interface WatchParts {
  readonly watches: Watches;
  readonly fleet: Fleet;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The daily watch: every certificate in force has planned what it owes, every open process has a run that is not stuck, every due
 * instant was met. Runs that are missing or stuck are told again or started anew; everything is reported, the rest for people to
 * see to. Answers the report.
 */
export async function watchOver(parts: WatchParts, because: WatchReport['because']): Promise<Id> {
  const { watches, clock, log } = parts;
  const beganAt = ago(clock, 0);
  const [certificates, unplannedOnes] = await lookAtCertificates(parts);
  const [processes, runless] = await lookAtRuns(parts);
  const remarks = [...unplannedOnes, ...runless, ...(await lookAtBehind(parts))].slice(0, MOST_REMARKS);
  const lookedAt = { certificates, processes };
  const id = await watches.keep({ because, beganAt, endedAt: ago(clock, 0), lookedAt, remarks });
  const left = remarks.filter(({ repaired }) => !repaired).length;
  if (left > 0) log.error({ watch: id, left }, 'the watch found what it may not repair: read its report');
  return id;
}

/** Carries out the watches that somebody asked for. */
export const startAskedWatches = (
  parts: WatchParts & { readonly operations: Operations; readonly over: () => void },
): Loop =>
  startLoop(
    async () => {
      const { operations, over } = parts;
      const operation = await operations.take('watch', LEASE_MS);
      if (!operation) return false;
      const watch = await watchOver(parts, 'asked');
      await operations.finish(operation.id, { result: { watch } });
      over();
      return true;
    },
    { name: 'watches', idleMs: IDLE_MS, log: parts.log },
  );

type Looked = readonly [number, readonly Remark[]];

const ago = (clock: Clock, ms: number): Instant => instant(new Date(clock.now() - ms).toISOString());

async function lookAtCertificates({ watches }: WatchParts): Promise<Looked> {
  let looked = 0;
  const remarks: Remark[] = [];
  for (let page = await watches.certificates('', PAGE); page.length > 0;) {
    for (const { certificate, things } of page)
      for (const { what, cycle, missing } of unplanned(
        certificate,
        things,
        policyOf(things, setBy(certificate.organisation)),
      ))
        remarks.push({
          ...{ kind: 'unplanned', subject: certificate.id, repaired: false },
          detail: `${what} of cycle ${String(cycle)}: ${String(missing)} owed and not planned`,
        });
    looked += page.length;
    page = await watches.certificates(page.at(-1)?.certificate.id ?? '', PAGE);
  }
  return [looked, remarks];
}

/** A process that was never told anything is the relay's to start; when it is not, it is behind. */
async function lookAtRuns({ fleet, runs }: WatchParts): Promise<Looked> {
  let looked = 0;
  const begun: { readonly id: Id; readonly kind: 'no-run' | 'failing' }[] = [];
  const look = async (process: ProcessShown): Promise<boolean> => {
    looked += 1;
    const condition = process.told === 0 ? 'well' : await fleet.condition(process.id);
    if (condition === 'well') return false;
    await fleet.begin(process);
    begun.push({ id: process.id, kind: condition === 'none' ? 'no-run' : 'failing' });
    return true;
  };
  if ((await fleet.each({ status: 'open' }, look)) > 0) await pause(TWICE_MS);
  const remarks: Remark[] = [];
  for (const { id, kind } of begun) {
    const repaired = ((await runs.standing(id))?.attempts ?? 0) <= 1;
    const found = kind === 'no-run' ? 'nobody lived it' : 'its code failed again and again';
    remarks.push({ kind, subject: id, detail: `${found}; started again from the ledger`, repaired });
  }
  return [looked, remarks];
}

/** Who is behind is told again; whoever does not come after is started anew. Whoever catches up by itself was never stuck. */
async function lookAtBehind(parts: WatchParts): Promise<readonly Remark[]> {
  const found = await stuck(parts);
  for (const one of found) await parts.runs.tell(runOf(one), news(one, parts.clock));
  const deaf = await leftOf(found, parts);
  for (const one of deaf) await parts.fleet.begin(one);
  const left = await leftOf(deaf, parts);
  const among = (list: readonly Behind[], { id }: Behind): boolean => list.some((one) => one.id === id);
  return found.map((one) => ({
    kind: one.why === 'unseen' ? 'unseen' : 'due-missed',
    subject: one.id,
    detail: `${words[one.why]}; ${among(deaf, one) ? 'started again from the ledger' : 'told again'}`,
    repaired: !among(left, one),
  }));
}

const words = {
  unseen: 'it had not seen all that happened',
  due: 'an instant for which it waited had passed',
} as const;

const news = ({ last, sandboxNow }: Behind, clock: Clock) => ({
  ...{ facts: [], taken: [], last, clock: sandboxNow ?? ago(clock, 0), sandbox: sandboxNow !== null },
});

const behind = ({ watches, clock }: WatchParts): Promise<readonly Behind[]> =>
  watches.behind({ unseen: ago(clock, UNSEEN_AFTER_MS), due: ago(clock, DUE_AFTER_MS) });

async function stuck(parts: WatchParts): Promise<readonly Behind[]> {
  const first = await behind(parts);
  if (first.length === 0) return [];
  await pause(TWICE_MS);
  const ids = new Set(first.map(({ id }) => id));
  return (await behind(parts)).filter(({ id }) => ids.has(id));
}

/** Those who are still behind when they had time to come after. */
async function leftOf(all: readonly Behind[], parts: WatchParts): Promise<readonly Behind[]> {
  const ids = new Set(all.map(({ id }) => id));
  let left = all;
  for (const end = Date.now() + REPAIRED_WITHIN_MS; left.length > 0 && Date.now() < end;) {
    await pause(LOOK_MS);
    left = (await behind(parts)).filter(({ id }) => ids.has(id));
  }
  return left;
}
