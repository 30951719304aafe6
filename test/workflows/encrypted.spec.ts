import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Id } from '#domain/actor.js';
import { connectTemporal, type TemporalPlace } from '#platform/temporal-client.js';
import { Installation, until } from '../support/live.js';
import { RealClient } from '../support/real-clock.js';
import { MailServer } from '../support/smtp.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker, type TestWorker } from '../support/worker.js';

// What the workflow server keeps where payloads have keys: processes run as always, and it can read nothing of them.

const LONG = 180_000;
const keyOf = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [first, second] = [keyOf('first'), keyOf('second')];

let installation: Installation;
let place: TemporalPlace;
let server: Client;
let mails: MailServer;
let client: RealClient;
let worker: TestWorker;

beforeAll(async () => {
  installation = await Installation.make();
  mails = await MailServer.open();
  place = await freshNamespace();
  server = await connectTemporal(place, 10_000);
  client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'ana', mail: 'ana@example.org', roles: ['aims-manager'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
  ]);
  worker = await work([first]);
}, LONG);

afterAll(async () => {
  await worker.stop();
  await mails.down();
  await server.connection.close();
  await installation.end();
}, LONG);

const work = (payloadKeys: readonly string[]): Promise<TestWorker> =>
  startWorker({
    ...{ database: installation.database, temporal: { ...place, payloadKeys }, mailUrl: mails.url },
  });

async function again(keys: readonly string[]): Promise<void> {
  await worker.stop();
  worker = await work(keys);
}

/** A payload in a history, and where it stands there. */
interface Kept {
  readonly at: string;
  readonly encoding: string;
  readonly key: string;
  readonly text: string;
}

const plain = (text: unknown): string => Buffer.from(String(text), 'base64').toString('utf8');

function payloadsIn(value: unknown, at = ''): readonly Kept[] {
  if (typeof value !== 'object' || value === null) return [];
  const { metadata, data = '' } = value as { metadata?: { encoding?: string; key?: string }; data?: string };
  if (metadata?.encoding !== undefined) {
    const { encoding, key = '' } = metadata;
    return [{ at, encoding: plain(encoding), key: plain(key), text: plain(data) }];
  }
  return Object.entries(value).flatMap(([name, part]) => payloadsIn(part, `${at}/${name}`));
}

/** By what the server finds runs; and that a step was taken, when, and of which kind, which the SDK notes for itself. */
const OPEN = /searchAttributes|markerRecordedEventAttributes\/details\/data\//i;
const NOTED = [
  'seq',
  'attempt',
  'activity_id',
  'activity_type',
  'complete_time',
  'backoff',
  'original_schedule_time',
];

/** The payloads in the history of a run. */
async function payloadsOf(process: Id): Promise<readonly Kept[]> {
  const history: unknown = JSON.parse(historyToJSON(await server.workflow.getHandle(process).fetchHistory()));
  const all = payloadsIn(history);
  const noted = all.filter(({ at }) => at.includes('/details/data/'));
  expect(
    noted
      .flatMap(({ text }) => Object.keys(JSON.parse(text) as object))
      .filter((one) => !NOTED.includes(one)),
  ).toEqual([]);
  return all.filter(({ at }) => !OPEN.test(at));
}

const keysOf = async (finding: Id): Promise<readonly string[]> =>
  [...new Set((await payloadsOf(processOf(finding))).map(({ key }) => key))].sort();

const processOf = (finding: Id): Id => `corrective-action/${finding}`;
const readable = (kept: readonly Kept[]): readonly string[] =>
  kept
    .filter(({ encoding }) => encoding !== 'binary/encrypted')
    .map(({ at, encoding }) => `${at} ${encoding}`);

test(
  '[S13] with keys for payloads the workflow server keeps ciphertext alone, and processes and mails run as always',
  async () => {
    const finding = await client.raised('iris', 40);
    await installation.agendas();
    await until(() => Promise.resolve(mails.about('[').length > 0));
    const kept = await payloadsOf(processOf(finding));
    expect(kept.length).toBeGreaterThan(5);
    expect(readable(kept)).toEqual([]);
    expect(await keysOf(finding)).toEqual(['first']);
  },
  LONG,
);

test(
  'a run goes on under a new key while the old one stands behind it, and one that was begun in plain goes on encrypted',
  async () => {
    const encrypted = await client.raised('iris', 1);
    await installation.agendas();
    await again([]);
    const open = await client.raised('iris', 2);
    await installation.agendas();
    expect([await keysOf(encrypted), await keysOf(open)]).toEqual([['first'], ['']]);
    await again([second, first]);
    for (const stream of [encrypted, open])
      await client.does('ana', { type: 'disputeFinding', stream, reason: 'It was kept elsewhere.' });
    await installation.agendas();
    expect([await keysOf(encrypted), await keysOf(open)]).toEqual([
      ['first', 'second'],
      ['', 'second'],
    ]);
    await client.does('iris', { type: 'retractFinding', stream: open, reason: 'It was kept.' });
    await until(async () => {
      const { status } = await server.workflow.getHandle(processOf(open)).describe();
      return status.name === 'COMPLETED';
    }, 20_000);
  },
  LONG,
);

test(
  'the text of a failure is encrypted too',
  async () => {
    await mails.down();
    const finding = await client.raised('iris', 40);
    const notice = async (): Promise<Id> => {
      const text = `select id from perennial.stream where kind = 'notice' and about = $1`;
      return (await installation.look<{ id: Id }>(text, [finding]))[0]?.id ?? '';
    };
    let failure: unknown;
    await until(async () => {
      const id = await notice();
      if (id === '') return false;
      const { raw } = await server.workflow
        .getHandle(`notice/${id}`)
        .describe()
        .catch(() => ({ raw: undefined }));
      failure = raw?.pendingActivities?.[0]?.lastFailure;
      return failure !== undefined && failure !== null;
    });
    expect(failure).toMatchObject({ message: 'Encoded failure', stackTrace: '' });
    expect(JSON.stringify(failure)).not.toContain('mail was not taken');
    await mails.up();
  },
  LONG,
);
