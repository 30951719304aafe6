import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import rateLimit from '@fastify/rate-limit';
import { isPersonId } from '#domain/person/facts.js';
import type { Reply, Request } from './fastify.js';
import { Fault } from './fault.js';
import { routeOf } from './serves.js';
import { visitOf, type Visitor } from './visit.js';

const MINUTE_MS = 60_000;
const [KEYS, ORGANISATIONS] = [2, 10];
const COMMANDS = 4;

type Count = (request: Request) => Promise<Counted>;
type Counted =
  | { readonly isAllowed: true }
  | {
      readonly isAllowed: false;
      readonly max: number;
      readonly remaining: number;
      readonly ttlInSeconds: number;
      readonly isExceeded: boolean;
    };

/**
 * So many requests a minute: a key twice as many as a person, an organisation ten times as many, and of commands a quarter of each.
 * Each program counts for itself.
 */
export class Limiter {
  private constructor(
    private readonly persons: Counts,
    private readonly keys: Counts,
    private readonly organisations: Counts,
  ) {}

  static async of(app: NestFastifyApplication, perMinute: number): Promise<Limiter> {
    await app.register(rateLimit, { global: false });
    const instance = app.getHttpAdapter().getInstance();
    const counts = (times: number, whose: (visitor: Visitor) => string): Counts => {
      const count = (max: number): Count =>
        instance.createRateLimit({
          max,
          timeWindow: MINUTE_MS,
          keyGenerator: (request: Request) => whose(visitorOf(request)),
        });
      return { all: count(times * perMinute), commands: count(Math.ceil((times * perMinute) / COMMANDS)) };
    };
    const own = ({ principal }: Visitor): string => principal;
    return new Limiter(
      counts(1, own),
      counts(KEYS, own),
      counts(ORGANISATIONS, ({ organisation }) => organisation),
    );
  }

  /** Counts a request of somebody who was admitted. @throws Fault rate-limited */
  async count(request: Request, reply: Reply): Promise<void> {
    const { visitor } = visitOf(request);
    if (!visitor) return;
    const own = isPersonId(visitor.principal) ? this.persons : this.keys;
    const isCommand = routeOf(request)?.command !== undefined;
    for (const { all, commands } of [own, this.organisations])
      for (const count of isCommand ? [all, commands] : [all]) tell(await count(request), reply);
  }
}

interface Counts {
  readonly all: Count;
  readonly commands: Count;
}

function visitorOf(request: Request): Visitor {
  const { visitor } = visitOf(request);
  if (!visitor) throw new Error('nobody was admitted');
  return visitor;
}

/** The narrowest of the counts stands on the answer. */
function tell(counted: Counted, reply: Reply): void {
  if (counted.isAllowed) return;
  const { max, remaining, ttlInSeconds, isExceeded } = counted;
  const known = /r=(\d+)/.exec(String(reply.getHeader('ratelimit') ?? ''))?.[1];
  if (known === undefined || remaining < Number(known))
    void reply
      .header('ratelimit-policy', `"minute";q=${String(max)};w=60`)
      .header('ratelimit', `"minute";r=${String(remaining)};t=${String(ttlInSeconds)}`);
  if (isExceeded)
    throw new Fault('rate-limited', `${String(max)} of these a minute are taken.`, {
      headers: { 'retry-after': String(ttlInSeconds) },
    });
}
