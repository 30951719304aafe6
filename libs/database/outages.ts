import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import { instant, type Instant } from '#domain/instant.js';
import { machineClock, type Clock } from '#platform/clock.js';
import { machineSource, newId } from '#platform/ids.js';
import { isAnybodyBehind } from './behind.js';
import { prepared } from './prepared.js';
import { inTransaction, withClient } from './transaction.js';

const BEAT_EVERY_MS = 60_000;
/** A longer silence is an outage. */
const SILENCE_MS = 10 * 60_000;
/** So long after an outage late notices wait for each other; then each goes out as it can. */
const ORDERLY_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 2_000;
/** What sending one mail takes about. */
const EACH_MS = 200;

/** By which an outage is known: as long as processes are lived there is a heartbeat. Connected as the engine. (R10) */
export class Outages {
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock = machineClock,
  ) {}

  /**
   * Leaves the heartbeat of a duty, once a minute at most. The first one after a long silence opens an outage, with the legal
   * dates that passed meanwhile; an outage from which nobody had recovered yet goes on. Answers the outage that has ended.
   */
  async beat(duty: string): Promise<Id | undefined> {
    const now = this.now();
    return inTransaction(this.source, 'begin', async (client) => {
      const insert = 'insert into perennial.heartbeat (duty, beat_at) values ($1, $2) on conflict do nothing';
      await client.query(insert, [duty, now]);
      const text = 'select perennial.iso(beat_at) as at from perennial.heartbeat where duty = $1 for update';
      const [before] = (await client.query<{ at: Instant }>(text, [duty])).rows;
      const silence = Date.parse(now) - Date.parse(before?.at ?? now);
      if (silence < BEAT_EVERY_MS) return undefined;
      await client.query('update perennial.heartbeat set beat_at = $2 where duty = $1', [duty, now]);
      return silence > SILENCE_MS && before ? open(client, before.at, now) : undefined;
    });
  }

  /**
   * Notes when all have caught up but for mails, which may go out then; and when those have gone out too, completes the report.
   * Answers the outage whose report is complete.
   */
  async follow(): Promise<Id | undefined> {
    const now = this.now();
    return inTransaction(this.source, 'begin', async (client) => {
      const text = `select id, perennial.iso(made_up_since) as since, all_ordered_at is not null as "areOrdered"
        from perennial.outage where caught_up_at is null for update skip locked`;
      const [outage] = (await client.query<Open>(text)).rows;
      if (!outage) return undefined;
      if (!outage.areOrdered && !(await isAnybodyBehind(client, now, 'notice')))
        await client.query('update perennial.outage set all_ordered_at = $2 where id = $1', [outage.id, now]);
      if (await isAnybodyBehind(client, now)) return undefined;
      await client.query(remindersSince, [outage.id, outage.since]);
      await client.query('update perennial.outage set caught_up_at = $2 where id = $1', [outage.id, now]);
      return outage.id;
    });
  }

  /**
   * For how many milliseconds a notice waits before it may go out. After an outage late ones wait until all are ordered, and then
   * each for those of the same people that were due earlier. (I-33)
   */
  async turnOf(notice: Id): Promise<number> {
    const now = this.now();
    const since = instant(new Date(Date.parse(now) - ORDERLY_MS).toISOString());
    return withClient(this.source, async (client) => {
      const [turn] = (await client.query<Turn>(prepared(turnText, [notice, since]))).rows;
      if (!turn) return 0;
      return turn.areOthersToCome ? LOOK_AGAIN_MS : turn.ahead * EACH_MS;
    });
  }

  private now(): Instant {
    return instant(new Date(this.clock.now()).toISOString());
  }
}

const inSandbox = (stream: string): string =>
  `exists (select from perennial.sandbox_member m where m.organisation = ${stream}.organisation)`;

const legalDatesPassed = `
insert into perennial.outage_item (outage, kind, stream, obligation, on_date, what)
select $1, 'passed', o.stream, o.key, o.due, o.what
from perennial.obligation o join perennial.stream s on s.id = o.stream
where o.kind = 'hard' and o.due >= $2::timestamptz::date and o.due < $3::timestamptz::date and not ${inSandbox('s')}
on conflict do nothing`;

const remindersSince = `
insert into perennial.outage_item (outage, kind, stream, obligation, on_date)
select $1, s.stage, s.id, s.state->>'obligation', (s.state->>'missedOn')::date
from perennial.stream s
where s.kind = 'notice' and s.stage in ('late', 'withdrawn', 'failed') and s.updated_at > $2 and not ${inSandbox('s')}
on conflict do nothing`;

/** Runs may have made up for something before the first heartbeat, but not long before. */
async function open(client: ClientBase, beganAt: Instant, endedAt: Instant): Promise<Id | undefined> {
  const text = `insert into perennial.outage as o (id, began_at, ended_at, made_up_since)
      values ($1, $2, $3, $3::timestamptz - interval '1 minute')
    on conflict ((caught_up_at is null)) where caught_up_at is null do update
      set (ended_at, all_ordered_at) = (excluded.ended_at, null) returning id`;
  const { rows } = await client.query<{ id: Id }>(text, [newId('out', machineSource), beganAt, endedAt]);
  const id = rows[0]?.id;
  await client.query(legalDatesPassed, [id, beganAt, endedAt]);
  return id;
}

/** An outage whose report is not complete. */
interface Open {
  readonly id: Id;
  readonly since: Instant;
  readonly areOrdered: boolean;
}

interface Turn {
  /** How many late notices of the same people go first. */
  readonly ahead: number;
  /** True right after an outage, as long as processes may order such as were due earlier. */
  readonly areOthersToCome: boolean;
}

/** Nothing for a notice that is not late. */
const turnText = `
select exists (
    select from perennial.outage o where o.caught_up_at is null and o.all_ordered_at is null and o.ended_at > $2) as "areOthersToCome",
  (select count(*)::integer from perennial.stream s
    where s.kind = 'notice' and s.stage = 'ordered' and s.created_at > $2
      and (s.state->>'missedOn', s.id) < (me.state->>'missedOn', me.id)
      and exists (select from jsonb_array_elements_text(s.state->'people') one where me.state->'people' ? one)) as ahead
from perennial.stream me where me.id = $1 and me.stage = 'ordered' and me.state ? 'missedOn'`;
