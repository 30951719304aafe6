import { firstKeyMade } from '#domain/api-key/api-key.js';
import type { Id } from '#domain/actor.js';
import { addMonths } from '#domain/calendar.js';
import { civilDate, type Instant } from '#domain/instant.js';
import { opens, processId } from '#domain/process/routing.js';
import { installationCreated } from '#domain/organisation/organisation.js';
import type { Asked } from '#rehearsal/desk.js';
import type { Entry } from '#rehearsal/play/door.js';
import { rehearse, type Mischief, type Rehearsal } from '#rehearsal/rehearse.js';
import { toolsFrom } from '../../apps/cli/journey/tools.js';
import { givenId, type As } from './client.js';
import { inShort, type Agendas, type Counts, type Ground, type Plot } from './histories-door.js';

/** The ground of a world in memory; it is made when a play begins, and holds that play alone. */
export class MemoryGround implements Ground {
  private made: Rehearsal | undefined;
  private heard = 0;

  constructor(private readonly mischief: Mischief = {}) {}

  get world(): Rehearsal {
    if (!this.made) throw new Error('the play has not begun');
    return this.made;
  }

  lay({ starts, zone, seed }: Plot): Promise<void> {
    const [home, key] = [givenId('org', 0), givenId('key', 0)];
    const day = civilDate(starts.slice(0, 10));
    const hidden = { hash: '0'.repeat(64), shown: 'rehearsal', scopes: [], name: 'Rehearsal' };
    const past = [
      installationCreated(home, 'This installation', zone),
      firstKeyMade(key, home, { ...hidden, madeOn: day, expiresOn: addMonths(day, 12) }),
    ];
    const { mischief } = this;
    this.made = rehearse({ tools: toolsFrom(seed), startsAt: starts, zone, past, mischief });
    this.heard = this.made.entries.length;
    return Promise.resolve();
  }

  async does(
    asked: Asked,
    { principal = givenId('key', 0), organisation = givenId('org', 0), key }: As,
  ): Promise<Id> {
    const answer = await this.world.execute(asked, { principal, organisation, route: asked.type, key });
    if ('refused' in answer) throw new Error(`${asked.type}: ${JSON.stringify(answer.refused)}`);
    return answer.thing.thing.id;
  }

  advance(_: Plot, to: Instant): Promise<void> {
    return this.world.advance(to);
  }

  nextDue(_: Plot, before: Instant): Promise<Instant | undefined> {
    const dues = this.world.agenda().flatMap(({ items }) => items.map(({ due }) => due));
    const next = dues.filter((due) => due !== null).filter((due) => due < before);
    return Promise.resolve(next.toSorted()[0]);
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  news(): Promise<readonly Entry[]> {
    const fresh = this.world.entries.slice(this.heard);
    this.heard += fresh.length;
    return Promise.resolve(fresh);
  }

  counts(): Counts {
    const subjects = new Map<Id, Id>();
    const counts = new Map<Id, number>();
    const one = (process: Id): unknown => counts.set(process, (counts.get(process) ?? 0) + 1);
    for (const { fact } of this.world.entries) {
      const name = opens[fact.type];
      if (name !== undefined) subjects.set(fact.stream, processId(name, fact.stream));
      const own = subjects.get(fact.stream);
      if (own !== undefined) one(own);
      const [by, of, step] = fact.command.split('/');
      if (by !== undefined && of !== undefined && step !== undefined) one(`${by}/${of}`);
    }
    return counts;
  }

  agendas(): Agendas {
    const waiting = this.world.agenda().toSorted((a, b) => (a.process < b.process ? -1 : 1));
    return Object.fromEntries(waiting.map(({ process, items }) => [process, items.map(inShort)]));
  }
}
