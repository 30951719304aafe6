import type { Route } from '#contract/route.js';
import { bodyWith, leastBody, membersOf, parametersOf, schemaOf, type Schema } from './support/bodies.js';
import { ApiDoor, type Sent } from './support/door.js';
import { addressOf, closed, each, taking } from './support/generated.js';
import type { Somebody } from './support/people.js';
import { leavesNothing } from './support/traces.js';
import { SmallWorld } from './support/world.js';

let door: ApiDoor;
let ana: Somebody;
beforeAll(async () => {
  door = await ApiDoor.open();
  ana = await (await SmallWorld.make(door)).person('client', 'aims-manager');
}, 180_000);
afterAll(() => door.close());

/** A request of somebody who may knock, right in everything but what is said here. */
const asking = (more: Sent): Sent => ({ token: ana.token, key: 'bad-input', version: 1, ...more });

/** What is wrong with a body, place by place. */
const found = async (route: Route, body: unknown): Promise<readonly string[]> => {
  const { code, errors } = await door.problem(route.method, addressOf(route), asking({ body }));
  expect(code).toBe('invalid-body');
  return errors.map((one) => `${one.pointer ?? ''} ${one.code}`).toSorted();
};

/** A value that no schema of this type takes. */
function wrongFor({ type, anyOf }: Schema): unknown {
  if (anyOf) return { surprise: true };
  return type === 'string' ? 17 : 'surprise';
}

test('every route that takes a body refuses a member that it does not know, and says where it stands', async () => {
  const answers = await leavesNothing(door, () =>
    each(taking, (route) => found(route, { ...leastBody(route), surprise: 1 })),
  );
  expect(taking.length).toBeGreaterThan(100);
  expect(answers.flat().filter((at) => at !== '/surprise unknown-member')).toEqual([]);
  expect(answers.flat().length).toBe(taking.length);
}, 180_000);

/** The input of a command in a batch is checked by the route of that command. */
const takesAnything = ({ additionalProperties: others }: Schema): boolean =>
  typeof others === 'object' && Object.keys(others).length === 0;

test('a member that nobody knows is found however deep it lies', async () => {
  const deep = taking.flatMap((route) =>
    membersOf(schemaOf(route) ?? {})
      .filter(({ schema }) => schema.type === 'object' && !takesAnything(schema))
      .map((member) => ({ route, member })),
  );
  const answers = await leavesNothing(door, () =>
    each(deep, async ({ route, member }) => ({
      at: await found(route, bodyWith([[member, { surprise: 1 }]])),
      pointer: `${member.pointer}/surprise unknown-member`,
    })),
  );
  expect(deep.length).toBeGreaterThan(100);
  expect(answers.filter(({ at, pointer }) => !at.includes(pointer))).toEqual([]);
}, 180_000);

test('every route says of each member that is missing that it is required', async () => {
  const needing = taking.filter((route) => (schemaOf(route)?.required ?? []).length > 0);
  const answers = await leavesNothing(door, () =>
    each(needing, async (route) => ({
      route: route.name,
      at: await found(route, {}),
      required: schemaOf(route)
        ?.required?.map((name) => `/${name} required`)
        .toSorted(),
    })),
  );
  expect(needing.length).toBeGreaterThan(40);
  expect(answers.filter(({ at, required }) => at.join() !== required?.join())).toEqual([]);
});

test('every route says of each member that has the wrong type where it stands', async () => {
  const answers = await leavesNothing(door, () =>
    each(taking, async (route) => {
      const members = membersOf(schemaOf(route) ?? {}).filter(({ path }) => path.length === 1);
      const at = await found(route, bodyWith(members.map((one) => [one, wrongFor(one.schema)])));
      const told = at.map((one) => one.split(' ')[0]);
      return { route: route.name, silent: members.filter(({ pointer }) => !told.includes(pointer)) };
    }),
  );
  expect(answers.filter(({ silent }) => silent.length > 0)).toEqual([]);
});

test('a text or a list that is longer than it may be is refused where it stands', async () => {
  const places = taking.flatMap((route) =>
    membersOf(schemaOf(route) ?? {})
      .filter(({ path, schema }) => path.length === 1 && (schema.maxLength ?? schema.maxItems) !== undefined)
      .map((member) => ({ route, member })),
  );
  const one = places.filter(({ route }, place) => route.name !== places[place + 1]?.route.name);
  const answers = await each(one, async ({ route, member }) => {
    const { maxLength = 0, maxItems = 0 } = member.schema;
    const value =
      maxLength > 0 ? 'x'.repeat(maxLength + 1) : Array.from({ length: maxItems + 1 }, () => ({}));
    const at = await found(route, bodyWith([[member, value]]));
    return at.includes(`${member.pointer} too-long`);
  });
  expect(answers.length).toBeGreaterThan(100);
  expect(answers.filter((told) => !told)).toEqual([]);
}, 180_000);

test('every route refuses a parameter that it does not know', async () => {
  const answers = await leavesNothing(door, () =>
    each(closed, async (route) => {
      const body = route.body ? { body: leastBody(route) } : {};
      const { code, errors } = await door.problem(
        route.method,
        `${addressOf(route)}?surprise=1`,
        asking(body),
      );
      return { route: route.name, code, parameter: errors[0]?.parameter };
    }),
  );
  expect(answers).toEqual(
    closed.map(({ name }) => ({ route: name, code: 'unknown-parameter', parameter: 'surprise' })),
  );
}, 180_000);

test('every parameter of every route is refused when its value is not of the right form', async () => {
  const cases = closed.flatMap((route) =>
    Object.entries(parametersOf(route)).flatMap(([name, schema]) =>
      wrongWords(name, schema).map((word) => ({ route, name, word })),
    ),
  );
  const answers = await leavesNothing(door, () =>
    each(cases, async ({ route, name, word }) => {
      const query = new URLSearchParams([[name, word]]).toString();
      const { code, errors } = await door.problem(route.method, `${addressOf(route)}?${query}`, asking({}));
      const told = `${code} ${errors.map((one) => one.parameter).join()}`;
      return {
        asked: `${route.name} ${name}=${word.slice(0, 20)}`,
        told,
        right: `invalid-parameter ${name}`,
      };
    }),
  );
  expect(cases.length).toBeGreaterThan(300);
  expect(answers.filter(({ told, right }) => told !== right)).toEqual([]);
}, 180_000);

/** Values that a parameter must not take. */
function wrongWords(name: string, { format, enum: words, maxLength }: Schema): readonly string[] {
  if (name === 'pageSize') return ['0', '201', '-1', '1.5', 'many', '1e2', '', '0x10', '1 '];
  if (name === 'after') return ['-1', 'first', '1.5', ''];
  if (name === 'include') return ['everything', 'actions,', ',', 'actions.none'];
  if (format === 'date') return ['2029-02-31', 'soon', ''];
  if (words) return ['surprise', ''];
  return maxLength === undefined ? ['surprise', ''] : ['', 'x'.repeat(maxLength + 1)];
}

test('a parameter that is given twice is refused', async () => {
  const problem = await door.problem('GET', '/v1/findings?pageSize=1&pageSize=2', asking({}));
  expect(problem).toMatchObject({ code: 'invalid-parameter', errors: [{ parameter: 'pageSize' }] });
});
