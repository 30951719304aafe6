import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine, Thing } from './machine.js';
import { machines } from './machines.js';
import { policyKeys } from './policy.js';
import { refusalCodes, type RuleId } from './refusal.js';
import { rules } from './rules.js';
import {
  codesNotShown,
  commandsNotDone,
  factsNotRecorded,
  placesIn,
  placesNotMet,
  refusalsNotShown,
  rulesNotNamed,
  stagesNotReached,
  unsaid,
} from './shown.js';
import { anyCommandRefuses, command, engine, by, given } from './specification.js';
import { Witness, watchedBy, type Tried } from './witness.js';

// All specifications are played once more before a witness: what none of them shows is told here, machine by machine.

const root = join(process.cwd(), 'libs/domain');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const specs = files.filter((file) => file.endsWith('.spec.ts'));
const notPlayed = ['shown.spec.ts', 'model.spec.ts', 'machines.spec.ts', 'rules.spec.ts'];
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const all = Object.values(machines);
const witness = new Witness();

type Body = (...row: readonly unknown[]) => unknown;

/** Collects the tests of the other specifications instead of running them, by standing in for `test` and `describe`. */
async function collected(): Promise<readonly (() => unknown)[]> {
  const bodies: (() => unknown)[] = [];
  const test = Object.assign((_: string, body: Body) => void bodies.push(body), {
    each: (table: readonly unknown[]) => (_: string, body: Body) => {
      for (const row of table) bodies.push(() => body(...(Array.isArray(row) ? (row as unknown[]) : [row])));
    },
  });
  const kept = { test: globalThis.test, describe: globalThis.describe };
  Object.assign(globalThis, { test, describe: (_: string, body: Body) => void body() });
  for (const file of specs.filter((one) => !notPlayed.includes(one)))
    await import(`./${file.replace(/\.ts$/, '.js')}`);
  Object.assign(globalThis, kept);
  return bodies;
}

beforeAll(async () => {
  watchedBy(witness);
  for (const body of await collected()) await body();
  watchedBy(undefined);
}, 60_000);

test('every stage of every machine is reached', () => {
  expect(stagesNotReached(all, witness.tried)).toEqual([]);
});

test('every command of every machine is done', () => {
  expect(commandsNotDone(all, witness.tried)).toEqual([]);
});

test('every code with which a command says that it refuses is shown with that very command', () => {
  expect(refusalsNotShown(all, witness.shown)).toEqual([]);
});

test('every guard has refused: each objection that stands in the code has stood in somebody’s way', () => {
  const sources = files.filter((file) => !file.endsWith('.spec.ts') && !/^(refusal|shown)\.ts$/.test(file));
  const found = sources.map((file) => placesIn(file, read(file)));
  expect(found.flatMap(({ unread }) => unread)).toEqual([]);
  const places = found.flatMap((one) => one.places);
  expect(places.length).toBeGreaterThan(150);
  expect(placesNotMet(places, witness.tried)).toEqual([]);
});

test('every fact that a machine knows is recorded', () => {
  // What closes a task comes with the facts of the command that it asked for, and is told in record.spec.ts.
  const byOthers = ['task.done', 'task.withdrawn', 'task.voided'];
  expect(factsNotRecorded(all, witness.tried)).toEqual(byOthers);
});

test('there is no code of a refusal or a warning that nothing shows', () => {
  const warnings = ['after-due-date', 'raw-reduction-beyond-cap'];
  expect(codesNotShown([...Object.keys(refusalCodes), ...warnings], witness.shown)).toEqual([]);
});

/** Rules by which any command can refuse, and that no row repeats. */
const anywhere: readonly RuleId[] = [
  ...(['R-GEN-1', 'R-GEN-6', 'R-EVD-1', 'R-EVD-2', 'R-CAL-14', 'INV-7', 'INV-13'] as const),
  ...(['SOD-10', 'SUP-0', 'I-13'] as const),
];

test('a command refuses with no code and by no rule that its row does not name', () => {
  const ofKeys = Object.values(policyKeys).map(({ rule }) => `draftPolicy refuses by ${rule}`);
  const found = unsaid(witness.tried, { codes: anyCommandRefuses, rules: anywhere });
  expect(found.filter((one) => !ofKeys.includes(one))).toEqual([]);
});

test('every rule that the domain knows is named in a specification, and every one that a row names is known', () => {
  const texts = specs.map(read);
  const named = all.flatMap(({ commands }) => Object.values(commands).flatMap((row) => row.rules));
  expect(named.filter((id) => rules[id] === undefined)).toEqual([]);
  expect(rulesNotNamed(Object.keys(rules), texts)).toEqual([]);
});

test('[S17] nothing that a person must do is ever on record as done by Perennial', () => {
  const facts = (made: (one: Tried) => boolean): readonly string[] =>
    witness.tried
      .filter(made)
      .flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []))
      .map(({ type }) => type);
  const ofPeople = facts(({ machine, command: name }) => machine.commands[name]?.person === true);
  const ofEngine = facts((one) => one.by === 'engine');
  // A date that follows from another, the question to the second of two, what opens a next step, and the end of what is owed no more
  // decide nothing.
  const harmless = [
    ...['area-of-concern.due-set', 'second.awaited', 'task.opened'],
    ...['audit.opened', 'dossier.opened', 'nonconformity.effectiveness-due', 'surveillance.closed'],
  ];
  expect(new Set(ofPeople).size).toBeGreaterThan(45);
  expect(new Set(ofEngine).size).toBeGreaterThan(12);
  expect(
    [...new Set(ofEngine)].filter((type) => ofPeople.includes(type) && !harmless.includes(type)),
  ).toEqual([]);
});

describe('a gap is seen', () => {
  const grow = {
    does: 'Grow.',
    who: [],
    from: [],
    to: [],
    rules: ['R-GEN-1'],
    refuses: ['on-hold'],
  } as const;
  const planted: Machine = {
    ...{ kind: 'weed', prefix: 'wed', id: 'SUP-0', stages: ['wild'], ends: [] },
    commands: { grow: { ...grow, record: () => [] } },
    evolve: { 'weed.grown': (state) => state },
    initial: (id) => ({ id, kind: 'weed', stage: 'none', entered: {}, organisation: '', texts: {} }),
    is: (thing): thing is Thing => thing.kind === 'weed',
  };
  const { tried, shown } = witness;

  test('a stage, a command, a refusal, a fact, a code or a rule that nobody shows', () => {
    expect(stagesNotReached([planted], tried)).toEqual(['weed: wild']);
    expect(commandsNotDone([planted], tried)).toEqual(['weed: grow']);
    expect(refusalsNotShown([planted], shown)).toEqual(['weed: grow refuses on-hold']);
    expect(factsNotRecorded([planted], tried)).toEqual(['weed.grown']);
    expect(codesNotShown(['on-hold', 'weed-too-high'], shown)).toEqual(['weed-too-high']);
    expect(rulesNotNamed(['R-GEN-1', 'R-GEN-12'], ['refuses R-GEN-12 alone'])).toEqual(['R-GEN-1']);
  });

  test('a guard that stood in nobody’s way, and one that cannot be read', () => {
    const source = "refusal('on-hold', ['I-13'], `Never said by ${who}.`); refusal(code, rules, said())";
    const { places, unread } = placesIn('weed.ts', source);
    expect(placesNotMet(places, tried)).toEqual(['weed.ts: on-hold ^Never said by .*\\.$']);
    expect(unread).toEqual(['weed.ts: 1']);
  });

  test('a refusal whose row does not name its code or its rule', () => {
    const refused = new Witness();
    watchedBy(refused);
    given().when(command('openTask', 'tsk_1', {}, { under: 'prg_1', version: 7 }), by(engine));
    watchedBy(undefined);
    const general = { codes: [], rules: [] };
    expect(unsaid(refused.tried, general)).toEqual([
      ...['openTask refuses stale-version', 'openTask refuses by INV-7'],
    ]);
  });
});
