import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { Answered } from '#domain/webhook-endpoint/attempts.js';
import { factOf } from './ledger/entry.js';
import type { PlacedEntry } from './reading/events.js';
import { valueOf } from './transaction.js';

/** A call that is to be made now. */
export interface Call {
  readonly id: Id;
  readonly endpoint: Id;
  /** The how manieth attempt it is. */
  readonly attempt: number;
  /** Says whose turn it is: whoever took it later has another one. */
  readonly lease: number;
  /** The how manieth time it is that the endpoint is switched on. */
  readonly turn: number;
  readonly url: string | null;
  /** The secrets in base64, the present one first. */
  readonly secrets: readonly string[];
  /** The private key in PKCS #8, in base64. */
  readonly pair: string | null;
  /** What happened; nothing when the organisation may not see it any more. */
  readonly event?: PlacedEntry;
}

/** What came of a call: it arrived, or it is made again after so long, or never again. */
export interface Ended extends Pick<Answered, 'status'> {
  readonly arrived: boolean;
  readonly error?: string;
  readonly againMs?: number;
}

/** How many calls are taken at once, how many of one endpoint, and for how long. */
export interface Lease {
  readonly most: number;
  readonly each: number;
  readonly leaseMs: number;
}

type Taken = Omit<Call, 'event'> & {
  readonly event: (Omit<PlacedEntry, 'id' | 'fact'> & { readonly body: string }) | null;
};

const NOTED_AT_ONCE = 500;

/** The calls to endpoints, as the worker makes them. As the engine. */
export class Webhooks {
  constructor(private readonly source: DataSource) {}

  /** Notes which endpoints are to be told of what has a place in their feed; false when all are. */
  async note(): Promise<boolean> {
    return ((await valueOf<number>(this.source, 'note_webhooks($1)', [NOTED_AT_ONCE])) ?? 0) > 0;
  }

  /** Takes calls that are due: if nothing is said of one while its lease lasts, it is taken again. */
  async take({ most, each, leaseMs }: Lease): Promise<readonly Call[]> {
    const call = 'take_webhooks($1, $2, $3)';
    const taken = await valueOf<readonly Taken[]>(this.source, call, [most, each, leaseMs]);
    return (taken ?? []).map(({ event, ...call }) =>
      event === null ? call : { ...call, event: placed(event) },
    );
  }

  /** Says what came of a call; answers for how long its endpoint has done nothing but fail. */
  async end({ id, lease }: Call, ended: Ended): Promise<number> {
    return (await valueOf<number>(this.source, 'end_webhook($1, $2, $3)', [id, lease, ended])) ?? 0;
  }

  /** Takes away what is over: old calls, and secrets that nothing is signed with any more. */
  async tidy(): Promise<void> {
    await valueOf(this.source, 'tidy_webhooks()', []);
  }
}

const placed = ({ body, ...place }: NonNullable<Taken['event']>): PlacedEntry => ({
  ...factOf(body),
  ...place,
});

/** Has a call made once more, at once; false when there is none of this organisation. */
export async function redeliver(source: DataSource, organisation: Id, delivery: Id): Promise<boolean> {
  return (await valueOf<boolean>(source, 'redeliver_webhook($1, $2)', [organisation, delivery])) === true;
}
