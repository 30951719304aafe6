import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CLIENT } from './identity-provider.js';

type Words = Readonly<Record<string, unknown>>;
/** Answers a request as it likes. */
export type Answers = (response: ServerResponse) => void;

/** What a provider may do wrong. */
export interface Wrongs {
  readonly discovery?: Answers;
  readonly keys?: Answers;
  readonly token?: Answers;
  /** Members of its description, in place of the usual. */
  readonly says?: Words;
  /** Claims of the ID token, in place of the usual; undefined leaves one out. */
  readonly claims?: Words;
  /** How the ID token is signed; by RS256 where nothing is said. */
  readonly alg?: string;
  /** Signed with a key that is not among those it shows. */
  readonly strange?: boolean;
  readonly without?: 'id_token';
}

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const another = generateKeyPairSync('rsa', { modulusLength: 2048 });

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const pairFor = (alg: string) => (alg === 'ES256' || alg === 'EdDSA' ? pairs[alg] : pairs.RS256);

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const ways: Readonly<Record<string, (text: Buffer, key: KeyObject) => Buffer>> = {
  RS256: (text, key) => sign('sha256', text, key),
  RS512: (text, key) => sign('sha512', text, key),
  PS256: (text, key) => sign('sha256', text, { key, ...pss }),
  ES256: (text, key) => sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (text, key) => sign(null, text, key),
  HS256: (text) => createHmac('sha256', CLIENT.clientSecret).update(text).digest(),
  none: () => Buffer.alloc(0),
};

/** A provider that answers as a test says, on this machine; it never sees a browser. */
export class HostileProvider {
  private wrongs: Wrongs = {};
  private nonce = '';
  asked: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', ({ url = '' }, response: ServerResponse) => {
      const path = url.split('?')[0] ?? '';
      this.asked.push(path);
      this.answer(path, response);
    });
  }

  static async open(): Promise<HostileProvider> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new HostileProvider(server);
  }

  get issuer(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** From now on it is as wrong as this; `nonce` is what a right ID token has. */
  does(wrongs: Wrongs, nonce = ''): void {
    [this.wrongs, this.nonce] = [wrongs, nonce];
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(path: string, response: ServerResponse): void {
    const { discovery, keys, token } = this.wrongs;
    const answers: Readonly<Record<string, () => Answers>> = {
      '/.well-known/openid-configuration': () => discovery ?? json(this.description()),
      '/keys': () => keys ?? json({ keys: keysShown() }),
      '/token': () => token ?? json(this.tokens()),
    };
    (answers[path]?.() ?? json({}))(response);
  }

  private description(): object {
    const [{ issuer }, { says }] = [this, this.wrongs];
    return {
      ...{
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
      },
      ...{ response_types_supported: ['code'], subject_types_supported: ['public'] },
      id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA', 'RS512', 'HS256', 'none'],
      ...says,
    };
  }

  private tokens(): object {
    const { without } = this.wrongs;
    const tokens = { access_token: 'x', token_type: 'Bearer', expires_in: 60 };
    return without === 'id_token' ? tokens : { ...tokens, id_token: this.idToken() };
  }

  private idToken(): string {
    const { alg = 'RS256', claims, strange = false } = this.wrongs;
    const now = Math.floor(Date.now() / 1000);
    const usual = {
      iss: this.issuer,
      aud: CLIENT.clientId,
      sub: 'ines',
      nonce: this.nonce,
      iat: now,
      exp: now + 60,
    };
    const text = `${part({ alg, kid: `of ${alg === 'ES256' || alg === 'EdDSA' ? alg : 'RS256'}` })}.${part({ ...usual, ...claims })}`;
    const key = strange ? another.privateKey : pairFor(alg).privateKey;
    return `${text}.${ways[alg]?.(Buffer.from(text), key).toString('base64url') ?? ''}`;
  }
}

const keysShown = (): object[] =>
  Object.entries(pairs).map(([alg, { publicKey }]) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid: `of ${alg}`,
    use: 'sig',
  }));

const json = (value: object) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
