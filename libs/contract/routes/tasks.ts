import { taskMachine } from '#domain/task/task.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { priorities } from '#domain/task/facts.js';
import type {
  CommentTask,
  DelegateTask,
  PrioritiseTask,
  ReassignTask,
  SnoozeTask,
} from '#domain/task/holder.js';
import { civilDate, id, nothing, text } from '../shapes.js';

/** What is asked of people: the inbox. */
export const tasks = collection({
  name: 'tasks',
  title: 'Task',
  machine: taskMachine,
  shows: {
    queue: z.string().meta({ description: 'The role of which it is asked.' }),
    asks: z.string().meta({ description: 'The command that closes it.' }),
    due: z.string().nullable().meta({ description: 'By when.' }),
    of: z
      .string()
      .nullable()
      .meta({ description: 'The one person who is asked; null where any of the queue is.' }),
    claimant: z.string().nullable().meta({ description: 'Who has it.' }),
    handed: z
      .unknown()
      .meta({ description: 'Where its holder gave it to a colleague: to whom, for whom, until when.' }),
    snoozedUntil: z
      .string()
      .nullable()
      .meta({ description: 'Until when its holder does not want to see it.' }),
    priority: z.enum(priorities).meta({ description: 'What a manager of the queue says of its importance.' }),
    level: z
      .int()
      .min(0)
      .max(2)
      .meta({ description: 'How far it is escalated: from its day on 1, from a week after 2.' }),
    nobodyLeft: z.unknown().meta({
      description:
        'Where nobody of the queue may do it: the codes that stand against them, and by when somebody is to be found.',
    }),
    doneBy: z.string().nullable().meta({ description: 'Who did what it asked for.' }),
  },
  filters: {
    queue: z
      .string()
      .min(1)
      .max(100)
      .exactOptional()
      .meta({ description: 'The role of which they are asked.' }),
  },
  inputs: {
    claimTask: nothing(),
    releaseTask: nothing(),
    reassignTask: z.strictObject({ to: id('per') }) satisfies z.ZodType<ReassignTask>,
    delegateTask: z.strictObject({ to: id('per'), until: civilDate() }) satisfies z.ZodType<DelegateTask>,
    prioritiseTask: z.strictObject({
      priority: z.enum(priorities).meta({ description: 'How important it is among others of its queue.' }),
    }) satisfies z.ZodType<PrioritiseTask>,
    snoozeTask: z.strictObject({ until: civilDate() }) satisfies z.ZodType<SnoozeTask>,
    commentTask: z.strictObject({ comment: text(20_000) }) satisfies z.ZodType<CommentTask>,
  },
});
