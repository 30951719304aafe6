import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { inboxCountsOf, inboxOf, type InboxRow, type Narrowing } from '#database/reading/inbox.js';
import { textsBehind } from '#database/reading/things.js';
import { viewPlanned } from '#database/reading/view.js';
import type { CivilDate } from '#domain/instant.js';
import { machineWith } from '#domain/machines.js';
import { isOpenTask, isTask } from '#domain/task/facts.js';
import {
  concerns,
  dueGroupOf,
  dueGroups,
  views,
  type Concern,
  type DueGroup,
  type View,
} from '#domain/task/inbox.js';
import { Answer } from '../http/answer.js';
import { pageOfRows } from '../http/page.js';
import type { PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { readerOf } from './reader.js';
import { placeIn, tokenTo } from '../things/place.js';
import { portrait } from '../things/things.service.js';

/** The inbox of whoever calls, by the roles that they hold today on the clock and in the zone of their organisation. */
@Injectable()
export class InboxService {
  constructor(
    private readonly source: DataSource,
    private readonly tokens: PageTokens,
    private readonly now: () => number,
  ) {}

  list(sent: Sent, caller: Caller): Promise<Answer> {
    return pageOfRows(this.tokens, sent, caller, (limit, place) =>
      viewPlanned(this.source, caller, async (client) => {
        const reader = await readerOf(client, caller, this.now());
        const behind = place === undefined ? {} : { behind: placeIn(place) };
        const rows = await inboxOf(client, reader, narrowingIn(sent), { limit, ...behind });
        const texts = await textsBehind(
          client,
          rows.flatMap(({ thing }) => Object.values(thing.texts)),
        );
        return rows.map((row) => ({
          place: tokenTo(row.place),
          row: { ...portrait(row, texts, false), ...asked(row, reader.today) },
        }));
      }),
    );
  }

  async counts(caller: Caller): Promise<Answer> {
    return viewPlanned(this.source, caller, async (client) => {
      const counts = await inboxCountsOf(client, await readerOf(client, caller, this.now()));
      return new Answer(200, { object: 'inboxCounts', ...counts });
    });
  }
}

function narrowingIn({ query: { view = 'mine', due, queue, only } }: Sent): Narrowing {
  return {
    view: isView(view) ? view : 'mine',
    ...(due !== undefined && isGroup(due) ? { due } : {}),
    ...(queue === undefined ? {} : { queues: queue.split(',') }),
    ...(only !== undefined && isConcern(only) ? { only } : {}),
  };
}

const isView = (word: string): word is View => views.some((one) => one === word);
const isConcern = (word: string): word is Concern => concerns.some((one) => one === word);
const isGroup = (word: string): word is DueGroup => dueGroups.some((one) => one === word);

/** What is asked, in words, how near its day is, and about what. */
const asked = ({ thing, subject }: InboxRow, today: CivilDate): object => ({
  does: isTask(thing) ? (machineWith(thing.asks, thing.about).commands[thing.asks]?.does ?? thing.asks) : '',
  group: isOpenTask(thing) ? dueGroupOf(thing, today) : null,
  subject,
});
