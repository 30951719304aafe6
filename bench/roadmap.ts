import pg from 'pg';
import { roadmapKinds } from '#domain/roadmap/roadmap.js';
import type { Where } from './command.js';
import { call } from './http.js';
import { against, closedLoop, ratioOf, type Measured, type RatioRow, type RoundRow } from './statistics.js';

/** Programmes at a time, so that no statement holds all of them. */
const BATCH = 500;
const WARM_S = 1;

/** A programme whose certification was played to its end, and who asks for it on both sides. */
export interface Played {
  readonly programme: string;
  readonly client: string;
  readonly body: string;
  readonly tokens: Readonly<Record<string, string>>;
}

/**
 * The roadmap of one programme among so many of the same client and the same body, over HTTP and under row-level security, beside
 * the bare query of the same rows by their owner. The many are copies, made by SQL, of the rows of one that was played to its end:
 * itself with its entries, and all its things that owe something by a date.
 */
export async function measureRoadmap(
  where: Where,
  programmes: number,
  how: { readonly rounds: number; readonly seconds: number },
): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: where.ownerUrl, max: 2 });
  try {
    const played = await playedOne(pool, where);
    await copy(pool, played.programme, programmes);
    const ids = await idsOf(pool, played.client);
    const rows: RoundRow[] = [];
    for (let n = 0; n <= how.rounds; n += 1) {
      const loop = { concurrency: 1, seconds: n === 0 ? WARM_S : how.seconds };
      const rowOf = async (side: string, ask: (id: string) => Promise<unknown>): Promise<void> => {
        const done = await closedLoop(loop, async () => {
          await ask(ids[Math.floor(Math.random() * ids.length)] ?? played.programme);
        });
        if (n > 0) rows.push({ workload: 'roadmap', side, round: n, ...done });
      };
      for (const [side, token] of Object.entries(played.tokens))
        await rowOf(side, (id) =>
          call(where.url, token, { method: 'GET', path: `/v1/programmes/${id}/roadmap` }),
        );
      await rowOf('bare', (id) => pool.query({ name: 'bare', text: bare, values: [id, roadmapKinds] }));
    }
    return { rounds: rows, ratios: ratiosOf(rows, ids.length) };
  } finally {
    await pool.end();
  }
}

const bare = 'select state from perennial.stream where programme = $1 and kind = any ($2) order by id';

function ratiosOf(rows: readonly RoundRow[], programmes: number): readonly RatioRow[] {
  const of = (side: string, quantile: 'p50' | 'p99'): number[] =>
    rows.filter((row) => row.side === side).map(({ latencyMs }) => latencyMs?.[quantile] ?? NaN);
  const aim = { workload: 'roadmap', concurrency: 1 };
  const among = `among ${String(programmes)}`;
  return ['client', 'body'].flatMap((side) => [
    against(
      { ...aim, metric: `${side}'s p99 ${among}`, against: 'milliseconds', goal: '<= 20' },
      of(side, 'p99'),
    ),
    ratioOf(
      { ...aim, metric: `${side}'s p50`, against: 'bare query', goal: '<= 10' },
      of(side, 'p50'),
      of('bare', 'p50'),
    ),
    ratioOf(
      { ...aim, metric: `${side}'s p99`, against: 'bare query', goal: '<= 10' },
      of(side, 'p99'),
      of('bare', 'p99'),
    ),
  ]);
}

export async function playedOne(pool: pg.Pool, { url, key }: Where): Promise<Played> {
  const { rows } = await pool.query<{ programme: string; sandbox: string; client: string; body: string }>(
    `select p.id as programme, m.sandbox, p.state->>'client' as client, p.state->>'certificationBody' as body
     from perennial.stream p join perennial.sandbox_member m on m.organisation = p.organisation
     where p.kind = 'programme' and p.stage = 'certified' and p.state ? 'certificationBody'
     order by p.version desc, p.state->>'client' limit 1`,
  );
  const [found] = rows;
  if (!found) throw new Error('no certification was played to its end');
  const tokenOf = async (organisation: string, role: string): Promise<string> => {
    const { rows: people } = await pool.query<{ id: string }>(
      `select id from perennial.stream where organisation = $1 and kind = 'person' and state->'grants' @> $2`,
      [organisation, JSON.stringify([{ role }])],
    );
    const body = { person: people[0]?.id };
    const acting = await call(url, key, { path: `/v1/sandboxes/${found.sandbox}/act-as`, body });
    return String(acting.body['token']);
  };
  const client = await tokenOf(found.client, 'aims-manager');
  return {
    programme: found.programme,
    client: found.client,
    body: found.body,
    tokens: { client, body: await tokenOf(found.body, 'programme-manager') },
  };
}

/** What of an id tells the copies apart: its last eight characters, so that none of them is the id of what is copied. */
const LAST = '########';
const last = `lpad(to_hex(n), 8, '0')`;
const marked = (text: string): string =>
  `regexp_replace(${text}, '(_[0-7][0-9a-hjkmnp-tv-z]{17})[0-9a-hjkmnp-tv-z]{8}', '\\1${LAST}', 'g')`;
const renamed = (column: string): string => `replace(t.${column}, '${LAST}', ${last})`;

/** The rows of one programme, with a mark in every id of it; the organisations keep theirs. */
const template = `
drop schema if exists bench cascade; create schema bench;
create table bench.stream as select ${marked('s.id::text')} as id, s.kind, s.organisation, ${marked('s.programme::text')} as programme,
  s.visibility, s.number, s.stage, s.version, replace(replace(${marked('s.state::text')}, ${marked('client')}, client), ${marked('body')}, body) as state,
  s.created_at, s.updated_at
  from perennial.stream s, (select id as one, state->>'client' as client, state->>'certificationBody' as body
    from perennial.stream where id = 'PROGRAMME') p
  where s.id = one or s.programme = one and s.kind in (KINDS);
create table bench.party as select ${marked('programme::text')} as programme, organisation, side, since, until
  from perennial.programme_party where programme = 'PROGRAMME';
create table bench.obligation as select ${marked('o.stream::text')} as stream, o.key, o.what, o.due, o.kind, o.rule, o.ladder, o.escalation,
  o.owed_by, o.explanation from perennial.obligation o join perennial.stream s on s.id = o.stream
  where s.programme = 'PROGRAMME' or s.id = 'PROGRAMME';
create table bench.entry as select l.organisation, l.log, ${marked('l.stream::text')} as stream, l.version, ${marked('l.command::text')} as command,
  l.ordinal, l.type, l.actor, l.recorded_at, l.body, l.leaf_hash from perennial.ledger_entry l where l.stream = 'PROGRAMME';`;

const numbers = 'generate_series($1::integer, $2::integer) as n';
const copies = [
  `insert into perennial.programme_party (programme, organisation, side, since, until)
   select ${renamed('programme')}, t.organisation, t.side, t.since, t.until from bench.party t, ${numbers}`,
  `insert into perennial.stream (id, kind, organisation, programme, visibility, number, stage, version, state, created_at, updated_at)
   select ${renamed('id')}, t.kind, t.organisation, ${renamed('programme')}, t.visibility, t.number || '/' || n, t.stage, t.version,
     ${renamed('state')}::jsonb, t.created_at, t.updated_at from bench.stream t, ${numbers}`,
  `insert into perennial.obligation (stream, key, what, due, kind, rule, ladder, escalation, owed_by, explanation)
   select ${renamed('stream')}, t.key, t.what, t.due, t.kind, t.rule, t.ladder, t.escalation, t.owed_by, t.explanation
   from bench.obligation t, ${numbers}`,
  `insert into perennial.ledger_entry (organisation, log, stream, version, command, ordinal, type, actor, recorded_at, body, leaf_hash)
   select t.organisation, t.log, ${renamed('stream')}, t.version, ${renamed('command')}, t.ordinal, t.type, t.actor, t.recorded_at, t.body,
     t.leaf_hash from bench.entry t, ${numbers}`,
];

async function copy(pool: pg.Pool, programme: string, times: number): Promise<void> {
  const kinds = roadmapKinds.map((kind) => `'${kind}'`).join(', ');
  await pool.query(template.replaceAll('PROGRAMME', programme).replaceAll('KINDS', kinds));
  for (let from = 1; from < times; from += BATCH) {
    const values = [from, Math.min(times - 1, from + BATCH - 1)];
    for (const text of copies) await pool.query(text, values);
  }
  await pool.query('drop schema bench cascade');
  await pool.query('vacuum analyze');
}

/** Those of the same client: whoever asks sees no others. */
async function idsOf(pool: pg.Pool, client: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from perennial.stream where kind = 'programme' and stage = 'certified' and state->>'client' = $1`,
    [client],
  );
  return rows.map(({ id }) => id);
}
