import { concerns, dueGroups, views } from '#domain/task/inbox.js';
import { z } from 'zod';
import { pageQuery } from '../page.js';
import { refusalShape } from '../problem.js';
import { listOf, route } from '../route.js';
import { tasks } from './tasks.js';

const group = z.enum(dueGroups).meta({
  description:
    'By the day on which it is due: `week` is the seven days after today, `later` all after, and what has no day.',
});

const count = (what: string) => z.int().nonnegative().meta({ description: what });
const counted = (what: string) =>
  z
    .looseObject(Object.fromEntries(dueGroups.map((name) => [name, count(`Of the group ${name}.`)])))
    .meta({ description: what });

/** What is asked of whoever calls, of their queues, and of others on whom they wait. */
export const inbox = {
  list: listOf({
    name: 'listInbox',
    does: 'Lists the tasks of one view, the earliest day first; of those that you did, what you did last first.',
    path: '/v1/inbox',
    row: tasks.shown
      .extend({
        does: z.string().meta({ description: 'What is asked, as a sentence.' }),
        group: group.nullable().meta({ description: 'Its group; null for what has ended.' }),
        subject: z
          .looseObject({
            id: z.string().meta({ description: 'Its id.' }),
            object: z.string().meta({ description: 'What kind of thing it is.' }),
            number: z.string().nullable().meta({ description: 'Its number for people.' }),
            state: z.string().meta({ description: 'The stage in which it is.' }),
          })
          .nullable()
          .meta({ id: 'Subject', description: 'The thing that it is about.' }),
      })
      .meta({ id: 'InboxTask', description: 'A task as its inbox shows it.' }),
    query: {
      ...pageQuery,
      view: z.enum(views).exactOptional().meta({
        description:
          'In my hands or asked of me by name (`mine`, where nothing is said), open to a role of mine, with others, or done by me.',
      }),
      due: group.exactOptional(),
      queue: z.string().min(1).max(500).exactOptional().meta({ description: 'Roles, with commas between.' }),
      only: z.enum(concerns).exactOptional().meta({
        description:
          'Those alone that a manager calls `urgent`, that are late and `escalated`, or that nobody of their queue may do (`nobody-left`).',
      }),
    },
  }),
  people: route({
    name: 'listPeopleAsked',
    does: 'Tells who of its queue could do a task, what stands against the others, and what would resolve it when nobody is left.',
    kind: 'read',
    path: '/v1/tasks/{id}/people',
    answer: z
      .looseObject({
        data: z
          .array(
            z.looseObject({
              account: z
                .string()
                .meta({ description: 'The account of somebody who holds the role of the queue.' }),
              able: z
                .boolean()
                .meta({ description: 'True where the rules allow it and the person is here.' }),
              away: z.boolean().meta({ description: 'True while the person is away.' }),
              inHands: count('How many tasks the person has already.'),
              refusals: z.array(refusalShape).meta({ description: 'What stands against the person.' }),
            }),
          )
          .meta({ description: 'Those who could do it first, and of them who has least to do.' }),
        wouldNeed: z
          .array(z.string())
          .meta({ description: 'When nobody is left: each thing that would resolve it.' }),
      })
      .meta({ id: 'PeopleAsked', description: 'Of whom a task is asked.' }),
  }),
  counts: route({
    name: 'countInbox',
    does: 'Counts the tasks of each view, exactly.',
    kind: 'read',
    path: '/v1/inbox/counts',
    answer: z
      .looseObject({
        object: z.literal('inboxCounts'),
        mine: counted('In your hands, or asked of you by name; what you put off under `snoozed` alone.'),
        claimable: counted('Open to a role of yours.'),
        waiting: count('With others: of your organisation, or of the other side of a programme.'),
        done: count('Done by you.'),
      })
      .meta({ id: 'InboxCounts', description: 'How many tasks there are in each view.' }),
  }),
};
