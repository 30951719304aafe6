import type { Id } from '#domain/actor.js';
import { until } from '../support/live.js';
import { AtProvider } from './support/at-provider.js';
import { codeOf, PUBLIC_URL, type LivePeople } from './support/live-people.js';
import { Tab } from './support/tab.js';

// What the two pages do that people open in a browser: their scripts, run as they come from the door.

const GOOD = 'seven grey pelicans at noon';

let at: AtProvider;
let live: LivePeople;
let organisation: Id;
beforeAll(async () => {
  at = await AtProvider.open();
  ({ live } = at);
  organisation = await live.organisation('Aurora Chat');
}, 60_000);
afterAll(() => at.close());

async function invited(): Promise<{ mail: string; page: string }> {
  const mail = live.someone();
  await live.invite(organisation, mail, 'employee');
  return { mail, page: `/set-password#${await live.link(mail)}` };
}

/** Shows at the provider who somebody is, and comes back with what the address has behind the `#`. */
async function showsThere(path: string, subject: string): Promise<string> {
  at.provider.isVisitedBy(subject);
  const { address } = await at.browser().open(`${PUBLIC_URL}${path}`);
  return `${address.pathname}${address.hash}`;
}

test('on the page of the link a password is set, and it says what is wrong with one', async () => {
  const { mail, page } = await invited();
  const tab = new Tab(live.door);
  await tab.open(page, GOOD, `${GOOD}.`);
  await tab.submits();
  expect(tab.told).toBe('The two are not the same.');
  await tab.open(page, 'passwordpassword', 'passwordpassword');
  await tab.submits();
  expect(tab.told).toMatch(/guessed too easily/);
  await tab.open(page, GOOD, GOOD);
  await tab.submits();
  expect([tab.told, tab.buttons]).toEqual([expect.stringContaining('is set'), []]);
  expect((await live.knock(mail, GOOD)).status).toBe(201);
  await tab.open('/set-password', GOOD, GOOD);
  expect([tab.told, tab.buttons]).toEqual([expect.stringContaining('not kept here'), []]);
});

test('[S18] on the page of the link an identity is linked in place of a password, and the tab says whose account it opens', async () => {
  const { mail, page } = await invited();
  const tab = new Tab(live.door);
  await tab.open(page);
  expect(tab.buttons).toEqual(['example', 'other']);
  await tab.presses('example');
  await until(() => Promise.resolve(tab.sentTo !== ''));
  const back = await showsThere(tab.sentTo, 'by-page');
  await tab.open(back);
  await until(() => Promise.resolve(tab.told.includes(mail)));
  expect([tab.shown, tab.stored.size]).toEqual(['', 0]);
  expect((await at.signIn(await at.prove('by-page'))).status).toBe(201);
});

test('[S18] a proof that somebody else planted is linked by no tab', async () => {
  const { mail, page } = await invited();
  const tab = new Tab(live.door);
  await tab.open(page);
  await tab.presses('example');
  await until(() => Promise.resolve(tab.sentTo !== ''));
  const { proof } = await at.prove('planted');
  await tab.open(`/proof#${proof}`);
  await until(() => Promise.resolve(tab.told.includes('not good any more')));
  expect(tab.told).not.toContain(mail);
  expect(codeOf(await at.signIn(await at.prove('planted')))).toBe('identity-unknown');
});

test('a tab that has opened no link shows the proof, for who has begun elsewhere', async () => {
  const tab = new Tab(live.door);
  await tab.open('/proof#prn_proof_x');
  expect([tab.shown, tab.told]).toEqual(['prn_proof_x', '']);
  await tab.open('/proof');
  expect([tab.shown, tab.told]).toEqual(['', expect.stringContaining('Begin again')]);
});
