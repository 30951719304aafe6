import { identities, providers } from '#contract/routes/identities.js';
import { IdentityProvider, CLIENT } from '../../support/identity-provider.js';
import { Browser, beginning, type Beginning } from './browser.js';
import type { Got } from './door.js';
import { LivePeople, PUBLIC_URL } from './live-people.js';

export const BACK = `${PUBLIC_URL}/v1/session/oidc/example/callback`;

/** A proof, with what its flow was begun with. */
export interface Proof {
  readonly proof: string;
  readonly verifier: string;
}

/** Live people, and a real provider at which they show who they are. */
export class AtProvider {
  private constructor(
    readonly live: LivePeople,
    readonly provider: IdentityProvider,
  ) {}

  static async open(): Promise<AtProvider> {
    const provider = await IdentityProvider.open(BACK);
    const settings = { name: 'example', issuer: provider.issuer, ...CLIENT };
    return new AtProvider(
      await LivePeople.open({ providers: [settings, { ...settings, name: 'other' }] }),
      provider,
    );
  }

  async close(): Promise<void> {
    await this.live.close();
    await this.provider.close();
  }

  browser(): Browser {
    return new Browser({ [PUBLIC_URL]: this.live.door.url });
  }

  start({ challenge }: Pick<Beginning, 'challenge'>, name = 'example'): string {
    return `${PUBLIC_URL}/v1/session/oidc/${name}?challenge=${challenge}`;
  }

  /** Somebody shows at the provider who they are. */
  async prove(subject: string): Promise<Proof> {
    const begun = beginning();
    this.provider.isVisitedBy(subject);
    const { address } = await this.browser().open(this.start(begun));
    return { proof: address.hash.slice(1), verifier: begun.verifier };
  }

  signIn(body: Proof & { readonly account?: string }): Promise<Got> {
    return this.post(providers.signIn.path, body);
  }

  linkByLink(body: Proof & { readonly link: string }): Promise<Got> {
    return this.post(identities.linkByLink.path, body);
  }

  link(token: string, body: Proof): Promise<Got> {
    return this.live.door.send('POST', identities.link.path, { token, body });
  }

  /** Somebody who was invited and comes in by an identity alone. */
  async member(organisation: string, mail: string, subject: string): Promise<{ id: string; token: string }> {
    const id = await this.live.invite(organisation, mail, 'aims-manager');
    const linked = await this.linkByLink({
      ...(await this.prove(subject)),
      link: await this.live.link(mail),
    });
    expect(linked.status).toBe(201);
    return { id, token: await this.token(subject) };
  }

  /** A token of somebody who signs in by an identity. */
  async token(subject: string): Promise<string> {
    const { status, bytes } = await this.signIn(await this.prove(subject));
    expect(status).toBe(201);
    return (JSON.parse(bytes.toString()) as { token: string }).token;
  }

  private post(path: string, body: object): Promise<Got> {
    return this.live.door.send('POST', path, { body, headers: { 'user-agent': 'Example Browser' } });
  }
}
