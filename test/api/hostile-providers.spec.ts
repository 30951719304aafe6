import type { ServerResponse } from 'node:http';
import { providers } from '#contract/routes/identities.js';
import { freePort } from '#platform/ports.js';
import { HostileProvider, type Wrongs } from '../support/hostile-provider.js';
import { CLIENT } from '../support/identity-provider.js';
import { beginning, Browser, type Seen } from './support/browser.js';
import { ApiDoor, type Got } from './support/door.js';
import { codeOf, PUBLIC_URL } from './support/live-people.js';
import { look } from './support/traces.js';

// What a provider may answer that is not to be believed, or that never comes.

const told = (got: Got): readonly unknown[] => [got.status, codeOf(got)];

let door: ApiDoor;
let provider: HostileProvider;
beforeAll(async () => {
  provider = await HostileProvider.open();
  const { issuer } = provider;
  const settings = { name: 'example', issuer, ...CLIENT };
  door = await ApiDoor.open({ providers: [settings], publicUrl: PUBLIC_URL });
}, 60_000);
afterAll(async () => {
  await door.close();
  await provider.close();
});

/** Somebody comes back from it; it has said of them what is right but for this. */
async function comesBack(wrongs: Wrongs): Promise<Seen> {
  const browser = new Browser({ [PUBLIC_URL]: door.url });
  provider.does({});
  const start = `${PUBLIC_URL}/v1/session/oidc/example?challenge=${beginning().challenge}`;
  const { address } = await browser.open(start, ({ origin }) => origin === provider.issuer);
  const { searchParams: sent } = address;
  provider.does(wrongs, sent.get('nonce') ?? '');
  const back = new URL(sent.get('redirect_uri') ?? '');
  back.search = new URLSearchParams({ code: 'a-code', state: sent.get('state') ?? '' }).toString();
  return browser.open(back.href);
}

const proofs = () => look<{ subject: string }>(door, 'select subject from perennial.identity_proof');
const past = Math.floor(Date.now() / 1000) - 3_600;

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
  '[S18] a token that is signed by %s is taken',
  async (alg) => {
    const before = (await proofs()).length;
    expect((await comesBack({ alg })).address.hash).toMatch(/^#prn_proof_/);
    expect((await proofs()).length).toBe(before + 1);
  },
);

const wrongs: Readonly<Record<string, Wrongs>> = {
  'is for somebody else': { claims: { aud: 'another client' } },
  'is for several, and not said for whom': { claims: { aud: [CLIENT.clientId, 'another'] } },
  'is for several, and handed to another': {
    claims: { aud: [CLIENT.clientId, 'another'], azp: 'another' },
  },
  'comes from another issuer': { claims: { iss: 'https://id.example' } },
  'comes from the same issuer, written in another way': { claims: { iss: 'http://127.0.0.1:1/' } },
  'is over': { claims: { exp: past, iat: past - 60 } },
  'never ends': { claims: { exp: undefined } },
  'ends some time': { claims: { exp: 'tomorrow' } },
  'is not good yet': { claims: { nbf: past + 7_200 } },
  'was made for another way': { claims: { nonce: 'another' } },
  'was made for no way at all': { claims: { nonce: undefined } },
  'is signed with a key that it does not show': { strange: true },
  'is not signed': { alg: 'none' },
  'is signed with our own secret': { alg: 'HS256' },
  'is signed as we do not take it': { alg: 'RS512' },
  'is not there': { without: 'id_token' },
  'names nobody': { claims: { sub: undefined } },
  'names an empty word': { claims: { sub: '' } },
  'names a number': { claims: { sub: 17 } },
  'names a list': { claims: { sub: ['ines'] } },
  'names a zero byte': { claims: { sub: 'ines\0' } },
  'names more than a name': { claims: { sub: 'x'.repeat(256) } },
};
test.each(Object.entries(wrongs))('[S18] a token that %s shows nobody', async (_, wrong) => {
  const before = await proofs();
  const seen = await comesBack(wrong);
  expect(told(seen)).toEqual([401, 'provider-refused']);
  expect(seen.bytes.toString()).not.toContain(CLIENT.clientSecret);
  expect(await proofs()).toEqual(before);
});

const says =
  (text: string, status = 200, type = 'application/json') =>
  (response: ServerResponse): void =>
    void response.writeHead(status, { 'content-type': type }).end(text);
const nothing = (): undefined => undefined;
const hangsUp = (response: ServerResponse): void => void response.destroy();
function floods(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const pour = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
}
function drips(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const drop = setInterval(() => response.write(' '), 200);
  response.on('close', () => clearInterval(drop));
}
const sendsOn = (response: ServerResponse): void =>
  void response.writeHead(302, { location: '/elsewhere' }).end();

const answers = {
  'says no': [says('{"error":"invalid_grant","error_description":"secret words"}', 400), 'provider-refused'],
  breaks: [says('{}', 500), 'provider-unavailable'],
  'answers for people': [says('<html>', 200, 'text/html'), 'provider-unavailable'],
  'answers half a document': [says('{"access_token":'), 'provider-unavailable'],
  'answers a list': [says('[]'), 'provider-refused'],
  'answers nothing that is asked': [says('{}'), 'provider-refused'],
  'hangs up': [hangsUp, 'provider-unavailable'],
  'never answers': [nothing, 'provider-unavailable'],
  'answers byte by byte': [drips, 'provider-unavailable'],
  'never ends': [floods, 'provider-unavailable'],
  'sends us elsewhere': [sendsOn, 'provider-unavailable'],
} as const;
test.each(Object.entries(answers))(
  '[S18] a provider that %s when it is asked for tokens shows nobody',
  async (_, [token, code]) => {
    const began = Date.now();
    const before = await proofs();
    const seen = await comesBack({ token });
    expect(codeOf(seen)).toBe(code);
    expect(seen.bytes.toString()).not.toContain('secret words');
    expect(await proofs()).toEqual(before);
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(provider.asked).not.toContain('/elsewhere');
  },
  20_000,
);

describe('When nothing is known of it yet', () => {
  const start = async (doorWith: ApiDoor): Promise<Got> =>
    doorWith.send('GET', `/v1/session/oidc/example?challenge=${beginning().challenge}`);

  const descriptions: Readonly<Record<string, Wrongs>> = {
    breaks: { discovery: says('{}', 500) },
    'answers for people': { discovery: says('<html>', 200, 'text/html') },
    'answers half a document': { discovery: says('{"issuer":') },
    'says that it is another': { says: { issuer: 'https://id.example' } },
    'has no place to ask': { says: { authorization_endpoint: undefined } },
    'has no place for tokens': { says: { token_endpoint: undefined } },
    'has no keys': { says: { jwks_uri: undefined } },
    'has places that are none': { says: { token_endpoint: 'token' } },
    'signs as we do not take it': { says: { id_token_signing_alg_values_supported: ['HS256', 'none'] } },
    'sends us elsewhere': { discovery: sendsOn },
    'hangs up': { discovery: hangsUp },
    'never answers': { discovery: nothing },
    'never ends': { discovery: floods },
  };
  test.each(Object.entries(descriptions))(
    'a provider that %s is away, until it answers as it should',
    async (_, wrong) => {
      await door.restart();
      const began = Date.now();
      provider.does(wrong);
      const answers = await Promise.all([start(door), start(door)]);
      for (const got of answers) {
        expect([...told(got), got.headers['retry-after']]).toEqual([503, 'provider-unavailable', '5']);
        expect(got.headers['set-cookie']).toBeUndefined();
      }
      expect(Date.now() - began).toBeLessThan(15_000);
      provider.does({});
      expect((await start(door)).status).toBe(302);
    },
    20_000,
  );

  test('a provider that does not run is away, and one that answered once is not asked again', async () => {
    const issuer = `http://127.0.0.1:${String(await freePort(0))}`;
    const { database, evidenceFolder } = door.behind;
    const settings = { name: 'example', issuer, ...CLIENT };
    const other = await ApiDoor.before({ database, evidenceFolder }, door.key, { providers: [settings] });
    expect(told(await start(other))).toEqual([503, 'provider-unavailable']);
    expect((await other.send('GET', providers.page.path)).status).toBe(200);
    provider.asked = [];
    await Promise.all([start(door), start(door), start(door)]);
    expect(provider.asked).toEqual([]);
    await other.close();
  });
});
