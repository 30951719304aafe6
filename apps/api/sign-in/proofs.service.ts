import { Injectable } from '@nestjs/common';
import { newCredential } from '#database/credentials.js';
import type { Identities } from '#database/identities.js';
import type { SignIns } from '#database/sign-in.js';
import { cryptoRandom } from '#platform/ids.js';
import { randomBytes } from 'node:crypto';
import { providers } from '#contract/routes/identities.js';
import { Answer } from '../http/answer.js';
import { Fault } from '../http/fault.js';
import type { Knocker } from '../http/knocking.js';
import type { Sent } from '../http/sent.js';
import type { Provider } from './provider.js';
import { tooOften } from './too-often.js';

/** Ways that lead from one place to a provider and have not come back, within an hour. */
const LIMITS = { most: 100, mostOfPlace: 100 };
const FLOW_S = 600;

/** Sends browsers to a provider, and makes a proof of what they come back with. Who somebody is here is nothing that it knows. */
@Injectable()
export class ProofsService {
  private readonly byName: ReadonlyMap<string, Provider>;

  /** @param isSecure True where browsers come by TLS. */
  constructor(
    all: readonly Provider[],
    private readonly identities: Identities,
    private readonly signIns: SignIns,
    private readonly isSecure: boolean,
  ) {
    this.byName = new Map(all.map((one) => [one.name, one]));
  }

  /** Names of all providers. */
  get names(): readonly string[] {
    return [...this.byName.keys()];
  }

  async begin({ params, query }: Sent, { place }: Knocker): Promise<Answer> {
    const provider = this.named(params['provider']);
    const again = await this.signIns.knock('', `proof ${place}`, LIMITS);
    if (again !== undefined) throw tooOften(again);
    const { url, ...way } = await provider.begin();
    const browser = randomBytes(32).toString('base64url');
    const challenge = query['challenge'] ?? '';
    await this.identities.begin({ ...way, browser, challenge, provider: provider.name });
    return redirect(url, this.cookie(browser, FLOW_S));
  }

  async end({ params, query }: Sent, { place, cookie }: Knocker): Promise<Answer> {
    const provider = this.named(params['provider']);
    const [state, browser] = [query['state'] ?? '', this.browserIn(cookie)];
    const begun = await this.identities.end({ state, browser, provider: provider.name });
    if (begun === undefined) throw notBegun();
    await this.signIns.forgetKnocks('', `proof ${place}`, 1);
    const identity = await provider.end(broughtIn(query), state, begun);
    const proof = newCredential('proof', cryptoRandom);
    await this.identities.keepProof(proof, begun.challenge, identity);
    return redirect(`${providers.page.path}#${proof.text}`, this.cookie('', 0));
  }

  private named(name = ''): Provider {
    const provider = this.byName.get(name);
    if (provider) return provider;
    const known = this.names.length > 0 ? `There are: ${this.names.join(', ')}.` : 'There is none.';
    throw new Fault('not-found', `There is no such provider here. ${known}`);
  }

  /** With this prefix a browser takes it by TLS alone, and from nobody beside us. */
  private get cookieName(): string {
    return this.isSecure ? '__Host-perennial-proof' : 'perennial-proof';
  }

  private cookie(value: string, seconds: number): string {
    const secure = this.isSecure ? '; Secure' : '';
    return `${this.cookieName}=${value}; Path=/; Max-Age=${String(seconds)}; HttpOnly; SameSite=Lax${secure}`;
  }

  private browserIn(cookie: string | undefined): string {
    const start = `${this.cookieName}=`;
    const all = (cookie ?? '').split(';').map((one) => one.trim());
    return all.find((one) => one.startsWith(start))?.slice(start.length) ?? '';
  }
}

function broughtIn(query: Sent['query']): URLSearchParams {
  const brought = new URLSearchParams();
  for (const [name, word] of Object.entries(query)) brought.set(name, word ?? '');
  return brought;
}

const redirect = (location: string, cookie: string): Answer =>
  new Answer(302, undefined, {
    ...{ location, 'set-cookie': cookie },
    ...{ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });

const notBegun = (): Fault =>
  new Fault('sign-in-not-begun', 'It was begun in another browser, has come back already, or is over.');
