import * as oidc from 'openid-client';
import type { Begun, Identity } from '#database/identities.js';
import type { ProviderSettings } from '#platform/config.js';
import { Fault } from '../http/fault.js';
import { isText } from '../http/json.js';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const PATIENCE_S = 5;
const GOOD_FOR_MS = 60 * 60 * 1000;
const LARGEST_ANSWER = 256 * 1024;
const LONGEST_SUBJECT = 255;

/** A way to the provider that begins now: where the browser goes, and what must come back. */
export interface Way extends Omit<Begun, 'challenge'> {
  readonly url: string;
  readonly state: string;
}

/** A provider by which people sign in. (OpenID Connect, code flow with PKCE) */
export class Provider {
  private known: { readonly config: Promise<oidc.Configuration>; readonly since: number } | undefined;

  /** @param back Where it sends browsers back to. */
  constructor(
    private readonly settings: ProviderSettings,
    private readonly back: string,
    private readonly now: () => number,
  ) {}

  get name(): string {
    return this.settings.name;
  }

  get issuer(): string {
    return this.settings.issuer;
  }

  /** @throws Fault provider-unavailable */
  async begin(): Promise<Way> {
    const config = await this.config();
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      ...{ redirect_uri: this.back, scope: 'openid', state, nonce, code_challenge_method: 'S256' },
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    });
    return { url: url.href, state, nonce, verifier };
  }

  /** Who somebody is, by what the browser brought back. @throws Fault provider-refused, provider-unavailable */
  async end(
    brought: URLSearchParams,
    state: string,
    { nonce, verifier }: Omit<Begun, 'challenge'>,
  ): Promise<Identity> {
    const config = await this.config();
    const url = new URL(this.back);
    url.search = brought.toString();
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    };
    try {
      const claims = (await oidc.authorizationCodeGrant(config, url, checks)).claims();
      return identityIn(claims?.iss, claims?.sub);
    } catch (error) {
      throw told(error);
    }
  }

  /** Kept for an hour; what failed is tried again by the next one. */
  private config(): Promise<oidc.Configuration> {
    const { known } = this;
    if (known && this.now() - known.since < GOOD_FOR_MS) return known.config;
    const config = this.discover().catch((error: unknown) => {
      this.known = undefined;
      throw away(error);
    });
    this.known = { config, since: this.now() };
    return config;
  }

  private async discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const isPlain = issuer.startsWith('http:');
    const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
      ...{ timeout: PATIENCE_S, [oidc.customFetch]: fetchLittle },
      execute: isPlain ? [oidc.allowInsecureRequests] : [],
    });
    const server = found.serverMetadata();
    const config = new oidc.Configuration(usable(server), clientId, undefined, authOf(server, clientSecret));
    config.timeout = PATIENCE_S;
    config[oidc.customFetch] = fetchLittle;
    if (isPlain) oidc.allowInsecureRequests(config);
    oidc.enableNonRepudiationChecks(config); // the signature counts, whatever the line
    return config;
  }
}

/** What it says of itself, with the signatures alone that we take. */
function usable(server: oidc.ServerMetadata): oidc.ServerMetadata {
  const { authorization_endpoint: ask, token_endpoint: token, jwks_uri: keys } = server;
  const offered = server.id_token_signing_alg_values_supported ?? ['RS256'];
  const taken = offered.filter((one) => ALGORITHMS.includes(one));
  if (![ask, token, keys].every((url) => url !== undefined && URL.canParse(url)) || taken.length === 0)
    throw new Error('the provider lacks what is needed');
  return { ...server, id_token_signing_alg_values_supported: taken };
}

/** By the header, which every provider must take, unless it says that it does not. */
function authOf(server: oidc.ServerMetadata, secret: string | undefined): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server;
  return methods.includes('client_secret_basic')
    ? oidc.ClientSecretBasic(secret)
    : oidc.ClientSecretPost(secret);
}

/** As fetch, but a provider that says more than it has to say is not heard to the end. */
const fetchLittle: oidc.CustomFetch = async (url, { body, ...options }) => {
  const answer = await fetch(url, body === undefined ? options : { ...options, body });
  let size = 0;
  const little = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > LARGEST_ANSWER) controller.error(new Error('the answer is too large'));
      else controller.enqueue(chunk);
    },
  });
  return new Response(answer.body?.pipeThrough(little) ?? null, answer);
};

function identityIn(issuer: string | undefined, subject: string | undefined): Identity {
  const isWhole =
    subject !== undefined && subject !== '' && subject.length <= LONGEST_SUBJECT && isText(subject);
  if (issuer === undefined || !isWhole) throw new Fault('provider-refused', 'It names nobody (NO_SUBJECT).');
  return { issuer, subject };
}

/** Of what a provider says no word goes on but the code of what is wrong with it. */
function told(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (SILENT.includes(codeOf(error))) return away(error);
  return new Fault('provider-refused', `What it answers is not good (${codeOf(error)}).`);
}

const away = (error: unknown): Fault =>
  new Fault('provider-unavailable', `It does not answer as it should (${codeOf(error)}).`, {
    headers: { 'retry-after': String(PATIENCE_S) },
  });

/** Of what never came, or came in no language that was to be spoken. */
const SILENT = [
  ...['UNKNOWN', 'OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
  ...['OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR'],
];

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z_]{3,60}$/.test(code) ? code : 'UNKNOWN';
}
