import { collections, routes } from '#contract/routes/all.js';
import type { Route } from '#contract/route.js';

/** The routes behind the doorman. */
export const closed: readonly Route[] = routes.filter(({ scope }) => scope !== 'open');

/** The routes that take a body of JSON. */
export const taking: readonly Route[] = closed.filter(({ body }) => body !== undefined);

/** Those of them that record something. */
export const recording: readonly Route[] = taking.filter(({ kind }) => kind !== 'entry' && kind !== 'mark');

/** The commands that change a thing that is there. */
export const changing: readonly Route[] = closed.filter(({ kind }) => kind === 'command');

/** An id of the right form that names nothing. */
export const unknownId = (prefix: string): string => `${prefix}_7zzzzzzzzzzzzzzzzzzzzzzzzz`;

const prefixes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(changing.map(({ collection, command }) => [collection, command?.prefix ?? ''])),
  ...{
    notices: 'ntc',
    sandboxes: 'sbx',
    operations: 'op',
    'webhook-deliveries': 'dlv',
    'calendar-feeds': 'cal',
  },
};

/** The prefix of the ids in the addresses of a route. */
export const prefixOf = ({ collection }: Route): string => prefixes[collection] ?? '';

/** The kind of thing that a route is about. */
export const kindOf = ({ collection }: Route): string =>
  collections.find(({ name }) => name === collection)?.kind ?? '';

/** The address of a route, about this thing or about none that exists. */
export function addressOf(route: Route, id = unknownId(prefixOf(route))): string {
  const words: Readonly<Record<string, string>> = {
    ...{ id, token: id, name: 'corrective-action', subject: unknownId('fnd'), code: 'wrong-state' },
    template: 'risk-register',
  };
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(words[name] ?? ''));
}

const AT_ONCE = 8;

/** Does something for each, several at once, in the order of the list as far as it goes. */
export async function each<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const left = list.entries();
  const lane = async (): Promise<void> => {
    for (const [place, one] of left) results[place] = await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}
