import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import type { z } from 'zod';
import { batchBody } from '#contract/routes/batches.js';
import { routes } from '#contract/routes/all.js';
import type { Route } from '#contract/route.js';
import { machineSource, newId } from '#platform/ids.js';
import { Answer } from '../http/answer.js';
import { Fault } from '../http/fault.js';
import { problemOf } from '../http/problem.filter.js';
import type { Sent } from '../http/sent.js';
import { checkedBody } from '../http/shape.js';
import type { Caller } from '../http/visit.js';
import { isPlain } from '../things/plain.js';
import type { ThingsService } from '../things/things.service.js';

type Item = z.infer<typeof batchBody>['commands'][number];

interface Result {
  readonly status: number;
  readonly body: unknown;
}

/** Issues commands one after the other, each by its own route and in its own transaction, under the key of the batch and its place. */
@Injectable()
export class BatchesService {
  constructor(private readonly things: ThingsService) {}

  async run({ body }: Sent, caller: Caller): Promise<Answer> {
    const { commands } = batchBody.parse(body);
    const data: Result[] = [];
    for (const [place, item] of commands.entries()) data.push(await this.one(item, place, caller));
    return new Answer(200, { data });
  }

  /** What the caller can mend is a result; what keeps Perennial from working at all ends the batch, which may be sent again. */
  private async one(item: Item, place: number, caller: Caller): Promise<Result> {
    try {
      const { status, body } = await this.things.act(...asIfAlone(item, place, caller));
      return { status, body: typeof body === 'string' ? JSON.parse(body) : body };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const problem = problemOf(error, newId('req', machineSource));
      return { status: problem.status, body: problem };
    }
  }
}

/** The request as it would have come to the route of the command. */
function asIfAlone(
  { command, target, version, input = {} }: Item,
  place: number,
  caller: Caller,
): [Sent, Caller] {
  const route = routeFor(command, target);
  const key = `${caller.key ?? ''}/${String(place)}`;
  const fingerprint = hash('sha256', JSON.stringify([command, target, version, input]));
  const body = route.body ? checkedBody(route.body, input) : {};
  const params = target === undefined ? {} : { id: target };
  const { version: _, ...who } = caller;
  return [
    { route, params, query: {}, body: isObject(body) ? body : {} },
    { ...who, route, key, fingerprint, ...(version === undefined ? {} : { version }) },
  ];
}

function routeFor(command: string, target: string | undefined): Route {
  const found = routes.find(
    (route) =>
      route.command?.type === command &&
      isPlain(route) &&
      (target === undefined
        ? route.kind === 'create'
        : route.kind === 'command' && target.startsWith(`${route.command.prefix}_`)),
  );
  if (found) return found;
  const what = target === undefined ? 'that makes a thing' : `of ${target}`;
  throw new Fault('invalid-body', `No command ${what} is called ${command}, or it has a request of its own.`);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
