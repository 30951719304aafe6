import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { END_OF_CLOCKS, howFar } from '#contract/routes/sandboxes.js';
import { isInstant, type Instant } from '#domain/instant.js';
import type { Sandbox } from '#database/sandboxes.js';
import { plusDuration } from '#platform/zone.js';
import type { Answer } from '../http/answer.js';
import { Fault } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import { checkedBody } from '../http/shape.js';
import type { Caller } from '../http/visit.js';
import type { OperationsService } from '../operations/operations.service.js';

/** Moves the clocks of sandboxes: queues what a worker carries out, and holds the line for those who ask. */
@Injectable()
export class ClockService {
  constructor(private readonly operations: OperationsService) {}

  async advance({ body }: Sent, caller: Caller, sandbox: Sandbox): Promise<Answer> {
    const target = towards(checkedBody(howFar, body), sandbox);
    const isBack = 'to' in target && target.to < sandbox.now;
    const about = sandbox.id;
    const operation = isBack
      ? await this.operations.known(about, caller)
      : await this.operations.queue(
          { kind: 'clock-advance', about, sandbox: sandbox.id, input: target },
          caller,
        );
    if (operation) return this.operations.settled(operation, caller);
    if (isBack)
      throw new Fault('clock-backwards', `The clock shows ${sandbox.now}; ${target.to} lies before.`);
    throw new Fault('clock-busy', 'Another operation moves this clock.');
  }
}

type Towards = { readonly to: Instant } | { readonly until: z.output<typeof howFar>['until'] };

/** `by` is counted in the calendar of the zone; from here on there is an instant. */
function towards({ to, by, until }: z.output<typeof howFar>, { now, zone }: Sandbox): Towards {
  const target = by === undefined ? to : after(now, by, zone);
  return target === undefined ? { until } : { to: target };
}

/** @throws Fault for what lies beyond the calendar */
function after(now: Instant, by: string, zone: string): Instant {
  const target = counted(now, by, zone);
  if (target !== undefined && isInstant(target) && target < END_OF_CLOCKS) return target;
  const detail = 'The calendar ends with 2199.';
  throw new Fault('invalid-body', `/by: ${detail}`, {
    errors: [{ pointer: '/by', code: 'out-of-range', detail }],
  });
}

/** Nothing where there is no such instant at all. */
function counted(now: Instant, by: string, zone: string): string | undefined {
  try {
    return plusDuration(now, by, zone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
