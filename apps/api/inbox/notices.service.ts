import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { NoticeMarks } from '#database/notice-marks.js';
import { noticesOf, unreadOf } from '#database/reading/notices.js';
import { textsBehind } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { upToBody } from '#contract/routes/own-notices.js';
import { Answer } from '../http/answer.js';
import { notFound } from '../http/fault.js';
import { pageOfRows } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { placeIn, tokenTo } from '../things/place.js';
import { portrait } from '../things/things.service.js';

type Client = Parameters<typeof unreadOf>[0];

/** The notices to whoever calls, and what they have read of them. */
@Injectable()
export class NoticesService {
  constructor(
    private readonly source: DataSource,
    private readonly marks: NoticeMarks,
    private readonly tokens: PageTokens,
  ) {}

  list(sent: Sent, caller: Caller): Promise<Answer> {
    const { unread } = sent.query;
    const which = unread === undefined ? {} : { unread: unread === 'true' };
    return pageOfRows(this.tokens, sent, caller, (limit, place) =>
      this.asReader(caller, async (client) => {
        const behind = place === undefined ? {} : { behind: placeIn(place) };
        const rows = await noticesOf(client, which, { limit, ...behind });
        const texts = await textsBehind(
          client,
          rows.flatMap(({ thing }) => Object.values(thing.texts)),
        );
        return rows.map((row) => ({
          place: tokenTo(row.place),
          row: { ...portrait(row, texts, false), readAt: row.readAt },
        }));
      }),
    );
  }

  async unread(caller: Caller): Promise<Answer> {
    const unread = await this.asReader(caller, unreadOf);
    return new Answer(200, { object: 'unreadNotices', unread });
  }

  async mark({ params }: Sent, caller: Caller, read: boolean): Promise<Answer> {
    await this.marks.mark(caller.principal, await this.known(params['id'] ?? '', caller), read);
    return this.unread(caller);
  }

  async markUpTo({ body }: Sent, caller: Caller): Promise<Answer> {
    const { upTo } = upToBody.parse(body);
    await this.marks.markUpTo(caller.principal, await this.known(upTo, caller));
    return this.unread(caller);
  }

  /** A notice to the caller; one to others is to them as one that does not exist. */
  private async known(id: string, caller: Caller): Promise<string> {
    const [one] = await this.asReader(caller, (client) => noticesOf(client, { id }, { limit: 1 }));
    if (!one) throw notFound();
    return id;
  }

  private asReader<T>(caller: Caller, look: (client: Client) => Promise<T>): Promise<T> {
    return viewAs(this.source, caller, look);
  }
}
