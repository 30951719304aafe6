import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DEFAULT_PAGE } from '#contract/page.js';
import {
  inboxCountsOf,
  inboxOf,
  type InboxRow,
  type Narrowing,
  type PlaceInView,
  type Reader,
} from '#database/reading/inbox.js';
import { clockOver } from '#database/reading/past.js';
import { textsBehind, thingOf } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { actorOf } from '#domain/actor-of.js';
import { civilDate, instant, type CivilDate } from '#domain/instant.js';
import { machineWith } from '#domain/machines.js';
import { organisationIn } from '#domain/organisation/organisation.js';
import { isOpenTask, isTask } from '#domain/task/facts.js';
import { dueGroupOf, dueGroups, heldRoles, views, type DueGroup, type View } from '#domain/task/inbox.js';
import { civilDateAt } from '#platform/zone.js';
import { Answer } from '../http/answer.js';
import { Fault } from '../http/fault.js';
import { pageScope, type PageTokens } from '../http/page-token.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { portrait } from '../things/things.service.js';

type Client = Parameters<typeof thingOf>[0];

/** The inbox of whoever calls, by the roles that they hold today on the clock and in the zone of their organisation. */
@Injectable()
export class InboxService {
  constructor(
    private readonly source: DataSource,
    private readonly tokens: PageTokens,
    private readonly now: () => number,
  ) {}

  async list(sent: Sent, caller: Caller): Promise<Answer> {
    const [limit, scope] = [Number(sent.query['pageSize'] ?? DEFAULT_PAGE), pageScope(sent, caller)];
    const token = sent.query['pageToken'];
    const behind = token === undefined ? {} : { behind: placeIn(this.tokens.open(token, scope)) };
    return viewAs(this.source, caller.organisation, async (client) => {
      const reader = await this.reader(client, caller);
      const rows = await inboxOf(client, reader, narrowingIn(sent), { limit: limit + 1, ...behind });
      const page = rows.slice(0, limit);
      const texts = await textsBehind(
        client,
        page.flatMap(({ thing }) => Object.values(thing.texts)),
      );
      const last = rows.length > limit ? page.at(-1) : undefined;
      return new Answer(200, {
        data: page.map((row) => ({ ...portrait(row, texts, false), ...asked(row, reader.today) })),
        nextPageToken: last ? this.tokens.seal(JSON.stringify([last.place.at, last.place.id]), scope) : null,
      });
    });
  }

  async counts(caller: Caller): Promise<Answer> {
    return viewAs(this.source, caller.organisation, async (client) => {
      const counts = await inboxCountsOf(client, await this.reader(client, caller));
      return new Answer(200, { object: 'inboxCounts', ...counts });
    });
  }

  private async reader(client: Client, { principal, organisation }: Caller): Promise<Reader> {
    const found = [await thingOf(client, principal), await thingOf(client, organisation, 'organisation')];
    const [account, home] = found.map((shown) => shown?.thing);
    const clock = await clockOver(client, instant(new Date(this.now()).toISOString()), organisation);
    const zone = (home && organisationIn([home], organisation)?.zone) ?? 'UTC';
    const today = civilDate(civilDateAt(clock, zone));
    const roles = account ? heldRoles(actorOf(account, []), today) : [];
    return { account: principal, organisation, roles, today };
  }
}

function narrowingIn({ query: { view = 'mine', due, queue } }: Sent): Narrowing {
  return {
    view: isView(view) ? view : 'mine',
    ...(due !== undefined && isGroup(due) ? { due } : {}),
    ...(queue === undefined ? {} : { queues: queue.split(',') }),
  };
}

const isView = (word: string): word is View => views.some((one) => one === word);
const isGroup = (word: string): word is DueGroup => dueGroups.some((one) => one === word);

/** What is asked, in words, how near its day is, and about what. */
const asked = ({ thing, subject }: InboxRow, today: CivilDate): object => ({
  does: isTask(thing) ? (machineWith(thing.asks, thing.about).commands[thing.asks]?.does ?? thing.asks) : '',
  group: isOpenTask(thing) ? dueGroupOf(thing, today) : null,
  subject,
});

function placeIn(text: string): PlaceInView {
  const place: unknown = JSON.parse(text);
  if (!isPlace(place)) throw new Fault('page-token-invalid', 'It belongs to another list.');
  return { at: place[0], id: place[1] };
}

const isPlace = (place: unknown): place is readonly [string, string] =>
  Array.isArray(place) && place.length === 2 && place.every((part) => typeof part === 'string');
