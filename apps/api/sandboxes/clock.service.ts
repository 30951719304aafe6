import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { DataSource } from 'typeorm';
import { howFar } from '#contract/routes/sandboxes.js';
import { instant, type Instant } from '#domain/instant.js';
import { Operations, type Operation } from '#database/operations.js';
import type { Sandbox } from '#database/sandboxes.js';
import type { Bell } from '#platform/bell.js';
import { newId, sandboxSource, type IdSource } from '#platform/ids.js';
import { plusDuration } from '#platform/zone.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import { checkedBody } from '../http/shape.js';
import type { Caller } from '../http/visit.js';

const LOOK_MS = 250;
const LONGEST_WAIT_S = 30;

/** Moves the clocks of sandboxes: queues what a worker carries out, and holds the line for those who ask. */
@Injectable()
export class ClockService {
  constructor(
    private readonly source: DataSource,
    private readonly committed: () => void,
    private readonly over: Bell,
  ) {}

  async advance({ body }: Sent, caller: Caller, sandbox: Sandbox): Promise<Answer> {
    const { organisation, principal, key = '', fingerprint } = caller;
    const seed = `${organisation}\n${principal}\n${sandbox.id}\n${key}`;
    const ids = (): IdSource => sandboxSource(seed, 'advance', () => 0);
    const operations = new Operations(this.source, ids());
    const target = towards(checkedBody(howFar, body), sandbox);
    const isBack = 'to' in target && target.to < sandbox.now;
    const asked = { kind: 'clock-advance', organisation, sandbox: sandbox.id };
    const queued = isBack
      ? undefined
      : await operations.queue({ ...asked, input: { ...target, asked: fingerprint } });
    const operation = queued ?? (await operations.get(organisation, newId('op', ids())));
    if (operation) {
      this.committed();
      return this.settled(again(operation, caller), caller, caller.wait ?? 0);
    }
    if (isBack)
      throw new Fault('clock-backwards', `The clock shows ${sandbox.now}; ${target.to} lies before.`);
    throw new Fault('clock-busy', 'Another operation moves this clock.');
  }

  async get(id: string | undefined, { organisation }: Caller): Promise<Answer> {
    const operation = await new Operations(this.source).get(organisation, id ?? '');
    if (!operation) throw notFound();
    return new Answer(200, shown(operation));
  }

  /** 200 when it is over within the time that the caller gives, else 202 and where to look. */
  private async settled(operation: Operation, { organisation }: Caller, seconds: number): Promise<Answer> {
    const until = Date.now() + Math.min(seconds, LONGEST_WAIT_S) * 1000;
    let latest = operation;
    for (let rings = this.over.rings; isUnderWay(latest) && Date.now() < until;) {
      await this.over.after(rings, LOOK_MS);
      rings = this.over.rings;
      latest = (await new Operations(this.source).get(organisation, operation.id)) ?? latest;
    }
    const location = `/v1/operations/${operation.id}`;
    if (isUnderWay(latest)) return new Answer(202, shown(latest), { location, 'retry-after': '2' });
    return new Answer(200, shown(latest), { location, 'preference-applied': `wait=${seconds}` });
  }
}

/** The operation that the first request with this key has queued, when that had the same body. */
function again(operation: Operation, { fingerprint }: Caller): Operation {
  if ('asked' in operation.input && operation.input.asked === fingerprint) return operation;
  throw new Fault('idempotency-key-reused', 'The first request with this key had another body.');
}

const isUnderWay = ({ status }: Operation): boolean => status === 'queued' || status === 'running';

type Towards = { readonly to: Instant } | { readonly until: z.output<typeof howFar>['until'] };

/** `by` is counted in the calendar of the zone; from here on there is an instant. */
function towards({ to, by, until }: z.output<typeof howFar>, { now, zone }: Sandbox): Towards {
  const target = by === undefined ? to : plusDuration(now, by, zone);
  return target === undefined ? { until } : { to: instant(target) };
}

const shown = ({
  id,
  kind,
  status,
  progress,
  result,
  problem,
  startedAt,
  finishedAt,
  sandbox,
}: Operation): object => ({
  ...{ id, object: 'operation', kind, status, progress, startedAt, finishedAt, result, problem },
  links: {
    self: `/v1/operations/${id}`,
    ...(sandbox === null ? {} : { sandbox: `/v1/sandboxes/${sandbox}` }),
  },
});
