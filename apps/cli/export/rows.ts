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

/** Rows of a page, and how many of it have no place in the feed at all: they are not the organisation's own, or were just made. */
export interface ExportedPage {
  readonly rows: readonly Exported[];
  readonly elsewhere: number;
}

/** What a row was when the place was passed, if it was not there: made later, or nothing that the feed ever tells of. */
type Absent = 'later' | 'elsewhere';

/** The rows of a list as they stood at a place of the feed: what was changed meanwhile is read as it was, what was made since is left out. */
export class RowsAtPlace {
  constructor(
    private readonly client: Client,
    private readonly collection: Collection,
    private readonly known: Known,
    private readonly through: string,
  ) {}

  async of(page: readonly unknown[]): Promise<ExportedPage> {
    const rows: Exported[] = [];
    let elsewhere = 0;
    for (const row of page) {
      const one = await this.one(rowShape.parse(row));
      if (one === 'elsewhere') elsewhere += 1;
      else if (one !== 'later') rows.push(one);
    }
    return { rows, elsewhere };
  }

  private async one(row: Row): Promise<Exported | Absent> {
    const standing = this.known.things.get(row.id);
    if (standing === undefined) return (await this.absent(row)) ?? { row, newer: false };
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

  /** What has no event up to the place was made later, or came into sight without one, or is nothing of this feed. */
  private async absent({ id, createdAt }: Row): Promise<Absent | undefined> {
    const query = { subject: id, after: this.through, limit: '1' };
    const { data } = await this.client.call(events.feed, { query });
    if (data[0] !== undefined) return data[0].streamversion === 1 ? 'later' : undefined;
    return createdAt > this.known.lastAt ? 'elsewhere' : undefined;
  }
}
