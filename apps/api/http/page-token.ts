import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { Fault } from './fault.js';
import type { Sent } from './sent.js';
import type { Caller } from './visit.js';

const GOOD_FOR_MS = 24 * 60 * 60 * 1000;

/** What a token is bound to: the organisation, the list, and everything by which it is narrowed. */
export function pageScope({ route, params, query }: Sent, { organisation }: Caller): string {
  const { pageToken: _, pageSize: __, ...filter } = query;
  return JSON.stringify([organisation, route.path, params, Object.entries(filter).toSorted()]);
}

/** Where a page begins, sealed: good for a day, for one organisation, and for the list and filter that it was made with. */
export class PageTokens {
  constructor(
    private readonly secret: string,
    private readonly now: () => number,
  ) {}

  seal(after: string, scope: string): string {
    const content = Buffer.from(JSON.stringify([after, this.now() + GOOD_FOR_MS])).toString('base64url');
    return `${content}.${this.sign(content, scope)}`;
  }

  open(token: string, scope: string): string {
    const [content = '', given = ''] = token.split('.');
    const [mine, theirs] = [Buffer.from(this.sign(content, scope)), Buffer.from(given)];
    if (mine.length !== theirs.length || !timingSafeEqual(mine, theirs)) throw notValid();
    const read: unknown = JSON.parse(Buffer.from(content, 'base64url').toString('utf8'));
    if (!isPlace(read) || read[1] < this.now()) throw notValid();
    return read[0];
  }

  private sign(content: string, scope: string): string {
    const bound = hash('sha256', scope);
    return createHmac('sha256', this.secret).update(`${bound}\n${content}`).digest('base64url');
  }
}

const isPlace = (value: unknown): value is readonly [string, number] =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';

const notValid = (): Fault => new Fault('page-token-invalid', 'It is too old, or belongs to another list.');
