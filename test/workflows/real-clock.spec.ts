import type { Client as TemporalClient } from '@temporalio/client';
import { connectTemporal, type TemporalPlace } from '#platform/temporal-client.js';
import type { ProcessShown } from '#database/reading/processes.js';
import { Installation, until } from '../support/live.js';
import { operatorOf } from '../support/operator.js';
import { RealClient } from '../support/real-clock.js';
import { freshNamespace } from '../support/temporal.js';
import { bundled, startWorker, type TestWorker } from '../support/worker.js';

const LONG = 120_000;
const SLACK_MS = 60_000;

let installation: Installation;
let temporal: TemporalPlace;
let server: TemporalClient;
let worker: TestWorker;
let client: RealClient;

beforeAll(async () => {
  installation = await Installation.make();
  temporal = await freshNamespace();
  server = await connectTemporal(temporal, 10_000);
  worker = await startWorker({ database: installation.database, temporal });
  client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
  ]);
}, LONG);

afterAll(async () => {
  await worker.stop();
  await server.connection.close();
  await installation.end();
});

/** The process of a finding as it waits, with the next day before it. */
async function waiting(finding: string): Promise<ProcessShown> {
  const id = `corrective-action/${finding}`;
  let shown: ProcessShown | undefined;
  await until(async () => {
    [shown] = await installation.processes({ id });
    const [notice] = await installation.processes({ status: 'open', name: 'notice' });
    return shown?.seen === shown?.last && shown?.nextDue !== null && notice === undefined && !isPast(shown);
  }, LONG);
  if (!shown) throw new Error(`there is no process ${id}`);
  return shown;
}

const isPast = (shown: ProcessShown | undefined): boolean => Date.parse(shown?.nextDue ?? '') < Date.now();

interface Timer {
  readonly summary: string;
  readonly untilMs: number;
}

const textIn = (payload: { data?: Uint8Array | null } | null | undefined): string =>
  payload?.data ? (JSON.parse(Buffer.from(payload.data).toString()) as string) : '';

/** The timers that the present run of a process has set, the last one last, and how many have gone off; a run parks before it sets one. */
async function timers(id: string): Promise<{ readonly set: readonly Timer[]; readonly fired: number }> {
  let [set, fired]: [Timer[], number] = [[], 0];
  await until(async () => {
    const { events } = await server.workflow.getHandle(id).fetchHistory();
    const all = events ?? [];
    fired = all.filter((event) => event.timerFiredEventAttributes).length;
    set = all.flatMap((event) => {
      const seconds = Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0);
      const began = Number(event.eventTime?.seconds ?? 0);
      return event.timerStartedEventAttributes
        ? [{ summary: textIn(event.userMetadata?.summary), untilMs: (began + seconds) * 1000 }]
        : [];
    });
    return set.length > 0;
  });
  return { set, fired };
}

test(
  'on a real clock a process waits by a timer of the server, which says for what and until which day',
  async () => {
    const { id, nextDue, agenda } = await waiting(await client.raised('iris', 10));
    const { set, fired } = await timers(id);
    const [first] = agenda;
    expect(set.at(-1)?.summary).toBe(`${first?.on ?? ''}: ${first?.label ?? ''}`);
    expect(set.at(-1)?.summary).toMatch(
      /^\d{4}-\d\d-\d\d: reminder: plan for correction and corrective action, \d+-days-before$/,
    );
    expect(Math.abs((set.at(-1)?.untilMs ?? 0) - Date.parse(nextDue ?? ''))).toBeLessThan(SLACK_MS);
    expect(fired).toBe(0);
  },
  LONG,
);

test(
  'an operator finds a process by its organisation, its name, its stage and its next date, and sees whether it is overdue',
  async () => {
    const [fine, over] = [await client.raised('iris', 10), await client.raised('iris', 45)];
    const [waits, late] = [await waiting(fine), await waiting(over)];
    const shown = await server.workflow.getHandle(waits.id).describe();
    expect(await shown.staticSummary()).toBe(`corrective-action of ${waits.number}`);
    expect(waits.number).toMatch(/^N-\d{4}-\d{4}$/);
    const attributes = Object.fromEntries(
      shown.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({
      ...{ OrgId: client.organisation, ProcessType: 'corrective-action', Stage: 'raised', Overdue: false },
      NextDueAt: new Date(waits.nextDue ?? ''),
    });
    const query = `OrgId = '${client.organisation}' and Stage = 'raised' and Overdue = true`;
    await until(async () => {
      const found: string[] = [];
      for await (const { workflowId } of server.workflow.list({ query })) found.push(workflowId);
      return found.length === 1 && found[0] === late.id;
    });
  },
  LONG,
);

test(
  'a run that is started again waits until the same instant, under the same name',
  async () => {
    const before = await waiting(await client.raised('iris', 10));
    const operator = await operatorOf(installation.database, temporal);
    await installation.look('delete from perennial.parking where process = $1', [before.id]);
    await operator('restart', before.id);
    expect(await waiting(before.subject)).toEqual(before);
    const { set } = await timers(before.id);
    expect(Math.abs((set.at(-1)?.untilMs ?? 0) - Date.parse(before.nextDue ?? ''))).toBeLessThan(SLACK_MS);
    const shown = await server.workflow.getHandle(before.id).describe();
    expect(await shown.staticSummary()).toBe(`corrective-action of ${before.number}`);
  },
  LONG,
);

test(
  'a timer that goes off before the day has come asks the ledger, sends nothing, and waits again',
  async () => {
    const finding = await client.raised('iris', 10);
    const before = await waiting(finding);
    await worker.stop();
    const hasty = { file: 'temporal.ts', from: 'Date.parse(until) - Date.now()', to: '1_000' };
    worker = await startWorker({ database: installation.database, temporal, bundle: await bundled(hasty) });
    const entries = await installation.entries();
    await until(async () => (await timers(before.id)).fired >= 3, LONG);
    expect(await installation.entries()).toBe(entries);
    const { release: _, ...stands } = await waiting(finding);
    const { release: _other, ...stood } = before;
    expect(stands).toEqual(stood);
  },
  LONG,
);
