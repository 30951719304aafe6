import { kebab, type Route } from '#contract/route.js';

/** One command of a group: `findings accept-plan`. Two routes where a command can make a thing and also change one that is there. */
export interface Verb {
  readonly group: string;
  readonly name: string;
  readonly routes: readonly [Route, ...Route[]];
}

/** Every route as a verb of its collection, in the order of the contract. */
export function verbsOf(routes: readonly Route[]): readonly Verb[] {
  const found = new Map<string, Verb>();
  for (const route of routes) {
    const [group, name] = [groupOf(route), verbOf(route)];
    const known = found.get(`${group} ${name}`);
    found.set(`${group} ${name}`, { group, name, routes: known ? [...known.routes, route] : [route] });
  }
  return [...found.values()];
}

/** The route of a verb that takes so many parts of an address, else the one that takes the most. */
export function routeFor({ routes }: Verb, given: number): Route {
  const [first] = routes.toSorted((a, b) => b.params.length - a.params.length);
  return routes.find(({ params }) => params.length === given) ?? first ?? routes[0];
}

const groupOf = ({ kind, collection }: Route): string => (kind === 'page' ? 'system' : collection);

/** Routes that are called by their own names: the address says of what, and not what is done. */
const byName = ['page', 'entry', 'remove'] as const;
type ByName = (typeof byName)[number];
const isByName = (kind: Route['kind']): kind is ByName => byName.some((one) => one === kind);

/** The last word of the address, as it stands there; without one, what is done with the collection. */
function verbOf({ kind, path, name, command }: Route): string {
  if (isByName(kind)) return kebab(name);
  const last = path
    .split('/')
    .slice(3)
    .filter((part) => !part.startsWith('{'))
    .at(-1);
  if (last !== undefined) return last;
  return command === undefined ? plain[kind] : kebab(command.type);
}

const plain: Readonly<Record<Exclude<Route['kind'], ByName>, string>> = {
  ...{ list: 'list', read: 'show', create: 'create', command: 'change' },
  ...{ operation: 'start', upload: 'upload', mark: 'mark' },
};
