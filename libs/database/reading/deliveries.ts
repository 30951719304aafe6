import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import { Conditions } from './conditions.js';

/** One call to an endpoint, with all its attempts. */
export interface Delivery {
  readonly id: Id;
  readonly endpoint: Id;
  readonly entry: Id;
  readonly type: string;
  readonly subject: Id;
  /** Its place in the feed. */
  readonly place: number;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly nextAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly madeAt: string;
  readonly deliveredAt: string | null;
}

/** What a list of calls is narrowed to. */
export interface WhichDeliveries {
  readonly id?: Id | undefined;
  readonly endpoint?: Id | undefined;
  readonly status?: string | undefined;
  /** Only older ones. */
  readonly before?: Id | undefined;
}

const columns = `id, endpoint, entry, type, subject, place::float8 as place, status, attempts, perennial.iso(next_at) as "nextAt",
  last_status as "lastStatus", last_error as "lastError", perennial.iso(made_at) as "madeAt", perennial.iso(delivered_at) as "deliveredAt"`;

/** Calls to the endpoints of the organisation that reads, the newest first. */
export async function deliveriesOf(
  client: ClientBase,
  { id, endpoint, status, before }: WhichDeliveries,
  limit: number,
): Promise<readonly Delivery[]> {
  const where = new Conditions();
  where.row('organisation = perennial.mine()');
  where.maybe('id = ?', id);
  where.maybe('endpoint = ?', endpoint);
  where.maybe('status = ?', status);
  where.maybe('id < ?', before);
  const { rows } = await client.query<Delivery>(
    `select ${columns} from perennial.webhook_delivery where ${where.text} order by id desc limit ${String(limit)}`,
    where.values,
  );
  return rows;
}
