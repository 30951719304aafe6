import { findings } from '#contract/routes/findings.js';
import { session } from '#contract/routes/session.js';
import { makeLog } from '#platform/log.js';
import { startTracing } from '#platform/start-tracing.js';
import type { Tracing } from '#platform/tracing.js';
import { Collector, fails, hangs } from '../support/collector.js';
import { until } from '../support/live.js';
import { Receiver } from '../support/receiver.js';
import { ApiDoor, problemIn, send } from './support/door.js';
import { CallingWorker, Hooks } from './support/hooks.js';
import type { Somebody } from './support/people.js';
import { ApiProgram } from './support/program.js';
import { look } from './support/traces.js';
import { SmallWorld } from './support/world.js';

// What a collector is told of requests and calls; and that it harms nobody when it is gone, hangs or fails.

const CALLER = '00f067aa0ba902b7';
const PATIENCE = 120_000;

let collector: Collector;
let tracing: Tracing;
let door: ApiDoor;
let world: SmallWorld;
let ana: Somebody;
beforeAll(async () => {
  collector = await Collector.open();
  tracing = await startTracing({ otlpUrl: collector.url }, 'api', makeLog('api', 'silent'));
  door = await ApiDoor.open({ tracing });
  world = await SmallWorld.make(door);
  ana = await world.person('client', 'aims-manager');
}, PATIENCE);
afterAll(async () => {
  await door.close();
  await tracing.close();
  await collector.close();
});

const asks = (traceparent: string) =>
  door.send('GET', session.get.path, { token: ana.token, headers: { traceparent } });

test.each(['', 'nonsense', `00-${'0'.repeat(32)}-${CALLER}-01`, `00-${'e'.repeat(32)}-${CALLER}-01-more`])(
  'a traceparent that is none begins a trace of its own: %j',
  async (traceparent) => {
    const { headers } = await asks(traceparent);
    const [, trace = ''] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(String(headers['traceresponse'])) ?? [];
    const span = await collector.span(`GET ${session.get.path}`, ({ traceId }) => traceId === trace);
    expect(span.parentSpanId ?? '').toBe('');
    expect(span.attributes['perennial.request']).toBe(headers['request-id']);
  },
);

test('a refusal says its trace, and the trace says why: by codes', async () => {
  const iris = await world.person('client', 'internal-auditor');
  const finding = await world.finding(iris, await world.programme(ana));
  const trace = 'f'.repeat(32);
  const { method, path } = findings.commands.retractFinding;
  const sent = { token: iris.token, key: 'retracts', version: 1, body: { reason: 'It was kept elsewhere.' } };
  const headers = { traceparent: `00-${trace}-${CALLER}-01` };
  const problem = problemIn(await door.send(method, path.replace('{id}', finding), { ...sent, headers }));
  expect(problem).toMatchObject({ traceId: trace, code: 'wrong-state' });
  const command = await collector.span('command retractFinding', ({ traceId }) => traceId === trace);
  expect(command.attributes).toMatchObject({
    'perennial.outcome': 'refused',
    'perennial.refusals': ['wrong-state'],
  });
  const request = await collector.span(method, ({ traceId }) => traceId === trace);
  expect(request.attributes).toMatchObject({ 'perennial.problem': 'wrong-state' });
  expect(request.failed).toBe(false);
});

test('where nobody traces nothing is kept of traces, and no answer speaks of one', async () => {
  const quiet = await ApiDoor.open();
  const { headers } = await quiet.send('GET', session.get.path, { token: quiet.key });
  expect(headers['traceresponse']).toBeUndefined();
  const problem = await quiet.problem('GET', '/v1/findings/fnd_none', { token: quiet.key });
  expect(problem).not.toHaveProperty('traceId');
  await SmallWorld.make(quiet);
  expect(await look(quiet, 'select from perennial.trace')).toEqual([]);
  await quiet.close();
});

test('a call to an endpoint goes on with the trace of what it tells of, and gives it to the receiver', async () => {
  const receiver = await Receiver.open();
  const worker = await CallingWorker.start(door, { tracing });
  const hooks = new Hooks(door, ana);
  await hooks.add(receiver.url('hooks.example'));
  await hooks.happens();
  await hooks.until(() => receiver.calls.length > 0);
  const [call] = receiver.calls;
  const [, trace = '', id] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(String(call?.headers['traceparent'])) ?? [];
  const span = await collector.span('call endpoint', ({ traceId }) => traceId === trace);
  expect(span).toMatchObject({ spanId: id, failed: false });
  expect(span.attributes).toMatchObject({ 'http.response.status_code': 204, 'perennial.attempt': 1 });
  const command = await collector.span('command', ({ spanId }) => spanId === span.parentSpanId);
  expect(command.traceId).toBe(trace);
  expect(collector.text).not.toContain('hooks.example');
  await worker.stop();
  await receiver.close();
});

test('what a collector that hangs does not take is kept to a bound, and the end waits for it a moment alone', async () => {
  const slow = await Collector.open(hangs);
  const own = await startTracing({ otlpUrl: slow.url }, 'api', makeLog('api', 'silent'));
  for (let count = 0; count < 20_000; count += 1) own.begin({ name: 'work' }).end();
  await until(() => Promise.resolve(slow.visits > 0));
  slow.manner = (answer) => void answer.writeHead(200).end('{}');
  const begun = performance.now();
  await own.close();
  expect(performance.now() - begun).toBeLessThan(5_000);
  const sent = slow.text.split('"name":"work"').length - 1;
  expect([sent > 500, sent <= 2_048 + 512]).toEqual([true, true]);
  await slow.close();
}, 30_000);

test.each([
  ['is gone', undefined],
  ['hangs', hangs],
  ['answers 500', fails],
])(
  'where the collector %s requests are answered as always, the log says it once, and the program ends in good order',
  async (_, manner) => {
    const bad = await Collector.open(manner);
    const variables = { PERENNIAL_OTLP_URL: bad.url };
    if (!manner) await bad.close();
    const { database, evidenceFolder } = door.behind;
    const api = await ApiProgram.start({ databaseUrl: database.appUrl, evidenceFolder, variables });
    const times: number[] = [];
    const told = (): number => api.written.split('do not reach the collector').length - 1;
    await until(async () => {
      const begun = performance.now();
      const answer = await send(api.url, 'GET', session.get.path, { token: ana.token });
      times.push(performance.now() - begun);
      expect(answer.status).toBe(200);
      return told() > 0 && times.length > 200;
    }, 60_000);
    expect(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]).toBeLessThan(100);
    const begun = performance.now();
    process.kill(api.pid, 'SIGTERM');
    await until(() => Promise.resolve(api.exit !== null), 20_000);
    expect([api.exit, told()]).toEqual([0, 1]);
    expect(performance.now() - begun).toBeLessThan(10_000);
    if (manner) await bad.close();
  },
  PATIENCE,
);
