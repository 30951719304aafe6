import type { DataSource } from 'typeorm';
import type { Collection } from '#contract/collection.js';
import { collections } from '#contract/routes/all.js';
import { namesakesOf, thingOf, type Shown } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import { Fault, notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';

/** The thing that an address names, by its id or its number for people. */
export const oneOf = (source: DataSource, sent: Sent, caller: Caller): Promise<Shown> =>
  viewAs(source, caller, (client) => oneIn(client, sent));

/** The same, for whoever reads more of it in the same snapshot. */
export async function oneIn(
  client: Parameters<typeof thingOf>[0],
  { route, params }: Pick<Sent, 'route' | 'params'>,
): Promise<Shown> {
  const { kind, prefix } = collectionAt(route.collection);
  const id = params['id'] ?? '';
  if (id.includes('_') && !id.startsWith(`${prefix}_`)) throw notFound();
  const shown = await thingOf(client, id, kind);
  if (!shown) throw notFound();
  if (shown.thing.id !== id) await refuseNamesakes(client, id, kind);
  return shown;
}

/** What is named by a number that others bear too, as far as the caller sees them, is not guessed at. */
export async function refuseNamesakes(
  client: Parameters<typeof thingOf>[0],
  number: string,
  kind: string,
): Promise<void> {
  const ids = await namesakesOf(client, number, kind);
  if (ids.length > 1) throw new Fault('number-ambiguous', `${number} is the number of ${ids.join(', ')}.`);
}

/** The request with the id of the thing in its address; as it is when the address names none. */
export async function withId(source: DataSource, sent: Sent, caller: Caller): Promise<Sent> {
  const { route, params } = sent;
  const { machine, prefix } = collectionAt(route.collection);
  const id = params['id'];
  if (id === undefined) return sent;
  // A command that can also make a thing would make one under an id that does not exist.
  const makes = machine.commands[route.command?.type ?? '']?.from.includes('none') === true;
  if (id.startsWith(`${prefix}_`) && !makes) return sent;
  return { ...sent, params: { ...params, id: (await oneOf(source, sent, caller)).thing.id } };
}

/** The collection of this name. */
export function collectionAt(name: string): Collection {
  const collection = collections.find((one) => one.name === name);
  if (!collection) throw notFound();
  return collection;
}
