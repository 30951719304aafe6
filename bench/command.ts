import pg from 'pg';
import { draft, openDesk, type Desk } from './people.js';
import { closedLoop, figuresOf, ratioOf, round, type Figures, type Ratio } from './statistics.js';

/** A command over HTTP beside one plain transaction of the same bytes. (W1) */
export interface CommandResult {
  readonly clients: number;
  readonly ours: readonly Figures[];
  readonly bare: readonly Figures[];
  readonly p50: Ratio;
  readonly throughput: Ratio;
}

export interface Where {
  readonly url: string;
  readonly key: string;
  readonly ownerUrl: string;
}

const tables = `
create schema if not exists bench;
create table if not exists bench.entry (position bigint generated always as identity primary key, stream text not null,
  version integer not null, command text not null, body bytea not null, unique (stream, version), unique (command));
create table if not exists bench.state (id text primary key, version integer not null, state jsonb not null);
create table if not exists bench.receipt (key text primary key, status integer not null, answer bytea not null);`;

/** The same bytes as ours: an entry, the state that it makes, and the answer that is kept. */
interface Payload {
  readonly body: Buffer;
  readonly state: string;
  readonly answer: Buffer;
}

export async function measureCommands(
  where: Where,
  rounds: number,
  seconds: number,
): Promise<readonly CommandResult[]> {
  const desks: Desk[] = [];
  for (let n = 0; n < 16; n += 1) desks.push(await openDesk(where.url, where.key, 1000 + n));
  const pool = new pg.Pool({ connectionString: where.ownerUrl, max: 16 });
  const drafting = async (which: number): Promise<void> => {
    await draft(where.url, desks[which] ?? fail());
  };
  try {
    await pool.query(tables);
    await closedLoop(16, 3, drafting);
    const payload = await payloadOf(pool);
    const measure = async (clients: number): Promise<CommandResult> => {
      const [ours, bare]: [Figures[], Figures[]] = [[], []];
      for (let n = 0; n < rounds; n += 1) {
        ours.push(figuresOf(await closedLoop(clients, seconds, drafting)));
        bare.push(figuresOf(await closedLoop(clients, seconds, () => plainTransaction(pool, payload))));
      }
      return {
        clients,
        ours,
        bare,
        p50: compare(ours, bare, 'p50'),
        throughput: compare(ours, bare, 'perSecond'),
      };
    };
    return [await measure(1), await measure(16)];
  } finally {
    await pool.query('drop schema if exists bench cascade');
    await pool.end();
  }
}

const fail = (): never => {
  throw new Error('there are fewer desks than clients');
};

const compare = (ours: readonly Figures[], bare: readonly Figures[], of: 'p50' | 'perSecond'): Ratio =>
  ratioOf(
    ours.map((one) => one[of]),
    bare.map((one) => one[of]),
  );

async function payloadOf(pool: pg.Pool): Promise<Payload> {
  const { rows } = await pool.query<{ body: Buffer; state: object; answer: Buffer }>(
    `select l.body, s.state, r.answer from perennial.ledger_entry l join perennial.stream s on s.id = l.stream
     join perennial.idempotency_record r on convert_from(r.answer, 'UTF8') like '%' || s.id || '%'
     where l.type = 'finding.drafted' limit 1`,
  );
  const [row] = rows;
  if (!row) throw new Error('no finding was drafted');
  return { body: row.body, state: JSON.stringify(row.state), answer: row.answer };
}

let made = 0;

/** What somebody would write by hand who wants the fact, the state and the receipt, all or none. */
async function plainTransaction(pool: pg.Pool, { body, state, answer }: Payload): Promise<void> {
  made += 1;
  const id = `plain-${String(round(performance.now()))}-${String(made)}`;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into bench.entry (stream, version, command, body) values ($1, 1, $1, $2)', [
      id,
      body,
    ]);
    await client.query('insert into bench.state values ($1, 1, $2)', [id, state]);
    await client.query('insert into bench.receipt values ($1, 201, $2)', [id, answer]);
    await client.query('commit');
  } finally {
    client.release();
  }
}
