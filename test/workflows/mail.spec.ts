import type { Client } from '@temporalio/client';
import type { Id } from '#domain/actor.js';
import { connectTemporal, type TemporalPlace } from '#platform/temporal-client.js';
import { Installation, until } from '../support/live.js';
import { RealClient } from '../support/real-clock.js';
import { MailServer, type Mail } from '../support/smtp.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker, type TestWorker } from '../support/worker.js';

let installation: Installation;
let server: MailServer;
let worker: TestWorker;
let place: TemporalPlace;
let client: RealClient;
let temporal: Client;

beforeAll(async () => {
  installation = await Installation.make();
  server = await MailServer.open();
  place = await freshNamespace();
  temporal = await connectTemporal(place, 10_000);
  await works();
  client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'ana', mail: 'ana@example.org', roles: ['aims-manager'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
    { name: 'gret', mail: 'gret@example.org', roles: ['process-owner'] },
    { name: 'eve', mail: 'eve@example.org\r\nBcc: mallory@example.org', roles: ['process-owner'] },
  ]);
  // What comes late does not wait for them.
  await client.does('dana', {
    ...{ type: 'changePerson', stream: client.person('dana') },
    input: { digest: 'weekly', quietHours: '00:00-23:59' },
  });
}, 120_000);

afterAll(async () => {
  await worker.stop();
  await temporal.connection.close();
  await server.down();
  await installation.end();
}, 60_000);

afterEach(() => server.up());

async function works(): Promise<void> {
  worker = await startWorker({ database: installation.database, temporal: place, mailUrl: server.url });
}

interface NoticeRow {
  readonly id: Id;
  readonly stage: string;
}

const notices = (finding: Id): Promise<NoticeRow[]> =>
  installation.look<NoticeRow>(
    "select id, stage from perennial.stream where kind = 'notice' and about = $1",
    [finding],
  );

const stagesOf = async (finding: Id): Promise<readonly string[]> =>
  (await notices(finding)).map(({ stage }) => stage);

/** A finding whose plan is overdue, with the stage in which its notice stands then. */
async function overdue(stage: string): Promise<Id> {
  const finding = await client.raised('iris', 40);
  await until(async () => (await stagesOf(finding)).includes(stage));
  return finding;
}

const mailsOf = (finding: Id): Promise<readonly Mail[]> => mailsIn('en', finding);

/** The one notice of a finding. */
async function noticeOf(finding: Id): Promise<Id> {
  const [first] = await notices(finding);
  return first?.id ?? '';
}

/** What came of a finding in a language. */
async function mailsIn(language: 'en' | 'de', finding: Id): Promise<readonly Mail[]> {
  const id = `<${await noticeOf(finding)}.${language}@perennial>`;
  return server.mails.filter(({ headers }) => headers.get('message-id')?.[0] === id);
}

test('[R10] what was missed goes out as one late notice, to all who are to have it and at once, and says what is owed by when', async () => {
  const finding = await overdue('late');
  const [mail, ...more] = await mailsOf(finding);
  expect(more).toEqual([]);
  expect(mail?.recipients).toContain('dana@example.org');
  expect(mail?.recipients).not.toContain('iris@example.org');
  expect(mail?.subject).toMatch(/^\[N-\d{4}-\d{4}\] Late notice: .+ by \d{1,2} \p{L}+ \d{4}$/u);
  expect(mail?.headers.get('auto-submitted')).toEqual(['auto-generated']);
  expect(mail?.text).toContain('This notice comes late.');
});

test('[S10] an address that is more than one address is written to by nobody, and adds no header and no recipient', async () => {
  const finding = await overdue('late');
  const [mail] = await mailsOf(finding);
  expect(JSON.stringify([mail?.recipients, [...(mail?.headers ?? [])]])).not.toMatch(/mallory|eve@/);
  const [sent] = await installation.look<{ body: string }>(
    `select convert_from(body, 'UTF8') as body from perennial.ledger_entry where type = 'notice.late' and stream = $1`,
    [(await notices(finding))[0]?.id],
  );
  expect(sent?.body).toContain(client.person('eve'));
});

test('[R10] a mail server that is away loses no reminder and doubles none, and nothing ever gives up', async () => {
  await server.down();
  const finding = await overdue('ordered');
  const handle = temporal.workflow.getHandle(`notice/${await noticeOf(finding)}`);
  const attempts = async (): Promise<number> => {
    const run = await handle.describe().catch(() => undefined);
    return run?.raw.pendingActivities?.[0]?.attempt ?? 0;
  };
  await until(async () => (await attempts()) >= 3);
  const { pendingActivities, executionConfig } = (await handle.describe()).raw;
  const [pending] = pendingActivities ?? [];
  // No last attempt and no last moment: two days differ from these seconds in nothing.
  expect([pending?.maximumAttempts, pending?.expirationTime]).toEqual([0, null]);
  const limits = [executionConfig?.workflowRunTimeout, executionConfig?.workflowExecutionTimeout];
  expect(limits.map((limit) => Number(limit?.seconds ?? 0))).toEqual([0, 0]);
  await server.up();
  await until(async () => (await stagesOf(finding)).includes('late'));
  expect(await mailsOf(finding)).toHaveLength(1);
}, 90_000);

test('[R10] what is sent again, because its receipt was lost, has the same Message-ID', async () => {
  await server.up({ hangsUp: true });
  const finding = await overdue('ordered');
  await until(() => Promise.resolve(server.visits > 0));
  await until(async () => (await mailsOf(finding)).length > 0);
  server.manner = {};
  await until(async () => (await stagesOf(finding)).includes('late'));
  const ids = new Set((await mailsOf(finding)).flatMap(({ headers }) => headers.get('message-id') ?? []));
  expect([...ids]).toEqual([`<${(await notices(finding))[0]?.id ?? ''}.en@perennial>`]);
}, 90_000);

test('[R10] what a worker had in hand when it was killed is taken up by the next one soon', async () => {
  const { visits } = server;
  await server.hangs();
  const finding = await overdue('ordered');
  await until(() => Promise.resolve(server.visits > visits));
  await worker.kill();
  await server.up();
  await works();
  const began = Date.now();
  await until(async () => (await stagesOf(finding)).includes('late'));
  expect(Date.now() - began).toBeLessThan(40_000); // and not when the minute is over that it may take
  expect(await mailsOf(finding)).toHaveLength(1);
}, 90_000);

test('[R10] nobody is reminded of what is over by the time at which the mail can go out', async () => {
  await server.down();
  const finding = await overdue('ordered');
  await client.does('iris', { type: 'retractFinding', stream: finding, reason: 'It was kept' });
  await until(async () => (await stagesOf(finding)).every((stage) => stage === 'withdrawn'));
  await server.up();
  expect(await mailsOf(finding)).toEqual([]);
}, 90_000);

test('what a mail server will never take is a fact, and is not tried for ever', async () => {
  await server.up({ recipient: () => 550 });
  const finding = await overdue('failed');
  expect(await mailsOf(finding)).toEqual([]);
}, 90_000);

const reads = (name: string, language: string): Promise<Id> =>
  client.does(name, { type: 'changePerson', stream: client.person(name), input: { language } });

test('[R10] people of two languages get a mail each; what went out in one does not go out again when the other fails', async () => {
  await server.up({ recipient: (address) => (address === 'gret@example.org' ? 450 : undefined) });
  await reads('gret', 'de');
  const finding = await overdue('ordered');
  await until(async () => (await mailsIn('en', finding)).length === 1);
  const { visits } = server;
  await until(() => Promise.resolve(server.visits > visits + 1));
  await worker.kill();
  await server.up();
  await works();
  await until(async () => (await stagesOf(finding)).includes('late'));
  const [english, german] = [await mailsIn('en', finding), await mailsIn('de', finding)];
  expect(english.map(({ recipients }) => recipients.includes('gret@example.org'))).toEqual([false]);
  expect(german).toMatchObject([
    {
      recipients: ['gret@example.org'],
      subject: expect.stringMatching(
        /^\[N-\d{4}-\d{4}\] Verspätet: .+ bis \d{1,2}\. \p{L}+ \d{4}$/u,
      ) as string,
      text: expect.stringContaining('Diese Mitteilung kommt verspätet.') as string,
    },
  ]);
  const threads = [...english, ...german].map(({ headers }) => headers.get('references'));
  expect(threads).toEqual([[`<${finding}@perennial>`], [`<${finding}@perennial>`]]);
  await reads('gret', 'en');
}, 150_000);

test('[R10] for whom the mail server takes nothing for now, it is sent again, and the others do not wait or get it twice', async () => {
  await server.up({ recipient: (address) => (address === 'dana@example.org' ? 450 : undefined) });
  const finding = await overdue('late');
  const id = await noticeOf(finding);
  const [sent] = await installation.look<{ later: readonly Id[] }>(
    `select state->'later' as later from perennial.stream where id = $1`,
    [id],
  );
  expect(sent?.later).toEqual([client.person('dana')]);
  server.manner = {};
  await until(async () => (await mailsIn('en', finding)).length > 1);
  const [first, second] = await mailsIn('en', finding);
  expect(first?.recipients).toEqual(['ana@example.org', 'gret@example.org']);
  expect(second?.recipients).toEqual(['dana@example.org']);
  expect([second?.subject, second?.text]).toEqual([first?.subject, first?.text]);
}, 90_000);
