import type { Route } from '#contract/route.js';
import { leastBody } from './bodies.js';
import type { ApiDoor } from './door.js';
import { addressOf, prefixOf, unknownId } from './generated.js';
import type { Somebody } from './people.js';

const IDS = /\b[a-z]{2,3}_[0-9a-hjkmnp-tv-z]{26}\b/g;

/** Questions by people to whom some ids must never be told. */
export class Questions {
  /** How many were asked. */
  count = 0;

  constructor(
    private readonly door: ApiDoor,
    private readonly hidden: ReadonlySet<string>,
  ) {}

  /** The answer without what names this very answer; it must hold none of the ids but the one that was asked about. */
  async ask(route: Route, address: string, { token }: Pick<Somebody, 'token'>, about = ''): Promise<string> {
    this.count += 1;
    const body = route.body ? { body: leastBody(route) } : {};
    const key = `matrix-${token}-${String(this.count)}`;
    const { status, bytes } = await this.door.send(route.method, address, {
      token,
      key,
      version: 1,
      ...body,
    });
    const text = bytes.toString();
    const leaked = (text.match(IDS) ?? []).filter((id) => this.hidden.has(id) && id !== about);
    const plain = text.replaceAll(/req_[0-9a-z]{26}/g, '').replaceAll(about || /$^/g, '');
    return `${String(status)} ${leaked.length > 0 ? `leaks ${leaked.join()}` : plain}`;
  }

  /** What is answered about a thing, and what about one that does not exist. */
  async askBoth(route: Route, id: string, somebody: Pick<Somebody, 'token'>) {
    const none = unknownId(prefixOf(route));
    return {
      one: await this.ask(route, addressOf(route, id), somebody, id),
      other: await this.ask(route, addressOf(route, none), somebody, none),
    };
  }
}
