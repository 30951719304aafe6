import { actorOf } from '../actor-of.js';
import { bodyRoles, clientRoles, isOwnRole, type Actor, type Id, type Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { isPerson } from '../person/facts.js';
import { isTheirsStill } from '../person/returning.js';
import { colleague, notByProxy } from '../person/standing-in.js';
import { refusal } from '../refusal.js';
import { isFilled } from '../wording.js';
import { task, type Priority, type Task } from './facts.js';

// Who holds a task. Nobody comes to hold one whom the rules would refuse: `act` asks as if they acted.

/** Whom a task is given to. */
export interface ReassignTask {
  readonly to: Id;
}

/** The colleague who does it in its holder's place, and the last day on which they may. (SOD-15) */
export interface DelegateTask {
  readonly to: Id;
  readonly until: CivilDate;
}

/** How important it is among others of its queue. */
export interface PrioritiseTask {
  readonly priority: Priority;
}

/** The day on which its holder wants to see it again. */
export interface SnoozeTask {
  readonly until: CivilDate;
}

/** Something said about it. */
export interface CommentTask {
  readonly comment: string;
}

const people: readonly Role[] = [...clientRoles, ...bodyRoles];

const others = (queue: Role, message: string): Objection =>
  refusal('not-permitted', ['SUP-0'], message, { whoCould: [queue] });

const ofQueue = ({ queue }: Task, { role }: Context): Objection =>
  role === queue ? undefined : others(queue, `This task is asked of the queue ${queue}.`);

const askedByName = ({ of, queue }: Task, { actor }: Context): Objection =>
  of === undefined || of === actor.id ? undefined : others(queue, 'This task is asked of another person.');

const held = ({ claimant, queue }: Task, { actor }: Context): Objection =>
  claimant === actor.id ? undefined : others(queue, 'Only the person who has the task does this.');

const taken = (state: Task, { things, today }: Context): Objection =>
  state.stage === 'claimed' && isTheirsStill(state, things, today)
    ? refusal('wrong-state', ['SUP-0'], 'Somebody has this task.', {
        wouldNeed: 'that person to give it back, or a manager of the queue to give it to you',
      })
    : undefined;

/** Takes the task; also one whose holder may not do it any more. (SUP-0) */
export const claimTask: CommandRule<Task> = {
  does: 'Take the task.',
  who: people,
  from: ['open', 'claimed'],
  to: ['claimed'],
  rules: ['SUP-0'],
  refuses: ['not-permitted', 'wrong-state'],
  handsTo: (_, __, { actor }) => actor,
  may: (state, context) => [ofQueue(state, context), askedByName(state, context), taken(state, context)],
  record: (_, { id }, { actor }) => [task('task.claimed', id, { by: actor.id })],
};

/** Gives it back to its queue. (SUP-0) */
export const releaseTask: CommandRule<Task> = {
  does: 'Give the task back to its queue.',
  who: people,
  from: ['claimed'],
  to: ['open'],
  rules: ['SUP-0'],
  refuses: ['not-permitted'],
  may: (state, context) => [held(state, context)],
  record: (_, { id }, { actor }) => [task('task.released', id, { by: actor.id })],
};

const taker = ({ to }: { readonly to?: Id }, { things }: Context): Actor | undefined => {
  const account = things.filter(isPerson).find(({ id }) => id === to);
  return account && actorOf(account, things);
};

const ofOwnSide = ({ organisation }: Task, { actor }: Context): Objection =>
  actor.organisation === organisation
    ? undefined
    : refusal('not-permitted', ['SUP-0'], "Each side gives out its own people's tasks.");

const nobody = (input: ReassignTask, { organisation }: Task, context: Context): Objection =>
  taker(input, context)?.organisation === organisation
    ? undefined
    : refusal(
        'not-permitted',
        ['SUP-0'],
        'A task is given to somebody of the organisation in whose queue it stands.',
      );

const alreadyNamed = ({ of }: Task): Objection =>
  of === undefined
    ? undefined
    : refusal('wrong-state', ['SUP-0'], 'This is asked of one person by name, and of nobody else.', {
        wouldNeed: 'a deputy of that person',
      });

/** Gives the task to somebody of its queue. (SUP-0) */
export const reassignTask: CommandRule<Task, ReassignTask> = {
  does: 'Give the task to somebody of its queue.',
  who: ['programme-manager', 'aims-manager'],
  from: ['open', 'claimed'],
  to: ['claimed'],
  rules: ['SUP-0'],
  refuses: ['not-permitted', 'wrong-state'],
  people: ({ to }) => [to],
  handsTo: (input, _, context) => taker(input, context),
  may: (state, context) => [ofOwnSide(state, context), alreadyNamed(state)],
  guard: (input, state, context) => [nobody(input, state, context)],
  record: ({ to }, { id }, { actor }) => [task('task.reassigned', id, { to, by: actor.id })],
};

/** Says what comes first in a queue; its day stays what it is. (SUP-0) */
export const prioritiseTask: CommandRule<Task, PrioritiseTask> = {
  does: 'Say how important the task is among others of its queue.',
  who: ['programme-manager', 'aims-manager'],
  from: ['open', 'claimed'],
  to: [],
  rules: ['SUP-0'],
  refuses: ['not-permitted', 'wrong-state'],
  may: (state, context) => [ofOwnSide(state, context)],
  guard: ({ priority }, state) => [
    priority === state.priority
      ? refusal('wrong-state', ['SUP-0'], `It is ${priority} already.`, { wouldNeed: 'another priority' })
      : undefined,
  ],
  record: ({ priority }, { id }, { actor }) => [task('task.prioritised', id, { priority, by: actor.id })],
};

const notPassedOn = ({ handed }: Task): Objection =>
  handed
    ? refusal('delegation-invalid', ['SOD-15'], 'What you do for somebody else you do not hand on.', {
        wouldNeed: 'whoever gave it to you',
      })
    : undefined;

/** Only what is one's own is handed on; a deputy does it, or gives it back. (SOD-15) */
const ownQueue = ({ queue, programme }: Task, { actor, today }: Context): Objection =>
  isOwnRole(queue, actor, today, programme)
    ? undefined
    : refusal('delegation-invalid', ['SOD-15'], 'What you hold for somebody else you do not hand on.', {
        wouldNeed: 'whoever holds the role',
      });

const over = ({ until }: DelegateTask, { today }: Context): Objection =>
  until < today
    ? refusal('delegation-invalid', ['SOD-15'], `${until} is over.`, { wouldNeed: 'an end that lies ahead' })
    : undefined;

const proxy = (input: { readonly to?: Id }, { queue }: Task, context: Context): Actor | undefined => {
  const other = taker(input, context);
  const { actor, today } = context;
  const lent = { role: queue, from: today, for: { account: actor.id, human: actor.human, delegation: '' } };
  return other && { ...other, grants: [lent] };
};

/** Hands the task to a colleague, who does it in one's place until a day. (SOD-15) */
export const delegateTask: CommandRule<Task, DelegateTask> = {
  does: 'Hand the task to a colleague, until a day.',
  who: people,
  from: ['claimed'],
  to: [],
  person: true,
  rules: ['SOD-15', 'SOD-12', 'SUP-0'],
  refuses: ['delegation-invalid', 'not-permitted', 'separation-of-duties'],
  people: ({ to }) => [to],
  handsTo: (input, state, context) => proxy(input, state, context),
  may: (state, context) => [
    held(state, context),
    notPassedOn(state),
    ownQueue(state, context),
    notByProxy(state.queue),
  ],
  guard: (input, { queue }, context) => [
    over(input, context),
    ...colleague(input.to, queue, context.actor, context),
  ],
  record: ({ to, until }, { id }, { actor }) => [
    task('task.delegated', id, { to, until, for: { account: actor.id, human: actor.human } }),
  ],
};

const inVain = ({ until }: SnoozeTask, { due }: Task, { today }: Context): Objection => {
  if (due !== undefined && due < today)
    return refusal('wrong-state', ['SUP-0'], `It was due on ${due}; what is late is not put off.`);
  return until > today && (due === undefined || until <= due)
    ? undefined
    : refusal(
        'wrong-state',
        ['SUP-0'],
        'It can be put off until a day after today, and no longer than it is due.',
        {
          wouldNeed: due === undefined ? 'a day after today' : `a day after today and until ${due}`,
        },
      );
};

/** Puts it out of sight until a day. (SUP-0) */
export const snoozeTask: CommandRule<Task, SnoozeTask> = {
  does: 'Put the task out of sight until a day.',
  who: people,
  from: ['claimed'],
  to: [],
  rules: ['SUP-0'],
  refuses: ['not-permitted', 'wrong-state'],
  may: (state, context) => [held(state, context)],
  guard: (input, state, context) => [inVain(input, state, context)],
  record: ({ until }, { id }) => [task('task.snoozed', id, { until })],
};

/** Says something about it, to whoever may see it. (SUP-0) */
export const commentTask: CommandRule<Task, CommentTask> = {
  does: 'Say something about the task.',
  who: people,
  from: ['open', 'claimed'],
  to: [],
  rules: ['SUP-0'],
  refuses: ['reason-missing'],
  guard: ({ comment }) => [
    isFilled(comment) ? undefined : refusal('reason-missing', ['SUP-0'], 'A comment has words.'),
  ],
  record: ({ comment }, { id }, { actor }) => [
    task('task.commented', id, { by: actor.id }, { texts: { comment } }),
  ],
};
