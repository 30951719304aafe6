import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import { lookedAtFor } from '#domain/reading.js';
import { peopleAsked, type PersonAsked } from '#domain/task/people-asked.js';
import { isOpenTask, type Task } from '#domain/task/facts.js';
import { CommandIds } from './command-ids.js';
import { readOnly } from './command-read.js';
import { withPeople, type Surroundings } from './decision.js';
import { lookAt } from './issue.js';
import { clockOf, engineOf, situationOf } from './situation.js';

/** A task that is open, and of whom it is asked. */
export interface AskedOf {
  readonly task: Task;
  readonly version: number;
  /** The day in the zone that governs it. */
  readonly today: CivilDate;
  readonly people: readonly PersonAsked[];
}

/** Of whom a task is asked, as rules see them now, read without locks; nothing for an unknown one, or one that has ended. */
export async function readPeopleAsked(
  client: ClientBase,
  id: Id,
  { now, random }: Surroundings,
): Promise<AskedOf | undefined> {
  const ask = lookAt(id, { principal: '', organisation: '' });
  const subject = (await readOnly(client, ask)).subject;
  if (!subject || !isOpenTask(subject.thing)) return undefined;
  const { thing: task, version } = subject;
  const kinds = lookedAtFor(task);
  const found = await readOnly(client, { ...ask, kinds, holders: [task.queue] });
  const people = found.things.flatMap(({ thing }) => (thing.kind === 'person' ? [thing.id] : []));
  const at = clockOf(found, now);
  const situation = situationOf(await withPeople(client, found, people), {
    ...{ subject, actor: engineOf(task.organisation), now: at },
    ids: new CommandIds({ key: '', seed: undefined, now: () => Date.parse(at), random }),
  });
  return { task, version, today: situation.today, people: peopleAsked(task, situation) };
}
