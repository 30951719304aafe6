import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { newCalendar } from '#contract/routes/calendars.js';
import type { CalendarFeed, CalendarFeeds, Maker, Shows } from '#database/calendar-feeds.js';
import { thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { isRoleCode } from '#domain/actor.js';
import { isPersonId } from '#domain/person/facts.js';
import { cryptoRandom, newId, seededSource } from '#platform/ids.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import { pageOfRows } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { readerOf } from '../inbox/reader.js';
import { placeIn, tokenTo } from '../things/place.js';

const SECRET_BYTES = 32;

/** The addresses of one's calendars: made, listed and ended. They are no facts, and each is known to its maker alone. */
@Injectable()
export class CalendarFeedsService {
  constructor(
    private readonly source: DataSource,
    private readonly feeds: CalendarFeeds,
    private readonly tokens: PageTokens,
    private readonly publicUrl: string,
  ) {}

  /** Its id comes from who asks and under which key: a retry makes no second one, and is not told the address again. */
  async create({ body }: Sent, caller: Caller): Promise<Answer> {
    const { of: shows, windows = false, alarms = [] } = newCalendar.parse(body);
    const maker = makerIn(caller);
    await this.refuseUnlessSeen(shows, caller);
    const asked = { shows, windows, alarms };
    const id = newId(
      'cal',
      seededSource(maker.organisation, `${maker.person}\n${caller.key ?? ''}`, () => 0),
    );
    const token = Buffer.from(cryptoRandom(SECRET_BYTES)).toString('base64url');
    const isNew = await this.feeds.add(maker, { id, token, shows: asked });
    const feed = await this.feeds.get(maker, id);
    if (!feed || !isSame(feed, asked))
      throw new Fault('idempotency-key-reused', 'The first request with this key had another body.');
    const address = isNew ? `${this.publicUrl}/calendar/${token}.ics` : null;
    const headers = { 'cache-control': 'no-store', ...(isNew ? {} : { 'idempotency-replayed': 'true' }) };
    return new Answer(201, { ...shown(feed), address }, headers);
  }

  list(sent: Sent, caller: Caller): Promise<Answer> {
    const { organisation, principal: person } = caller;
    return pageOfRows(this.tokens, sent, caller, async (limit, place) => {
      const behind = place === undefined ? {} : { behind: placeIn(place) };
      const rows = await this.feeds.list({ organisation, person }, { limit, ...behind });
      return rows.map((feed) => ({ place: tokenTo({ at: feed.madeAt, id: feed.id }), row: shown(feed) }));
    });
  }

  async revoke({ params }: Sent, { organisation, principal: person }: Caller): Promise<Answer> {
    if (!(await this.feeds.revoke({ organisation, person }, params['id'] ?? ''))) throw notFound();
    return new Answer(204, undefined);
  }

  /** A programme that one sees, or the queue of a role that one holds today. */
  private async refuseUnlessSeen(shows: string, caller: Caller): Promise<void> {
    if (shows === 'me') return;
    await viewAs(this.source, caller, async (client) => {
      if (!isRoleCode(shows)) {
        if (!(await thingOf(client, shows, 'programme'))) throw notFound();
        return;
      }
      const { roles } = await readerOf(client, caller, Date.now());
      if (!roles.some(({ role }) => role === shows))
        throw new Fault('not-permitted', `You are not ${shows} today.`);
    });
  }
}

function makerIn({ organisation, principal: person }: Caller): Maker {
  if (!isPersonId(person)) throw new Fault('person-required', 'A calendar is somebody’s own.');
  return { organisation, person };
}

const isSame = (one: Shows, other: Shows): boolean =>
  one.shows === other.shows && one.windows === other.windows && one.alarms.join() === other.alarms.join();

const shown = ({ shows, ...feed }: CalendarFeed): object => ({
  object: 'calendarFeed',
  of: shows,
  ...feed,
});
