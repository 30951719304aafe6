import { addDays } from '#domain/calendar.js';
import type { Id } from '#domain/actor.js';
import type { CivilDate } from '#domain/instant.js';
import { instantOf } from '../../apps/cli/journey/tools.js';
import { Client, givenId, SEED, STARTS, ZONE, type Floor } from './client.js';
import type { Installation } from './live.js';
import { BEGINS, usual, type Course, type Deed } from './own-finding.js';

/** A course of a finding that begins so many days after the first. */
interface Begun {
  readonly course: Course;
  readonly after: number;
}

const quick: Course = { ...usual, planAfter: 5, evidenceAfter: 8 };

/** Findings of which three weeks after the first each stands at another place of its life. */
const everyStage: readonly Begun[] = [
  { course: quick, after: 0 },
  { course: { ...quick, evidenceAfter: 4, evidenceRejected: 1 }, after: 0 },
  { course: { ...quick, grade: 'minor' }, after: 2 },
  { course: quick, after: 9 },
  { course: { ...quick, plansRejected: 1 }, after: 9 },
  { course: quick, after: 12 },
  { course: quick, after: 14 },
  { course: { ...quick, grade: 'minor' }, after: 16 },
  { course: { ...quick, disputed: true }, after: 18 },
  { course: quick, after: 20 },
];

/** The day on which they stand at every stage. */
export const MIDWAY = addDays(BEGINS, 21);

/** Raised the day before; its plan comes two months later. */
const raised: Begun = { course: { ...quick, grade: 'minor', planAfter: 60 }, after: 20 };

interface Planned {
  readonly client: Client;
  readonly finding: Id;
  readonly deed: Deed;
}

/** How many findings each client has: so many on their way, and so many that were raised the day before. */
export interface Size {
  readonly onTheirWay: number;
  readonly justRaised: number;
}

/** Clients on one clock, whose findings go their ways side by side. */
export class Portfolio {
  private constructor(
    private readonly floor: Floor,
    private readonly clients: readonly Client[],
    private readonly deeds: Planned[],
  ) {}

  /** The clients with these numbers, in a world whose clock the first of them has. */
  static async begin(floor: Floor, numbers: readonly number[], size: Size): Promise<Portfolio> {
    const clients = numbers.map((number) => new Client(floor, number));
    for (const client of clients) await client.begin();
    const deeds: Planned[] = [];
    for (const [place, client] of clients.entries())
      deeds.push(...(await plannedFor(client, begunBy(numbers[place] ?? 0, size))));
    deeds.sort((a, b) => (a.deed.on < b.deed.on ? -1 : a.deed.on > b.deed.on ? 1 : 0));
    return new Portfolio(floor, clients, deeds);
  }

  /** Clients in an installation, with a clock for them all. */
  static async live(installation: Installation, count: number, size: Size): Promise<Portfolio> {
    const numbers = Array.from({ length: count }, (_, place) => place + 1);
    await installation.look(
      `insert into perennial.sandbox (id, name, organisation, zone, now, seed)
       select $1, 'A clock', organisation, $2, $3, $4 from perennial.installation`,
      [givenId('sbx', 1), ZONE, STARTS, SEED],
    );
    await installation.look(
      'insert into perennial.sandbox_member (organisation, sandbox) select unnest($1::text[]), $2',
      [numbers.map((number) => givenId('org', number)), givenId('sbx', 1)],
    );
    return Portfolio.begin(installation, numbers, size);
  }

  /** Everything that is done until a day, and then office hours of that day. */
  async goesOnUntil(day: CivilDate): Promise<void> {
    while (this.deeds[0] && this.deeds[0].deed.on <= day) await this.spends(this.deeds[0].deed.on);
    await this.advance(day);
  }

  /** What comes next is done today already. */
  async hurries(deeds: number): Promise<void> {
    for (let done = 0; done < deeds; done += 1) await this.doesNext();
  }

  /** Every fact of the clients as a line, in an order that does not depend on which process was quicker. */
  async lines(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const client of this.clients) lines.push(...(await client.lines()));
    return [...new Set(lines)].toSorted();
  }

  private async spends(day: CivilDate): Promise<void> {
    await this.advance(day);
    while (this.deeds[0]?.deed.on === day) await this.doesNext();
  }

  private async doesNext(): Promise<void> {
    const next = this.deeds.shift();
    if (!next) throw new Error('nothing is left to be done');
    const { on: _, by, type, ...rest } = next.deed;
    await next.client.does(by, { type, stream: next.finding, input: {}, ...rest });
  }

  private async advance(day: CivilDate): Promise<void> {
    const [first] = this.clients;
    await this.floor.advance(first?.organisation ?? '', instantOf(day, 'office', ZONE));
  }
}

/** Each client has others of the courses. */
const begunBy = (number: number, { onTheirWay, justRaised }: Size): readonly Begun[] => [
  ...Array.from(
    { length: onTheirWay },
    (_, place) => everyStage[(number * onTheirWay + place) % everyStage.length] ?? raised,
  ),
  ...Array.from({ length: justRaised }, () => raised),
];

async function plannedFor(client: Client, begun: readonly Begun[]): Promise<readonly Planned[]> {
  const deeds: Planned[] = [];
  for (const { course, after } of begun) {
    const finding = await client.draft();
    for (const deed of client.deeds(course))
      deeds.push({ client, finding, deed: { ...deed, on: addDays(deed.on, after) } });
  }
  return deeds;
}
