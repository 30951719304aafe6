import type { ClientBase } from 'pg';
import { rolesOn, type Id } from '#domain/actor.js';
import { civilDate, type CivilDate } from '#domain/instant.js';
import { hasEnded, type Thing } from '#domain/machine.js';
import { noticeMachine, type Notice } from '#domain/notice/notice.js';
import { isPerson, type Person } from '#domain/person/facts.js';
import { actorOfPerson, personMachine } from '#domain/person/person.js';
import { processId } from '#domain/process/routing.js';
import { programmeOf } from '#domain/programme/parties.js';
import { standingOf } from '#database/process-news.js';
import { obligationsOf } from '#database/reading/obligations.js';
import { textsBehind, thingOf } from '#database/reading/things.js';
import { civilDateAt } from '#platform/zone.js';

/** A notice as it would be sent now. */
export interface Letter {
  readonly notice: Notice;
  readonly about: { readonly number: string; readonly kind: string };
  /** What is owed, in words; nothing when it has been met, is gone, or is owed by another day. */
  readonly owed: string | undefined;
  /** The addresses of those who are to have it, by their accounts. */
  readonly to: ReadonlyMap<Id, string>;
  /** Those of them whose address is none. */
  readonly unreachable: readonly Id[];
}

/** One address and nothing else: no list, no name, no line break, nothing that a mail server would read as more. */
export const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/u;
const MOST = 500;

/** What the ledger says of a notice at this moment: whether it is of use still, and who is to have it. */
export async function letterOf(client: ClientBase, id: Id, now: () => number): Promise<Letter> {
  const notice = (await thingOf(client, id))?.thing;
  if (!notice || !noticeMachine.is(notice)) throw new Error(`no notice is called ${id}`);
  const about = notice.about === undefined ? undefined : (await thingOf(client, notice.about))?.thing;
  const people = await holders(client, notice, about, await today(client, id, now));
  const addresses = await addressesOf(client, people);
  const to = new Map([...addresses].filter(([, address]) => ADDRESS.test(address)));
  return {
    notice,
    about: titleOf(about, id),
    owed: await owedNow(client, notice),
    to,
    unreachable: people.map((person) => person.id).filter((person) => !to.has(person)),
  };
}

const titleOf = (about: Thing | undefined, notice: Id): Letter['about'] =>
  about === undefined
    ? { number: notice, kind: 'notice' }
    : { number: about.number ?? about.id, kind: about.kind };

async function owedNow(client: ClientBase, { about, obligation, due }: Notice): Promise<string | undefined> {
  if (about === undefined) return undefined;
  const owed = await obligationsOf(client, { stream: about }, { limit: MOST });
  return owed.find((one) => one.key === obligation && one.due.date === due)?.what;
}

async function today(client: ClientBase, id: Id, now: () => number): Promise<CivilDate> {
  const { clock, zone } = await standingOf(client, processId('notice', id), now);
  return civilDate(civilDateAt(clock, zone));
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
