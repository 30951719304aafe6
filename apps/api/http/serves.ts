import type { Route } from '#contract/route.js';
import { applyDecorators, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { Request } from './fastify.js';

export const SERVES = 'serves';

const methods = { GET: RequestMethod.GET, POST: RequestMethod.POST, DELETE: RequestMethod.DELETE } as const;
const byAddress = new Map<string, Route>();

/** `/v1/findings/{id}` of the contract as Fastify writes it. */
const address = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Binds a handler to routes of the contract, all of one method: their paths, and nothing that the contract does not say. */
export function Serves(...routes: readonly Route[]): MethodDecorator {
  const [first] = routes;
  if (!first || routes.some(({ method }) => method !== first.method))
    throw new RangeError('a handler serves one method');
  for (const route of routes) byAddress.set(`${route.method} ${address(route.path)}`, route);
  const path = routes.map((route) => address(route.path));
  return applyDecorators(
    RequestMapping({ path, method: methods[first.method] }),
    SetMetadata(
      SERVES,
      routes.map(({ name }) => name),
    ),
  );
}

/** The record of the contract behind a request. HEAD is answered as GET. */
export function routeOf(request: Request): Route | undefined {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return byAddress.get(`${method} ${request.routeOptions.url ?? ''}`);
}

/** Every route that has a handler. */
export const servedRoutes = (): readonly Route[] => [...byAddress.values()];

/** The methods that an address knows, to tell "no such method" from "no such thing". */
export function methodsAt(path: string): readonly string[] {
  const known = [...byAddress.values()].filter((route) => matches(route.path, path));
  return [...new Set(known.map(({ method }) => method))];
}

function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, place) => (part.startsWith('{') ? given[place] !== '' : part === given[place]))
  );
}
