import { randomBytes } from 'node:crypto';
import { newCredential } from '#database/credentials.js';
import { machineSource } from '#platform/ids.js';
import type { Route } from '#contract/route.js';
import { routes } from '#contract/routes/all.js';
import { Collector } from '../support/collector.js';
import { isAlive } from '#platform/child.js';
import { until } from '../support/live.js';
import { bodyWith, leastBody, membersOf, parametersOf, schemaOf, type Member } from './support/bodies.js';
import { ApiDoor, send, type Sent } from './support/door.js';
import { addressOf, each } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { ApiProgram } from './support/program.js';
import { speak } from './support/raw.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// What people write, and what they keep secret, is planted in every place of a request; no log has it, whatever goes wrong.

const PLANTED = 40;
/** Every route but the one after which nobody would be signed in. */
const asked = routes.filter(({ name }) => name !== 'signOut');

let door: ApiDoor;
let api: ApiProgram;
let ana: Somebody;
let collector: Collector;
beforeAll(async () => {
  collector = await Collector.open();
  door = await ApiDoor.open();
  ana = await (await SmallWorld.make(door)).person('client', 'aims-manager');
  api = await ApiProgram.start({
    databaseUrl: door.behind.database.appUrl,
    evidenceFolder: door.behind.evidenceFolder,
    logLevel: 'trace',
    variables: { PERENNIAL_OTLP_URL: collector.url },
  });
}, 120_000);
afterAll(async () => {
  await door.close();
  await collector.close();
});

/** Words that stand nowhere else. */
const planted = Array.from(
  { length: PLANTED },
  (_, place) => `Planted${String(place)}x${randomBytes(6).toString('hex')}`,
);
let next = 0;
const word = (): string => planted[(next += 1) % PLANTED] ?? '';

const isText = ({ schema }: Member): boolean => schema.type === 'string';
const isFree = (member: Member): boolean => {
  const { enum: words, format, pattern, examples } = member.schema;
  return isText(member) && [words, format, pattern, examples].every((one) => one === undefined);
};

/** The least body with a planted word in each text that takes any; or in all of them, to be refused for it. */
function bodyOf(route: Route, takes = isFree): object {
  const texts = membersOf(schemaOf(route) ?? {}).filter(takes);
  const filled = bodyWith(texts.map((member) => [member, `${word()}@example.org ${word()}`]));
  return { ...leastBody(route), ...(typeof filled === 'object' ? filled : {}) };
}

const headers = (): Record<string, string> => ({
  'user-agent': word(),
  cookie: `session=${word()}`,
  'x-forwarded-for': word(),
  traceparent: `00-${word()}`,
  tracestate: `vendor=${word()}`,
  baggage: `userId=${word()}`,
  referer: `https://example.org/${word()}`,
});

const sentTo = (route: Route): Sent => ({
  ...(route.body ? { body: bodyOf(route) } : {}),
  ...{ token: ana.token, key: word(), version: 1, headers: headers() },
});

/** Each route: as it should be, without a credential, and with a planted word as id, as parameter, as credential. */
async function everywhere(): Promise<readonly number[]> {
  const answers = await each(asked, async (route) => {
    const { method } = route;
    const query = Object.keys(parametersOf(route)).map((name) => `${name}=${word()}`);
    const made = newCredential('person', machineSource.random).text;
    const all = [
      await send(api.url, method, addressOf(route), sentTo(route)),
      await send(api.url, method, `${addressOf(route, word())}?${query.join('&')}`, sentTo(route)),
      await send(api.url, method, addressOf(route), { ...sentTo(route), body: bodyOf(route, isText) }),
      await send(api.url, method, addressOf(route), { ...sentTo(route), token: word() }),
      await send(api.url, method, addressOf(route), { ...sentTo(route), token: made }),
      await send(api.url, method, addressOf(route), { ...sentTo(route), body: `{"${word()}": "${word()}` }),
    ];
    return all.map(({ status }) => status);
  });
  return answers.flat();
}

const found = (): readonly string[] =>
  planted.filter((one) => api.written.includes(one) || collector.text.includes(one));

/** Waits until the collector has what was traced of everything so far. */
async function allTraced(): Promise<void> {
  const trace = randomBytes(16).toString('hex');
  await send(api.url, 'GET', '/livez', { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  await collector.span('GET /livez', ({ traceId }) => traceId === trace);
}

test('[S13] nothing of what is sent stands in the log or in a trace, in whatever place of whatever request', async () => {
  const answers = await everywhere();
  expect(answers.length).toBe(asked.length * 6);
  expect(answers.filter((status) => status >= 500)).toEqual([]);
  expect(answers.filter((status) => status < 300).length).toBeGreaterThan(40);
  await speak(api, `GET /${word()} HTTP/1.1\r\nhost: x\r\n${'a: '.padEnd(17_000, word())}\r\n\r\n`);
  await speak(api, `${word()} / HTTP/9.9\r\n\r\n`);
  await allTraced();
  expect(collector.spans.length).toBeGreaterThan(answers.length);
  expect(found()).toEqual([]);
}, 240_000);

test('[S13] nor when the database fails in the midst of it, and says of which value', async () => {
  await look(
    door,
    `create or replace function perennial.lock_command(ask jsonb) returns json language plpgsql as $$
     begin raise exception 'not good: "%"', ask using detail = ask::text, hint = ask::text; end $$`,
  );
  const answers = await everywhere();
  expect(answers.filter((status) => status === 500).length).toBeGreaterThan(100);
  await until(() => Promise.resolve(api.written.includes('a request failed')));
  await allTraced();
  expect(found()).toEqual([]);
  expect(api.written).toContain('exec_stmt_raise');
}, 240_000);

test('[S13] nor when the program is killed in the midst of it', async () => {
  const under = asked
    .slice(0, 60)
    .map((route) => send(api.url, route.method, addressOf(route), sentTo(route)).catch(() => undefined));
  process.kill(api.pid, 'SIGTERM');
  await Promise.all(under);
  expect(found()).toEqual([]);
  await until(() => Promise.resolve(!isAlive(api.pid)));
}, 60_000);
