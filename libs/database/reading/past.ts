import type { ClientBase } from 'pg';
import type { Id } from '#domain/actor.js';
import { thingThen, type Bounds, type Then } from '#domain/as-of.js';
import { instant, isInstant, type Instant } from '#domain/instant.js';
import type { Thing } from '#domain/machine.js';
import { machineOf } from '#domain/machines.js';
import { zoneOf } from '#domain/programme/zone.js';
import { endOfDate } from '#platform/zone.js';
import { factOf, type Read } from '../ledger/entry.js';
import { prepared } from '../prepared.js';
import { thingsOf, type Behind, type Page, type Shown, type Which } from './things.js';

/** How many things are looked at in one round, when a page asks for fewer. */
const ROUND = 50;
/** How many things one page of the past goes through at most; behind them it goes on with the next. */
const MOST_LOOKED_AT = 1_000;

/** A thing as it was, with what led there. */
export interface Look {
  /** All its entries, in the order of their versions. */
  readonly entries: readonly Read[];
  /** The zone in which its days end, as far as it was known then. */
  readonly zone: string;
  readonly bounds: Bounds;
  /** Nothing when it did not exist then. */
  readonly past?: Shown;
}

/** A row of a list of the past. */
export type PastRow = Look & { readonly past: Shown };

/** A thing as it was: reads all its entries, and those of its programme and its organisation. */
export async function lookAt(client: ClientBase, shown: Shown, then: Then): Promise<Look> {
  return looking(shown, await livesAround(client, [shown]), then);
}

export interface PastPage {
  readonly rows: readonly PastRow[];
  /** Where the next page begins; nothing on the last one. */
  readonly next?: Behind;
}

/**
 * Things of a kind as they were, in the order in which they were made. What never changes (kind, programme, about) narrows
 * the candidates; stage and other members are asked of the past. A round reads all entries of a page of candidates, at least
 * fifty, in two queries; a filter that few satisfy takes more rounds, up to a thousand things, and then ends the page early.
 */
export async function thingsThen(
  client: ClientBase,
  which: Which,
  { limit, behind }: Pick<Page, 'limit' | 'behind'>,
  then: Then,
): Promise<PastPage> {
  const { stages: _, match: __, ...lasting } = which;
  const wanted = { ...lasting, ...(then.knownAt ? { createdUntil: then.knownAt } : {}) };
  const rows: PastRow[] = [];
  let from = behind;
  const size = Math.max(limit + 1, ROUND);
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += size) {
    const round = await thingsOf(client, wanted, { limit: size, ...(from ? { behind: from } : {}) });
    const lives = await livesAround(client, round);
    rows.push(
      ...round
        .map((shown) => looking(shown, lives, then))
        .filter(existed)
        .filter(isOf(which)),
    );
    const last = rows[limit - 1];
    if (rows.length > limit && last) return { rows: rows.slice(0, limit), next: placeOf(last.past) };
    const lastLooked = round[size - 1];
    if (!lastLooked) return { rows };
    from = placeOf(lastLooked);
  }
  return { rows, ...(from ? { next: from } : {}) };
}

const existed = (one: Look): one is PastRow => one.past !== undefined;

const isOf =
  ({ stages, match = {} }: Which) =>
  ({ past: { thing } }: PastRow): boolean => {
    const members = new Map<string, unknown>(Object.entries(thing));
    return (
      (stages === undefined || stages.includes(thing.stage)) &&
      Object.entries(match).every(([name, value]) => members.get(name) === value)
    );
  };

const placeOf = ({ createdAt, thing }: Shown): Behind => ({ at: createdAt, id: thing.id });

/** The latest instant that may be asked about: what the clock of a thing shows, or the latest clock that a reader sees. */
export async function clockOver(client: ClientBase, real: Instant, owner?: Id): Promise<Instant> {
  const text = `select perennial.iso(coalesce(
      max(b.now) filter (where m.organisation in (perennial.mine(), $1::text)),
      case when $1::text is null then greatest(max(b.now), $2::timestamptz) end,
      $2::timestamptz)) as now
    from perennial.sandbox_member m join perennial.sandbox b on b.id = m.sandbox`;
  const { rows } = await client.query<{ now: Instant }>(prepared(text, [owner ?? null, real]));
  return rows[0]?.now ?? real;
}

function looking({ thing, sandbox }: Shown, lives: Lives, then: Then): Look {
  const entries = lives.get(thing.id) ?? [];
  const zone = zoneThen(thing, lives, then);
  const bounds = boundsOf(then, zone);
  const past = thingThen(
    machineOf(thing.kind),
    entries.map(({ fact }) => fact),
    bounds,
  );
  return { entries, zone, bounds, ...(past ? { past: { ...past, sandbox } } : {}) };
}

function boundsOf({ asOf, knownAt }: Then, zone: string): Bounds {
  return {
    ...(asOf === undefined ? {} : { effectiveBy: isInstant(asOf) ? asOf : lastInstantOf(asOf, zone) }),
    ...(knownAt === undefined ? {} : { recordedBy: knownAt }),
  };
}

/** The last instant that can be written, where the day ends after it. */
function lastInstantOf(day: string, zone: string): Instant {
  const last = new Date(Date.parse(endOfDate(day, zone)) - 1).toISOString();
  return isInstant(last) ? last : instant('2199-12-31T23:59:59.999Z');
}

function zoneThen(thing: Thing, lives: Lives, { knownAt }: Then): string {
  const bounds = knownAt === undefined ? {} : { recordedBy: knownAt };
  const around = belongings(thing).flatMap((id) => {
    const entries = lives.get(id) ?? [];
    const kind = entries[0]?.kind;
    if (kind === undefined) return [];
    const facts = entries.map(({ fact }) => fact);
    return thingThen(machineOf(kind), facts, bounds)?.thing ?? [];
  });
  return zoneOf(around, thing.organisation) ?? 'UTC';
}

/** The programme and the organisation whose zones govern a thing. */
const belongings = ({ kind, id, programme, organisation }: Thing): readonly Id[] => [
  ...(kind === 'programme' ? [id] : programme === undefined ? [] : [programme]),
  organisation,
];

type Lives = ReadonlyMap<Id, readonly Read[]>;

/** All entries of the things and of what governs them, each in the order of versions. */
async function livesAround(client: ClientBase, those: readonly Shown[]): Promise<Lives> {
  const ids = new Set(those.flatMap(({ thing }) => [thing.id, ...belongings(thing)]));
  const { rows } = await client.query<{ body: string }>(
    `select convert_from(body, 'UTF8') as body from perennial.ledger_entry
     where stream = any ($1) order by stream, version`,
    [[...ids]],
  );
  return Map.groupBy(
    rows.map(({ body }) => factOf(body)),
    ({ fact }) => fact.stream,
  );
}
