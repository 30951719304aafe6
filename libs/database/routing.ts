import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { valueOf } from './transaction.js';

/** Which tasks are to be looked at, whether somebody may do them; each once a day, and soon after something changed. As the engine. */
export class Routing {
  constructor(private readonly source: DataSource) {}

  /** Takes tasks to look at: whoever never says that they were looked at has them taken again after two minutes. */
  async next(most: number): Promise<readonly Id[]> {
    return (await valueOf<readonly Id[]>(this.source, 'tasks_to_look_at($1)', [most])) ?? [];
  }

  async lookedAt(tasks: readonly Id[]): Promise<void> {
    await valueOf(this.source, 'looked_at($1)', [tasks]);
  }
}
