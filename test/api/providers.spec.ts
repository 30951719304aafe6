import { CLIENT } from '../support/identity-provider.js';
import { AtProvider, BACK } from './support/at-provider.js';
import { beginning, type Browser } from './support/browser.js';
import { send, type Got } from './support/door.js';
import { codeOf, PUBLIC_URL } from './support/live-people.js';
import { ApiProgram } from './support/program.js';
import { look } from './support/traces.js';

// The way of a browser to a provider and back, and what it must fit to.

const told = (got: Got): readonly unknown[] => [got.status, codeOf(got)];

let at: AtProvider;
beforeAll(async () => {
  at = await AtProvider.open();
}, 60_000);
afterAll(() => at.close());

const isBack = ({ pathname }: URL): boolean => pathname.endsWith('/callback');
/** A browser that has been at the provider and not come back yet. */
async function away(browser: Browser): Promise<string> {
  at.provider.isVisitedBy('ines');
  return (await browser.open(at.start(beginning()), isBack)).address.href;
}

test('[S18] a browser comes back with a proof once, and with the same state never again', async () => {
  const browser = at.browser();
  const back = await away(browser);
  const { address, status, bytes } = await browser.open(back);
  expect([address.origin, address.pathname, address.search, status]).toEqual([PUBLIC_URL, '/proof', '', 200]);
  expect(address.hash).toMatch(/^#prn_proof_\w{38}$/);
  expect(bytes.toString()).not.toContain('prn_proof_');
  expect(told(await browser.open(back))).toEqual([400, 'sign-in-not-begun']);
});

test('[S18] a state from another browser is nobody’s, and is not used up by it', async () => {
  const [browser, other] = [at.browser(), at.browser()];
  const back = await away(browser);
  await away(other);
  for (const stranger of [at.browser(), other])
    expect(told(await stranger.open(back))).toEqual([400, 'sign-in-not-begun']);
  expect((await browser.open(back)).status).toBe(200);
});

test('[S18] a state is good for the provider to which it went, and for ten minutes', async () => {
  const browser = at.browser();
  const back = await away(browser);
  const mixed = await browser.open(back.replace('/example/', '/other/'));
  expect(told(mixed)).toEqual([400, 'sign-in-not-begun']);
  const { door } = at.live;
  const age = (by: string) =>
    look(door, 'update perennial.identity_flow set begun_at = begun_at - $1::interval', [by]);
  await age('10 minutes');
  expect(told(await browser.open(back))).toEqual([400, 'sign-in-not-begun']);
  await age('-9 minutes');
  expect((await browser.open(back)).status).toBe(200);
});

test.each([
  ['another code', (url: URL) => url.searchParams.set('code', 'made-up'), 'provider-refused'],
  ['no code', (url: URL) => url.searchParams.delete('code'), 'provider-refused'],
  [
    'the word of another issuer',
    (url: URL) => url.searchParams.set('iss', 'https://id.example'),
    'provider-refused',
  ],
  ['no word of the issuer', (url: URL) => url.searchParams.delete('iss'), 'provider-refused'],
  ['two issuers', (url: URL) => url.searchParams.append('iss', 'https://id.example'), 'provider-refused'],
  ['another state', (url: URL) => url.searchParams.set('state', 'made-up'), 'sign-in-not-begun'],
  ['two states', (url: URL) => url.searchParams.append('state', 'made-up'), 'sign-in-not-begun'],
  ['no state', (url: URL) => url.searchParams.delete('state'), 'sign-in-not-begun'],
  ['tokens in the address', (url: URL) => url.searchParams.set('id_token', 'a.b.c'), 'provider-refused'],
  ['a response of another kind', (url: URL) => url.searchParams.set('response', 'a.b.c'), 'provider-refused'],
])('[S18] whoever comes back with %s has shown nothing', async (_, change, code) => {
  const browser = at.browser();
  const back = new URL(await away(browser));
  change(back);
  expect(codeOf(await browser.open(back.href))).toBe(code);
});

test('whoever declines at the provider is told so, and nothing that the provider wrote', async () => {
  at.provider.isVisitedBy(undefined);
  const declined = await at.browser().open(at.start(beginning()));
  expect(told(declined)).toEqual([401, 'provider-refused']);
  expect(declined.bytes.toString()).not.toContain('Somebody said no');
});

test('the browser keeps one word for us, which no script and no other host gets, and is sent to the provider alone', async () => {
  const { door } = at.live;
  const { challenge } = beginning();
  const path = `/v1/session/oidc/example?challenge=${challenge}`;
  const { status, headers } = await door.send('GET', path);
  expect([status, String(headers['set-cookie'])]).toEqual([
    302,
    expect.stringMatching(
      /^__Host-perennial-proof=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
    ),
  ]);
  const to = new URL(String(headers['location']));
  expect([to.origin, to.searchParams.get('redirect_uri')]).toEqual([at.provider.issuer, BACK]);
  expect([...to.searchParams.keys()].toSorted()).toEqual([
    ...['client_id', 'code_challenge', 'code_challenge_method', 'nonce', 'redirect_uri'],
    ...['response_type', 'scope', 'state'],
  ]);
  expect(to.searchParams.get('code_challenge')).not.toBe(challenge);
  for (const more of ['&returnTo=https://evil.example', '&redirect_uri=https://evil.example'])
    expect(told(await door.send('GET', `${path}${more}`))).toEqual([400, 'unknown-parameter']);
  expect(told(await door.send('GET', path.slice(0, -1)))).toEqual([400, 'invalid-parameter']);
  const unknown = await door.problem('GET', path.replace('example', 'exmple'));
  expect(unknown).toMatchObject({
    code: 'not-found',
    detail: expect.stringContaining('example, other') as string,
  });
});

test('one place begins a hundred ways an hour that do not come back, and no more', async () => {
  const { door } = at.live;
  const sent = (place: string) =>
    door.send('GET', at.start(beginning()).slice(PUBLIC_URL.length), {
      headers: { 'x-forwarded-for': place },
    });
  await sent('198.51.100.7');
  await look(
    door,
    `insert into perennial.knock (about, place, at) select about, place, at from perennial.knock, generate_series(1, 99)
     where place = 'proof 198.51.100.7'`,
  );
  const often = await sent('198.51.100.7');
  expect([...told(often), Number(often.headers['retry-after']) > 3_000]).toEqual([429, 'rate-limited', true]);
  expect((await sent('198.51.100.8')).status).toBe(302);
});

test('the program reads its providers from the environment; without TLS it is reached on this machine alone', async () => {
  const { database, evidenceFolder } = at.live.door.behind;
  const oidc = [{ name: 'example', issuer: at.provider.issuer, ...CLIENT }];
  const variables = { PERENNIAL_OIDC: JSON.stringify(oidc) };
  const api = await ApiProgram.start({ databaseUrl: database.appUrl, evidenceFolder, variables });
  const { status, headers } = await send(api.url, 'GET', at.start(beginning()).slice(PUBLIC_URL.length));
  const cookie = /^perennial-proof=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/;
  expect([status, String(headers['set-cookie'])]).toEqual([302, expect.stringMatching(cookie)]);
  const back = new URL(String(headers['location'])).searchParams.get('redirect_uri');
  expect(back).toBe(`${api.url}/v1/session/oidc/example/callback`);
  expect(api.written).not.toContain(CLIENT.clientSecret);
}, 60_000);
