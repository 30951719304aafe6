import { taskMachine } from '#domain/task/task.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { nothing } from '../shapes.js';

/** What is asked of people: the inbox. */
export const tasks = collection({
  name: 'tasks',
  title: 'Task',
  machine: taskMachine,
  shows: {
    queue: z.string().meta({ description: 'The role of which it is asked.' }),
    asks: z.string().meta({ description: 'The command that closes it.' }),
    due: z.string().nullable().meta({ description: 'By when.' }),
    claimant: z.string().nullable().meta({ description: 'Who has taken it.' }),
  },
  filters: {
    view: z.enum(['mine', 'claimable', 'waiting', 'done']).exactOptional().meta({
      description: 'Mine, open to me, waiting for others, or done.',
    }),
    queue: z.string().min(1).max(100).exactOptional().meta({ description: 'Roles, with commas between.' }),
  },
  inputs: { claimTask: nothing(), releaseTask: nothing() },
});
