import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { session } from '#contract/routes/session.js';
import type { Id } from '#domain/actor.js';
import { CommandLine } from '../support/command-line.js';
import type { ApiDoor } from './support/door.js';
import { unknownId } from './support/generated.js';
import { codeOf, LivePeople } from './support/live-people.js';
import { look } from './support/traces.js';

// Where people are signed in, as which of their accounts, and for how long.

const GOOD = 'seven grey pelicans at noon';

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

test('people see where they are signed in, and end it there or here', async () => {
  const mail = someone();
  const { token } = await live.member(organisation, mail, GOOD);
  const there = JSON.parse((await signIn(mail, GOOD)).bytes.toString()) as { token: string };
  const { data } = await door.as(token).call(session.devices);
  expect(data.map(({ isThis, device }) => [isThis, device === 'Example Browser'])).toEqual([
    [false, true],
    [true, false],
  ]);
  const [one] = data.filter(({ isThis }) => !isThis);
  await door.as(token).call(session.endDevice, { params: { id: one?.id ?? '' } });
  expect((await door.send('GET', '/v1/session', { token: there.token })).status).toBe(401);
  const stranger = await live.member(organisation, someone(), GOOD);
  const [mine] = (await door.as(token).call(session.devices)).data;
  const asked = { token: stranger.token };
  expect((await door.send('DELETE', `/v1/session/devices/${mine?.id ?? ''}`, asked)).status).toBe(404);
  await door.as(token).call(session.signOut);
  expect((await door.send('GET', '/v1/session', { token })).status).toBe(401);
}, 60_000);

test('a session that is not used for half a day is over; one that is used lives on, for seven days', async () => {
  const mail = someone();
  const { id, token } = await live.member(organisation, mail, GOOD);
  const age = (column: string, by: string) =>
    look(door, `update perennial.credential set ${column} = ${column} - $2::interval where principal = $1`, [
      id,
      by,
    ]);
  await age('idle_until', '11 hours');
  expect((await door.send('GET', '/v1/session', { token })).status).toBe(200);
  await age('idle_until', '11 hours');
  expect((await door.send('GET', '/v1/session', { token })).status).toBe(200);
  await age('idle_until', '12 hours');
  expect((await door.problem('GET', '/v1/session', { token })).code).toBe('credential-expired');
  const again = await live.signIn(mail, GOOD);
  await age('expires_at', '7 days');
  expect((await door.problem('GET', '/v1/session', { token: again })).code).toBe('credential-expired');
});

test('with accounts in two organisations one names the account; which there are is told only with the password', async () => {
  const [mail, second] = [someone(), await live.organisation('Pump Works')];
  await live.member(organisation, mail, GOOD);
  const other = await live.invite(second, mail, 'employee');
  expect((await signIn(mail, `${GOOD}.`)).bytes.toString()).not.toContain(other);
  const both = await signIn(mail, GOOD);
  expect([both.status, codeOf(both), both.bytes.toString().includes(other)]).toEqual([
    409,
    'account-ambiguous',
    true,
  ]);
  const named = await signIn(mail, GOOD, undefined, { account: other });
  expect(JSON.parse(named.bytes.toString())).toMatchObject({ principal: other, organisation: second });
  const strange = await signIn(mail, GOOD, undefined, { account: unknownId('per') });
  expect(strange.status).toBe(409);
});

test("at the command line the password comes from stdin, and the token goes into a file of one's own", async () => {
  const mail = someone();
  const { id } = await live.member(organisation, mail, GOOD);
  const line = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY: '' });
  const keyFile = join(line.folder, 'key');
  const words = ['sign-in', mail, '--key-file', keyFile];
  const wrong = await line.type(words, `${GOOD}.\n`);
  expect([wrong.exit, existsSync(keyFile), wrong.talk]).toEqual([
    1,
    false,
    expect.stringContaining('sign-in-refused'),
  ]);
  const right = await line.type(words, `${GOOD}\n`);
  expect([right.exit, statSync(keyFile).mode & 0o777]).toEqual([0, 0o600]);
  expect(right.data + right.talk).not.toMatch(/prn_person_|pelicans/);
  const signedIn = new CommandLine({ PERENNIAL_URL: door.url, PERENNIAL_KEY_FILE: keyFile });
  const shown = await signedIn.type(['session', 'show', '--json']);
  expect(JSON.parse(shown.data)).toMatchObject({ principal: id });
}, 60_000);
