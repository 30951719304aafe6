import { session } from '#contract/routes/session.js';
import type { Route, Scope } from '#contract/route.js';
import { hashOf } from '#database/credentials.js';
import { isPersonId } from '#domain/person/facts.js';
import { FifoMap } from 'toad-cache';
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

/** For how long a person who was let in is known again when they act: what they do asks once more, under its locks. */
const KNOWN_MS = 10_000;
const MOST_KNOWN = 10_000;

/** Stands before everything else: who knocks is settled before a byte of the body is read. */
export class Doorman {
  private readonly known = new FifoMap<Visitor>(MOST_KNOWN, KNOWN_MS);

  constructor(private readonly register: Register) {}

  async admit(request: Request): Promise<void> {
    const route = routeOf(request);
    if (!route) return;
    if (!takesJson(request.headers.accept, route))
      throw new Fault('not-acceptable', 'This is answered as application/json.');
    if (route.scope === 'open') return;
    const visitor = await this.visitor(request.headers.authorization, route);
    if (!mayBeUsed(visitor, route.scope))
      throw new Fault('scope-missing', `The key has no scope ${route.scope}.`);
    if (!visitor.holds && route.collection !== session.get.collection)
      throw new Fault('not-permitted', 'You hold no role here today.');
    visitOf(request).visitor = visitor;
  }

  private async visitor(authorization: string | undefined, route: Route): Promise<Visitor> {
    const token = tokenIn(authorization);
    const known = asksAgain(route) ? this.known.get(hashOf(token)) : undefined;
    if (known) return known;
    const visitor = await this.register.find(token);
    if (visitor?.credential !== undefined && visitor.holds) this.known.set(visitor.credential, visitor);
    if (visitor) return visitor;
    if (await this.register.isOver(token)) throw new Fault('credential-expired', 'Its last day has passed.');
    throw new Fault('credential-invalid', 'This key is unknown or revoked.');
  }
}

function tokenIn(authorization: string | undefined): string {
  const [, token] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) throw new Fault('not-signed-in', 'Send a key in the header Authorization.');
  return token;
}

/** A command takes no credential's word for it, and reads little before. */
const asksAgain = ({ kind, command }: Route): boolean => command !== undefined && kind !== 'upload';

const NOT_ACTING: readonly string[] = ['read', 'watch'];

/** People need no scopes; every key may read, and one that manages something may act. */
function mayBeUsed({ principal, scopes }: Visitor, wanted: Scope): boolean {
  if (isPersonId(principal) || wanted === 'read') return true;
  return scopes.some((scope) => scope === wanted || (wanted === 'act' && !NOT_ACTING.includes(scope)));
}

/** JSON, or what the route says that it answers with, or anything. */
function takesJson(accept: string | undefined, route: Route): boolean {
  if (accept === undefined || accept === '' || route.kind === 'page' || route.file !== undefined) return true;
  return accept.split(',').some((range) => isJson(range) || (route.streams === true && isStream(range)));
}

const isJson = (range: string): boolean =>
  /^\s*(\*\/\*|application\/(\*|json|problem\+json))\s*(;|$)/i.test(range);
