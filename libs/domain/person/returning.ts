import { rolesOn, type Actor, type Grant, type Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { Context, Event, Thing } from '../machine.js';
import { isInHandsOf, taskReturned, type Task } from '../task/facts.js';
import { isPerson } from './facts.js';

/** The tasks in somebody's hands that go back to their queues, since these grants alone are left. (SUP-0) */
export const returned = (
  { id }: Pick<Actor, 'id'>,
  grants: readonly Grant[],
  { things, today, actor }: Context,
): readonly Event[] =>
  things
    .filter((thing) => isInHandsOf(id, thing))
    .filter(({ handed, queue, programme }) =>
      handed ? grants.length === 0 : !rolesOn({ grants }, today, programme).includes(queue),
    )
    .map((task) => taskReturned(task.id, actor.id));

/** Whether whoever has a task may do it still; for a colleague, as long as it was handed over and the holder has the role. (SOD-15) */
export function isTheirsStill(
  { claimant, handed, queue, programme }: Task,
  things: readonly Thing[],
  today: CivilDate,
): boolean {
  const holds = (account: Id | undefined): boolean => {
    const person = things.filter(isPerson).find(({ id }) => id === account);
    return person === undefined || rolesOn(person, today, programme).includes(queue);
  };
  const isGone = things.filter(isPerson).some(({ id, stage }) => id === claimant && stage === 'departed');
  if (handed) return !isGone && today <= handed.until && holds(handed.for.account);
  return holds(claimant);
}
