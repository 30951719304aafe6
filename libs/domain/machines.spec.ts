import { machineOf, machines, machineWith } from './machines.js';
import type { Machine } from './machine.js';

/** Stages into which the commands of other machines lead, in the same transaction. */
const movedByOthers: Readonly<Record<string, readonly string[]>> = {
  certificate: ['active'],
  nonconformity: ['released'],
  programme: ['certified', 'recertifying', 'lapsed'],
  surveillance: ['forecast', 'inProgress', 'reported', 'decided'],
  recertification: [
    ...['forecast', 'inProgress', 'reported', 'decided', 'newCycle', 'restored', 'fullStage2Required'],
  ],
  'readiness-step': ['notStarted', 'closed'],
  task: ['done', 'void', 'withdrawn'],
};

const all = Object.entries(machines);

function reached({ kind, commands }: Machine): ReadonlySet<string> {
  const seen = new Set(['none', ...(movedByOthers[kind] ?? [])]);
  for (let before = 0; before < seen.size;) {
    before = seen.size;
    Object.values(commands)
      .filter(({ from }) => from.includes('*') || from.some((stage) => seen.has(stage)))
      .forEach(({ to }) => {
        to.forEach((stage) => seen.add(stage));
      });
  }
  return seen;
}

test.each(all)(
  '%s: every stage can be reached from nothing, and no command leads elsewhere',
  (kind, machine) => {
    expect(machine.kind).toBe(kind);
    const stages = reached(machine);
    expect(machine.stages.filter((stage) => !stages.has(stage))).toEqual([]);
    const named = Object.values(machine.commands).flatMap(({ from, to }) => [...from, ...to]);
    expect(named.filter((stage) => !['none', '*', ...machine.stages].includes(stage))).toEqual([]);
  },
);

test.each(all)('%s: an end is a stage, and what can happen after it says so', (_, machine) => {
  expect(machine.ends.filter((end) => !machine.stages.includes(end))).toEqual([]);
});

test.each(all)(
  '%s: each command says what it does in a sentence, and names the rules behind it',
  (_, { commands }) => {
    const silent = Object.entries(commands).filter(
      ([, { does, rules }]) => !/^[A-Z].*\.$/.test(does) || rules.length === 0,
    );
    expect(silent).toEqual([]);
  },
);

test('two machines share no prefix of ids', () => {
  const prefixes = all.map(([, { prefix }]) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
});

test('a word that two machines use is told apart by the id of the thing', () => {
  expect(machineWith('askForInformation', 'prg_1').kind).toBe('programme');
  expect(machineWith('askForInformation', 'dec_1').kind).toBe('dossier');
  expect(() => machineWith('grantEverything')).toThrow(RangeError);
  expect(() => machineOf('unicorn')).toThrow(RangeError);
});
