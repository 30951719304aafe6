import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { withClient } from './transaction.js';

/** Which notices somebody has read: a mark of their own, and no fact. Rows are changed by functions alone, those of one person. */
export class NoticeMarks {
  constructor(private readonly source: DataSource) {}

  async mark(person: Id, notice: Id, read: boolean): Promise<void> {
    await withClient(this.source, (client) =>
      client.query('select perennial.mark_notice($1, $2, $3)', [person, notice, read]),
    );
  }

  /** Marks one notice and all earlier ones as read. */
  async markUpTo(person: Id, notice: Id): Promise<void> {
    await withClient(this.source, (client) =>
      client.query('select perennial.mark_notices($1, $2)', [person, notice]),
    );
  }
}
