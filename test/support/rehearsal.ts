import { firstKeyMade } from '#domain/api-key/api-key.js';
import { addMonths } from '#domain/calendar.js';
import type { Id, Role } from '#domain/actor.js';
import { instant, type CivilDate } from '#domain/instant.js';
import type { NewFact } from '#domain/record.js';
import { installationCreated } from '#domain/organisation/organisation.js';
import type { Asked } from '#rehearsal/desk.js';
import { rehearse, type Mischief, type Rehearsal } from '#rehearsal/rehearse.js';
import { instantOf, toolsFrom } from '../../apps/cli/journey/tools.js';
import { BEGINS, deedsOf, roles, type Course, type Deed, type Who } from './own-finding.js';

const INSTALLATION = 'org_00000000000000000000000000';
const FIRST_KEY = 'key_00000000000000000000000000';
export const ZONE = 'Europe/Vienna';
const SEED = 'a finding of one’s own';

/** A client in a rehearsal, with the people who work on a finding of its own. */
export class RehearsedClient {
  private calls = 0;

  private constructor(
    readonly world: Rehearsal,
    readonly people: Readonly<Record<Who, Id>>,
  ) {}

  static async begin(mischief: Mischief = {}): Promise<RehearsedClient> {
    const hidden = { hash: '0'.repeat(64), shown: 'rehearsal', scopes: [], name: 'Rehearsal' };
    const days = { madeOn: BEGINS, expiresOn: addMonths(BEGINS, 12) };
    const world = rehearse({
      ...{ tools: toolsFrom(SEED), startsAt: instantOf(BEGINS, 'office', ZONE), zone: ZONE, mischief },
      past: [
        installationCreated(INSTALLATION, 'This installation', ZONE),
        firstKeyMade(FIRST_KEY, INSTALLATION, { ...hidden, ...days }),
      ],
    });
    const administers = async (asked: Asked): Promise<Id> => {
      const caller = { principal: FIRST_KEY, organisation: INSTALLATION, route: asked.type };
      const answer = await world.execute(asked, { ...caller, key: JSON.stringify(asked.input) });
      if ('refused' in answer) throw new Error(JSON.stringify(answer.refused));
      return answer.thing.thing.id;
    };
    const input = { name: 'The client', side: 'client', mode: 'sandbox', zone: ZONE };
    const organisation = await administers({ type: 'createOrganisation', input });
    const join = async (name: Who): Promise<Id> => {
      const held: readonly Role[] = roles[name];
      const invited = { name, mail: `${name}@example.org`, roles: held };
      const person = await administers({ type: 'invitePerson', under: organisation, input: invited });
      const caller = { principal: person, organisation, route: 'acceptInvitation', key: name };
      await world.execute({ type: 'acceptInvitation', stream: person, input: {} }, caller);
      return person;
    };
    const people = { iris: await join('iris'), ana: await join('ana'), dana: await join('dana') };
    return new RehearsedClient(world, people);
  }

  /** Somebody drafts a finding; answers its id. */
  async draft(): Promise<Id> {
    return this.does('iris', { type: 'draftFinding', input: { source: 'internalAudit' } });
  }

  /** What somebody does must be possible. */
  async does(who: Who, asked: Asked): Promise<Id> {
    const principal = this.people[who];
    const organisation = this.world.thing(principal)?.thing.organisation ?? '';
    this.calls += 1;
    const caller = { principal, organisation, route: asked.type, key: String(this.calls) };
    const answer = await this.world.execute(asked, caller);
    if ('refused' in answer) throw new Error(`${asked.type}: ${JSON.stringify(answer.refused)}`);
    return answer.thing.thing.id;
  }

  /** One deed on its day, in office hours. */
  async deed(finding: Id, { on, by, type, ...rest }: Deed): Promise<void> {
    await this.world.advance(instantOf(on, 'office', ZONE));
    await this.does(by, { type, stream: finding, input: {}, ...rest });
  }

  /** The whole course of a finding, and half a year more. */
  async plays(course: Course): Promise<Id> {
    const finding = await this.draft();
    for (const deed of deedsOf(course, this.people.dana)) await this.deed(finding, deed);
    const half = new Date(Date.parse(this.world.now) + 183 * 86_400_000).toISOString();
    await this.world.advance(instant(half));
    return finding;
  }
}

/** Facts as comparable lines: type, step, day, and what was reminded of. */
export const lines = (facts: readonly NewFact[]): readonly string[] =>
  facts.map(
    ({ fact }) => `${fact.at} ${fact.stream} ${fact.type} ${fact.command} ${JSON.stringify(fact.data)}`,
  );

/** The day on which facts of a type were recorded. */
export const daysOf = (facts: readonly NewFact[], type: string): readonly CivilDate[] =>
  facts.filter(({ fact }) => fact.type === type).map(({ fact }) => toolsFrom(SEED).dateAt(fact.at, ZONE));
