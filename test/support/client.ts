import type { Id, Role } from '#domain/actor.js';
import { instant, type CivilDate, type Instant } from '#domain/instant.js';
import type { NewFact } from '#domain/record.js';
import type { Asked } from '#rehearsal/desk.js';
import { instantOf, toolsFrom } from '../../apps/cli/journey/tools.js';
import { BEGINS, deedsOf, roles, type Course, type Deed, type Who } from './own-finding.js';

export const ZONE = 'Europe/Vienna';
export const SEED = 'findings of one’s own';
export const STARTS = instantOf(BEGINS, 'office', ZONE);
const HALF_A_YEAR_MS = 183 * 86_400_000;

/** As whom something is done; without a name, as whoever runs the installation. */
export interface As {
  readonly principal?: Id;
  readonly organisation?: Id;
  readonly key: string;
  /** What the machine's clock showed; now, when it is not said. Only for those on a real clock. */
  readonly at?: Instant;
}

/** Where a client lives: in a rehearsal, or on real servers. */
export interface Floor {
  does(asked: Asked, as: As): Promise<Id>;
  advance(organisation: Id, to: Instant): Promise<void>;
  facts(organisation: Id): Promise<readonly NewFact[]>;
}

/** Ids that a spec gives itself, so that a rehearsal and a real run have the same. */
export const givenId = (prefix: string, number: number): Id =>
  `${prefix}_${String(number).padStart(26, '0')}`;

const members: readonly Who[] = ['iris', 'ana', 'dana'];

/** A client with the people who work on a finding of its own. */
export class Client {
  readonly organisation: Id;
  private now = STARTS;
  private calls = 0;

  constructor(
    private readonly floor: Floor,
    private readonly number = 1,
  ) {
    this.organisation = givenId('org', number);
  }

  person(who: Who): Id {
    return givenId('per', this.number * 10 + members.indexOf(who));
  }

  /** Makes the organisation and its people. */
  async begin(): Promise<this> {
    const { floor, organisation } = this;
    const input = { name: 'The client', side: 'client', mode: 'sandbox', zone: ZONE };
    await floor.does({ type: 'createOrganisation', stream: organisation, input }, { key: organisation });
    for (const who of members) {
      const held: readonly Role[] = roles[who];
      const person = this.person(who);
      const invited = { name: who, mail: `${who}@example.org`, roles: held };
      const asked = { type: 'invitePerson', stream: person, under: organisation, input: invited };
      await floor.does(asked, { key: person });
      await this.does(who, { type: 'acceptInvitation', stream: person, input: {} });
    }
    return this;
  }

  async draft(): Promise<Id> {
    return this.does('iris', { type: 'draftFinding', input: { source: 'internalAudit' } });
  }

  /** What somebody does must be possible. */
  async does(who: Who, asked: Asked): Promise<Id> {
    this.calls += 1;
    const { organisation } = this;
    return this.floor.does(asked, { principal: this.person(who), organisation, key: String(this.calls) });
  }

  async advance(to: Instant): Promise<void> {
    await this.floor.advance(this.organisation, to);
    this.now = to;
  }

  /** One deed on its day, in office hours. */
  async deed(finding: Id, { on, by, type, ...rest }: Deed): Promise<void> {
    await this.advance(instantOf(on, 'office', ZONE));
    await this.does(by, { type, stream: finding, input: {}, ...rest });
  }

  /** The deeds of a course, one by one. */
  deeds(course: Course): readonly Deed[] {
    return deedsOf(course, this.person('dana'));
  }

  /** The whole course of a finding, and half a year more. */
  async plays(course: Course): Promise<Id> {
    const finding = await this.draft();
    for (const deed of this.deeds(course)) await this.deed(finding, deed);
    await this.waits();
    return finding;
  }

  /** Half a year goes by. */
  async waits(): Promise<void> {
    await this.advance(instant(new Date(Date.parse(this.now) + HALF_A_YEAR_MS).toISOString()));
  }

  /** What came of the finding, from its draft on, as comparable lines. */
  async lines(): Promise<readonly string[]> {
    const facts = await this.floor.facts(this.organisation);
    return linesOf(facts.slice(facts.findIndex(({ fact }) => fact.type === 'finding.drafted')));
  }
}

/** Facts as comparable lines, with everything that they say. */
export const linesOf = (facts: readonly NewFact[]): readonly string[] =>
  facts.map(({ kind, fact }) => `${fact.at} ${kind} ${fact.type} ${sorted(fact)}`);

/** The day on which facts of a type were recorded. */
export const daysOf = (facts: readonly NewFact[], type: string): readonly CivilDate[] =>
  facts.filter(({ fact }) => fact.type === type).map(({ fact }) => toolsFrom(SEED).dateAt(fact.at, ZONE));

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
