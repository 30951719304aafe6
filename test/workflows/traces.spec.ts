import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findings } from '#contract/routes/findings.js';
import { operations, sandboxes } from '#contract/routes/sandboxes.js';
import { newCredential } from '#database/credentials.js';
import { makeFirstKey } from '#database/first-key.js';
import type { Id } from '#domain/actor.js';
import { machineSource } from '#platform/ids.js';
import { makeLog } from '#platform/log.js';
import { startTracing } from '#platform/start-tracing.js';
import type { Tracing } from '#platform/tracing.js';
import { ApiDoor, type Got } from '../api/support/door.js';
import { raised, SmallWorld } from '../api/support/world.js';
import { Collector, type Came } from '../support/collector.js';
import { Installation, until } from '../support/live.js';
import { RealClient } from '../support/real-clock.js';
import { MailServer } from '../support/smtp.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker, type TestWorker } from '../support/worker.js';

// One request, and what follows from it in the ledger, the relay, the process and its notices, as a collector is told of it.

const LONG = 180_000;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

let installation: Installation;
let collector: Collector;
let tracing: Tracing;
let door: ApiDoor;
let worker: TestWorker;
let mails: MailServer;

beforeAll(async () => {
  installation = await Installation.make();
  [collector, mails] = [await Collector.open(), await MailServer.open()];
  const { database } = installation;
  tracing = await startTracing({ otlpUrl: collector.url }, 'api', makeLog('api', 'silent'));
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
  const key = await makeFirstKey(database.ownerUrl);
  door = await ApiDoor.before({ database, evidenceFolder }, key, { tracing });
  const temporal = await freshNamespace();
  worker = await startWorker({ database, temporal, mailUrl: mails.url, otlpUrl: collector.url });
}, LONG);

afterAll(async () => {
  await worker.stop();
  await door.close();
  await tracing.close();
  await collector.close();
  await mails.down();
  await installation.end();
}, LONG);

/** Somebody of a client on the real clock, with a finding that can be raised. */
async function live(): Promise<{ readonly token: string; readonly finding: Id }> {
  const client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'ana', mail: 'ana@example.org', roles: ['aims-manager'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
  ]);
  const finding = await client.does('iris', { type: 'draftFinding', input: { source: 'internalAudit' } });
  const { text, hash } = newCredential('person', machineSource.random);
  const adding = `select perennial.add_credential($1, $2, $3, now() + interval '1 day')`;
  await installation.look(adding, [hash, client.person('iris'), client.organisation]);
  return { token: text, finding };
}

/** Raises a finding, as somebody whose request has a trace already. */
async function raises(token: string, finding: Id, traceparent: string): Promise<Got> {
  const { version } = await door.as(token).call(findings.get, { params: { id: finding } });
  const { method, path } = findings.commands.raiseNonconformity;
  const sent = { token, key: finding, version, body: raised, headers: { traceparent } };
  const answer = await door.send(method, path.replace('{id}', finding), sent);
  expect(answer.status).toBe(200);
  return answer;
}

/** Moves the clock of the sandbox, and waits until what was due is done. */
async function advance(world: SmallWorld, to: string): Promise<void> {
  const asked = { params: { id: world.sandbox }, key: to, body: { to: to as never } };
  const { id } = await door.as().call(sandboxes.advance, asked);
  await until(async () => (await door.as().call(operations.get, { params: { id } })).status === 'succeeded');
}

const inTrace = (span: Came): boolean => span.traceId === TRACE;

test(
  'what follows from a request is in the trace of whoever asked: the command, its telling, the process, its steps',
  async () => {
    const { token, finding } = await live();
    const answer = await raises(token, finding, `00-${TRACE}-${CALLER}-01`);
    expect(answer.headers['traceresponse']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));

    const { method, path } = findings.commands.raiseNonconformity;
    const request = await collector.span(`${method} ${path}`, inTrace);
    expect(request).toMatchObject({ program: 'perennial-api', parentSpanId: CALLER, failed: false });
    expect(request.attributes).toMatchObject({ 'http.response.status_code': 200, 'http.route': path });
    const command = await collector.span('command raiseNonconformity', inTrace);
    expect(command.parentSpanId).toBe(request.spanId);
    expect(command.attributes).toEqual({
      'perennial.command': 'raiseNonconformity',
      'perennial.outcome': 'done',
    });
    const commit = await collector.span('write and commit', inTrace);
    expect(commit.parentSpanId).toBe(command.spanId);

    const telling = await collector.span('tell corrective-action', inTrace);
    expect(telling).toMatchObject({ program: 'perennial-worker', parentSpanId: command.spanId });
    expect(telling.attributes['perennial.facts']).toContain('nonconformity.raised');
    const step = await collector.span('step corrective-action ask-for-plan', inTrace);
    expect(step.parentSpanId).toBe(command.spanId);
    expect(step.attributes).toEqual({
      ...{ 'perennial.process': 'corrective-action', 'perennial.thing': finding },
      ...{ 'perennial.stage': 'raised', 'perennial.step': 'ask-for-plan' },
    });
    const asking = await collector.span('command openTask', inTrace);
    expect(asking.parentSpanId).toBe(step.spanId);
    await collector.span('read corrective-action', inTrace);
    await collector.span('park corrective-action', inTrace);
  },
  LONG,
);

test(
  'and so is the reminder that it leads to, with its process and its delivery, by whatever hour',
  async () => {
    const step = await collector.span('step corrective-action remind/', inTrace);
    const ordering = await collector.span('command sendNotice', inTrace);
    expect(ordering.parentSpanId).toBe(step.spanId);
    const telling = await collector.span('tell notice', inTrace);
    const delivery = await collector.span('deliver notice', inTrace);
    expect([telling.parentSpanId, delivery.parentSpanId]).toEqual([ordering.spanId, ordering.spanId]);
    expect(delivery.attributes['perennial.outcome']).toBe('mail');
    await collector.span('command recordDelivery', inTrace);
  },
  LONG,
);

test(
  'what a process does after a long wait has a trace of its own, with a link to what it goes back to',
  async () => {
    const world = await SmallWorld.make(door);
    const iris = await world.person('client', 'internal-auditor');
    const ana = await world.person('client', 'aims-manager');
    const finding = await world.finding(iris, await world.programme(ana));
    const given = 'b'.repeat(32);
    await raises(iris.token, finding, `00-${given}-${CALLER}-01`);
    const command = await collector.span('command raiseNonconformity', ({ traceId }) => traceId === given);
    await collector.span('park corrective-action', ({ traceId }) => traceId === given);
    await installation.look(`update perennial.trace set noted_at = noted_at - interval '1 hour'`);
    await advance(world, '2029-04-20T08:00:00.000Z');
    const ofFinding = ({ attributes }: Came): boolean => attributes['perennial.thing'] === finding;
    const later = await collector.span(
      'step corrective-action',
      (span) => span.traceId !== given && ofFinding(span),
    );
    expect(later.parentSpanId ?? '').toBe('');
    expect(later.links).toEqual([expect.objectContaining({ traceId: given, spanId: command.spanId })]);
    const ordering = await collector.span('command sendNotice', ({ traceId }) => traceId === later.traceId);
    expect(ordering.parentSpanId).toBe(later.spanId);
  },
  LONG,
);

test('a request that whoever asks does not record is not recorded by us either, nor what follows from it', async () => {
  const quiet = 'c'.repeat(32);
  const world = await SmallWorld.make(door, 'quiet');
  const iris = await world.person('client', 'internal-auditor');
  const ana = await world.person('client', 'aims-manager');
  const finding = await world.finding(iris, await world.programme(ana));
  const answer = await raises(iris.token, finding, `00-${quiet}-${CALLER}-00`);
  expect(answer.headers['traceresponse']).toMatch(new RegExp(`^00-${quiet}-[0-9a-f]{16}-00$`));
  await installation.agendas();
  await worker.stop(); // whatever it has to say is said then
  await tracing.close();
  expect(collector.spans.filter(({ attributes }) => attributes['perennial.thing'] === finding)).toEqual([]);
  expect(collector.trace(quiet)).toEqual([]);
}, 60_000);

test('[S13] no span has what people write, who they are, or where they are reached', () => {
  const words = [...Object.values(raised), 'example.org', 'A client', 'per_', 'Person 1'];
  expect(collector.spans.length).toBeGreaterThan(200);
  expect(words.filter((word) => word !== 'minor' && collector.text.includes(word))).toEqual([]);
});

test('traces are forgotten after a month', async () => {
  const count = async (): Promise<number> =>
    Number((await installation.look<{ count: string }>('select count(*) from perennial.trace'))[0]?.count);
  expect(await count()).toBeGreaterThan(5);
  await installation.look(`update perennial.trace set noted_at = noted_at - interval '31 days'`);
  await installation.look('select perennial.tidy_traces()');
  expect(await count()).toBe(0);
});
