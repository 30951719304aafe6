import type { Id } from '#domain/actor.js';
import { addDays, mondayToFriday } from '#domain/calendar.js';
import { instant, type CivilDate, type Instant } from '#domain/instant.js';
import { rungs, type Obligation } from '#domain/obligation.js';
import type { TemporalPlace } from '#platform/temporal-client.js';
import { Installation, until } from '../support/live.js';
import { RealClient } from '../support/real-clock.js';
import { MailServer, type Mail } from '../support/smtp.js';
import { freshNamespace } from '../support/temporal.js';
import { startWorker, type TestWorker } from '../support/worker.js';

// A reminder of three findings goes out at nine. Ana and Dana get it at once, Gus when his quiet hours are over, Eve with the digest
// of the day and Wim with that of the week. Then the mail server is away for two days, and the worker is killed in the middle.

const LONG = 180_000;
const MONDAY = 1;

let installation: Installation;
let temporal: TemporalPlace;
let server: MailServer;
let client: RealClient;
let worker: TestWorker;
const findings: Id[] = [];
/** The day of the reminder. */
let day: CivilDate;

beforeAll(async () => {
  installation = await Installation.make();
  server = await MailServer.open();
  temporal = await freshNamespace();
  client = await RealClient.make(installation, 1, [
    { name: 'iris', mail: 'iris@example.org', roles: ['internal-auditor'] },
    { name: 'ana', mail: 'ana@example.org', roles: ['aims-manager'] },
    { name: 'dana', mail: 'dana@example.org', roles: ['process-owner'] },
    { name: 'gus', mail: 'gus@example.org', roles: ['process-owner'] },
    { name: 'eve', mail: 'eve@example.org', roles: ['process-owner'] },
    { name: 'wim', mail: 'wim@example.org', roles: ['process-owner'] },
  ]);
  await wants('dana', { language: 'de' });
  await wants('gus', { quietHours: '08:00-10:00' });
  await wants('eve', { digest: 'daily', language: 'de' });
  await wants('wim', { digest: 'weekly' });
  for (let n = 0; n < 3; n += 1) findings.push(await client.raised('iris', 40));
  day = await firstReminder();
}, LONG);

afterAll(async () => {
  await worker.stop();
  await server.down();
  await installation.end();
}, LONG);

const wants = (name: string, input: object): Promise<Id> =>
  client.does(name, { type: 'changePerson', stream: client.person(name), input });

/** The first day of the ladder behind the one on which the findings were raised. */
async function firstReminder(): Promise<CivilDate> {
  const [owed] = await installation.look<Pick<Obligation, 'due' | 'ladder'>>(
    `select explanation as due, ladder from perennial.obligation where stream = $1 and key like 'plan-%'`,
    [findings[0]],
  );
  if (!owed) throw new Error('no plan is owed');
  const obligation: Obligation = { ...owed, key: 'plan', what: 'review of the plan', owedBy: [] };
  const raisedOn = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
  const next = [...rungs(obligation, mondayToFriday)].find(({ on }) => on > raisedOn);
  if (!next) throw new Error('the ladder is over');
  return next.on;
}

const at = (on: CivilDate, time: string): Instant => instant(`${on}T${time}:00.000Z`);

async function worksFrom(startsAt: Instant): Promise<void> {
  worker = await startWorker({
    ...{ database: installation.database, temporal, mailUrl: server.url, startsAt },
  });
}

interface NoticeRow {
  readonly id: Id;
  readonly about: Id;
  readonly stage: string;
  readonly late: boolean;
  readonly later: readonly Id[] | null;
}

const notices = (): Promise<NoticeRow[]> =>
  installation.look<NoticeRow>(
    `select id, about, stage, (state->>'late')::boolean as late, state->'later' as later
     from perennial.stream where kind = 'notice' order by id`,
  );

/** Reminders alone, by whom they are for. */
const mailsTo = (name: string): readonly Mail[] =>
  server.mails.filter(
    ({ recipients, headers }) =>
      recipients.includes(`${name}@example.org`) &&
      headers.get('message-id')?.[0]?.startsWith('<password-link-') !== true,
  );

const idsOf = (mails: readonly Mail[]) => mails.flatMap(({ headers }) => headers.get('message-id') ?? []);

const numberOf = async (finding: Id): Promise<string> => {
  const [row] = await installation.look<{ number: string }>(
    'select number from perennial.stream where id = $1',
    [finding],
  );
  return row?.number ?? '';
};

test(
  '[R10] a reminder that may wait comes to each in their language, and to nobody in their quiet hours',
  async () => {
    await worksFrom(instant(`${day}T08:59:50.000Z`));
    await until(async () => {
      const all = await notices();
      return all.length === findings.length && all.every(({ stage }) => stage === 'sent');
    }, LONG);
    const later = ['gus', 'eve', 'wim'].map((name) => client.person(name)).toSorted();
    for (const notice of await notices()) {
      expect([notice.late, notice.later?.toSorted()]).toEqual([false, later]);
      const mails = server.mails.filter((mail) => idsOf([mail])[0]?.startsWith(`<${notice.id}.`));
      expect(mails.map(({ recipients }) => recipients)).toEqual([['ana@example.org'], ['dana@example.org']]);
      expect(mails.map(({ headers }) => headers.get('content-language'))).toEqual([['en'], ['de']]);
      expect(mails[1]?.subject).toMatch(
        /^\[N-\d{4}-\d{4}\] Plan für Korrektur und .+ bis \d{1,2}\. \p{L}+ \d{4}$/u,
      );
    }
    expect(['gus', 'eve', 'wim'].flatMap(mailsTo)).toEqual([]);
    await worker.stop();
  },
  LONG,
);

test(
  '[R10] what has waited is tried as long as the mail server is away, for two days if need be',
  async () => {
    await server.down();
    const [, gone = ''] = findings;
    const retracted = { type: 'retractFinding', stream: gone, reason: 'It was kept' };
    await client.does('iris', retracted, at(day, '09:30'));
    await worksFrom(at(day, '10:01'));
    // Of the two of Gus each is a mail of its own, and one that is of no use any more is none; Eve's three are one.
    const isTried = async (): Promise<boolean> => {
      const rows = await installation.look<{ tries: number }>(
        `select tries from perennial.notice_copy where sent_at is null and person <> $1`,
        [client.person('wim')],
      );
      return rows.length === 5 && rows.every(({ tries }) => tries > 0);
    };
    await until(isTried, LONG);
    await worker.kill();
    expect(['gus', 'eve'].flatMap(mailsTo)).toEqual([]);
  },
  LONG,
);

test(
  '[R10] the digest that a killed worker sent comes again under the same Message-ID at most, without what is over',
  async () => {
    let killed: Promise<void> | undefined;
    const kills = async (): Promise<void> => {
      await works;
      await worker.kill();
    };
    // The mail of Eve is the first, and is kept before anybody learns of it.
    await server.up({ before: () => (killed ??= kills()) });
    const works = worksFrom(at(addDays(day, 2), '10:01'));
    await until(() => Promise.resolve(killed !== undefined), LONG);
    await killed;
    expect(mailsTo('eve')).toHaveLength(1);
    server.manner = {};
    await worksFrom(at(addDays(day, 2), '10:05'));
    const isOver = async (): Promise<boolean> => {
      const open = await installation.look(
        'select from perennial.notice_copy where sent_at is null and person <> $1',
        [client.person('wim')],
      );
      return open.length === 0;
    };
    await until(isOver, LONG);
    const [first, ...again] = mailsTo('eve');
    expect(idsOf(mailsTo('eve'))).toEqual(Array(2).fill(`<digest-${client.person('eve')}-${day}@perennial>`));
    const { subject = '', text = '' } = first ?? {};
    expect(again).toMatchObject([{ subject, text }]);
    expect(subject).toMatch(/^Perennial: 2 Erinnerungen, /);
    const [one = '', gone = '', other = ''] = await Promise.all(findings.map(numberOf));
    for (const number of [one, other]) expect(text).toContain(number);
    expect(text).not.toContain(gone);
    expect(
      mailsTo('gus')
        .map((mail) => mail.subject.slice(1, one.length + 1))
        .toSorted(),
    ).toEqual([one, other].toSorted());
    await worker.stop();
  },
  LONG,
);

test(
  '[R10] a weekly digest comes on a Monday, once',
  async () => {
    await worksFrom(at(addDays(day, 6), '10:00'));
    await until(() => Promise.resolve(mailsTo('wim').length > 0), LONG);
    const monday = [0, 1, 2, 3, 4, 5, 6]
      .map((n) => addDays(day, n))
      .find((one) => new Date(`${one}T12:00:00Z`).getUTCDay() === MONDAY);
    expect(idsOf(mailsTo('wim'))).toEqual([`<digest-${client.person('wim')}-${monday ?? ''}@perennial>`]);
    expect(mailsTo('wim')[0]?.text).toContain(await numberOf(findings[0] ?? ''));
    expect(mailsTo('wim')[0]?.headers.get('list-unsubscribe')?.[0]).toContain(client.person('wim'));
  },
  LONG,
);
