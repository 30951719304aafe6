import { bodyRoles, clientRoles, sideOf, type Id, type Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import { nothingYet, recorder, type Event, type Evolvers, type Machine, type Thing } from '../machine.js';
import { isMirrored } from '../mirrored.js';
import { partiesOf, programmeOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';

/** One thing asked of one queue of people. It is closed by the command that it asks for, and by nothing else. (SUP-0) */
export interface Task extends Thing {
  readonly kind: 'task';
  readonly queue: Role;
  /** The one person of the queue who is asked, such as a member of a team; without it anybody of the queue. */
  readonly of?: Id;
  /** The command that closes it. */
  readonly asks: string;
  readonly due?: CivilDate;
  readonly claimant?: Id;
  /** How often it was escalated. */
  readonly level: number;
}

interface TaskEvents {
  'task.opened': { queue: Role; of?: Id; asks: string; due?: CivilDate };
  'task.claimed': { by: Id };
  'task.released': { by: Id };
  'task.escalated': { level: number };
  'task.done': { by: Id };
  'task.withdrawn': { because: string };
  'task.voided': { because: string };
}

const task = recorder<TaskEvents>('task');

const evolve: Evolvers<Task, TaskEvents> = {
  'task.opened': (state, { data }) => ({ ...state, ...data, stage: 'open' }),
  'task.claimed': (state, { data }) => ({ ...state, claimant: data.by, stage: 'claimed' }),
  'task.released': ({ claimant: _, ...state }) => ({ ...state, stage: 'open' }),
  'task.escalated': (state, { data }) => ({ ...state, level: data.level }),
  'task.done': (state) => ({ ...state, stage: 'done' }),
  'task.withdrawn': (state) => ({ ...state, stage: 'withdrawn' }),
  'task.voided': (state) => ({ ...state, stage: 'void' }),
};

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

/** The organisation in whose queue a role's task stands: the role's side of the programme, else the thing's owner. */
export function queueOwner(role: Role, about: Thing, things: readonly Thing[]): Id {
  const side = sideOf(queueFor(role, about, things));
  const parties = partiesOf([about, ...things], programmeOf(about));
  return (side && parties?.[side]) ?? about.organisation;
}

/** The queue in which a role is asked: where the body is a record, its AIMS manager is asked to record what it does. */
export const queueFor = (role: Role, about: Thing, things: readonly Thing[]): Role =>
  sideOf(role) === 'certificationBody' && isMirrored(about, things) ? 'aims-manager' : role;

/** The facts by which the way of a command closes tasks; nobody issues them by hand. */
export const taskDone = (id: Id, by: Id) => task('task.done', id, { by });
export const taskWithdrawn = (id: Id, because: string) => task('task.withdrawn', id, { because });
export const taskVoided = (id: Id, because: string) => task('task.voided', id, { because });

/** Nobody of a body that is a record can be asked by name. */
function asked(id: Id, { queue: of, ...input }: OpenTask, about: Thing, things: readonly Thing[]): Event {
  const [queue, organisation] = [queueFor(of, about, things), queueOwner(of, about, things)];
  const { of: person, ...anybody } = input;
  const whom = person === undefined || queue !== of ? anybody : { ...anybody, of: person };
  return taskOpened(id, { ...whom, queue, about, organisation });
}

const people: readonly Role[] = [...clientRoles, ...bodyRoles];

/** The task of the engine room: opened and escalated by processes, claimed and released by people of its queue. (SUP-0) */
export const taskMachine: Machine<Task> = {
  kind: 'task',
  prefix: 'tsk',
  id: 'SUP-0',
  stages: ['open', 'claimed', 'done', 'void', 'withdrawn'],
  ends: ['done', 'void', 'withdrawn'],
  initial: (id) => ({ ...nothingYet(id), kind: 'task', queue: 'employee', asks: '', level: 0 }),
  is: (thing): thing is Task => thing.kind === 'task',
  evolve,
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
    claimTask: {
      does: 'Take the task.',
      who: people,
      from: ['open'],
      to: ['claimed'],
      rules: ['SUP-0'],
      refuses: ['not-permitted'],
      may: ({ queue, of }, { role, actor }) => [
        role === queue
          ? undefined
          : refusal('not-permitted', ['SUP-0'], `This task is asked of the queue ${queue}.`, {
              whoCould: [queue],
            }),
        of === undefined || of === actor.id
          ? undefined
          : refusal('not-permitted', ['SUP-0'], 'This task is asked of another person.', {
              whoCould: [queue],
            }),
      ],
      record: (_, { id }, { actor }) => [task('task.claimed', id, { by: actor.id })],
    },
    releaseTask: {
      does: 'Give the task back to its queue.',
      who: people,
      from: ['claimed'],
      to: ['open'],
      rules: ['SUP-0'],
      refuses: ['not-permitted'],
      may: ({ claimant, queue }, { actor }) => [
        claimant === actor.id
          ? undefined
          : refusal('not-permitted', ['SUP-0'], 'Only the person who took the task gives it back.', {
              whoCould: [queue],
            }),
      ],
      record: (_, { id }, { actor }) => [task('task.released', id, { by: actor.id })],
    },
    escalateTask: {
      does: 'Raise the escalation level of a task that is late.',
      who: ['engine'],
      from: ['open', 'claimed'],
      to: [],
      rules: ['SUP-0'],
      refuses: [],
      record: (_, { id, level }) => [task('task.escalated', id, { level: level + 1 })],
    },
  },
};
