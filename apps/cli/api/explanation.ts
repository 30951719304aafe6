import { PerennialProblem, type Client } from '#client/client.js';
import type { Collection } from '#contract/collection.js';
import { collections } from '#contract/routes/all.js';
import { entries } from '#contract/routes/entries.js';
import { obligations } from '#contract/routes/obligations.js';
import { programmes } from '#contract/routes/programmes.js';
import { thingShape, type entryShape } from '#contract/shapes.js';
import type { ExplainedDate } from '#domain/explanation.js';
import { civilDateAt } from '#platform/zone.js';
import { z } from 'zod';
import { Mistyped } from './mistyped.js';
import { isRuleDate, isSame, ruleDatesIn } from './rule-dates.js';

export type Fact = z.output<typeof entryShape>;
type Owed = Awaited<ReturnType<typeof owedPage>>['data'][number];
type Thing = z.output<typeof thingShape>;
type FactsPage = { readonly data: readonly Fact[]; readonly nextPageToken: string | null };

/** A date with the way to it, and the facts behind it. */
export interface Explained {
  /** The key of what is owed, or the member of the thing that holds the date. */
  readonly name: string;
  readonly what: string;
  readonly thing: string;
  readonly owedBy: readonly string[];
  readonly date: ExplainedDate;
  /** The facts with which it was set; several where several dates were made in the same way. */
  readonly setBy: readonly Fact[];
  /** Where no person set it on the day from which it counts: what people did on that day, with the thing itself if they did. */
  readonly ofThatDay: readonly Fact[];
}

export interface Explanation {
  readonly thing: Thing;
  /** The day of a fact, in the zone in which the dates are read. */
  readonly dayOf: Past['dayOf'];
  readonly dates: readonly Explained[];
}

/**
 * Every date that a thing owes, and every other date of a rule that it holds; of a programme, also what its things owe.
 * @throws Mistyped for an id that is none, and for a name that is not among its dates
 */
export async function explain(client: Client, id: string, name?: string): Promise<Explanation> {
  const { thing, collection } = await find(client, id);
  const owed = await owedBy(client, collection, thing);
  const facts = await factsAround(client, collection, thing);
  const dayOf = days(await zoneOf(client, thing));
  const due = owed.flatMap(({ key, what, owedBy: roles, thing: whose, due: date }) =>
    isRuleDate(date) ? [{ name: key, what, thing: whose, owedBy: roles, date }] : [],
  );
  const held = ruleDatesIn(thing)
    .filter(([, date]) => !due.some((one) => one.thing === thing.id && isSame(one.date, date)))
    .map(([member, date]) => ({ name: member, what: '', thing: thing.id, owedBy: [], date }));
  const dates = [...due, ...held];
  const wanted = name === undefined ? dates : dates.filter((one) => one.name === name);
  if (wanted.length === 0 && name !== undefined)
    throw new Mistyped([`${name}: no such date. There are: ${dates.map((one) => one.name).join(', ')}.`]);
  return { thing, dates: wanted.map((one) => ({ ...one, ...behind(one, { facts, dayOf }) })), dayOf };
}

/** Facts are looked at in their order; `dayOf` gives their days in the zone of the programme. */
function behind({ date, thing }: Pick<Explained, 'date' | 'thing'>, { facts, dayOf }: Past) {
  let most = 0;
  const setBy = facts.filter(({ stream, data }) => {
    const held = stream === thing ? ruleDatesIn(data).filter(([, one]) => isSame(one, date)).length : 0;
    const isNew = held > most;
    most = Math.max(most, held);
    return isNew;
  });
  const day = (date.basis.find((one) => one.date === date.date) ?? date.basis[0])?.anchor.date;
  const isOfThatDay = (fact: Fact): boolean => isByPerson(fact) && dayOf(fact) === day;
  const acts = setBy.some(isOfThatDay) ? [] : facts.filter(isOfThatDay);
  const own = acts.filter(({ stream }) => stream === thing);
  return { setBy, ofThatDay: own.length > 0 ? own : acts };
}

/** What people do with their tasks follows from what they do. */
const isByPerson = ({ actor, kind }: Fact): boolean => actor.role !== 'engine' && kind !== 'task';

/** The facts around a thing, and on which day each counts. */
interface Past {
  readonly facts: readonly Fact[];
  readonly dayOf: (fact: Pick<Fact, 'effectiveAt'>) => string;
}

const days =
  (zone: string): Past['dayOf'] =>
  ({ effectiveAt }) =>
    civilDateAt(effectiveAt, zone);

const zoned = z.looseObject({ governingZone: z.string() });

/** The zone in which the dates of a programme are read. */
async function zoneOf(client: Client, { id, object, programme }: Thing): Promise<string> {
  const whole = object === 'programme' ? id : programme;
  if (whole === null) return 'UTC';
  return zoned.parse(await client.call(programmes.get, { params: { id: whole } })).governingZone;
}

async function find(client: Client, id: string): Promise<{ thing: Thing; collection: Collection }> {
  const those = collections.filter((collection) => isOf(collection, id));
  if (those.length === 0)
    throw new Mistyped([`${id}: this is no id such as fnd_…, and no number such as N-2029-0001.`]);
  for (const collection of those.slice(0, -1)) {
    const thing = await thingBy(client, collection, id).catch(notFound);
    if (thing) return { thing, collection };
  }
  const last = those.at(-1) ?? those[0];
  if (last === undefined) throw new Mistyped([id]);
  return { thing: await thingBy(client, last, id), collection: last };
}

function notFound(error: unknown): undefined {
  if (error instanceof PerennialProblem && error.problem.code === 'not-found') return undefined;
  throw error;
}

/** By the prefix of the id, or by the series of the number: `N` is that of findings and of remarks. */
const isOf = ({ prefix, machine }: Collection, id: string): boolean =>
  id.startsWith(`${prefix}_`) ||
  Object.values(machine.commands).some(({ series }) => series !== undefined && id.startsWith(`${series}-`));

async function thingBy(client: Client, { get }: Collection, id: string) {
  return thingShape.parse(await client.call(get, { params: { id }, query: { include: 'explanations' } }));
}

async function owedBy(client: Client, collection: Collection, { id }: Thing): Promise<readonly Owed[]> {
  const own = (await client.call(collection.obligations, { params: { id } })).data;
  if (collection.kind !== 'programme') return own;
  const all: Owed[] = [...own];
  for (let token: string | undefined = ''; token !== undefined;) {
    const page = await owedPage(client, id, token);
    all.push(
      ...page.data.filter(({ thing, key }) => !own.some((one) => one.thing === thing && one.key === key)),
    );
    token = page.nextPageToken ?? undefined;
  }
  return all;
}

const pageOf = (token: string): Record<string, string> => ({
  pageSize: '200',
  ...(token === '' ? {} : { pageToken: token }),
});

const owedPage = (client: Client, programme: string, token: string) =>
  client.call(obligations.list, { query: { programme, ...pageOf(token) } });

/** The facts of its programme, since a date may count from what happened to another thing; else its own. */
async function factsAround(client: Client, collection: Collection, thing: Thing): Promise<readonly Fact[]> {
  const whole = collection.kind === 'programme' ? thing.id : thing.programme;
  const facts: Fact[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const page: FactsPage =
      whole === null
        ? await client.call(collection.entries, { params: { id: thing.id }, query: pageOf(token) })
        : await client.call(entries.list, { query: { programme: whole, ...pageOf(token) } });
    facts.push(...page.data);
    token = page.nextPageToken ?? undefined;
  }
  return facts;
}
