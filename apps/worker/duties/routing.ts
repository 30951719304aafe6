import type { Id } from '#domain/actor.js';
import type { Order } from '#domain/process/news.js';
import { isAble } from '#domain/task/people-asked.js';
import type { AskedOf } from '#database/people-asked.js';
import type { Commands } from '#database/commands.js';
import type { Routing } from '#database/routing.js';
import type { Log } from '#platform/log.js';
import { startLoop, type Loop } from './loop.js';

const IDLE_MS = 5_000;
const PAGE = 20;

/** What the looking at tasks works with. */
export interface RoutingParts {
  readonly routing: Routing;
  readonly commands: Commands;
  readonly log: Log;
}

/** Looks at each open task whether somebody may do it. When nobody may, that is recorded, and its owner is told; once. */
export const startRouting = (parts: RoutingParts): Loop =>
  startLoop(
    async () => {
      const tasks = await parts.routing.next(PAGE);
      for (const task of tasks) await lookAt(task, parts);
      await parts.routing.lookedAt(tasks);
      return tasks.length > 0;
    },
    { name: 'routing', idleMs: IDLE_MS, log: parts.log },
  );

async function lookAt(id: Id, { commands }: RoutingParts): Promise<void> {
  const asked = await commands.peopleAsked(id);
  const order = asked && orderFor(asked);
  if (order) await commands.stepOf(id, { key: `routing/${id}/${String(asked.version)}`, order });
}

/** What is to be recorded of a task; nothing where it stands recorded already. */
function orderFor({ task, people }: AskedOf): Order | undefined {
  const nobody = task.stage === 'open' && !people.some(isAble);
  if (nobody === (task.nobodyLeft !== undefined)) return undefined;
  if (!nobody) return { command: 'recordSomebodyFound', input: {} };
  const against = people.flatMap((one) => one.against.map(({ code }) => code));
  return { command: 'recordNobodyLeft', input: { against: [...new Set(against)].sort() } };
}
