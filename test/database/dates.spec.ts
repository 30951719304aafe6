import { zone } from '#contract/routes/sandboxes.js';
import pg from 'pg';
import { addMonths, isBusinessDay, mondayToFriday, yearOf } from '#domain/calendar.js';
import { civilDate, type CivilDate } from '#domain/instant.js';
import { Policy } from '#domain/policy.js';
import { expiryFromDecision, expiryFromOld, recertificationDates } from '#domain/recertification/dates.js';
import { nextSurveillance, type Cycle } from '#domain/surveillance/calendar-year.js';
import { endOfDate, morningOf } from '#platform/zone.js';
import { freshDatabase } from '../support/postgres.js';

// Every date by two ways that know nothing of each other: the domain with the zones of the platform, and PostgreSQL.

/** `DATE_CASES=100000` looks at as many as the promise says. */
const CASES = Number(process.env['DATE_CASES'] ?? 5_000);
const PATIENCE_MS = 60_000 + 10 * CASES;
const FIRST = Date.UTC(2000, 0, 1);
const LAST = Date.UTC(2096, 0, 1); // a cycle that begins then ends before 2100
const DAY = 24 * 60 * 60 * 1000;

let pool: pg.Pool;
let seed = 42;

beforeAll(async () => {
  pool = new pg.Pool({ connectionString: (await freshDatabase()).ownerUrl, max: 1 });
});
afterAll(() => pool.end());

/** The next of a series of numbers below a bound; the same in every run. */
function pick(below: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}
const choose = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
const iso = (at: number): CivilDate => civilDate(new Date(at).toISOString().slice(0, 10));

/** Days of all sorts, and of those that are easily got wrong more than their share: 29 February, ends of months and years. */
function anyDay(): CivilDate {
  const day = FIRST + pick((LAST - FIRST) / DAY) * DAY;
  const year = new Date(day).getUTCFullYear();
  const leap = year - (year % 4);
  return choose([
    ...[iso(day), iso(day), iso(Date.UTC(year, pick(12) + 1, 0)), iso(Date.UTC(year, 11, 31))],
    ...[iso(Date.UTC(year, 0, 1)), iso(Date.UTC(leap === 2100 ? 2096 : leap, 1, 29))],
  ]);
}

/** Compares what we say of many cases with what a query says of them, in one go; shows the first that differs. */
async function agree(cases: readonly object[], ours: readonly object[], oracle: string): Promise<void> {
  const { rows } = await pool.query<{ answer: object }>(
    `select (${oracle}) as answer from jsonb_array_elements($1::jsonb) with ordinality as t(c, n) order by n`,
    [JSON.stringify(cases)],
  );
  const first = ours.findIndex((one, place) => JSON.stringify(one) !== JSON.stringify(rows[place]?.answer));
  expect(first < 0 ? [] : [cases[first], ours[first], rows[first]?.answer]).toEqual([]);
  expect(rows).toHaveLength(cases.length);
}

const many = <T>(make: () => T): readonly T[] => Array.from({ length: CASES }, make);

test(
  `[R11] months, expiries and the dates of a recertification agree with PostgreSQL in ${String(CASES)} cases`,
  async () => {
    const cases = many(() => ({ day: anyDay(), months: pick(121) - 60 }));
    const policy = new Policy();
    const ours = cases.map(({ day, months }) => {
      const { startDue, auditDue } = recertificationDates(day, policy);
      return {
        ...{ plus: addMonths(day, months), first: expiryFromDecision({ from: day }, policy).date },
        ...{ next: expiryFromOld({ from: day }, policy).date, start: startDue.date, audit: auditDue.date },
      };
    });
    await agree(
      cases,
      ours,
      `json_build_object(
       'plus', ((c->>'day')::date + make_interval(months => (c->>'months')::int))::date,
       'first', ((c->>'day')::date + interval '36 months')::date - 1,
       'next', ((c->>'day')::date + 1 + interval '36 months')::date - 1,
       'start', ((c->>'day')::date - interval '6 months')::date,
       'audit', ((c->>'day')::date - interval '3 months')::date)`,
    );
  },
  PATIENCE_MS,
);

/** A cycle with what was held in it, as the rules see it. */
function anyCycle() {
  const decidedOn = anyDay();
  const cycle = choose([1, 1, 2]);
  const expiry = expiryFromDecision({ from: decidedOn }, new Policy()).date;
  const recertificationOn = iso(Date.parse(expiry) - pick(300) * DAY);
  const startYear = cycle === 1 ? yearOf(decidedOn) : yearOf(decidedOn) - pick(2);
  const days = Array.from({ length: pick(3) }, () =>
    iso(Date.parse(decidedOn) + (30 + pick(900)) * DAY),
  ).sort();
  return { cycle, decidedOn, startYear, recertificationOn, held: days };
}

const rolled = (day: CivilDate): CivilDate =>
  isBusinessDay(day, mondayToFriday) ? day : rolled(iso(Date.parse(day) + DAY));

test(
  `[R11] the next surveillance by both rules agrees with PostgreSQL in ${String(CASES)} cases`,
  async () => {
    const cases = many(anyCycle);
    const ours = cases.map(({ held, ...cycle }) => {
      const next = nextSurveillance(
        cycle satisfies Cycle,
        held.map((on) => ({ on, year: yearOf(on) })),
        new Policy(),
      );
      return { due: next?.due.date ?? null, kind: next?.due.kind ?? null };
    });
    expect(rolled(civilDate('2028-09-30'))).toBe('2028-10-02');
    await agree(cases, ours, ORACLE);
  },
  PATIENCE_MS,
);

/** Hard: twelve months after a first decision; the end of the first year without one. Soft: the dates of the programme, rolled to a working day. */
const ORACLE = `(
  with given as (
    select (c->>'decidedOn')::date d, (c->>'recertificationOn')::date r, (c->>'cycle')::int cycle,
           (c->>'startYear')::int start, jsonb_array_length(c->'held') n,
           (select max(extract(year from h::date)::int) from jsonb_array_elements_text(c->'held') h) seen
  ), years as (
    select min(y) y from given, generate_series(greatest(start, coalesce(seen, 0)) + 1, extract(year from r)::int - 1) y
    where y > start
  ), soft as (
    select min(case extract(isodow from s) when 6 then s + 2 when 7 then s + 1 else s end) on_day from (
      select (d + interval '12 months')::date s from given where cycle > 1 and n = 0
      union all select (d + interval '24 months')::date from given where n = 1) one, given where s < r
  ), hard as (
    select least((select (d + interval '12 months')::date from given where cycle = 1 and n = 0),
                 (select make_date(y, 12, 31) from years where y is not null)) on_day
  )
  select json_build_object(
    'due', least(soft.on_day, hard.on_day),
    'kind', case when least(soft.on_day, hard.on_day) is null then null
                 when hard.on_day is null or soft.on_day < hard.on_day then 'soft' else 'hard' end)
  from soft, hard)`;

test('PostgreSQL knows every zone that the door takes', async () => {
  const { rows } = await pool.query<{ name: string }>('select name from pg_timezone_names');
  const known = new Set(rows.map(({ name }) => name.toLowerCase()));
  const taken = Intl.supportedValuesOf('timeZone').filter((name) => zone().safeParse(name).success);
  expect(taken.length).toBeGreaterThan(400);
  expect(taken.filter((name) => !known.has(name.toLowerCase()))).toEqual([]);
});

/** Zones of which both know the same clocks: their tables may be of different years, and that is not what is looked at here. */
async function zonesAlike(): Promise<readonly string[]> {
  const known = Intl.supportedValuesOf('timeZone');
  const noons = Array.from(
    { length: 2 * 100 },
    (_, n) => `${String(2000 + (n >> 1))}-0${n % 2 === 0 ? 1 : 7}-15`,
  );
  const { rows } = await pool.query<{ name: string; mornings: readonly string[] }>(
    `select name, array(select to_char((d::date + time '09:00') at time zone name at time zone 'UTC', 'HH24:MI')
       from unnest($1::text[]) with ordinality u(d, n) order by n) as mornings
     from pg_timezone_names where name = any($2) order by name`,
    [noons, known],
  );
  return rows
    .filter(({ name, mornings }) =>
      noons.every((day, n) => morningOf(day, name).slice(11, 16) === mornings[n]),
    )
    .map(({ name }) => name);
}

test(
  `[R11] when a day ends, and its morning, agree with PostgreSQL in ${String(CASES)} cases over all zones`,
  async () => {
    const zones = await zonesAlike();
    expect(zones.length).toBeGreaterThan(300);
    const cases = many(() => ({ day: anyDay(), zone: choose(zones) }));
    const ours = cases.map(({ day, zone }) => ({ end: endOfDate(day, zone), morning: morningOf(day, zone) }));
    const text = (of: string): string => `to_char(${of} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    await agree(
      cases,
      ours,
      `json_build_object(
       'end', ${text(`(select min(x) from generate_series(
          ((c->>'day')::date + 1)::timestamp at time zone (c->>'zone') - interval '3 hours',
          ((c->>'day')::date + 1)::timestamp at time zone (c->>'zone') + interval '3 hours', '15 minutes') x
          where (x at time zone (c->>'zone'))::date > (c->>'day')::date)`)},
       'morning', ${text(`((c->>'day')::date + time '09:00') at time zone (c->>'zone')`)})`,
    );
  },
  PATIENCE_MS,
);
