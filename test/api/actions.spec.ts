import fc from 'fast-check';
import { collections } from '#contract/routes/all.js';
import { apiKeys } from '#contract/routes/people.js';
import { programmes } from '#contract/routes/programmes.js';
import { problemShape, type Problem } from '#contract/problem.js';
import type { CommandRule } from '#domain/machine.js';
import { leastBody } from './support/bodies.js';
import { certification } from './support/certification.js';
import { ApiDoor } from './support/door.js';
import { changing, each } from './support/generated.js';
import { leavesNothing, look } from './support/traces.js';

const RUNS = 120;

interface Standing {
  readonly id: string;
  readonly kind: string;
  readonly stage: string;
  readonly organisation: string;
  readonly shared: boolean;
}

/** Somebody or something that may act, and a thing that stands before them. */
interface Pair {
  readonly token: string;
  readonly thing: Standing;
}

interface Action {
  readonly name: string;
  readonly allowed: boolean;
  readonly href: string;
  readonly refusal?: { readonly code: string; readonly rules: readonly string[] };
}

let door: ApiDoor;
const pairs: Pair[] = [];

beforeAll(async () => {
  door = await ApiDoor.open();
  for (const day of ['2026-10-26', '2027-02-10', '2027-05-20', '2027-06-30'])
    pairs.push(...(await until(day, day === '2027-05-20')));
}, 180_000);
afterAll(() => door.close());

/**
 * A certification as it stood on a day, perhaps on hold: everybody with each kind of thing at each stage that they see, those first
 * on which a second is awaited; and with all people, themselves among them.
 */
async function until(day: string, held: boolean): Promise<readonly Pair[]> {
  const { people, names } = await certification(door, day);
  const tokenOf = (name: string): string => people.find(({ id }) => id === names.find(name))?.token ?? '';
  const programme = names.id('programme');
  if (held) await hold(programme, tokenOf('greta'));
  const organisations = [...new Set(people.map(({ organisation }) => organisation))];
  const [client = ''] = organisations;
  const things = await look<Standing>(
    door,
    `select distinct on (kind, stage, organisation, who) id, kind, stage, organisation, visibility = 'both' as shared
     from perennial.stream cross join lateral (select case when kind = 'person' then id end as who) p
     where organisation = any ($1) order by kind, stage, organisation, who, state -> 'awaited' is null, id`,
    [organisations],
  );
  const key = { organisation: client, roles: ['aims-manager' as const], scopes: ['act' as const] };
  const made = await door.as(tokenOf('ines')).call(apiKeys.commands.makeKey, { key: 'a-key', body: key });
  const own = people.map(({ token, organisation }) => ({ token, organisation }));
  return [...own, { token: made.secret ?? '', organisation: client }].flatMap(({ token, organisation }) =>
    things
      .filter((thing) => thing.shared || thing.organisation === organisation)
      .map((thing) => ({ token, thing })),
  );
}

async function hold(id: string, token: string): Promise<void> {
  const { version } = await door.as(token).call(programmes.get, { params: { id } });
  const asked = { token, key: 'holds', version, body: { reason: 'A payment is open' } };
  expect(await door.send('POST', `/v1/programmes/${id}/hold-programme`, asked)).toMatchObject({
    status: 200,
  });
}

const ruleOf = ({ kind }: Standing, name: string): CommandRule | undefined =>
  collections.find((one) => one.kind === kind)?.machine.commands[name];

/** What is asked of every command before its input is looked at, and the rule behind each. */
const beforeInput: Readonly<Record<string, string>> = {
  ...{ 'not-permitted': 'R-GEN-1', 'person-required': 'R-GEN-1', 'wrong-state': 'INV-7', 'on-hold': 'I-13' },
  ...{ 'separation-of-duties': 'SOD-10', 'four-eyes-required': 'SUP-0' },
};

/** True for a refusal that the input, or the lack of it, may have caused: the list of actions could not know it. */
function ofInput({ code, rules }: Problem, rule: CommandRule | undefined): boolean {
  const known = beforeInput[code];
  return known === undefined || (!rules.includes(known) && rule?.guard !== undefined);
}

/** Tries one action of a list; answers what does not agree with it. */
async function tried(
  action: Action,
  thing: Standing,
  version: number,
  token: string,
): Promise<string | undefined> {
  const { name, allowed, href, refusal } = action;
  const route = changing.find((one) => one.name === name && href.startsWith(one.path.split('{')[0] ?? ''));
  const headers: Record<string, string> = allowed ? { 'perennial-dry-run': 'true' } : {};
  const sent = { token, key: 'tries', version, headers, body: route ? leastBody(route) : {} };
  const { status, bytes } = await door.send('POST', href, sent);
  const about = `${name} of ${thing.kind} ${thing.stage}`;
  if (status < 300) return allowed ? undefined : `${about}: listed as ${String(refusal?.code)}, and done`;
  const problem = problemShape.parse(JSON.parse(bytes.toString()));
  if (!allowed)
    return sameRefusal(problem, refusal)
      ? undefined
      : `${about}: listed as ${String(refusal?.code)}, refused as ${problem.code}`;
  return ofInput(problem, ruleOf(thing, name))
    ? undefined
    : `${about}: listed as allowed, refused as ${problem.code}`;
}

const sameRefusal = (problem: Problem, refusal: Action['refusal']): boolean =>
  problem.code === refusal?.code && problem.rules.join() === refusal.rules.join();

/** What a GET lists of a thing, and the version that it tells. */
async function listed({ token, thing }: Pair): Promise<{ actions: readonly Action[]; version: number }> {
  const collection = collections.find(({ kind }) => kind === thing.kind);
  const path = `/v1/${collection?.name ?? ''}/${thing.id}?include=actions.all`;
  const got = await door.send('GET', path, { token });
  return JSON.parse(got.bytes.toString()) as { actions: Action[]; version: number };
}

/** For each code the first pair whose list has it: tried first, so that no code is left to chance. */
async function pairsWith(codes: readonly string[]): Promise<readonly Pair[]> {
  const [found, left] = [new Set<Pair>(), new Set(codes)];
  for (const pair of pairs) {
    if (left.size === 0) break;
    const { actions } = await listed(pair);
    if (actions.some(({ refusal }) => refusal && left.delete(refusal.code))) found.add(pair);
  }
  expect([...left]).toEqual([]);
  return [...found];
}

test('what the list of actions says and what comes of the command agree, whoever asks, of whatever thing, at whatever stage', async () => {
  const told = { allowed: 0, refused: 0 };
  const first = await pairsWith(Object.keys(beforeInput));
  await leavesNothing(door, () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...pairs), async (pair) => {
        const { actions, version } = await listed(pair);
        const wrong = await each(actions, (action) => tried(action, pair.thing, version, pair.token));
        expect(wrong.filter((one) => one !== undefined)).toEqual([]);
        actions.forEach(({ allowed }) => (told[allowed ? 'allowed' : 'refused'] += 1));
      }),
      { numRuns: RUNS, examples: first.map((pair): [Pair] => [pair]), endOnFailure: true },
    ),
  );
  expect(told.refused).toBeGreaterThan(RUNS);
  expect(told.allowed).toBeGreaterThan(RUNS / 10);
}, 120_000);

test('a list of actions has every command of the machine that a person or a key may issue, and mine is a part of all', async () => {
  const { token, thing } = pairs.find((one) => one.thing.kind === 'programme') ?? {};
  const path = `/v1/programmes/${thing?.id ?? ''}`;
  const named = async (include: string) => {
    const got = await door.send('GET', `${path}?include=${include}`, { token: token ?? '' });
    return (JSON.parse(got.bytes.toString()) as { actions: Action[] }).actions;
  };
  const [all, mine] = [await named('actions.all'), await named('actions')];
  const expected = changing.filter(({ collection }) => collection === 'programmes').map(({ name }) => name);
  expect(all.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
  expect(mine).toEqual(all.filter(({ refusal }) => refusal?.code !== 'not-permitted'));
  expect(mine.length).toBeLessThan(all.length);
});
