import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Operations, type Operation } from '#database/operations.js';
import type { Bell } from '#platform/bell.js';
import { newId, seededSource, type IdSource } from '#platform/ids.js';
import { Answer } from '../http/answer.js';
import { Fault, notFound } from '../http/fault.js';
import type { Caller } from '../http/visit.js';

const LOOK_MS = 250;
const LONGEST_WAIT_S = 30;

/** What is asked of a worker. */
export interface Wanted {
  readonly kind: string;
  /** What it is about: with the key of the request it makes the id, so that a retry queues nothing twice. */
  readonly about: string;
  readonly sandbox?: string;
  readonly input: object;
}

/** What runs on after its answer: queued here, carried out by a worker, and looked at again. */
@Injectable()
export class OperationsService {
  constructor(
    private readonly source: DataSource,
    private readonly committed: () => void,
    private readonly over: Bell,
  ) {}

  /** Queues it, unless the sandbox is busy; what the first request with this key has queued is found again. */
  async queue({ about, input, ...asked }: Wanted, caller: Caller): Promise<Operation | undefined> {
    const { organisation, fingerprint } = caller;
    const operations = new Operations(this.source, idsOf(about, caller));
    const queued = await operations.queue({
      ...asked,
      organisation,
      input: { ...input, asked: fingerprint },
    });
    return queued ?? this.known(about, caller);
  }

  /** What an earlier request with this key has queued. */
  async known(about: string, caller: Caller): Promise<Operation | undefined> {
    const id = newId('op', idsOf(about, caller));
    const operation = await new Operations(this.source).get(caller.organisation, id);
    return operation && again(operation, caller);
  }

  /** 200 when it is over within the time that the caller gives, else 202 and where to look. */
  async settled(operation: Operation, { organisation, wait = 0 }: Caller): Promise<Answer> {
    this.committed();
    const until = Date.now() + Math.min(wait, LONGEST_WAIT_S) * 1000;
    let latest = operation;
    for (let rings = this.over.rings; isUnderWay(latest) && Date.now() < until;) {
      await this.over.after(rings, LOOK_MS);
      rings = this.over.rings;
      latest = (await new Operations(this.source).get(organisation, operation.id)) ?? latest;
    }
    const location = `/v1/operations/${operation.id}`;
    if (isUnderWay(latest)) return new Answer(202, shown(latest), { location, 'retry-after': '2' });
    return new Answer(200, shown(latest), { location, 'preference-applied': `wait=${wait}` });
  }

  async get(id: string | undefined, { organisation }: Caller): Promise<Answer> {
    const operation = await new Operations(this.source).get(organisation, id ?? '');
    if (!operation) throw notFound();
    return new Answer(200, shown(operation));
  }
}

const idsOf = (about: string, { organisation, principal, key = '' }: Caller): IdSource =>
  seededSource(`${organisation}\n${principal}\n${about}\n${key}`, 'advance', () => 0);

/** The operation that the first request with this key has queued, when that had the same body. */
function again(operation: Operation, { fingerprint }: Caller): Operation {
  if ('asked' in operation.input && operation.input.asked === fingerprint) return operation;
  throw new Fault('idempotency-key-reused', 'The first request with this key had another body.');
}

const isUnderWay = ({ status }: Operation): boolean => status === 'queued' || status === 'running';

const shown = (operation: Operation): object => {
  const { id, kind, status, progress, result, problem, startedAt, finishedAt, sandbox } = operation;
  return {
    ...{ id, object: 'operation', kind, status, progress, startedAt, finishedAt, result, problem },
    links: {
      self: `/v1/operations/${id}`,
      ...(sandbox === null ? {} : { sandbox: `/v1/sandboxes/${sandbox}` }),
    },
  };
};
