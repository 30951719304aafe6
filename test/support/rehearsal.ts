import { firstKeyMade } from '#domain/api-key/api-key.js';
import { addMonths } from '#domain/calendar.js';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { NewFact } from '#domain/record.js';
import { installationCreated } from '#domain/organisation/organisation.js';
import type { Asked } from '#rehearsal/desk.js';
import { rehearse, type Mischief, type Rehearsal } from '#rehearsal/rehearse.js';
import { toolsFrom } from '../../apps/cli/journey/tools.js';
import { Client, givenId, SEED, STARTS, ZONE, type As, type Floor } from './client.js';
import { BEGINS } from './own-finding.js';

const INSTALLATION = givenId('org', 0);
const FIRST_KEY = givenId('key', 0);

/** An installation in memory, in which clients live on one clock. */
export class Rehearsed implements Floor {
  readonly world: Rehearsal;

  constructor(mischief: Mischief = {}) {
    const hidden = { hash: '0'.repeat(64), shown: 'rehearsal', scopes: [], name: 'Rehearsal' };
    const days = { madeOn: BEGINS, expiresOn: addMonths(BEGINS, 12) };
    this.world = rehearse({
      ...{ tools: toolsFrom(SEED), startsAt: STARTS, zone: ZONE, mischief },
      past: [
        installationCreated(INSTALLATION, 'This installation', ZONE),
        firstKeyMade(FIRST_KEY, INSTALLATION, { ...hidden, ...days }),
      ],
    });
  }

  async does(asked: Asked, { principal = FIRST_KEY, organisation = INSTALLATION, key }: As): Promise<Id> {
    const answer = await this.world.execute(asked, { principal, organisation, route: asked.type, key });
    if ('refused' in answer) throw new Error(`${asked.type}: ${JSON.stringify(answer.refused)}`);
    return answer.thing.thing.id;
  }

  async advance(_: Id, to: Instant): Promise<void> {
    await this.world.advance(to);
  }

  facts(): Promise<readonly NewFact[]> {
    return Promise.resolve(this.world.entries);
  }

  /** A client with its people, in an installation of its own. */
  static async client(mischief: Mischief = {}): Promise<{ client: Client; world: Rehearsal }> {
    const floor = new Rehearsed(mischief);
    return { client: await new Client(floor).begin(), world: floor.world };
  }
}
