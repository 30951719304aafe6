import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { CalendarFeeds, Fetched } from '#database/calendar-feeds.js';
import { hashOf } from '#database/credentials.js';
import {
  instanceOf,
  livesOnTheWay,
  ownTasks,
  queueTasks,
  type TaskInCalendar,
} from '#database/reading/calendar.js';
import type { Reader } from '#database/reading/inbox.js';
import { viewAs } from '#database/reading/view.js';
import type { SignIns } from '#database/sign-in.js';
import { isRoleCode } from '#domain/actor.js';
import { appointmentsOf, isShownOn } from '#domain/appointment/appointment.js';
import { machineOf, machineWith } from '#domain/machines.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Knocker } from '../http/knocking.js';
import type { Sent } from '../http/sent.js';
import { readerOf } from '../inbox/reader.js';
import { tooOften } from '../sign-in/too-often.js';
import { calendarText, type Titled } from './ical.js';

type Client = Parameters<typeof instanceOf>[0];

/** Within an hour: of one address from one place, and from one place, which may be a whole office, of whatever addresses. */
const LIMITS = { most: 60, mostOfPlace: 1_000 };

/**
 * Calendars as calendar programs fetch them: the address is all that they have. A calendar shows what its maker may see at that
 * moment; to a maker who holds no role for it any more, nothing.
 */
@Injectable()
export class CalendarService {
  constructor(
    private readonly source: DataSource,
    private readonly feeds: CalendarFeeds,
    private readonly knocks: Pick<SignIns, 'knock'>,
    private readonly now: () => number,
  ) {}

  /** @throws Fault not-found, calendar-over, rate-limited */
  async fetch({ params }: Sent, { place }: Knocker): Promise<Answer> {
    const token = params['token'] ?? '';
    const again = await this.knocks.knock(hashOf(token), `calendar ${place}`, LIMITS);
    if (again !== undefined) throw tooOften(again);
    const feed = await this.feeds.find(token);
    if (!feed) throw notFound();
    if (feed.over) throw new Fault('calendar-over', 'Nobody sees anything by this address any more.');
    const text = await this.written(feed);
    return new Answer(200, text, {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'inline; filename="perennial.ics"',
      etag: `"${hash('sha256', text).slice(0, 32)}"`,
    });
  }

  private written(feed: Fetched): Promise<string> {
    const { organisation, person: principal, alarms } = feed;
    return viewAs(this.source, { organisation, principal }, async (client) => {
      const reader = await readerOf(client, { principal, organisation }, this.now());
      const cover = { name: nameOf(feed), instance: await instanceOf(client), alarms };
      return calendarText(cover, reader.roles.length > 0 ? await titled(client, reader, feed) : []);
    });
  }
}

const nameOf = ({ shows }: Fetched): string => (shows === 'me' ? 'Perennial' : `Perennial: ${shows}`);

async function titled(
  client: Client,
  reader: Reader,
  { shows, windows }: Fetched,
): Promise<readonly Titled[]> {
  if (shows === 'me') return (await ownTasks(client, reader)).map(ofTask);
  if (isRoleCode(shows)) return (await queueTasks(client, reader, shows)).map(ofTask);
  const lives = await livesOnTheWay(client, shows);
  const whole = lives.find(({ kind }) => kind === 'programme')?.number ?? null;
  return lives.flatMap(({ kind, number, facts }) =>
    appointmentsOf(machineOf(kind), facts)
      .filter((one) => isShownOn(one, reader.today) && (windows || !one.span))
      .map(({ what, ...one }) => ({ ...one, title: titleOf(number ?? whole, what) })),
  );
}

/** A task is one appointment for all its life; with each of its facts it may have moved. */
const ofTask = ({ id, asks, about, number, due, version, ...task }: TaskInCalendar): Titled => ({
  ...task,
  ...{ uid: id, from: due, to: due, span: false, sequence: version - 1 },
  title: titleOf(
    number,
    (machineWith(asks, about ?? undefined).commands[asks]?.does ?? asks).replace(/\.$/, ''),
  ),
});

const titleOf = (number: string | null, what: string): string =>
  number === null ? what : `${number}: ${what}`;
