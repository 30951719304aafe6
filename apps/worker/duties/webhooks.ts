import type { Commands } from '#database/commands.js';
import type { PlacedEntry } from '#database/reading/events.js';
import type { Traces } from '#database/traces.js';
import type { Call, Ended, Webhooks } from '#database/webhooks.js';
import { isTaken, LONGEST_FAILING_MS, pauseAfter } from '#domain/webhook-endpoint/attempts.js';
import type { GivenUpBecause } from '#domain/webhook-endpoint/webhook-endpoint.js';
import { machineClock, type Clock } from '#platform/clock.js';
import type { Log } from '#platform/log.js';
import type { Came, OutgoingCalls } from '#platform/outgoing-call.js';
import type { Span, Work } from '#platform/tracing.js';
import { messageOf } from '../webhook-message.js';
import { startLoop, type Loop } from './loop.js';

const IDLE_MS = 500;
const AT_ONCE = 200;
const OF_ONE_ENDPOINT = 4;
/** Longer than a call may take: what is not over by then has lost its worker. */
const LEASE_MS = 60_000;
const GONE = 410;

/** What the calls to endpoints are made with. */
export interface WebhookParts {
  readonly webhooks: Webhooks;
  readonly commands: Pick<Commands, 'stepOf'>;
  readonly calls: Pick<OutgoingCalls, 'post'>;
  readonly traces: Pick<Traces, 'follow'>;
  readonly log: Log;
  /** The machine's own, when it is not said. */
  readonly clock?: Clock;
}

/**
 * Tells endpoints of what has a place in the feed of their organisation, at least once, and of each subject in its order. Many calls
 * are under way at once, and nobody waits for another's: a receiver that hangs delays itself alone. Safe to run many times.
 */
export function startWebhooks(parts: WebhookParts): Loop {
  const underWay = new Set<Promise<void>>();
  const look = async (): Promise<boolean> => {
    const noted = await parts.webhooks.note();
    const free = AT_ONCE - underWay.size;
    const lease = { most: free, each: OF_ONE_ENDPOINT, leaseMs: LEASE_MS };
    const taken = free > 0 ? await parts.webhooks.take(lease) : [];
    for (const call of taken) begin(call);
    return noted || taken.length > 0;
  };
  const begin = (call: Call): void => {
    const made = make(call, parts)
      .catch((error: unknown) => {
        parts.log.warn(
          { err: error, delivery: call.id },
          'what came of a call was not noted; made again later',
        );
      })
      .finally(() => {
        underWay.delete(made);
        loop.wake();
      });
    underWay.add(made);
  };
  const loop = startLoop(look, { name: 'webhooks', idleMs: IDLE_MS, log: parts.log });
  return {
    wake: () => {
      loop.wake();
    },
    stop: async () => {
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}

async function make(call: Call, parts: WebhookParts): Promise<void> {
  const { webhooks, traces } = parts;
  const { event, url } = call;
  if (!event || url === null) {
    await webhooks.end(call, { arrived: false, error: 'event-withheld' });
    return;
  }
  const { stream, version } = event.fact;
  await traces.follow({ stream, from: version, to: version }, calling(call, event), (span) =>
    post({ call, url, event, span }, parts),
  );
}

/** A call that may be made. The trace goes with it, so that a receiver can go on with it. */
interface Calling {
  readonly call: Call;
  readonly url: string;
  readonly event: PlacedEntry;
  readonly span: Span;
}

async function post({ call, url, event, span }: Calling, parts: WebhookParts): Promise<void> {
  const { webhooks, calls, log, clock = machineClock } = parts;
  const { headers, body } = messageOf(event, call, clock.now());
  const { traceparent } = span;
  const given = traceparent === undefined ? {} : { traceparent };
  const came = await calls.post(url, { headers: { ...headers, ...given }, body });
  const ended = endedOf(call, came, clock);
  span.note({ 'http.response.status_code': ended.status, 'perennial.failure': ended.error });
  const failingMs = await webhooks.end(call, ended);
  if (ended.arrived) return;
  span.fail(ended.error ?? String(ended.status));
  const { id, endpoint, attempt } = call;
  const what = { delivery: id, endpoint, attempt, status: ended.status, failure: ended.error, ...span.ids };
  log.info(what, 'a call failed');
  const because = whyGivenUp(came, failingMs);
  if (because !== undefined) await giveUp(call, because, parts);
}

/** The address is its owner's secret. */
const calling = ({ id, endpoint, attempt }: Call, { fact }: PlacedEntry): Work => ({
  name: 'call endpoint',
  kind: 'client',
  attributes: {
    'http.request.method': 'POST',
    'perennial.endpoint': endpoint,
    'perennial.delivery': id,
    'perennial.attempt': attempt,
    'perennial.facts': [fact.type],
  },
});

function endedOf({ attempt }: Call, { status, failure, retryAfter }: Came, clock: Clock): Ended {
  const retryAfterMs = askedFor(retryAfter, clock);
  const answered = {
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const arrived = isTaken(answered);
  const againMs = arrived ? undefined : pauseAfter(attempt, answered, Math.random());
  return {
    arrived,
    ...(status === undefined ? {} : { status }),
    ...(failure === undefined ? {} : { error: failure }),
    ...(againMs === undefined ? {} : { againMs }),
  };
}

/** `Retry-After` is a number of seconds or a date. (RFC 9110, 10.2.3) */
function askedFor(header: string | undefined, clock: Clock): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - clock.now();
  return Number.isFinite(ms) ? ms : undefined;
}

function whyGivenUp({ status }: Came, failingMs: number): GivenUpBecause | undefined {
  if (status === GONE) return 'gone';
  return failingMs > LONGEST_FAILING_MS ? 'failing' : undefined;
}

/** Once, however many calls come to it at the same time. */
async function giveUp(
  { endpoint, turn }: Call,
  because: GivenUpBecause,
  { commands, log }: WebhookParts,
): Promise<void> {
  const order = { command: 'giveUpWebhookEndpoint', input: { because } };
  await commands.stepOf(endpoint, { key: `webhooks/${endpoint}/active#${String(turn)}/give-up`, order });
  log.warn({ endpoint, because }, 'an endpoint is called no more');
}
