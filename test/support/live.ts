import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Id } from '#domain/actor.js';
import type { Instant } from '#domain/instant.js';
import type { NewFact } from '#domain/record.js';
import { behindOf, type Behind, type Patience } from '#database/behind.js';
import { Commands } from '#database/commands.js';
import { Credentials } from '#database/credentials.js';
import { openDatabase } from '#database/data-source.js';
import { makeFirstKey } from '#database/first-key.js';
import type { Asked } from '#database/issue.js';
import { factOf } from '#database/ledger/entry.js';
import { Operations } from '#database/operations.js';
import { processesOf, type ProcessShown } from '#database/reading/processes.js';
import { rebuildAndCompare } from '#database/rebuild.js';
import { withClient } from '#database/transaction.js';
import { Waker } from '#database/wake.js';
import { pause } from '#platform/pause.js';
import { Client, givenId, SEED, STARTS, ZONE, type As, type Floor } from './client.js';
import { freshDatabase, type TestDatabase } from './postgres.js';

const LOOK_MS = 10;
const PATIENCE_MS = 180_000;

/** An installation on a real PostgreSQL, with the first key and the ways in which a spec uses it. */
export class Installation implements Floor {
  private readonly waker: Waker;

  private constructor(
    readonly database: TestDatabase,
    private readonly owner: pg.Pool,
    private readonly sources: { readonly app: DataSource; readonly engine: DataSource },
    private readonly key: { readonly id: Id; readonly organisation: Id },
  ) {
    this.waker = new Waker(database.appUrl, 'perennial_work');
  }

  static async make(): Promise<Installation> {
    const database = await freshDatabase();
    const app = await openDatabase(database.appUrl, 'app', 4);
    const engine = await openDatabase(database.appUrl, 'engine', 4);
    const holder = await new Credentials(app).find(await makeFirstKey(database.ownerUrl));
    if (!holder) throw new Error('the first key is not known');
    const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
    const key = { id: holder.principal, organisation: holder.organisation };
    return new Installation(database, owner, { app, engine }, key);
  }

  /** Behind the rows' security. */
  async look<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.owner.query<T>(text, values)).rows;
  }

  /** What somebody does must be possible. The relay is woken after the commit, as the door does it. */
  async does(asked: Asked, as: As): Promise<Id> {
    const { principal = this.key.id, organisation = this.key.organisation, key, at } = as;
    const caller = { principal, organisation, key, route: asked.type, auth: 'aut_test', fingerprint: key };
    const then = at === undefined ? {} : { now: () => Date.parse(at) };
    const answer = await new Commands(this.sources.app, then).execute(asked, caller, () => ({
      status: 200,
      text: '',
    }));
    this.waker.wake();
    if (answer.kind !== 'done') throw new Error(`${asked.type}: ${JSON.stringify(answer)}`);
    return answer.done.thing.thing.id;
  }

  /** A client on a clock of its own, with its people. */
  async client(number: number): Promise<Client> {
    const [sandbox, organisation] = [sandboxOf(givenId('org', number)), givenId('org', number)];
    await this.look(
      `insert into perennial.sandbox (id, name, organisation, zone, now, seed) values ($1, 'A clock', $2, $3, $4, $5)`,
      [sandbox, this.key.organisation, ZONE, STARTS, SEED],
    );
    const member = 'insert into perennial.sandbox_member (organisation, sandbox) values ($1, $2)';
    await this.look(member, [organisation, sandbox]);
    return new Client(this, number).begin();
  }

  /** Moves the clock of a sandbox and waits until everything that was due is done. */
  async advance(organisation: Id, to: Instant): Promise<void> {
    await this.advanced(await this.advancing(organisation, { to }));
  }

  /** Asks for the clock of a sandbox to be moved. The worker is woken, as the door does it. */
  async advancing(organisation: Id, input: { to: Instant } | { until: 'next' }): Promise<Id> {
    const sandbox = sandboxOf(organisation);
    const asked = { kind: 'clock-advance', organisation: this.key.organisation, sandbox, input };
    const operation = await new Operations(this.sources.app).queue(asked);
    if (!operation) throw new Error(`the clock of ${sandbox} is being moved already`);
    this.waker.wake();
    return operation.id;
  }

  /** Waits until it has been moved. */
  async advanced(operation: Id): Promise<void> {
    const operations = new Operations(this.sources.app);
    await until(async () => {
      const { status } = (await operations.get(this.key.organisation, operation)) ?? {};
      if (status === 'failed') throw new Error(`a clock cannot be moved: ${operation}`);
      return status === 'succeeded';
    });
  }

  /** The facts of a log, in the order of their positions. */
  async facts(organisation: Id): Promise<readonly NewFact[]> {
    const rows = await this.look<{ body: string; kind: string }>(
      `select convert_from(e.body, 'UTF8') as body, s.kind from perennial.ledger_entry e
       join perennial.stream s on s.id = e.stream where e.organisation = $1 order by e.position`,
      [organisation],
    );
    return rows.map(({ body, kind }) => ({ kind, fact: factOf(body).fact }));
  }

  async processes(which: Parameters<typeof processesOf>[1] = {}): Promise<readonly ProcessShown[]> {
    return withClient(this.sources.engine, (client) => processesOf(client, which, 1_000));
  }

  async behind(patience: Patience): Promise<readonly Behind[]> {
    return withClient(this.sources.engine, (client) => behindOf(client, patience));
  }

  /** Every open process has seen all its facts and waits; what it waits for, as lines. */
  async agendas(): Promise<readonly string[]> {
    await until(async () => {
      const open = await this.processes({ status: 'open' });
      return open.every(({ seen, last, told }) => seen === last && told === last);
    });
    const open = await this.processes({ status: 'open' });
    return open.flatMap(({ id, stage, agenda }) =>
      agenda.map((line) => `${id} ${stage} ${JSON.stringify(line)}`),
    );
  }

  async entries(): Promise<number> {
    const [row] = await this.look<{ count: string }>('select count(*) from perennial.ledger_entry');
    return Number(row?.count);
  }

  /** Lets go of everything, after every derived table was made again from the ledger and compared. */
  async end(): Promise<void> {
    await this.waker.close();
    await this.sources.app.destroy();
    await this.sources.engine.destroy();
    await this.owner.end();
    const differences = await rebuildAndCompare(this.database.ownerUrl);
    if (differences.length > 0)
      throw new Error(`[R9] the tables differ from the ledger: ${JSON.stringify(differences)}`);
  }
}

const sandboxOf = (organisation: Id): Id => organisation.replace(/^org/, 'sbx');

/** Looks again and again until it is so. */
export async function until(reached: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await reached())) {
    if (Date.now() > end)
      throw new Error(`not reached within ${String(patienceMs)} ms: ${reached.toString()}`);
    await pause(LOOK_MS);
  }
}
