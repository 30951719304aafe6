import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { Certificate } from '#domain/certificate/life.js';
import type { Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import { machineSource, newId, type IdSource } from '#platform/ids.js';
import { behindOf, type Behind, type Patience } from './behind.js';
import { inTransaction, withClient } from './transaction.js';

/** So many reports are kept. */
const KEPT = 400;

/** Something that the watch found wrong. */
export interface Remark {
  readonly kind: 'unplanned' | 'no-run' | 'failing' | 'unseen' | 'due-missed';
  /** The certificate or the process. */
  readonly subject: Id;
  /** In words. */
  readonly detail: string;
  readonly repaired: boolean;
}

/** What a watch looked at, and what it found. */
export interface WatchReport {
  readonly because: 'schedule' | 'asked';
  readonly beganAt: Instant;
  readonly endedAt: Instant;
  readonly lookedAt: { readonly certificates: number; readonly processes: number };
  readonly remarks: readonly Remark[];
}

/** A certificate in force, with the things by which one sees whether what it owes is planned. */
export interface InForce {
  readonly certificate: Certificate;
  readonly things: readonly Thing[];
}

const inForce = `
select c.state as certificate, (
  select coalesce(jsonb_agg(t.state), '[]') from perennial.stream t
  where (t.programme = c.programme and t.kind in ('surveillance', 'recertification'))
    or (t.kind = 'policyVersion' and (t.organisation = c.organisation or t.organisation in (
      select y.organisation from perennial.programme_party y where y.programme = c.programme and y.until is null)))) as things
from perennial.stream c
where c.kind = 'certificate' and c.stage = 'active' and c.id > $1 order by c.id limit $2`;

/** What the daily watch looks at, and the reports that it leaves. Connected as the engine. */
export class Watches {
  constructor(
    private readonly source: DataSource,
    private readonly ids: IdSource = machineSource,
  ) {}

  /** Certificates in force in the order of their ids, page by page. */
  async certificates(after: Id, limit: number): Promise<readonly InForce[]> {
    return withClient(
      this.source,
      async (client) => (await client.query<InForce>(inForce, [after, limit])).rows,
    );
  }

  /** Who is behind; nobody right after an outage, when all have to make up for what was missed. */
  async behind(patience: Patience): Promise<readonly Behind[]> {
    return withClient(this.source, async (client) => {
      const text = 'select from perennial.outage where caught_up_at is null and ended_at > $1';
      const { rows } = await client.query(text, [patience.due]);
      return rows.length > 0 ? [] : behindOf(client, patience);
    });
  }

  /** Keeps a report, and lets go of the oldest ones. */
  async keep({ because, beganAt, endedAt, lookedAt, remarks }: WatchReport): Promise<Id> {
    const id = newId('wch', this.ids);
    await inTransaction(this.source, 'begin', async (client) => {
      await client.query(
        `insert into perennial.watch (id, because, began_at, ended_at, looked_at, remarks) values ($1, $2, $3, $4, $5, $6)`,
        [id, because, beganAt, endedAt, lookedAt, JSON.stringify(remarks)],
      );
      await client.query(
        `delete from perennial.watch where id not in (
           select id from perennial.watch order by began_at desc, id desc limit ${String(KEPT)})`,
      );
    });
    return id;
  }
}
