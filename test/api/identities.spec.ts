import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { people } from '#contract/routes/people.js';
import { identities, providers } from '#contract/routes/identities.js';
import { session } from '#contract/routes/session.js';
import type { Id } from '#domain/actor.js';
import { CommandLine, type Ended } from '../support/command-line.js';
import { until } from '../support/live.js';
import { AtProvider, type Proof } from './support/at-provider.js';
import type { ApiDoor, Got } from './support/door.js';
import { unknownId } from './support/generated.js';
import { codeOf, PUBLIC_URL, type LivePeople } from './support/live-people.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// Who somebody is at a provider of their organisation, and how it opens their account here and no other.

const GOOD = 'seven grey pelicans at noon';

let at: AtProvider;
let live: LivePeople;
let door: ApiDoor;
let organisation: Id;
beforeAll(async () => {
  at = await AtProvider.open();
  ({ live } = at);
  ({ door } = live);
  organisation = await live.organisation('Aurora Chat');
}, 60_000);
afterAll(() => at.close());

const told = (got: Got): readonly unknown[] => [got.status, codeOf(got)];
const bodyOf = ({ bytes }: Got): { token: string } => JSON.parse(bytes.toString()) as { token: string };
const stands = async (token: string): Promise<number> =>
  (await door.send('GET', '/v1/session', { token })).status;
const rows = (table: string) => look(door, `select * from perennial.${table}`);

async function leaves(id: Id): Promise<void> {
  const { version } = await door.as().call(people.get, { params: { id } });
  const leaving = { params: { id }, key: `leaves-${id}`, version, body: { on: '2026-01-31' as never } };
  await door.as().call(people.commands.recordDeparture, leaving);
}

test('[S18] who was invited links an identity by the link of the mail, and signs in by it from then on', async () => {
  const mail = live.someone();
  const id = await live.invite(organisation, mail, 'aims-manager');
  const linked = await at.linkByLink({ ...(await at.prove('ines')), link: await live.link(mail) });
  expect([linked.status, bodyOf(linked)]).toMatchObject([201, { mail }]);
  const got = await at.signIn(await at.prove('ines'));
  expect([got.status, got.headers['cache-control']]).toEqual([201, 'no-store']);
  const { token } = bodyOf(got);
  expect(bodyOf(got)).toMatchObject({ principal: id, organisation });
  const mine = door.as(token);
  expect(await mine.call(session.get)).toMatchObject({ principal: id, organisation });
  expect((await mine.call(session.devices)).data).toMatchObject([
    { device: 'Example Browser', isThis: true },
  ]);
  const { data } = await mine.call(identities.list);
  const { issuer } = at.provider;
  expect(data).toMatchObject([{ object: 'identity', provider: 'example', issuer, subject: 'ines' }]);
  expect(Date.now() - Date.parse(data[0]?.usedAt ?? '')).toBeLessThan(60_000);
}, 60_000);

test('[S18] an identity that nobody linked opens nothing, makes nobody, and learns nothing', async () => {
  const people = await rows('stream');
  const stranger = await at.signIn(await at.prove('stranger'));
  expect(told(stranger)).toEqual([401, 'identity-unknown']);
  expect((await rows('stream')).length).toBe(people.length);
  expect(await look(door, `select from perennial.identity where subject = 'stranger'`)).toEqual([]);
});

test('[S18] a proof opens one session, for whoever has begun, within ten minutes', async () => {
  const { id } = await at.member(organisation, live.someone(), 'once');
  const proof = await at.prove('once');
  const wrong = await at.prove('once');
  const mixed = { proof: proof.proof, verifier: wrong.verifier };
  expect(told(await at.signIn(mixed))).toEqual([410, 'proof-invalid']);
  const both = await Promise.all([at.signIn(proof), at.signIn(proof)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 410]);
  expect(told(await at.signIn({ ...wrong, account: unknownId('per') }))).toEqual([409, 'account-ambiguous']);
  await look(door, `update perennial.identity_proof set made_at = made_at - interval '10 minutes'`);
  expect(told(await at.signIn(wrong))).toEqual([410, 'proof-invalid']);
  for (const made of ['x', `${proof.proof}0`, proof.proof.replace('_proof_', '_link_')])
    expect(told(await at.signIn({ ...proof, proof: made }))).toEqual([410, 'proof-invalid']);
  expect((await look(door, 'select from perennial.credential where principal = $1', [id])).length).toBe(2);
}, 60_000);

test('[S18] nothing of a flow, a proof or a browser can be read in any table', async () => {
  const proof = await at.prove('hidden');
  const tables = await look<{ name: string }>(
    door,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'perennial'`,
  );
  for (const { name } of tables) {
    const text = `select from ${name} t where position($1 in t::text) > 0 or position($2 in t::text) > 0 limit 1`;
    expect([name, await look(door, text, [proof.proof, proof.verifier])]).toEqual([name, []]);
  }
});

test('[S4] an identity that is one human’s becomes no other one’s, and the link is good still', async () => {
  await at.member(organisation, live.someone(), 'taken');
  const mail = live.someone();
  await live.invite(organisation, mail, 'top-management');
  const link = await live.link(mail);
  const second = await at.linkByLink({ ...(await at.prove('taken')), link });
  expect(told(second)).toEqual([409, 'identity-taken']);
  expect((await at.linkByLink({ ...(await at.prove('taken-not')), link })).status).toBe(201);
  const colleague = await live.member(organisation, live.someone(), GOOD);
  expect(told(await at.link(colleague.token, await at.prove('taken')))).toEqual([409, 'identity-taken']);
}, 60_000);

test('[S4] of two humans who link one identity at once one has it', async () => {
  const mails = [live.someone(), live.someone()];
  const proofs = [await at.prove('race'), await at.prove('race')];
  const asked: (Proof & { link: string })[] = [];
  for (const [place, mail] of mails.entries()) {
    await live.invite(organisation, mail, 'employee');
    asked.push({ proof: '', verifier: '', ...proofs[place], link: await live.link(mail) });
  }
  const answers = await Promise.all(asked.map((one) => at.linkByLink(one)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
}, 60_000);

test('[S18] what a mailed link sets is the only way in afterwards: nobody who was in stays in', async () => {
  const mail = live.someone();
  const { token } = await live.member(organisation, mail, GOOD);
  expect((await at.link(token, await at.prove('first'))).status).toBe(201);
  const link = async (mails: number): Promise<string> => {
    await door.send('POST', '/v1/password-resets', { body: { mail } });
    return live.link(mail, mails);
  };
  const back = { ...(await at.prove('second')), link: await link(2) };
  expect((await at.linkByLink(back)).status).toBe(201);
  expect(await stands(token)).toBe(401);
  expect(told(await live.knock(mail, GOOD))).toEqual([401, 'sign-in-refused']);
  expect(told(await at.signIn(await at.prove('first')))).toEqual([401, 'identity-unknown']);
  expect(told(await at.linkByLink({ ...(await at.prove('third')), link: back.link }))).toEqual([
    410,
    'link-invalid',
  ]);
  const second = await at.token('second');
  await live.setPassword(await link(3), GOOD);
  expect(await stands(second)).toBe(401);
  expect(told(await at.signIn(await at.prove('second')))).toEqual([401, 'identity-unknown']);
  expect((await live.knock(mail, GOOD)).status).toBe(201);
}, 60_000);

test('[S18] whoever links an identity without a mail has signed in a moment ago', async () => {
  const { id, token } = await live.member(organisation, live.someone(), GOOD);
  const proof = await at.prove('fresh');
  const age = (by: string) =>
    look(door, `update perennial.credential set made_at = made_at - $2::interval where principal = $1`, [
      id,
      by,
    ]);
  await age('15 minutes');
  expect(told(await at.link(token, proof))).toEqual([403, 'sign-in-not-fresh']);
  await age('-14 minutes');
  expect((await at.link(token, proof)).status).toBe(201);
  expect((await at.link(token, await at.prove('fresh'))).status).toBe(201);
  expect((await door.as(token).call(identities.list)).data.length).toBe(1);
  expect(await stands(await at.token('fresh'))).toBe(200);
}, 60_000);

test('keys and people of sandboxes link nothing', async () => {
  const world = await SmallWorld.make(door, 'without-identities');
  const persona = await world.person('client', 'aims-manager');
  for (const token of [door.key, persona.token])
    expect(told(await at.link(token, await at.prove('persona')))).toEqual([403, 'person-required']);
  expect((await door.as().call(identities.list)).data).toEqual([]);
}, 60_000);

test('people see their identities page by page, and remove one together with the sessions that it has opened', async () => {
  const { token } = await live.member(organisation, live.someone(), GOOD);
  for (const subject of ['one', 'two', 'three']) await at.link(token, await at.prove(`mine-${subject}`));
  const [here, there] = [await at.token('mine-one'), await at.token('mine-two')];
  const page = await door.as(token).call(identities.list, { query: { pageSize: '2' } });
  expect(page.data.map(({ subject }) => subject)).toEqual(['mine-three', 'mine-two']);
  const rest = await door.as(token).call(identities.list, { query: { pageToken: page.nextPageToken ?? '' } });
  expect(rest.data.map(({ subject }) => subject)).toEqual(['mine-one']);
  const id = rest.data[0]?.id ?? '';
  const stranger = await live.member(organisation, live.someone(), GOOD);
  const remove = (by: string) => door.send('DELETE', `/v1/session/identities/${id}`, { token: by });
  expect((await remove(stranger.token)).status).toBe(404);
  expect((await remove(token)).status).toBe(204);
  expect((await remove(token)).status).toBe(404);
  expect([await stands(token), await stands(here), await stands(there)]).toEqual([200, 401, 200]);
  expect(told(await at.signIn(await at.prove('mine-one')))).toEqual([401, 'identity-unknown']);
}, 60_000);

test('[S18] whoever has left does not come in, and nothing of their identity is kept', async () => {
  const { id, token } = await at.member(organisation, live.someone(), 'leaver');
  const proof = await at.prove('leaver');
  await leaves(id);
  expect(await stands(token)).toBe(401);
  expect(told(await at.signIn(proof))).toEqual([401, 'identity-unknown']);
  expect(await look(door, `select from perennial.identity where subject = 'leaver'`)).toEqual([]);
}, 60_000);

test('whoever belongs to several organisations names one, and those that they left are none of them', async () => {
  const [mail, elsewhere] = [live.someone(), await live.organisation('Elsewhere')];
  const { id } = await at.member(organisation, mail, 'several');
  const other = await live.invite(elsewhere, mail, 'employee');
  const ambiguous = await at.signIn(await at.prove('several'));
  expect([...told(ambiguous), ambiguous.bytes.toString().includes(other)]).toEqual([
    409,
    'account-ambiguous',
    true,
  ]);
  const named = await at.signIn({ ...(await at.prove('several')), account: other });
  expect(bodyOf(named)).toMatchObject({ principal: other, organisation: elsewhere });
  await leaves(id);
  expect(bodyOf(await at.signIn(await at.prove('several')))).toMatchObject({ principal: other });
  expect(told(await at.signIn({ ...(await at.prove('several')), account: id }))).toEqual([
    409,
    'account-ambiguous',
  ]);
}, 60_000);

test("[S18] an account that is said to be the same human's opens nothing of theirs to the identity of its mailbox", async () => {
  const victim = await at.member(organisation, live.someone(), 'victim');
  const mine = live.someone();
  const body = {
    ...{ organisation: await live.organisation('Of the attacker'), name: 'V', mail: mine },
    ...{ roles: ['employee' as const], sameHumanAs: victim.id },
  };
  const { id } = await door.as().call(people.commands.invitePerson, { key: 'claims', body });
  expect((await at.linkByLink({ ...(await at.prove('attacker')), link: await live.link(mine) })).status).toBe(
    201,
  );
  const came = await at.signIn(await at.prove('attacker'));
  expect(bodyOf(came)).toMatchObject({ principal: id });
  const named = await at.signIn({ ...(await at.prove('attacker')), account: victim.id });
  expect(told(named)).toEqual([409, 'account-ambiguous']);
  const seen = await door.as(await at.token('attacker')).call(identities.list);
  expect(seen.data.map(({ subject }) => subject)).toEqual(['attacker']);
  expect(await stands(victim.token)).toBe(200);
}, 60_000);

test('what is over is taken away', async () => {
  await at.prove('tidied');
  await at.live.door.send(
    'GET',
    providers.begin.path.replace('{provider}', 'example') + `?challenge=${'a'.repeat(43)}`,
  );
  for (const [table, column] of [
    ['identity_flow', 'begun_at'],
    ['identity_proof', 'made_at'],
  ] as const) {
    expect((await rows(table)).length).toBeGreaterThan(0);
    await look(door, `update perennial.${table} set ${column} = ${column} - interval '11 minutes'`);
  }
  await look(door, 'select perennial.tidy_sign_in()');
  expect([await rows('identity_flow'), await rows('identity_proof')]).toEqual([[], []]);
});

test('at the command line the address is opened in a browser, and what its page shows is typed', async () => {
  const mail = live.someone();
  const { id } = await live.member(organisation, mail, GOOD);
  const line = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY: '' });
  const keyFile = join(line.folder, 'key');
  const words = ['sign-in', '--provider', 'example', '--key-file', keyFile];
  const stranger = await inBrowser(line, words);
  expect([stranger.exit, existsSync(keyFile)]).toEqual([1, false]);
  expect(stranger.talk).toContain('identity-unknown');
  await line.type(['sign-in', mail, '--key-file', keyFile], `${GOOD}\n`);
  const signedIn = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY_FILE: keyFile });
  const linked = await inBrowser(signedIn, ['link-identity', 'example']);
  expect([linked.exit, linked.talk]).toEqual([0, expect.stringContaining(mail)]);
  const right = await inBrowser(line, words);
  expect([right.exit, statSync(keyFile).mode & 0o777]).toEqual([0, 0o600]);
  expect(right.data + right.talk).not.toMatch(/prn_(person|proof)_/);
  const shown = await signedIn.type(['session', 'show', '--json']);
  expect(JSON.parse(shown.data)).toMatchObject({ principal: id });
  const both = await line.type([...words.slice(0, 3), mail]);
  expect([both.exit, (await line.type(['sign-in'])).exit]).toEqual([2, 2]);
}, 60_000);

/** Types a command, opens in a browser what it says, and types what is shown there. */
async function inBrowser(line: CommandLine, words: readonly string[]): Promise<Ended> {
  at.provider.isVisitedBy('at-a-terminal');
  const { child, ended } = line.start(words);
  let talk = '';
  child.stderr?.on('data', (chunk: Buffer) => (talk += chunk.toString()));
  await until(() => Promise.resolve(/challenge=[\w-]{43}\n/.test(talk)));
  const [, path = ''] = /(\/v1\/session\/oidc\/\S+)/.exec(talk) ?? [];
  const { address } = await at.browser().open(`${PUBLIC_URL}${path}`);
  child.stdin?.end(`${address.hash.slice(1)}\n`);
  return ended;
}
