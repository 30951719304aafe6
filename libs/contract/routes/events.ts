import { z } from 'zod';
import { upTo } from '../page.js';
import { route } from '../route.js';

const MOST = 500;

/** A fact as an event, by CloudEvents 1.0. Free text and personal data stay behind its links. */
const event = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string().meta({ description: 'The id of the entry.' }),
    source: z
      .string()
      .meta({ description: 'The organisation whose thing it is.', examples: ['/organisations/org_01k9…'] }),
    type: z
      .string()
      .meta({ description: 'What happened.', examples: ['perennial.nonconformity.plan-submitted.v1'] }),
    subject: z
      .string()
      .meta({ description: 'The thing to which it happened.', examples: ['findings/fnd_01k9…'] }),
    time: z.string().meta({ format: 'date-time', description: 'When it counts.' }),
    recordedtime: z.string().meta({ format: 'date-time', description: 'When it was recorded.' }),
    sequence: z.string().meta({
      description: 'Its place in your feed: without a gap, and for ever.',
      examples: ['00000000000000004711'],
    }),
    streamversion: z.int().meta({ description: 'Its place in the life of the thing.' }),
    clock: z.enum(['real', 'sandbox']).meta({ description: 'On which clock it happened.' }),
    command: z.string().meta({ description: 'The command, or the step of a process, that made it.' }),
    datacontenttype: z.literal('application/json'),
    data: z
      .looseObject({
        programme: z.string().nullable().meta({ description: 'The programme, where there is one.' }),
        actor: z
          .looseObject({ id: z.string(), role: z.string() })
          .meta({ description: 'Who, and in which role.' }),
        fact: z.unknown().meta({ description: 'Ids, dates, numbers.' }),
        links: z.record(z.string(), z.string()).meta({ description: 'Where the thing is to be read.' }),
      })
      .meta({ description: 'What is told of it.' }),
  })
  .meta({ id: 'Event', description: 'A fact as an event (CloudEvents 1.0).' });

/** Everything that happens to what an organisation sees, in an order that never skips what was committed late. */
export const events = {
  feed: route({
    name: 'listEvents',
    does: 'Lists events behind a place of your feed, in its order; nothing expires. Accept `text/event-stream` to follow it.',
    kind: 'read',
    path: '/v1/events',
    streams: true,
    problems: ['rate-limited'],
    query: {
      after: z
        .string()
        .regex(/^\d{1,20}$/, { abort: true })
        .refine((digits) => Number(digits) <= Number.MAX_SAFE_INTEGER, {
          error: 'There is no such place.',
          params: { code: 'out-of-range' },
        })
        .exactOptional()
        .meta({ description: 'The cursor of the last answer; without it from the beginning.' }),
      type: z
        .string()
        .min(1)
        .max(2_000)
        .exactOptional()
        .meta({
          description: 'Types, with commas between.',
          examples: ['perennial.nonconformity.raised.v1'],
        }),
      subject: z.string().min(1).max(40).exactOptional().meta({ description: 'Id of the thing.' }),
      limit: upTo(MOST, `An answer has 1 to ${String(MOST)} events.`)
        .exactOptional()
        .meta({ description: `At most so many events, 1 to ${String(MOST)}, else 100.` }),
    },
    answer: z
      .looseObject({
        data: z.array(event).meta({ description: 'The events.' }),
        cursor: z.string().meta({ description: 'Where to go on, also when there was nothing.' }),
      })
      .meta({ id: 'Events', description: 'Events in the order of your feed.' }),
  }),
};
