import { PerennialProblem, type Client } from '#client/client.js';
import { events } from '#contract/routes/events.js';
import type { Collection } from '#contract/collection.js';
import { z } from 'zod';
import type { Known } from './known.js';

const rowShape = z.looseObject({ id: z.string(), version: z.int(), createdAt: z.string() });
type Row = z.infer<typeof rowShape>;

/** A row as it stood at the place; `newer` where that could not be read by itself. */
export interface Exported {
  readonly row: object;
  readonly newer: boolean;
}

/** The rows of a list as they stood at a place of the feed: what was changed meanwhile is read as it was, what was made since is left out. */
export class RowsAtPlace {
  constructor(
    private readonly client: Client,
    private readonly collection: Collection,
    private readonly known: Known,
    private readonly through: string,
  ) {}

  async of(rows: readonly unknown[]): Promise<readonly Exported[]> {
    const exported: Exported[] = [];
    for (const row of rows) {
      const one = await this.one(rowShape.parse(row));
      if (one) exported.push(one);
    }
    return exported;
  }

  private async one(row: Row): Promise<Exported | undefined> {
    const standing = this.known.things.get(row.id);
    if (standing === undefined) return (await this.isLater(row)) ? undefined : { row, newer: false };
    if (row.version <= standing.version) return { row, newer: false };
    const then = await this.then(row.id, standing.at);
    return { row: then ?? row, newer: then?.version !== standing.version };
  }

  private async then(id: string, knownAt: string): Promise<Row | undefined> {
    try {
      const asked = { params: { id }, query: { knownAt } };
      const {
        asOf: _,
        knownAt: __,
        ...row
      } = rowShape.parse(await this.client.call(this.collection.get, asked));
      return rowShape.parse(row);
    } catch (error) {
      if (error instanceof PerennialProblem) return undefined;
      throw error;
    }
  }

  /** What has no event up to the place was made later, or came into sight without one. */
  private async isLater({ id, createdAt }: Row): Promise<boolean> {
    const query = { subject: id, after: this.through, limit: '1' };
    const { data } = await this.client.call(events.feed, { query });
    return data[0] === undefined ? createdAt > this.known.lastAt : data[0].streamversion === 1;
  }
}
