import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { DataSource } from 'typeorm';
import { howFar } from '#contract/routes/sandboxes.js';
import { Operations, type Operation } from '#database/operations.js';
import type { Sandbox } from '#database/sandboxes.js';
import { newId, sandboxSource } from '#platform/ids.js';
import { pause } from '#platform/pause.js';
import { plusDuration } from '#platform/zone.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import { checkedBody } from '../http/shape.js';
import type { Caller } from '../http/visit.js';

const LOOK_MS = 25;
const LONGEST_WAIT_S = 30;

/** Moves the clocks of sandboxes: queues what a worker carries out, and holds the line for those who ask. */
@Injectable()
export class ClockService {
  constructor(private readonly source: DataSource) {}

  async advance({ body }: Sent, caller: Caller, sandbox: Sandbox): Promise<Answer> {
    const { organisation, principal, key = '' } = caller;
    const seed = `${organisation}\n${principal}\n${sandbox.id}\n${key}`;
    const id = newId(
      'op',
      sandboxSource(seed, 'advance', () => 0),
    );
    const known = await new Operations(this.source).get(organisation, id);
    if (known) return this.settled(again(known, caller), caller, caller.wait ?? 0);
    const input = { ...towards(checkedBody(howFar, body), sandbox), asked: caller.fingerprint };
    const own = new Operations(
      this.source,
      sandboxSource(seed, 'advance', () => 0),
    );
    const queued =
      (await own.queue({ kind: 'clock-advance', organisation, sandbox: sandbox.id, input })) ??
      (await own.get(organisation, id));
    if (!queued) throw new Fault('clock-busy', 'Another operation moves this clock.');
    return this.settled(again(queued, caller), caller, caller.wait ?? 0);
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
    while (isUnderWay(latest) && Date.now() < until) {
      await pause(LOOK_MS);
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

/** `by` is counted in the calendar of the zone; from here on there is an instant. */
function towards({ to, by, until }: z.output<typeof howFar>, { now, zone }: Sandbox): object {
  const target = by === undefined ? to : plusDuration(now, by, zone);
  if (target === undefined) return { until };
  if (target < now) throw new Fault('clock-backwards', `The clock shows ${now}; ${target} lies before.`);
  return { to: target };
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
