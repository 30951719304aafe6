import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { CivilDate, Instant } from '#domain/instant.js';
import { inTransaction, withClient } from './transaction.js';

/** The copy of a notice that one of its people has, or is to have. */
export interface NoticeCopy {
  readonly person: Id;
  /** With the notice itself; at the end of quiet hours; or in a digest. */
  readonly way: 'mail' | 'later' | 'digest';
  /** By which code the mail server refused it for good. */
  readonly answer?: number;
}

/** When a copy goes out that waits, and in the digest of which day. */
export interface LaterCopy {
  readonly person: Id;
  readonly dueAt: Instant;
  readonly day?: CivilDate;
}

/** Copies of one person that go out now in one mail: one, or those of the digest of a day. */
export interface DueCopies {
  readonly person: Id;
  readonly day?: CivilDate;
  readonly notices: readonly Id[];
}

/** What comes too late for a digest that is on its way already. Asked again it goes into the next one. */
export class DigestIsGone extends Error {
  override readonly name = 'DigestIsGone';
}

interface CopyRow {
  readonly person: Id;
  readonly way: NoticeCopy['way'];
  readonly answer: number | null;
}

interface DueRow {
  readonly notice: Id;
  readonly person: Id;
  readonly day: CivilDate | null;
}

/** Who has which notice, and who gets it later. All times are those of the caller's clock. Connected as the engine. */
export class NoticeCopies {
  constructor(private readonly source: DataSource) {}

  /** What is known of the copies of a notice. */
  async of(notice: Id): Promise<readonly NoticeCopy[]> {
    return withClient(this.source, async (client) => {
      const text = 'select person, way, answer from perennial.notice_copy where notice = $1 order by person';
      const { rows } = await client.query<CopyRow>(text, [notice]);
      return rows.map(({ person, way, answer }) => ({ person, way, ...(answer === null ? {} : { answer }) }));
    });
  }

  /** They went out with the notice, but for those whom the mail server refused. */
  async wentOut(notice: Id, copies: readonly Omit<NoticeCopy, 'way'>[], at: Instant): Promise<void> {
    const text = `insert into perennial.notice_copy (notice, person, way, due_at, sent_at, answer)
      select $1, c.person, 'mail', $2, $2, c.answer from jsonb_to_recordset($3) as c (person text, answer integer)
      on conflict do nothing`;
    await withClient(this.source, (client) => client.query(text, [notice, at, JSON.stringify(copies)]));
  }

  /**
   * They go out later.
   * @throws DigestIsGone when that of the day is on its way already
   */
  async wait(notice: Id, copies: readonly LaterCopy[]): Promise<void> {
    await inTransaction(this.source, 'begin', async (client) => {
      await lock(client);
      for (const { person, dueAt, day } of copies) {
        if (day !== undefined && (await isGone(client, person, day))) throw new DigestIsGone();
        await client.query(
          `insert into perennial.notice_copy (notice, person, way, due_at, day) values ($1, $2, $3, $4, $5)
           on conflict do nothing`,
          [notice, person, day === undefined ? 'later' : 'digest', dueAt, day ?? null],
        );
      }
    });
  }

  /** The next mail that is due, under a lease: when nobody says that it went out, it is taken again. */
  async take(now: Instant, leaseMs: number): Promise<DueCopies | undefined> {
    return inTransaction(this.source, 'begin', async (client) => {
      await lock(client);
      const { rows } = await client.query<DueRow>(taking, [now, leaseMs]);
      const [first] = rows;
      if (!first) return undefined;
      const notices = rows.map(({ notice }) => notice).toSorted();
      return { person: first.person, notices, ...(first.day === null ? {} : { day: first.day }) };
    });
  }

  /** They went out, or the mail server will never take them and `answer` says by which code. */
  async sent({ person, notices }: DueCopies, at: Instant, answer?: number): Promise<void> {
    const text = `update perennial.notice_copy set (sent_at, leased_until, answer) = ($3, null, $4)
      where person = $1 and notice = any ($2)`;
    await withClient(this.source, (client) => client.query(text, [person, notices, at, answer ?? null]));
  }

  /** They did not go out; tried again later each time, after ten minutes at most, for as long as it takes. */
  async putOff({ person, notices }: DueCopies, now: Instant): Promise<void> {
    const text = `update perennial.notice_copy
      set leased_until = $3::timestamptz + least(600, power(2, least(tries, 10))) * interval '1 second'
      where person = $1 and notice = any ($2) and sent_at is null`;
    await withClient(this.source, (client) => client.query(text, [person, notices, now]));
  }

  /** Forgets what went out a month ago; of a notice that is under way still, nothing. */
  async tidy(): Promise<void> {
    const text = `delete from perennial.notice_copy c where c.sent_at < clock_timestamp() - interval '30 days'
      and not exists (select from perennial.stream s where s.id = c.notice and s.stage = 'ordered')`;
    await withClient(this.source, (client) => client.query(text));
  }
}

/** Whoever adds to a digest and whoever takes it do so in turn. */
async function lock(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('notice_copy', 0))`);
}

async function isGone(client: ClientBase, person: Id, day: CivilDate): Promise<boolean> {
  const text = `select from perennial.notice_copy where person = $1 and day = $2 and (tries > 0 or sent_at is not null)`;
  return (await client.query(text, [person, day])).rows.length > 0;
}

const taking = `
with first as (
  select notice, person, day from perennial.notice_copy
  where sent_at is null and due_at <= $1 and coalesce(leased_until, '-infinity') <= $1
  order by due_at, person, notice limit 1)
update perennial.notice_copy c set leased_until = $1::timestamptz + $2 * interval '1 ms', tries = c.tries + 1
from first f
where c.person = f.person and c.sent_at is null and (c.day = f.day or (f.day is null and c.notice = f.notice))
returning c.notice, c.person, to_char(c.day, 'YYYY-MM-DD') as day`;
