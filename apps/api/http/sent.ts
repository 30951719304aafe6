import type { Route } from '#contract/route.js';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from './fastify.js';
import { Fault, notFound } from './fault.js';
import { isText } from './json.js';
import { routeOf } from './serves.js';
import { checkedBody, checkedQuery } from './shape.js';

type Words = Readonly<Record<string, string | undefined>>;

/** A request after its shape was checked against the contract: the record of its route, and what was sent. */
export interface Sent {
  readonly route: Route;
  readonly params: Words;
  readonly query: Words;
  readonly body: object;
}

/** The checked request, as a parameter of a handler. */
export const Checked = createParamDecorator((_: unknown, context: ExecutionContext): Sent => {
  const request = context.switchToHttp().getRequest<Request>();
  const route = routeOf(request);
  if (!route) throw notFound();
  if (route.kind !== 'upload' && request.isMultipart())
    throw new Fault('media-type-not-supported', 'No form is taken here.');
  const params = wordsOf(request.params);
  if (!Object.values(params).every((word) => word !== undefined && isText(word))) throw notFound();
  return {
    route,
    params,
    query: wordsOf(checkedQuery(route.query, objectOf(request.query))),
    body: route.body ? objectOf(checkedBody(route.body, request.body)) : {},
  };
});

const wordsOf = (value: unknown): Words =>
  Object.fromEntries(
    Object.entries(objectOf(value)).map(([name, word]) => [
      name,
      word === undefined ? undefined : String(word),
    ]),
  );

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
