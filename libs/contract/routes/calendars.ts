import { bodyRoles, clientRoles } from '#domain/actor.js';
import { z } from 'zod';
import { pageQuery } from '../page.js';
import { listOf, route } from '../route.js';

const MOST_ALARMS = 5;
const queues: readonly string[] = [...clientRoles, ...bodyRoles];

/** What a calendar is to show, and how. */
export const newCalendar = z
  .strictObject({
    of: z
      .string()
      .max(40)
      .refine((word) => word === 'me' || queues.includes(word) || /^prg_[0-7][0-9a-z]{25}$/.test(word), {
        error: 'Write me, the id of a programme, or one of your roles.',
        params: { code: 'not-in-list' },
      })
      .meta({
        description:
          '`me` for your tasks and those open to you, the id of a programme for its dates, or a role of yours for its queue.',
        examples: ['me'],
      }),
    windows: z
      .boolean()
      .exactOptional()
      .meta({ description: 'With the days in which something lies: audits, windows of surveillances.' }),
    alarms: z
      .array(
        z
          .string()
          .regex(/^P(\d{1,3}D|\d{1,2}W)$/)
          .meta({
            description: 'How long before, as an ISO 8601 duration in days or weeks.',
            examples: ['P7D'],
          }),
      )
      .max(MOST_ALARMS)
      .exactOptional()
      .meta({ description: 'How long before a day your calendar program reminds you of it.' }),
  })
  .meta({ id: 'CreateCalendarFeed', description: 'A calendar to be made.' });

const feed = z
  .looseObject({
    id: z.string().meta({ description: 'Its id.' }),
    object: z.literal('calendarFeed'),
    of: z.string().meta({ description: 'What it shows.' }),
    windows: z.boolean().meta({ description: 'Whether it shows spans of days too.' }),
    alarms: z.array(z.string()).meta({ description: 'How long before a day it reminds.' }),
    madeAt: z.string().meta({ format: 'date-time', description: 'When it was made.' }),
    fetchedAt: z
      .string()
      .nullable()
      .meta({ format: 'date-time', description: 'When it was last fetched, to the minute.' }),
  })
  .meta({ id: 'CalendarFeed', description: 'A secret address by which a calendar program reads dates.' });

/** The calendars that one has made, each behind a secret address. */
export const calendarFeeds = {
  create: route({
    name: 'createCalendarFeed',
    does: 'Makes a calendar of dates, for a calendar program: whoever has its secret address reads it.',
    kind: 'create',
    path: '/v1/calendar-feeds',
    body: newCalendar,
    answer: feed
      .extend({
        address: z.string().nullable().meta({
          description: 'Its secret address, which is shown once; null where it was shown already.',
        }),
      })
      .meta({ id: 'NewCalendarFeed', description: 'A new calendar, with its secret address.' }),
  }),
  list: listOf({
    name: 'listCalendarFeeds',
    does: 'Lists your calendars, and when each was last fetched.',
    path: '/v1/calendar-feeds',
    row: feed,
    query: pageQuery,
  }),
  revoke: route({
    name: 'revokeFeed',
    does: 'Ends a calendar of yours: its address leads nowhere any more.',
    kind: 'remove',
    path: '/v1/calendar-feeds/{id}',
    scope: 'read',
    answer: z.undefined().meta({ description: 'Nothing.' }),
  }),
};

/** A calendar as calendar programs fetch it. */
export const calendar = route({
  name: 'calendar',
  does: 'The calendar behind a secret address, as iCalendar: what its maker may see now, and nothing else.',
  kind: 'page',
  path: '/calendar/{token}.ics',
  problems: ['not-found', 'unknown-parameter', 'calendar-over', 'rate-limited'],
  answer: z.unknown().meta({ description: 'The dates, as iCalendar (RFC 5545).' }),
  file: 'text/calendar',
});
