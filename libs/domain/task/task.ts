import type { Id, Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import { nothingYet, type Event, type Machine, type Thing } from '../machine.js';
import { programmeOf } from '../programme/parties.js';
import { isTask, task, taskEvolve, type Task } from './facts.js';
import {
  claimTask,
  commentTask,
  delegateTask,
  prioritiseTask,
  reassignTask,
  releaseTask,
  snoozeTask,
} from './holder.js';
import { recordNobodyLeft, recordSomebodyFound, taskOwes } from './nobody-left.js';
import { queueFor, queueOwner } from './queue.js';

/** What a process asks for when it opens a task under the thing to which the asked command belongs. */
export interface OpenTask {
  readonly queue: Role;
  readonly of?: Id;
  readonly asks: string;
  readonly due?: CivilDate;
}

/** A task with its belongings: the thing that it is about, and the organisation whose queue it stands in. */
export interface TaskOf extends OpenTask {
  readonly about: Thing;
  readonly organisation: Id;
}

/** The fact that asks something of a queue. */
export function taskOpened(id: Id, { queue, of, asks, due, about, organisation }: TaskOf): Event {
  const programme = programmeOf(about);
  const opens = {
    organisation,
    about: about.id,
    visibility: 'both' as const,
    ...(programme ? { programme } : {}),
  };
  return task('task.opened', id, { queue, ...(of ? { of } : {}), asks, ...(due ? { due } : {}) }, { opens });
}

/** Nobody of a body that is a record can be asked by name. */
function asked(id: Id, { queue: of, ...input }: OpenTask, about: Thing, things: readonly Thing[]): Event {
  const [queue, organisation] = [queueFor(of, about, things), queueOwner(of, about, things)];
  const { of: person, ...anybody } = input;
  const whom = person === undefined || queue !== of ? anybody : { ...anybody, of: person };
  return taskOpened(id, { ...whom, queue, about, organisation });
}

/** The task of the engine room: opened by processes, escalated with their reminders, held and handed on by people of its queue. (SUP-0) */
export const taskMachine: Machine<Task> = {
  kind: 'task',
  prefix: 'tsk',
  id: 'SUP-0',
  stages: ['open', 'claimed', 'done', 'void', 'withdrawn'],
  ends: ['done', 'void', 'withdrawn'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'task',
    queue: 'employee',
    asks: '',
    level: 0,
    priority: 'normal',
  }),
  is: isTask,
  evolve: taskEvolve,
  obligations: taskOwes,
  commands: {
    openTask: {
      does: 'Ask something of a queue.',
      who: ['engine'],
      from: ['none'],
      to: ['open'],
      rules: ['SUP-0'],
      refuses: [],
      record: (input: OpenTask, { id }, { under, things }) =>
        under ? [asked(id, input, under, things)] : [],
    },
    ...{ claimTask, releaseTask, reassignTask, delegateTask, prioritiseTask, snoozeTask, commentTask },
    ...{ recordNobodyLeft, recordSomebodyFound },
  },
};
