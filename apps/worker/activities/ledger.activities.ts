import { ApplicationFailure } from '@temporalio/common';
import type { Id } from '#domain/actor.js';
import type { Item, Step } from '#domain/process/news.js';
import { partsOf } from '#domain/process/routing.js';
import { NoSuchProcess } from '#database/process-news.js';
import type { Processes } from '#database/processes.js';
import type { Traces } from '#database/traces.js';
import type { Span, Work } from '#platform/tracing.js';
import type { LedgerActivities } from '#workflows/activities.js';

/** A run that has seen nothing yet follows from whatever there is. */
const LAST = 2 ** 31 - 1;

/** With what runs are answered. */
export interface LedgerParts {
  readonly processes: Processes;
  readonly traces: Traces;
  readonly release: string;
  /** Called after each parking. */
  readonly parked: () => void;
}

/** What runs ask of the ledger. Each is one transaction; a repeated one changes nothing. Each follows from the last fact that was seen. */
export function ledgerActivities({ processes, traces, release, parked }: LedgerParts): LedgerActivities {
  const follow = <T>(process: Id, seen: number, work: Work, does: (span: Span) => Promise<T>): Promise<T> => {
    const facts = { stream: partsOf(process).subject, from: Math.max(1, seen), to: seen || LAST };
    return final(traces.follow(facts, work, does));
  };
  return {
    readLedger: (process: Id, seen: number) =>
      follow(process, seen, ofProcess('read', process), () => processes.read(process, seen, release)),
    takeStep: (process: Id, step: Step, seen: number) =>
      follow(process, seen, ofStep(process, step), ({ traceparent }) =>
        processes.take(process, step, seen, traceparent),
      ),
    parkProcess: async (process: Id, items: readonly Item[], seen: number) => {
      const news = await follow(process, seen, ofProcess('park', process), () =>
        processes.park(process, items, seen),
      );
      parked();
      return news;
    },
  };
}

const ofProcess = (what: string, process: Id): Work => ({
  name: `${what} ${partsOf(process).name}`,
  attributes: { 'perennial.process': partsOf(process).name, 'perennial.thing': partsOf(process).subject },
});

/** A key may name a person whom the step asks: ids are left out. */
function ofStep(process: Id, { key }: Step): Work {
  const [, , stage = '', ...words] = key.replaceAll(ID, '…').split('/');
  const isEntered = stage.includes('#');
  const step = (isEntered ? words : [stage, ...words]).join('/');
  const { name, attributes } = ofProcess('step', process);
  const entered = isEntered ? { 'perennial.stage': stage.split('#')[0] } : {};
  return { name: `${name} ${step}`, attributes: { ...attributes, ...entered, 'perennial.step': step } };
}

const ID = /[a-z]{2,4}_[0-9a-z]+/g;

/** A process that the ledger does not know is never a matter of time; everything else is tried again. */
async function final<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoSuchProcess) throw ApplicationFailure.nonRetryable(error.message, error.name);
    throw error;
  }
}
