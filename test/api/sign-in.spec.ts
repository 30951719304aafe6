import { createHash } from 'node:crypto';
import { people } from '#contract/routes/people.js';
import { passwords, session } from '#contract/routes/session.js';
import { hashOf, newCredential } from '#database/credentials.js';
import { makePasswordLink } from '#database/password-links.js';
import type { Id } from '#domain/actor.js';
import { machineSource } from '#platform/ids.js';
import type { ApiDoor, Got } from './support/door.js';
import { codeOf, LivePeople, PUBLIC_URL } from './support/live-people.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';
import { until } from '../support/live.js';

// How people come in: by a link that reaches their mailbox and nobody else, with a password that they alone know.

const GOOD = 'seven grey pelicans at noon';
const BETTER = 'quiet harbour umbrella 41 lamps';

let door: ApiDoor;
let live: LivePeople;
let organisation: Id;
beforeAll(async () => {
  live = await LivePeople.open();
  ({ door } = live);
  organisation = await live.organisation('Aurora Chat');
}, 60_000);
afterAll(() => live.close());

const someone = (): string => live.someone();
const signIn: LivePeople['knock'] = (...knocks) => live.knock(...knocks);

const ask = (mail: string, place = '203.0.113.9'): Promise<Got> =>
  door.send('POST', '/v1/password-resets', { body: { mail }, headers: { 'x-forwarded-for': place } });
const set = (link: string, password: string, place = '203.0.113.7'): Promise<Got> =>
  door.send('POST', '/v1/password-resets/complete', {
    body: { link, password },
    headers: { 'x-forwarded-for': place },
  });

test('whoever is invited gets a link by mail, sets a password, signs in, and accepts', async () => {
  const mail = someone();
  const id = await live.invite(organisation, mail, 'aims-manager');
  const link = await live.link(mail);
  const [letter] = live.server.mails.filter(({ recipients }) => recipients.includes(mail));
  expect(letter?.subject).toBe('Aurora Chat: your account in Perennial');
  expect(letter?.text ?? '').toContain(`${PUBLIC_URL}/set-password#${link}`);
  await live.setPassword(link, GOOD);
  const token = await live.signIn(mail.toUpperCase(), GOOD);
  const mine = door.as(token);
  expect(await mine.call(session.get)).toMatchObject({ principal: id, organisation });
  const { version } = await mine.call(people.get, { params: { id } });
  const accepting = { params: { id }, key: 'accepts', version, body: {} };
  expect(await mine.call(people.commands.acceptInvitation, accepting)).toMatchObject({ state: 'active' });
});

test('whoever invites sees no link, and neither do the answers, the ledger, or any table', async () => {
  const mail = someone();
  await live.member(organisation, mail, GOOD);
  const [letter] = live.server.mails.filter(({ recipients }) => recipients.includes(mail));
  const [, link = ''] = /#(prn_link_\w+)/.exec(letter?.text ?? '') ?? [];
  const tables = await look<{ name: string }>(
    door,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'perennial'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    for (const secret of [link, GOOD]) {
      const text = `select from ${name} t where position($1 in t::text) > 0 limit 1`;
      if ((await look(door, text, [secret])).length > 0) found.push(name);
    }
  }
  expect([found, link.length > 40]).toEqual([[], true]);
});

test('a wrong password and an address that nobody has are one answer', async () => {
  const mail = someone();
  await live.member(organisation, mail, GOOD);
  const wrong = await signIn(mail, `${GOOD}.`);
  const nobody = await signIn(someone(), GOOD);
  const plain = ({ status, bytes }: Got): string =>
    `${String(status)} ${bytes.toString().replaceAll(/req_\w+/g, '')}`;
  expect(plain(wrong)).toBe(plain(nobody));
  expect([wrong.status, codeOf(wrong)]).toEqual([401, 'sign-in-refused']);
});

test('who was invited and has set no password does not come in with any', async () => {
  const mail = someone();
  await live.invite(organisation, mail, 'employee');
  expect((await signIn(mail, GOOD)).status).toBe(401);
});

test('after ten tries within an hour the eleventh is refused, even with the right password; from elsewhere it is not', async () => {
  const mail = someone();
  await live.member(organisation, mail, GOOD);
  const tries = await Promise.all(
    Array.from({ length: 25 }, () => signIn(mail, 'a wrong one, again', '198.51.100.2')),
  );
  expect(tries.map(({ status }) => status).toSorted()).toEqual([
    ...Array.from({ length: 10 }, () => 401),
    ...Array.from({ length: 15 }, () => 429),
  ]);
  const right = await signIn(mail, GOOD, '198.51.100.2');
  expect([right.status, codeOf(right)]).toEqual([429, 'rate-limited']);
  expect(Number(right.headers['retry-after'])).toBeGreaterThan(3_500);
  expect((await signIn(mail, GOOD, '198.51.100.3')).status).toBe(201);
  expect((await signIn(mail, GOOD, '198.51.100.3, 198.51.100.2')).status).toBe(429);
  await look(door, `update perennial.knock set at = at - interval '61 minutes'`);
  expect((await signIn(mail, GOOD, '198.51.100.2')).status).toBe(201);
}, 60_000);

test('one place tries a hundred addresses within an hour, and no more', async () => {
  const place = '198.51.100.77';
  await look(
    door,
    `insert into perennial.knock (about, place) select 'x' || n, $1 from generate_series(1, 99) n`,
    [place],
  );
  expect((await signIn(someone(), GOOD, place)).status).toBe(401);
  expect((await signIn(someone(), GOOD, place)).status).toBe(429);
});

test('a link works once and for its time, and with it end all others of the address', async () => {
  const mail = someone();
  await live.invite(organisation, mail, 'employee');
  const first = await live.link(mail);
  expect((await ask(mail)).status).toBe(204);
  const second = await live.link(mail, 2);
  const both = await Promise.all([set(second, GOOD), set(second, BETTER)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([204, 410]);
  expect([first === second, codeOf(await set(first, GOOD))]).toEqual([false, 'link-invalid']);
  await ask(mail);
  const third = await live.link(mail, 3);
  await look(
    door,
    `update perennial.password_link set expires_at = clock_timestamp() - interval '1 s' where hash = $1`,
    [hashOf(third)],
  );
  const strange = newCredential('link', machineSource.random).text;
  for (const link of [third, strange, `${strange}0`, 'x', third.replace('_link_', '_person_')])
    expect(codeOf(await set(link, BETTER))).toBe('link-invalid');
}, 60_000);

test('a new password ends every session of its address, and of nobody else', async () => {
  const [mail, other] = [someone(), someone()];
  const { token } = await live.member(organisation, mail, GOOD);
  const colleague = await live.member(organisation, other, GOOD);
  await ask(mail);
  await live.setPassword(await live.link(mail, 2), BETTER);
  expect((await door.problem('GET', '/v1/session', { token })).code).toBe('credential-invalid');
  expect((await signIn(mail, GOOD)).status).toBe(401);
  expect((await signIn(mail, BETTER)).status).toBe(201);
  expect((await door.send('GET', '/v1/session', { token: colleague.token })).status).toBe(200);
}, 60_000);

test.each([
  ['short', 'abc', 'too-short'],
  ['longer than is taken', 'x1!'.repeat(43), 'too-long'],
  ['a common one, twice', 'passwordpassword', 'too-easy'],
  ['a row of keys', 'qwertyuiop[]', 'too-easy'],
  ['their own name and address', 'Ines.Moreau-aurora7', 'too-easy'],
])('a password that is %s is refused, and the link is good still', async (_, password, code) => {
  const mail = someone();
  await live.invite(organisation, mail, 'employee');
  const link = await live.link(mail);
  const { status, bytes } = await set(link, password, mail);
  const { errors } = JSON.parse(bytes.toString()) as { errors: object[] };
  expect([status, errors]).toEqual([422, [expect.objectContaining({ pointer: '/password', code })]]);
  expect(bytes.toString()).not.toContain(password.slice(0, 20) === 'abc' ? '"abc"' : password);
  expect((await set(link, GOOD, mail)).status).toBe(204);
});

test('whoever has left does not come in, and gets no link', async () => {
  const mail = someone();
  const { id } = await live.member(organisation, mail, GOOD);
  const { version } = await door.as().call(people.get, { params: { id } });
  const leaving = { params: { id }, key: 'leaves', version, body: { on: '2026-01-31' as never } };
  await door.as().call(people.commands.recordDeparture, leaving);
  expect((await signIn(mail, GOOD)).status).toBe(401);
  const before = live.server.mails.length;
  expect((await ask(mail)).status).toBe(204);
  const next = someone();
  await live.invite(organisation, next, 'employee');
  await live.link(next);
  expect(live.server.mails.slice(before).filter(({ recipients }) => recipients.includes(mail))).toEqual([]);
});

test('asking for a link tells nobody whether there is an account, and nobody is flooded', async () => {
  const [mail, nobody] = [someone(), someone()];
  await live.member(organisation, mail, GOOD);
  const same = [await ask(mail, '192.0.2.1'), await ask(nobody, '192.0.2.1')];
  expect(same.map(({ status, bytes }) => [status, bytes.length])).toEqual([
    [204, 0],
    [204, 0],
  ]);
  const rows = () =>
    look<{ count: string }>(
      door,
      'select count(*) from perennial.password_link l where perennial.mail_of(l.principal) = $1',
      [mail],
    );
  for (let place = 0; place < 20; place += 1) await ask(mail, `192.0.2.${String(100 + place)}`);
  expect(Number((await rows())[0]?.count)).toBe(5);
  const often = await Promise.all(Array.from({ length: 8 }, () => ask(nobody, '192.0.2.2')));
  expect(often.filter(({ status }) => status === 429).length).toBe(3);
});

test('a mail server that is away gets the links when it is back; one that refuses an address does so for good', async () => {
  const [mail, refused] = [someone(), someone()];
  await live.server.down();
  const early = await live.invite(organisation, mail, 'employee');
  const putOff = `select from perennial.password_link where principal = $1 and due_at > clock_timestamp() + interval '61 s'`;
  await until(async () => (await look(door, putOff, [early])).length > 0); // longer than the minute of whoever tries it
  await live.server.up({ recipient: (address) => (address === refused ? 550 : undefined) });
  await look(door, 'update perennial.password_link set due_at = clock_timestamp() where sent_at is null');
  expect(await live.link(mail)).toMatch(/^prn_link_/);
  const id = await live.invite(organisation, refused, 'employee');
  const rows = () =>
    look<{ answer: number }>(
      door,
      'select answer from perennial.password_link where principal = $1 and sent_at is not null',
      [id],
    );
  await until(async () => (await rows()).length > 0);
  expect(await rows()).toEqual([{ answer: 550 }]);
}, 60_000);

test('whoever runs the installation makes a link for the first person, and for nobody who is not there', async () => {
  const mail = someone();
  await live.invite(organisation, mail, 'top-management');
  const link = await makePasswordLink(door.behind.database.appUrl, mail);
  expect((await set(link ?? '', GOOD)).status).toBe(204);
  expect((await signIn(mail, GOOD)).status).toBe(201);
  expect(await makePasswordLink(door.behind.database.appUrl, someone())).toBeUndefined();
});

test('people of a sandbox get no mail and have no password', async () => {
  const world = await SmallWorld.make(door, 'sandboxed');
  const { id } = await world.person('client', 'aims-manager');
  const links = 'select from perennial.password_link where principal = $1';
  const invited = await live.invite(organisation, someone(), 'aims-manager');
  expect([await look(door, links, [id]), await look(door, links, [invited])]).toEqual([[], [{}]]);
});

test('the page behind the link runs its own script and no other, and is kept nowhere', async () => {
  const { status, headers, bytes } = await door.send('GET', passwords.page.path);
  const html = bytes.toString();
  const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? [];
  const policy = String(headers['content-security-policy']);
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
  expect([headers['cache-control'], headers['referrer-policy']]).toEqual(['no-store', 'no-referrer']);
});
