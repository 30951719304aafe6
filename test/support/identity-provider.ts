import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Provider, { type Adapter, type AdapterPayload, type Configuration } from 'oidc-provider';
import { freePort } from '#platform/ports.js';

export const CLIENT = { clientId: 'perennial', clientSecret: 'a secret of the client' };

/** A provider of identities as they are met: `oidc-provider`, on this machine. Whoever comes is who it was told, or declines. */
export class IdentityProvider {
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
    private readonly present: { subject: string | undefined },
  ) {}

  /** @param back Where it may send browsers back to. */
  static async open(back: string): Promise<IdentityProvider> {
    const port = await freePort(0);
    const issuer = `http://127.0.0.1:${String(port)}`;
    const provider = new Provider(issuer, configurationFor(back));
    const present: { subject: string | undefined } = { subject: undefined };
    const handle = provider.callback();
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      if (request.url?.startsWith('/interaction/') !== true) return void handle(request, response);
      const result = present.subject
        ? { login: { accountId: present.subject } }
        : { error: 'access_denied', error_description: 'Somebody said no.' };
      void provider.interactionFinished(request, response, result);
    };
    const server = createServer(answer);
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    return new IdentityProvider(issuer, server, present);
  }

  /** From now on whoever comes is this one; nobody: they decline. */
  isVisitedBy(subject: string | undefined): void {
    this.present.subject = subject;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** What it knows, in memory. */
class Memory implements Adapter {
  private static readonly all = new Map<string, AdapterPayload>();

  constructor(private readonly model: string) {}

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    Memory.all.set(`${this.model}/${id}`, payload);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(Memory.all.get(`${this.model}/${id}`));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve([...Memory.all.values()].find((one) => one.uid === uid));
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  destroy(id: string): Promise<void> {
    Memory.all.delete(`${this.model}/${id}`);
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of Memory.all) if (payload.grantId === grantId) Memory.all.delete(id);
    return Promise.resolve();
  }
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const WHOLE_S = 600;

const configurationFor = (back: string): Configuration => ({
  adapter: Memory,
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', use: 'sig', alg: 'RS256' }] },
  ttl: { Interaction: WHOLE_S, Grant: WHOLE_S, Session: WHOLE_S, AccessToken: WHOLE_S, IdToken: WHOLE_S },
  clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [back] }],
  cookies: { keys: ['of the test'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  pkce: { required: () => true },
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  async loadExistingGrant({ oidc }) {
    const { clientId = '' } = oidc.client ?? {};
    const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});
