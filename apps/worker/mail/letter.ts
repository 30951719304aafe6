import type { ClientBase } from 'pg';
import { rolesOn, type Id } from '#domain/actor.js';
import { civilDate, type CivilDate, type Instant } from '#domain/instant.js';
import { hasEnded, type Thing } from '#domain/machine.js';
import { noticeMachine, type Notice } from '#domain/notice/notice.js';
import { languageOf, type Language, type Reading } from '#domain/notice/reader.js';
import { isPerson, type Person } from '#domain/person/facts.js';
import { actorOfPerson, personMachine } from '#domain/person/person.js';
import { processId } from '#domain/process/routing.js';
import { programmeOf } from '#domain/programme/parties.js';
import { standingOf } from '#database/process-news.js';
import { obligationsOf, type Owed } from '#database/reading/obligations.js';
import { textsBehind, thingOf } from '#database/reading/things.js';
import { civilDateAt } from '#platform/zone.js';

/** Somebody who is to have a notice, and how they want to be written to. */
export interface Reader extends Reading {
  readonly id: Id;
  readonly address: string;
  readonly language: Language;
}

/** A notice as it would be sent now. */
export interface Letter {
  readonly notice: Notice;
  readonly about: About;
  /** What is owed; nothing when it has been met, is gone, or is owed by another day. */
  readonly owed: Owed | undefined;
  readonly readers: readonly Reader[];
  /** Those of its people whose address is none. */
  readonly unreachable: readonly Id[];
  /** The zone that governs what it is about, and which day it is there. */
  readonly zone: string;
  readonly today: CivilDate;
}

/** The thing that a notice is about. */
export interface About {
  readonly id: Id;
  readonly number: string;
  readonly kind: string;
  /** What mails about it belong together by: its programme, or else the thing. */
  readonly thread: Id;
}

/** One address and nothing else: no list, no name, no line break, nothing that a mail server would read as more. */
export const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/u;
const MOST = 500;

/** What the ledger says of a notice at this moment: whether it is of use still, and who is to have it. */
export async function letterOf(client: ClientBase, id: Id, now: () => number): Promise<Letter> {
  const notice = (await thingOf(client, id))?.thing;
  if (!notice || !noticeMachine.is(notice)) throw new Error(`no notice is called ${id}`);
  const about = notice.about === undefined ? undefined : (await thingOf(client, notice.about))?.thing;
  const { clock, zone } = await standingOf(client, processId('notice', id), now);
  const today = dayAt(clock, zone);
  const people = await holders(client, notice, about, today);
  const addresses = await addressesOf(client, people);
  const readers = people.flatMap((person): Reader[] => {
    const address = addresses.get(person.id) ?? '';
    return ADDRESS.test(address) ? [readerOf(person, address)] : [];
  });
  return {
    ...{ notice, about: titleOf(about, id), owed: await owedNow(client, notice), zone, today, readers },
    unreachable: people
      .filter(({ id: one }) => readers.every((reader) => reader.id !== one))
      .map((one) => one.id),
  };
}

const dayAt = (clock: Instant, zone: string): CivilDate => civilDate(civilDateAt(clock, zone));

const titleOf = (about: Thing | undefined, notice: Id): About =>
  about === undefined
    ? { id: notice, number: notice, kind: 'notice', thread: notice }
    : {
        id: about.id,
        number: about.number ?? about.id,
        kind: about.kind,
        thread: programmeOf(about) ?? about.id,
      };

function readerOf(person: Person, address: string): Reader {
  const { id, zone, quietHours, digest } = person;
  return {
    ...{ id, address, language: languageOf(person) },
    ...(zone === undefined ? {} : { zone }),
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(digest === undefined ? {} : { digest }),
  };
}

async function owedNow(client: ClientBase, { about, obligation, due }: Notice): Promise<Owed | undefined> {
  if (about === undefined) return undefined;
  const owed = await obligationsOf(client, { stream: about }, { limit: MOST });
  return owed.find((one) => one.key === obligation && one.due.date === due);
}

/** Of those who held one of the roles when the notice was ordered, the ones who hold it still and have not left. */
async function holders(
  client: ClientBase,
  { people, to }: Notice,
  about: Thing | undefined,
  day: CivilDate,
): Promise<readonly Person[]> {
  const programme = about && programmeOf(about);
  const found: Person[] = [];
  for (const id of people) {
    const person = (await thingOf(client, id))?.thing;
    if (!person || !isPerson(person) || hasEnded(personMachine, person)) continue;
    if (rolesOn(actorOfPerson(person, []), day, programme).some((role) => to.includes(role)))
      found.push(person);
  }
  return found;
}

async function addressesOf(client: ClientBase, people: readonly Person[]): Promise<ReadonlyMap<Id, string>> {
  const hidden = people.flatMap(({ texts: { mail } }) => mail ?? []);
  const texts: Readonly<Record<string, string>> = await textsBehind(client, hidden);
  const known = people.map(({ id, texts: { mail = '' } }): [Id, string] => [id, texts[mail] ?? '']);
  return new Map(known);
}
