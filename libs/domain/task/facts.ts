import type { Id, OnBehalf, Role } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Evolvers, type Thing } from '../machine.js';
import type { Level } from '../obligation.js';
import type { RefusalCode } from '../refusal.js';

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
  /** In whose hands it is, when its holder gave it to a colleague. (SOD-15) */
  readonly handed?: HandedOver;
  /** Until when its holder does not want to see it. */
  readonly snoozedUntil?: CivilDate;
  /** Who did what it asked for. */
  readonly doneBy?: Id;
  /** How far it was escalated since it is late: 1 to the next in line, 2 to those above. */
  readonly level: Level;
  readonly priority: Priority;
  /** While nobody of the queue may do it: what stands against them, and by when somebody is to be found. */
  readonly nobodyLeft?: NobodyLeft;
}

interface NobodyLeft {
  readonly against: readonly RefusalCode[];
  readonly due: ExplainedDate;
}

/** What a manager of the queue says of its importance; its day says how near it is. */
export const priorities = ['normal', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

/** A task in the hands of a colleague: whose it was, and until which day. (SOD-15) */
interface HandedOver {
  readonly to: Id;
  readonly for: OnBehalf;
  readonly until: CivilDate;
}

interface TaskEvents {
  'task.opened': { queue: Role; of?: Id; asks: string; due?: CivilDate };
  'task.claimed': { by: Id };
  'task.released': { by: Id };
  'task.reassigned': { to: Id; by: Id };
  'task.delegated': HandedOver;
  'task.snoozed': { until: CivilDate };
  'task.commented': { by: Id };
  'task.escalated': { level: Level };
  'task.prioritised': { priority: Priority; by: Id };
  'task.nobody-left': NobodyLeft;
  'task.somebody-found': object;
  'task.done': { by: Id };
  'task.withdrawn': { because: string };
  'task.voided': { because: string };
}

/** Makes the facts of tasks. */
export const task = recorder<TaskEvents>('task');

const inNoHands = ({ claimant: _, handed: __, snoozedUntil: ___, ...state }: Task): Task => state;
const routable = ({ nobodyLeft: _, ...state }: Task): Task => state;

/** How facts move a task. */
export const taskEvolve: Evolvers<Task, TaskEvents> = {
  'task.opened': (state, { data }) => ({ ...state, ...data, stage: 'open' }),
  'task.claimed': (state, { data }) => ({
    ...routable(inNoHands(state)),
    claimant: data.by,
    stage: 'claimed',
  }),
  'task.released': (state) => ({ ...inNoHands(state), stage: 'open' }),
  'task.reassigned': (state, { data }) => ({
    ...routable(inNoHands(state)),
    claimant: data.to,
    stage: 'claimed',
  }),
  'task.delegated': (state, { data }) => ({ ...inNoHands(state), claimant: data.to, handed: data }),
  'task.snoozed': (state, { data }) => ({ ...state, snoozedUntil: data.until }),
  'task.commented': (state) => state,
  'task.escalated': (state, { data }) => ({ ...state, level: data.level }),
  'task.prioritised': (state, { data }) => ({ ...state, priority: data.priority }),
  'task.nobody-left': (state, { data }) => ({ ...state, nobodyLeft: data }),
  'task.somebody-found': routable,
  'task.done': (state, { data }) => ({ ...state, stage: 'done', doneBy: data.by }),
  'task.withdrawn': (state) => ({ ...state, stage: 'withdrawn' }),
  'task.voided': (state) => ({ ...state, stage: 'void' }),
};

/** True for a thing that is a task. */
export const isTask = (thing: Thing): thing is Task => thing.kind === 'task';

/** The facts by which the way of a command closes tasks; nobody issues them by hand. */
export const taskDone = (id: Id, by: Id) => task('task.done', id, { by });
export const taskWithdrawn = (id: Id, because: string) => task('task.withdrawn', id, { because });
export const taskVoided = (id: Id, because: string) => task('task.voided', id, { because });

/** A task whose day has come is raised to a level, with the reminder that says so. */
export const taskEscalated = (id: Id, level: Level) => task('task.escalated', id, { level });

/** A task goes back to its queue, since whoever has it may not do it any more. */
export const taskReturned = (id: Id, by: Id) => task('task.released', id, { by });

/** For whom somebody may do one thing or another, since tasks were handed to them: whose accounts are read with theirs. */
export const handedFor = (account: Id, tasks: readonly Thing[]): readonly Id[] =>
  tasks.filter(isTask).flatMap(({ handed }) => (handed?.to === account ? [handed.for.account] : []));

/** True for a task that waits to be done. */
export const isOpenTask = (thing: Thing): thing is Task =>
  isTask(thing) && (thing.stage === 'open' || thing.stage === 'claimed');

/** Whoever has a task, and for whom: their accounts are read with it. */
export const whoHas = (thing: Thing): readonly Id[] =>
  isTask(thing) ? [thing.claimant, thing.handed?.for.account].filter((id) => id !== undefined) : [];

/** True for a task that somebody has: it is read with their account. */
export const isInHandsOf = (account: Id, thing: Thing): thing is Task =>
  isOpenTask(thing) && thing.claimant === account;

/** What is asked of a thing, and on which day. */
interface Asked {
  readonly type: string;
  readonly about: Id;
  readonly today: CivilDate;
}

/** The roles in which somebody may do one thing, since a task that asks for it was handed to them. (SOD-15) */
export const handedTo = (account: Id, { type, about, today }: Asked, things: readonly Thing[]) =>
  things
    .filter(isTask)
    .filter((one) => one.asks === type && one.about === about)
    .flatMap(({ queue, handed }) =>
      handed && handed.to === account && today <= handed.until ? [{ role: queue, for: handed.for }] : [],
    );
