import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { machineSource, newId, type IdSource } from '#platform/ids.js';
import { prepared } from './prepared.js';
import { asOrganisation } from './reading/view.js';
import { sqlstate, sqlstateOf } from './sqlstate.js';
import { inTransaction, withClient } from './transaction.js';

export type OperationStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Something that runs on after its answer: a row that a worker takes up, also after a restart. */
export interface Operation {
  readonly id: Id;
  readonly kind: string;
  readonly organisation: Id;
  readonly sandbox: Id | null;
  readonly status: OperationStatus;
  readonly input: object;
  readonly progress: object | null;
  readonly result: object | null;
  readonly problem: object | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

const columns = `id, kind, organisation, sandbox, status, input, progress, result, problem,
  perennial.iso(started_at) as "startedAt", perennial.iso(finished_at) as "finishedAt"`;

/** Operations are queued and looked at by the organisation that asked for them, and carried out by the engine. */
export class Operations {
  constructor(
    private readonly source: DataSource,
    private readonly ids: IdSource = machineSource,
  ) {}

  /** Queues one; nothing when the sandbox has one under way that moves its clock. */
  async queue(asked: {
    kind: string;
    organisation: Id;
    sandbox?: Id;
    input: object;
  }): Promise<Operation | undefined> {
    const { kind, organisation, sandbox, input } = asked;
    const text = `insert into perennial.operation (id, kind, organisation, sandbox, status, input)
      values ($1, $2, $3, $4, 'queued', $5) returning ${columns}`;
    const values = [newId('op', this.ids), kind, organisation, sandbox ?? null, input];
    try {
      return await inTransaction(this.source, asOrganisation(organisation), async (client) => {
        return (await client.query<Operation>(text, values)).rows[0];
      });
    } catch (error) {
      if (sqlstateOf(error) === sqlstate.uniqueViolation) return undefined;
      throw error;
    }
  }

  async get(organisation: Id, id: Id): Promise<Operation | undefined> {
    return inTransaction(this.source, asOrganisation(organisation), async (client) => {
      const text = `select ${columns} from perennial.operation where id = $1`;
      return (await client.query<Operation>(prepared(text, [id]))).rows[0];
    });
  }

  /** Takes up the oldest one that nobody carries out, for the time of the lease. As the engine. */
  async take(kind: string, leaseMs: number): Promise<Operation | undefined> {
    return withClient(this.source, async (client) => {
      const text = `update perennial.operation set status = 'running', started_at = coalesce(started_at, clock_timestamp()),
           leased_until = clock_timestamp() + $2 * interval '1 ms'
         where id = (select id from perennial.operation where kind = $1 and status in ('queued', 'running')
             and (leased_until is null or leased_until < clock_timestamp())
           order by made_at, id limit 1 for no key update skip locked)
         returning ${columns}`;
      return (await client.query<Operation>(prepared(text, [kind, leaseMs]))).rows[0];
    });
  }

  /** Says how far it is, and keeps the lease. As the engine. */
  async progress(id: Id, progress: object, leaseMs: number): Promise<void> {
    await this.run(
      `update perennial.operation set progress = $2, leased_until = clock_timestamp() + $3 * interval '1 ms'
       where id = $1 and status = 'running'`,
      [id, progress, leaseMs],
    );
  }

  /** Ends it, well or not. As the engine. */
  async finish(id: Id, end: { result: object } | { problem: object }): Promise<void> {
    const [status, result, problem] =
      'result' in end ? ['succeeded', end.result, null] : ['failed', null, end.problem];
    await this.run(
      `update perennial.operation set status = $2, result = $3, problem = $4, finished_at = clock_timestamp(),
         leased_until = null where id = $1`,
      [id, status, result, problem],
    );
  }

  private async run(text: string, values: readonly unknown[]): Promise<void> {
    await withClient(this.source, (client) => client.query(prepared(text, values)));
  }
}
