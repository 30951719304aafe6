import type { Id } from '#domain/actor.js';
import { Installation, until } from '../support/live.js';
import { RealClient } from '../support/real-clock.js';
import { MailServer, type Mail } from '../support/smtp.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker, type TestWorker } from '../support/worker.js';

let installation: Installation;
let server: MailServer;
let worker: TestWorker;
let client: RealClient;

beforeAll(async () => {
  installation = await Installation.make();
  server = await MailServer.open();
  const temporal = await freshNamespace();
  worker = await startWorker({ database: installation.database, temporal, mailUrl: server.url });
  client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'ana', mail: 'ana@example.org', roles: ['aims-manager'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
    { name: 'eve', mail: 'eve@example.org\r\nBcc: mallory@example.org', roles: ['process-owner'] },
  ]);
}, 120_000);

afterAll(async () => {
  await worker.stop();
  await server.down();
  await installation.end();
}, 60_000);

afterEach(() => server.up());

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

async function mailsOf(finding: Id): Promise<readonly Mail[]> {
  const ids = (await notices(finding)).map(({ id }) => `<${id}@perennial>`);
  return server.mails.filter(({ headers }) => headers.get('message-id')?.some((one) => ids.includes(one)));
}

test('[R10] what was missed goes out as one late notice, to those who are to have it, and says what is owed by when', async () => {
  const finding = await overdue('late');
  const [mail, ...more] = await mailsOf(finding);
  expect(more).toEqual([]);
  expect(mail?.recipients).toContain('dana@example.org');
  expect(mail?.recipients).not.toContain('iris@example.org');
  expect(mail?.headers.get('subject')?.[0]).toMatch(/^\[N-\d{4}-\d{4}\] Late notice: .+ by \d{4}-\d\d-\d\d$/);
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

test('[R10] a mail server that is away loses no reminder and doubles none', async () => {
  await server.down();
  const finding = await overdue('ordered');
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
  expect([...ids]).toEqual([`<${(await notices(finding))[0]?.id ?? ''}@perennial>`]);
}, 90_000);

test('[R10] nobody is reminded of what is over by the time at which the mail can go out', async () => {
  await server.down();
  const finding = await overdue('ordered');
  await client.does('iris', { type: 'retractFinding', stream: finding, reason: 'It was kept' });
  await server.up();
  await until(async () => (await stagesOf(finding)).every((stage) => stage === 'withdrawn'));
  expect(await mailsOf(finding)).toEqual([]);
}, 90_000);

test('what a mail server will never take is a fact, and is not tried for ever', async () => {
  await server.up({ recipient: () => 550 });
  const finding = await overdue('failed');
  expect(await mailsOf(finding)).toEqual([]);
}, 90_000);
