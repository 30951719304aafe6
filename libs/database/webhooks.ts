import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { Answered } from '#domain/webhook-endpoint/attempts.js';
import { factOf } from './ledger/entry.js';
import type { PlacedEntry } from './reading/events.js';
import { withClient } from './transaction.js';

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
    const text = 'select perennial.note_webhooks($1) as count';
    return ((await this.one<{ count: number }>(text, [NOTED_AT_ONCE])).count ?? 0) > 0;
  }

  /** Takes calls that are due: if nothing is said of one while its lease lasts, it is taken again. */
  async take({ most, each, leaseMs }: Lease): Promise<readonly Call[]> {
    const text = 'select perennial.take_webhooks($1, $2, $3) as taken';
    const { taken = [] } = await this.one<{ taken: readonly Taken[] }>(text, [most, each, leaseMs]);
    return taken.map(({ event, ...call }) => (event === null ? call : { ...call, event: placed(event) }));
  }

  /** Says what came of a call; answers for how long its endpoint has done nothing but fail. */
  async end({ id, lease }: Call, ended: Ended): Promise<number> {
    const text = 'select perennial.end_webhook($1, $2, $3) as failing';
    const { failing } = await this.one<{ failing: number | null }>(text, [id, lease, ended]);
    return failing ?? 0;
  }

  /** Takes away what is over: old calls, and secrets that nothing is signed with any more. */
  async tidy(): Promise<void> {
    await this.one('select perennial.tidy_webhooks()', []);
  }

  private async one<T extends object>(text: string, values: unknown[]): Promise<Partial<T>> {
    const { rows } = await withClient(this.source, (client) => client.query<T>(text, values));
    return rows[0] ?? {};
  }
}

const placed = ({ body, ...place }: NonNullable<Taken['event']>): PlacedEntry => ({
  ...factOf(body),
  ...place,
});

/** Has a call made once more, at once; false when there is none of this organisation. */
export async function redeliver(source: DataSource, organisation: Id, delivery: Id): Promise<boolean> {
  const { rows } = await withClient(source, (client) =>
    client.query<{ found: boolean }>('select perennial.redeliver_webhook($1, $2) as found', [
      organisation,
      delivery,
    ]),
  );
  return rows[0]?.found === true;
}
