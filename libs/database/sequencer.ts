import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { withClient } from './transaction.js';

/** What is placed in one transaction. */
export const FULL_BATCH = 2_048;

/** Gives entries their places in the feeds. Many may run; one at a time holds the office. Connected as the engine. */
export class Sequencer {
  private readonly name = randomUUID();

  constructor(private readonly source: DataSource) {}

  /** Places what is visible and has no place; answers how much, or `elsewhere` while another one holds the office. */
  async place(): Promise<number | 'elsewhere'> {
    const { rows } = await withClient(this.source, (client) =>
      client.query<{ count: number }>('select perennial.place_entries($1, $2) as count', [
        this.name,
        FULL_BATCH,
      ]),
    );
    const count = rows[0]?.count ?? 0;
    return count < 0 ? 'elsewhere' : count;
  }
}
