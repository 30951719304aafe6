import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { outages } from '#contract/routes/watches.js';
import { makeFirstKey } from '#database/first-key.js';
import type { Id } from '#domain/actor.js';
import { addDays, mondayToFriday } from '#domain/calendar.js';
import { civilDate, instant, type CivilDate, type Instant } from '#domain/instant.js';
import { rungs, type Obligation } from '#domain/obligation.js';
import type { TemporalPlace } from '#platform/temporal-client.js';
import { ApiDoor } from '../api/support/door.js';
import { Installation, until } from '../support/live.js';
import { RealClient } from '../support/real-clock.js';
import { MailServer, type Mail } from '../support/smtp.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker, type TestWorker } from '../support/worker.js';

const LONG = 180_000;
type Report = z.output<typeof outages.get.answer>;
const today = civilDate(new Date().toISOString().slice(0, 10));
const dayBefore = (days: number): CivilDate => addDays(today, -days);
const noon = (day: CivilDate): Instant => instant(`${day}T12:00:00.000Z`);

/** The worker is at work on the first day, then away for ten days, then for forty. */
const [FIRST, SECOND, THIRD] = [dayBefore(60), dayBefore(50), dayBefore(10)];

let installation: Installation;
let temporal: TemporalPlace;
let door: ApiDoor;
/** By which the client reads its reports. */
let key: string;
let sink: MailServer;
let client: RealClient;
let worker: TestWorker;
/** The findings, by the days before today on which they were raised. */
const findings = new Map<number, Id>();

beforeAll(async () => {
  installation = await Installation.make();
  const { database } = installation;
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'evidence-'));
  door = await ApiDoor.before({ database, evidenceFolder }, await makeFirstKey(database.ownerUrl));
  sink = await MailServer.open();
  temporal = await freshNamespace();
  client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'ana', mail: 'ana@example.org', roles: ['aims-manager'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
    { name: 'gus', mail: 'gus@example.org', roles: ['process-owner'] },
  ]);
  const body = { roles: ['observer'], scopes: ['read'], organisation: client.organisation };
  const made = await door.send('POST', '/v1/api-keys', { token: door.key, key: 'reader', body });
  ({ secret: key } = JSON.parse(made.bytes.toString()) as { secret: string });
  for (const days of [72, 75, 71, 74, 73, 70]) await raise(days);
}, LONG);

afterAll(async () => {
  await worker.stop();
  await door.close();
  await sink.down();
  await installation.end();
}, LONG);

async function raise(days: number): Promise<void> {
  findings.set(days, await client.raised('iris', days));
}

/** The finding is over: nobody owes anything for it any more. */
async function retract(days: number, at: Instant): Promise<Id> {
  const finding = findings.get(days) ?? '';
  await client.does('iris', { type: 'retractFinding', stream: finding, reason: 'It was kept' }, at);
  findings.delete(days);
  return finding;
}

/** From here on the worker is at work, until it is away again; the mails that came of it. */
async function worksOn(day: CivilDate): Promise<readonly Mail[]> {
  const before = reminders().length;
  worker = await startWorker({
    ...{ database: installation.database, temporal, mailUrl: sink.url, startsAt: noon(day) },
  });
  await until(async () => {
    const [row] = await installation.look<{ busy: string }>(
      `select (select count(*) from perennial.process p left join perennial.parking k on k.process = p.id where p.status = 'open'
           and (p.told < p.last or k.seen is distinct from p.last or k.next_due <= $1))
         + (select count(*) from perennial.outage where caught_up_at is null) as busy`,
      [noon(day)],
    );
    return row?.busy === '0';
  }, LONG);
  return reminders().slice(before);
}

/** Whoever is invited gets a link by mail too; that is no reminder. */
const reminders = (): readonly Mail[] =>
  sink.mails.filter(({ headers }) => headers.get('message-id')?.[0]?.startsWith('<password-link-') !== true);

interface NoticeRow {
  readonly id: Id;
  readonly about: Id;
  readonly stage: string;
  readonly rungs: readonly string[];
  readonly missedOn?: CivilDate;
}

const notices = (): Promise<NoticeRow[]> =>
  installation.look<NoticeRow>(
    `select id, about, stage, state->'rungs' as rungs, state->>'missedOn' as "missedOn" from perennial.stream where kind = 'notice'`,
  );

/** The notice that a mail carries. */
async function behind(mail: Mail): Promise<NoticeRow> {
  const found = (await notices()).find(
    ({ id }) => mail.headers.get('message-id')?.[0] === `<${id}.en@perennial>`,
  );
  if (!found) throw new Error(`no notice is behind ${JSON.stringify([...mail.headers])}`);
  return found;
}

/** Of what people should have been reminded up to a day, by the ladder of the plan that is owed still. */
async function ladderOf(finding: Id, to: CivilDate): Promise<readonly string[]> {
  const [owed] = await installation.look<Pick<Obligation, 'due' | 'ladder'>>(
    `select explanation as due, ladder from perennial.obligation where stream = $1 and key like 'plan-%'`,
    [finding],
  );
  if (!owed) return [];
  const obligation: Obligation = { ...owed, key: 'plan', what: 'review of the plan', owedBy: [] };
  return [...rungs(obligation, mondayToFriday)].filter(({ on }) => on <= to).map(({ name }) => name);
}

/** Each finding with the reminders that came for it, of mails that each have an id of their own. */
async function reminded(mails: readonly Mail[]): Promise<Readonly<Record<Id, readonly string[]>>> {
  const found: Record<Id, readonly string[]> = {};
  for (const mail of mails) {
    const { about, rungs: names } = await behind(mail);
    found[about] = [...(found[about] ?? []), ...names];
  }
  return found;
}

const idsOf = (mails: readonly Mail[]) => mails.flatMap(({ headers }) => headers.get('message-id') ?? []);

/** The days of the first missed reminders, in the order in which their mails came to one person. */
async function daysFor(mails: readonly Mail[], address: string): Promise<readonly string[]> {
  const days: string[] = [];
  for (const mail of mails.filter(({ recipients }) => recipients.includes(address)))
    days.push((await behind(mail)).missedOn ?? '');
  return days;
}

/** The report of the last outage. */
async function reported(): Promise<Report> {
  const reader = door.as(key);
  const [last] = (await reader.call(outages.list)).data;
  const report = await reader.call(outages.get, { params: { id: last?.id ?? '' } });
  const forOperator = await door.as().call(outages.get, { params: { id: report.id } });
  expect([forOperator.items, forOperator.counts]).toEqual([[], report.counts]);
  return report;
}

/** The report says when nobody was at work, what was sent late and for which reminders, and what was of no use any more. */
async function expectReported(
  mails: readonly Mail[],
  days: readonly CivilDate[],
  closed: readonly Id[],
): Promise<void> {
  const { beganAt, endedAt, caughtUpAt, items, counts } = await reported();
  expect([beganAt, endedAt, caughtUpAt].map((at) => at?.slice(0, 10))).toEqual([...days, days[1]]);
  const late = items.filter(({ kind }) => kind === 'late');
  const sent = await Promise.all(mails.map(behind));
  expect(late.map(({ notice, thing, reminders, missedOn }) => [notice, thing, reminders, missedOn])).toEqual(
    sent
      .toSorted((a, b) => (`${a.missedOn ?? ''}${a.id}` < `${b.missedOn ?? ''}${b.id}` ? -1 : 1))
      .map(({ id, about, rungs: names, missedOn }) => [id, about, names, missedOn]),
  );
  expect(late.every(({ number, due, obligation }) => number && due && obligation.startsWith('plan-'))).toBe(
    true,
  );
  expect(items.filter(({ kind }) => kind === 'withdrawn').map(({ thing }) => thing)).toEqual(closed);
  expect(counts).toEqual({ late: mails.length, withdrawn: closed.length, failed: 0, passed: 0 });
}

/** What must hold after every outage of the mails that came of it, and of all that ever came. */
async function expectCaughtUp(mails: readonly Mail[], to: CivilDate): Promise<void> {
  const all = await reminded(reminders());
  for (const finding of findings.values()) expect(all[finding]).toEqual(await ladderOf(finding, to));
  expect(Object.keys(await reminded(mails)).toSorted()).toEqual([...findings.values()].toSorted());
  expect(mails).toHaveLength(findings.size);
  expect(new Set(idsOf(reminders())).size).toBe(reminders().length);
  expect(mails.filter(({ subject }) => !subject.includes('Late notice: '))).toEqual([]);
  const days = await daysFor(mails, 'dana@example.org');
  expect(days.length).toBe(mails.length);
  expect(days).toEqual(days.toSorted());
  expect(new Set(days).size).toBeGreaterThanOrEqual(3);
}

test(
  '[R10] workers away for ten days: what was missed comes as one late notice for each obligation, none lost, none doubled, in the order of the days',
  async () => {
    const first = await worksOn(FIRST);
    expect(Object.keys(await reminded(first)).toSorted()).toEqual([...findings.values()].toSorted());
    expect(first.some(({ recipients }) => recipients.includes('gus@example.org'))).toBe(true);
    await worker.kill();
    const meanwhile = noon(addDays(FIRST, 5));
    const closed = await retract(70, meanwhile);
    const role = { role: 'process-owner' };
    await client.does('ana', { type: 'revokeRole', stream: client.person('gus'), input: role }, meanwhile);
    const mails = await worksOn(SECOND);
    await expectCaughtUp(mails, SECOND);
    await expectReported(mails, [FIRST, SECOND], [closed]);
    expect(JSON.stringify(mails)).not.toContain('gus@example.org');
  },
  LONG,
);

test(
  '[R10] and then for forty days, also of what became owed meanwhile',
  async () => {
    await worker.stop();
    await raise(30);
    const closed = await retract(71, noon(addDays(SECOND, 20)));
    const mails = await worksOn(THIRD);
    await expectCaughtUp(mails, THIRD);
    await expectReported(mails, [SECOND, THIRD], [closed]);
    expect(JSON.stringify(mails)).not.toContain('gus@example.org');
  },
  LONG,
);
