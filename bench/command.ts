import pg from 'pg';
import { draft, openDesk, type Desk } from './people.js';
import { closedLoop, ratioOf, type Measured, type RatioRow, type RoundRow } from './statistics.js';

export interface Where {
  readonly url: string;
  readonly key: string;
  readonly ownerUrl: string;
}

const MOST = 16;

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

/** A command over HTTP beside one plain transaction of the same bytes. (W1) */
export async function measureCommands(where: Where, rounds: number, seconds: number): Promise<Measured> {
  const desks: Desk[] = [];
  for (let n = 0; n < MOST; n += 1) desks.push(await openDesk(where.url, where.key, 1000 + n));
  const pool = new pg.Pool({ connectionString: where.ownerUrl, max: MOST });
  const drafting = async (which: number): Promise<void> => {
    await draft(where.url, desks[which] ?? fail());
  };
  try {
    await pool.query(tables);
    await closedLoop({ concurrency: MOST, seconds: 3 }, drafting);
    const payload = await payloadOf(pool);
    const rows: RoundRow[] = [];
    for (const concurrency of [1, MOST])
      for (let n = 1; n <= rounds; n += 1) {
        const how = { concurrency, seconds };
        rows.push({ workload: 'W1', side: 'ours', round: n, ...(await closedLoop(how, drafting)) });
        const plain = await closedLoop(how, () => plainTransaction(pool, payload));
        rows.push({ workload: 'W1', side: 'P0', round: n, ...plain });
      }
    return { rounds: rows, ratios: ratiosOf(rows) };
  } finally {
    await pool.query('drop schema if exists bench cascade');
    await pool.end();
  }
}

function ratiosOf(rows: readonly RoundRow[]): readonly RatioRow[] {
  const of = (side: string, concurrency: number, what: (row: RoundRow) => number): number[] =>
    rows.filter((row) => row.side === side && row.concurrency === concurrency).map(what);
  const p50 = ({ latencyMs }: RoundRow): number => latencyMs?.p50 ?? NaN;
  const p99 = ({ latencyMs }: RoundRow): number => latencyMs?.p99 ?? NaN;
  const rate = ({ perSecond }: RoundRow): number => perSecond;
  const aim = { workload: 'W1', against: 'P0' };
  return [
    ratioOf({ ...aim, metric: 'p50', concurrency: 1, goal: '<= 3' }, of('ours', 1, p50), of('P0', 1, p50)),
    ratioOf({ ...aim, metric: 'p99', concurrency: 1, goal: '<= 4' }, of('ours', 1, p99), of('P0', 1, p99)),
    ratioOf(
      { ...aim, metric: 'perSecond', concurrency: MOST, goal: '>= 0.3' },
      of('ours', MOST, rate),
      of('P0', MOST, rate),
    ),
  ];
}

const fail = (): never => {
  throw new Error('there are fewer desks than clients');
};

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
  const id = `plain-${String(performance.now())}-${String(made)}`;
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
