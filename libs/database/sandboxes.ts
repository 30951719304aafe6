import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import { machineSource, newId, seededSource, type IdSource } from '#platform/ids.js';
import { prepared } from './prepared.js';
import type { Untold } from './processes.js';
import { asOrganisation } from './reading/view.js';
import { inTransaction, withClient } from './transaction.js';

/** A sandbox to be made, by the organisation that keeps it. */
export interface NewSandbox {
  readonly organisation: Id;
  readonly name: string;
  readonly zone: string;
  readonly startsAt: Instant;
  /** What people call its seed; with the sandbox's id it makes the one from which ids come. */
  readonly seed: string;
  /** How many organisations will live on its clock. */
  readonly members: number;
}

export interface Sandbox {
  readonly id: Id;
  readonly name: string;
  readonly organisation: Id;
  readonly zone: string;
  readonly now: Instant;
  readonly seed: string;
  readonly organisations: readonly Id[];
}

/** A process that has something to do, with the time that it is to be told. */
export interface Restless extends Omit<Untold, 'news'> {
  readonly now: Instant;
}

const columns = `b.id, b.name, b.organisation, b.zone, perennial.iso(b.now) as now, b.seed,
  array(select m.organisation::text from perennial.sandbox_member m where m.sandbox = b.id order by 1) as organisations`;

/** Organisations on a clock of their own. Made and read as the organisation that keeps them; moved by the engine. */
export class Sandboxes {
  constructor(
    private readonly source: DataSource,
    private readonly ids: IdSource = machineSource,
  ) {}

  /** Makes the rows; the organisations themselves are made by commands, under the ids answered here. */
  async create({ organisation, name, zone, startsAt, seed, members }: NewSandbox): Promise<Sandbox> {
    const id = newId('sbx', this.ids);
    const whole = `${seed}/${id}`;
    const source = seededSource(whole, 'organisations', () => Date.parse(startsAt));
    const organisations = Array.from({ length: members }, () => newId('org', source));
    await inTransaction(this.source, asOrganisation(organisation), async (client) => {
      await client.query(
        'insert into perennial.sandbox (id, name, organisation, zone, now, seed) values ($1, $2, $3, $4, $5, $6)',
        [...[id, name, organisation, zone, startsAt, whole]],
      );
      await client.query(
        'insert into perennial.sandbox_member (organisation, sandbox) select unnest($1::text[]), $2',
        [organisations, id],
      );
    });
    return {
      id,
      name,
      organisation,
      zone,
      now: startsAt,
      seed: whole,
      organisations: organisations.toSorted(),
    };
  }

  /** So many of those that an organisation sees, the newest first, from behind one of them on. */
  async list(organisation: Id, limit: number, behind?: Id): Promise<readonly Sandbox[]> {
    const text = `select ${columns} from perennial.sandbox b
      where $2::text is null or (b.made_at, b.id) < (select o.made_at, o.id from perennial.sandbox o where o.id = $2)
      order by b.made_at desc, b.id desc limit $1`;
    return this.seenBy(organisation, text, [limit, behind ?? null]);
  }

  async get(organisation: Id, id: Id): Promise<Sandbox | undefined> {
    return (
      await this.seenBy(organisation, `select ${columns} from perennial.sandbox b where b.id = $1`, [id])
    )[0];
  }

  private seenBy(organisation: Id, text: string, values: readonly unknown[]): Promise<readonly Sandbox[]> {
    return inTransaction(
      this.source,
      asOrganisation(organisation),
      async (client) => (await client.query<Sandbox>(prepared(text, values))).rows,
    );
  }

  /**
   * The processes that have something to do still, in the order of their due instants: open ones that have not seen all their
   * facts or wait for what is past, and closed ones that have not put their agenda away. As the engine.
   */
  async restless(id: Id): Promise<readonly Restless[]> {
    return withClient(this.source, async (client) => {
      const text = `select p.id, p.name, p.organisation, coalesce(s.number, p.subject) as number, p.told, p.last, perennial.iso(b.now) as now
         from perennial.sandbox b
         join perennial.sandbox_member m on m.sandbox = b.id
         join perennial.process p on p.organisation = m.organisation
         join perennial.stream s on s.id = p.subject
         left join perennial.parking k on k.process = p.id
         where b.id = $1 and (p.told < p.last
           or (p.status = 'open' and (k.seen is null or k.seen < p.last or k.next_due <= b.now))
           or (p.status = 'closed' and exists (select from perennial.agenda a where a.process = p.id)))
         order by k.next_due, p.id`;
      return (await client.query<Restless>(prepared(text, [id]))).rows;
    });
  }

  /** The next instant for which a process of the sandbox waits. As the engine. */
  async nextDue(id: Id): Promise<Instant | null> {
    return withClient(this.source, async (client) => {
      const text = `select perennial.iso(min(k.next_due)) as due
         from perennial.sandbox_member m
         join perennial.process p on p.organisation = m.organisation and p.status = 'open'
         join perennial.parking k on k.process = p.id where m.sandbox = $1`;
      const { rows } = await client.query<{ due: Instant | null }>(prepared(text, [id]));
      return rows[0]?.due ?? null;
    });
  }

  /**
   * Moves the clock, forward only, to the next instant for which a process waits, at most to the one given; commands that run
   * finish first. Answers what it shows. As the engine.
   */
  async move(id: Id, to: Instant): Promise<Instant | null> {
    return withClient(this.source, async (client) => {
      const text = `update perennial.sandbox b set now = greatest(b.now, least($2, (
           select min(k.next_due) from perennial.sandbox_member m
           join perennial.process p on p.organisation = m.organisation and p.status = 'open'
           join perennial.parking k on k.process = p.id where m.sandbox = b.id)))
         where b.id = $1 returning perennial.iso(b.now) as now`;
      const { rows } = await client.query<{ now: Instant }>(prepared(text, [id, to]));
      return rows[0]?.now ?? null;
    });
  }

  /** What the clock shows. As the engine. */
  async clock(id: Id): Promise<Instant | null> {
    return withClient(this.source, async (client) => {
      const text = 'select perennial.iso(now) as now from perennial.sandbox where id = $1';
      return (await client.query<{ now: Instant }>(prepared(text, [id]))).rows[0]?.now ?? null;
    });
  }
}
