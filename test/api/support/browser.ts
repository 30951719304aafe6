import { createHash, randomBytes } from 'node:crypto';
import { send, type Got } from './door.js';

const MOST = 12;

/** What a browser shows in the end: where it is, and what came from there. */
export interface Seen extends Got {
  readonly address: URL;
}

/** A browser as far as redirections and cookies go. Some addresses lead to servers of the test. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  constructor(private readonly leads: Readonly<Record<string, string>>) {}

  /** Goes where it is sent, until there is something to see, or it would come to an address for which `stops` holds. */
  async open(address: string, stops: (address: URL) => boolean = () => false): Promise<Seen> {
    let next = new URL(address);
    for (let steps = 0; steps < MOST; steps += 1) {
      const got = await this.get(next);
      const { location } = got.headers;
      if (typeof location !== 'string') return { ...got, address: next };
      const from = next;
      next = new URL(location, from);
      if (stops(next)) return { ...got, address: next };
    }
    throw new Error(`sent on and on, at last to ${next.href}`);
  }

  private async get(address: URL): Promise<Got> {
    const jar = this.jars.get(address.origin) ?? new Map<string, string>();
    this.jars.set(address.origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'x-forwarded-for': '203.0.113.50', ...(cookie === '' ? {} : { cookie }) };
    const server = this.leads[address.origin] ?? address.origin;
    const got = await send(server, 'GET', `${address.pathname}${address.search}`, { headers });
    for (const set of [got.headers['set-cookie'] ?? []].flat()) keep(jar, set);
    return got;
  }
}

function keep(jar: Map<string, string>, set: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
  if (/max-age=0(;|$)/i.test(set) || /expires=[^;]*1970/i.test(set)) jar.delete(name);
  else jar.set(name, value);
}

/** What somebody begins with who wants a proof: only they know the verifier. */
export interface Beginning {
  readonly verifier: string;
  readonly challenge: string;
}

export function beginning(): Beginning {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
