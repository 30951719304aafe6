import pg from 'pg';
import { identities } from '#contract/routes/identities.js';
import type { Id } from '#domain/actor.js';
import { until } from '../support/live.js';
import { AtProvider } from './support/at-provider.js';
import type { ApiDoor } from './support/door.js';
import type { LivePeople } from './support/live-people.js';
import { look } from './support/traces.js';

// A way in is shut while somebody is on it: whoever was a moment earlier is shut out too.

const GOOD = 'seven grey pelicans at noon';
const [FIRST, SECOND] = ['a'.repeat(64), 'b'.repeat(64)];
const [CHALLENGE, OPENED] = ['c'.repeat(64), 'd'.repeat(64)];

let at: AtProvider;
let live: LivePeople;
let door: ApiDoor;
let organisation: Id;
/** Somebody who is half way in: their transaction has not ended. */
let slow: pg.Client;
beforeAll(async () => {
  at = await AtProvider.open();
  ({ live } = at);
  ({ door } = live);
  organisation = await live.organisation('Aurora Chat');
  slow = new pg.Client(door.behind.database.ownerUrl);
  await slow.connect();
}, 60_000);
afterAll(async () => {
  await slow.end();
  await at.close();
});

/** What a subject has shown at the provider, to be used once. */
async function shown(hash: string, subject: string): Promise<void> {
  await slow.query('select perennial.keep_proof($1, $2, $3, $4)', [
    hash,
    CHALLENGE,
    at.provider.issuer,
    subject,
  ]);
}

const someoneWaits = async (): Promise<boolean> =>
  (
    await look(
      door,
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    )
  ).length > 0;

test('[S18] an identity that is taken away ends the session that it was just opening', async () => {
  const { id, token } = await at.member(organisation, live.someone(), 'leaving');
  await shown(FIRST, 'leaving');
  await slow.query('begin');
  await slow.query("select perennial.open_by_proof($1, $2, $3, $4, 'A browser')", [
    FIRST,
    CHALLENGE,
    id,
    OPENED,
  ]);
  const { data } = await door.as(token).call(identities.list);
  const removed = door.as(token).call(identities.remove, { params: { id: data[0]?.id ?? '' } });
  await until(someoneWaits, 10_000);
  await slow.query('commit');
  await removed;
  const opened = 'select revoked_at is null as stands from perennial.credential where hash = $1';
  expect(await look(door, opened, [OPENED])).toEqual([{ stands: false }]);
}, 60_000);

test('[S18] an identity that is linked while a mailed link sets the only way in opens nothing afterwards', async () => {
  const mail = live.someone();
  const { id } = await live.member(organisation, mail, GOOD);
  await door.send('POST', '/v1/password-resets', { body: { mail } });
  const link = await live.link(mail, 2);
  await shown(SECOND, 'thief');
  await slow.query('begin');
  const linked = await slow.query<{ kept: object }>(
    `select perennial.link_identity($3, $1, 'idn_00000000000000000000000000', $2, perennial.session_id(c.hash)) as kept
     from perennial.credential c where c.principal = $2`,
    [CHALLENGE, id, SECOND],
  );
  expect(linked.rows).toMatchObject([{ kept: { mail } }]);
  let isSet = false;
  const setting = live.setPassword(link, 'nine brown herons at dawn').then(() => (isSet = true));
  await until(async () => isSet || (await someoneWaits()), 10_000);
  await slow.query('commit');
  await setting;
  expect(await look(door, "select from perennial.identity where subject = 'thief'")).toEqual([]);
}, 60_000);
