import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { withClient } from './transaction.js';

/** Which tasks are to be looked at, whether somebody may do them; each once a day, and soon after something changed. As the engine. */
export class Routing {
  constructor(private readonly source: DataSource) {}

  async next(most: number): Promise<readonly Id[]> {
    return withClient(this.source, async (client) => {
      const text = 'select perennial.tasks_to_look_at($1) as tasks';
      const { rows } = await client.query<{ tasks: readonly Id[] }>(text, [most]);
      return rows[0]?.tasks ?? [];
    });
  }

  async lookedAt(tasks: readonly Id[]): Promise<void> {
    await withClient(this.source, (client) => client.query('select perennial.looked_at($1)', [tasks]));
  }
}
