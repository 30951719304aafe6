import { session } from '#contract/routes/session.js';
import type { Route, Scope } from '#contract/route.js';
import type { Request } from './fastify.js';
import { Fault } from './fault.js';
import { isStream } from './following.js';
import { routeOf } from './serves.js';
import { visitOf, type Visitor } from './visit.js';

/** Looks up the account behind a credential. */
export interface Register {
  /** Undefined for one that is wrong, revoked or over. */
  find(token: string): Promise<Visitor | undefined>;
  isOver(token: string): Promise<boolean>;
}

/** Stands before everything else: who knocks is settled before a byte of the body is read. */
export class Doorman {
  constructor(private readonly register: Register) {}

  async admit(request: Request): Promise<void> {
    const route = routeOf(request);
    if (!route) return;
    if (!takesJson(request.headers.accept, route))
      throw new Fault('not-acceptable', 'This is answered as application/json.');
    if (route.scope === 'open') return;
    const visitor = await this.visitor(request.headers.authorization);
    if (!mayBeUsed(visitor, route.scope))
      throw new Fault('scope-missing', `The key has no scope ${route.scope}.`);
    if (!visitor.holds && route.collection !== session.get.collection)
      throw new Fault('not-permitted', 'You hold no role here today.');
    visitOf(request).visitor = visitor;
  }

  private async visitor(authorization: string | undefined): Promise<Visitor> {
    const [, token] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) throw new Fault('not-signed-in', 'Send a key in the header Authorization.');
    const visitor = await this.register.find(token);
    if (visitor) return visitor;
    if (await this.register.isOver(token)) throw new Fault('credential-expired', 'Its last day has passed.');
    throw new Fault('credential-invalid', 'This key is unknown or revoked.');
  }
}

const NOT_ACTING: readonly string[] = ['read', 'watch'];

/** People need no scopes; every key may read, and one that manages something may act. */
function mayBeUsed({ principal, scopes }: Visitor, wanted: Scope): boolean {
  if (principal.startsWith('per_') || wanted === 'read') return true;
  return scopes.some((scope) => scope === wanted || (wanted === 'act' && !NOT_ACTING.includes(scope)));
}

/** JSON, or what the route says that it answers with, or anything. */
function takesJson(accept: string | undefined, route: Route): boolean {
  if (accept === undefined || accept === '' || route.kind === 'page' || route.file !== undefined) return true;
  return accept.split(',').some((range) => isJson(range) || (route.streams === true && isStream(range)));
}

const isJson = (range: string): boolean =>
  /^\s*(\*\/\*|application\/(\*|json|problem\+json))\s*(;|$)/i.test(range);
