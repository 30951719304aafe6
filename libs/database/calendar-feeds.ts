import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { hashOf } from './credentials.js';
import { asViewer, viewAs, type Viewer } from './reading/view.js';
import { inTransaction, valueOf } from './transaction.js';

/** The secret address of a calendar, as its maker sees it. */
export interface CalendarFeed extends Shows {
  readonly id: Id;
  readonly madeAt: string;
  /** When a calendar program last fetched it, to the minute. */
  readonly fetchedAt: string | null;
}

/** What a calendar shows: `me`, a programme or a queue; with its spans of days; with reminders so long before, as ISO 8601. */
export interface Shows {
  readonly shows: string;
  readonly windows: boolean;
  readonly alarms: readonly string[];
}

/** Whose calendar it is. */
export interface Maker {
  readonly organisation: Id;
  readonly person: Id;
}

/** A calendar as whoever has its address fetches it. `over`: its maker has left, or their organisation is closed. */
export type Fetched = Shows & Maker & { readonly over: boolean };

const columns =
  'id, shows, windows, alarms, perennial.iso(made_at) as "madeAt", perennial.iso(fetched_at) as "fetchedAt"';

/** The addresses of calendars. Each is its maker's own; whoever has one reads as its maker. */
export class CalendarFeeds {
  constructor(private readonly source: DataSource) {}

  /** Keeps one under an id. False when there is one under it already. */
  async add(maker: Maker, { id, token, shows }: { id: Id; token: string; shows: Shows }): Promise<boolean> {
    return this.asMaker(
      maker,
      `insert into perennial.calendar_feed (id, hash, organisation, person, shows, windows, alarms)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
      [id, hashOf(token), maker.organisation, maker.person, shows.shows, shows.windows, shows.alarms],
    );
  }

  /** False when this person has none under the id. */
  async revoke(maker: Maker, id: Id): Promise<boolean> {
    return this.asMaker(maker, 'delete from perennial.calendar_feed where id = $1', [id]);
  }

  /** The calendars of a person in the order in which they were made, from behind one on. */
  async list(
    maker: Maker,
    { limit, behind }: { limit: number; behind?: { at: string; id: Id } },
  ): Promise<readonly CalendarFeed[]> {
    return viewAs(this.source, viewerOf(maker), async (client) => {
      const { rows } = await client.query<CalendarFeed>(
        `select ${columns} from perennial.calendar_feed f
         where f.person = perennial.me() and (f.made_at, f.id) > ($1::timestamptz, $2) order by f.made_at, f.id limit $3`,
        [behind?.at ?? '-infinity', behind?.id ?? '', limit],
      );
      return rows;
    });
  }

  /** One of a person's calendars. */
  async get(maker: Maker, id: Id): Promise<CalendarFeed | undefined> {
    return viewAs(this.source, viewerOf(maker), async (client) => {
      const { rows } = await client.query<CalendarFeed>(
        `select ${columns} from perennial.calendar_feed where id = $1`,
        [id],
      );
      return rows[0];
    });
  }

  /** What stands behind an address; that it was fetched is noted beside, and is no fact. Nothing for one that is unknown or revoked. */
  async find(token: string): Promise<Fetched | undefined> {
    const hash = hashOf(token);
    const found = await valueOf<Fetched & { rests: boolean }>(this.source, 'find_calendar($1)', [hash]);
    if (found?.rests === true) await valueOf(this.source, 'note_fetch($1)', [hash]);
    return found ?? undefined;
  }

  private async asMaker(maker: Maker, text: string, values: unknown[]): Promise<boolean> {
    return inTransaction(this.source, asViewer(viewerOf(maker)), async (client) => {
      const { rowCount } = await client.query(text, values);
      return (rowCount ?? 0) > 0;
    });
  }
}

const viewerOf = ({ organisation, person }: Maker): Viewer => ({ organisation, principal: person });
