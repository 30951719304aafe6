import { sideOf, type Role } from '../actor.js';
import { softDate, span } from '../explanation.js';
import type { CommandRule } from '../machine.js';
import { ordered } from '../notice/notice.js';
import type { Obligation } from '../obligation.js';
import type { RefusalCode } from '../refusal.js';
import { task, type Task } from './facts.js';

/** Why nobody of the queue may do it: what stands against those who hold its role; nothing where nobody holds it. */
export interface RecordNobodyLeft {
  readonly against: readonly RefusalCode[];
}

/** Who can put it right: whoever gives out the roles of the side in whose queue it stands. */
function ownersOf(queue: Role): readonly Role[] {
  const side = sideOf(queue);
  if (side === 'client') return ['aims-manager', 'top-management'];
  return side === 'certificationBody' ? ['scheme-administrator'] : ['system-administrator'];
}

const KEY = 'somebody';
const everyOwner: readonly Role[] = [
  ...ownersOf('employee'),
  ...ownersOf('auditor'),
  ...ownersOf('observer'),
];

/** What is owed for a task that nobody may do: somebody who may. */
export const taskOwes = ({ stage, queue, nobodyLeft }: Task): readonly Obligation[] =>
  stage === 'open' && nobodyLeft
    ? [
        {
          key: KEY,
          what: 'somebody who may do this task',
          due: nobodyLeft.due,
          ladder: 'L-TASK',
          owedBy: ownersOf(queue),
        },
      ]
    : [];

/** Nobody who could be asked may do the task: its owner is told. (SUP-0) */
export const recordNobodyLeft: CommandRule<Task, RecordNobodyLeft> = {
  does: 'Record that nobody of the queue may do the task, and tell its owner.',
  who: ['engine'],
  from: ['open'],
  to: [],
  rules: ['SUP-0'],
  refuses: [],
  holders: () => everyOwner,
  record: ({ against }, state, context) => {
    const anchor = { name: 'day on which nobody was left', date: context.today };
    const key = 'task.somebodyBusinessDays';
    const { policy } = context;
    const due = softDate(policy, span({ rule: 'SUP-0', anchor, key, unit: 'businessDays' }, policy));
    const notice = {
      obligation: KEY,
      due: due.date,
      rungs: ['on-the-day'],
      to: ownersOf(state.queue),
      late: false,
    };
    return [
      task('task.nobody-left', state.id, { against, due }),
      ordered(context.newId('ntc', 0), notice, state, context),
    ];
  },
};

/** There is somebody again. (SUP-0) */
export const recordSomebodyFound: CommandRule<Task> = {
  does: 'Record that somebody may do the task again.',
  who: ['engine'],
  from: ['open', 'claimed'],
  to: [],
  rules: ['SUP-0'],
  refuses: [],
  record: (_, { id }) => [task('task.somebody-found', id, {})],
};
