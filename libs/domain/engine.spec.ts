import { act, mayAct, stood, type Situation } from './act.js';
import { clientRoles, bodyRoles, isRole, neutralRoles, type Actor, type Role } from './actor.js';
import { actorOfKey, apiKeyMachine, rolesOfKeys } from './api-key/api-key.js';
import { civilDate, instant } from './instant.js';
import type { CommandRule, Machine } from './machine.js';
import { machines } from './machines.js';
import { Policy } from './policy.js';
import { engine, machineAccount, person } from './specification.js';

// R-GEN-1, told of every row of every table: what a person must do, neither Perennial nor a key does.

interface Row {
  readonly name: string;
  readonly machine: Machine;
  readonly command: string;
  readonly rule: CommandRule;
}

const rows: readonly Row[] = Object.values(machines).flatMap((machine) =>
  Object.entries(machine.commands).map(([command, rule]) => ({
    ...{ name: `${machine.kind}: ${command}`, machine, command, rule },
  })),
);
const every: readonly Role[] = [...clientRoles, ...bodyRoles, ...neutralRoles];
const forPeople = rows.filter(({ rule }) => rule.person);
const [today, now] = [civilDate('2029-03-01'), instant('2029-03-01T10:00:00.000Z')];

/** The key that holds all roles that a key may hold, and one that holds every role there is, however it came by them. */
const key = actorOfKey({
  ...apiKeyMachine.initial('key_1'),
  ...{ stage: 'active', roles: rolesOfKeys, madeOn: today, expiresOn: today },
});
const forged = machineAccount({ id: 'key_2', roles: every });

/** Both sides of a programme are the actor's own, so that no role is missing for that reason. */
const sides = ({ organisation }: Actor) => ({ client: organisation, certificationBody: organisation });

const situation = (machine: Machine, stage: string, actor: Actor): Situation => ({
  ...{ subject: { ...machine.initial('x_1'), stage, ...sides(actor) }, version: 0, actor },
  ...{ now, today, zone: 'Etc/UTC' },
  ...{ policy: new Policy(), things: [], newNumber: '', sandbox: false },
  newId: (prefix) => `${prefix}_new`,
});

/** The codes with which an actor is refused a command, in every stage from which it can be issued. */
function refusedBy({ machine, command, rule }: Row, actor: Actor): readonly string[] {
  const stages = rule.from.includes('*') ? machine.stages : rule.from;
  return stages.flatMap((stage) => {
    const there = situation(machine, stage, actor);
    const outcome = act(machine, { type: command, stream: 'x_1', input: {}, reason: 'So' }, there);
    const possible = mayAct(machine, command, stood(there));
    expect('refused' in possible).toBe(true);
    return 'refused' in outcome ? outcome.refused.slice(0, 1).map(({ code }) => code) : ['done'];
  });
}

const unique = (codes: readonly string[]): readonly string[] => [...new Set(codes)];

test.each(forPeople.map((row) => [row.name, row] as const))(
  '[S17] the engine decides nothing that a person must decide: %s refuses Perennial and every key',
  (_, row) => {
    expect(unique(refusedBy(row, engine))).toEqual(['not-permitted']);
    expect(unique(refusedBy(row, forged))).toEqual(['person-required']);
    for (const code of refusedBy(row, key)) expect(['not-permitted', 'person-required']).toContain(code);
  },
);

test('[S17] every command of people is among them by its name, and none that Perennial may issue is', () => {
  const judges =
    /^(accept|reject|approve|confirm|decide|verify|agree|sign|find|uphold|regrade|retract|conclude|recommend|require|qualify|requalify|suspend|cast|decline|declare|resolve)/;
  const prepares = ['declareInterest'];
  const unmarked = rows.filter(
    ({ command, rule }) => judges.test(command) && !rule.person && !prepares.includes(command),
  );
  expect(unmarked.map(({ name }) => name)).toEqual([]);
  expect(forPeople.filter(({ rule }) => rule.who.includes('engine'))).toEqual([]);
  expect(forPeople.length).toBeGreaterThan(45);
});

test('[S17] Perennial acts in no role of people, and no role of people acts for it', () => {
  const ofEngine = rows.filter(({ rule }) => rule.who.includes('engine'));
  expect(ofEngine.length).toBeGreaterThan(12);
  for (const { rule } of ofEngine) expect([rule.person ?? false, rule.and ?? []]).toEqual([false, []]);
  const others = rows.filter(({ rule }) => !rule.who.includes('engine'));
  for (const row of others) expect(unique(refusedBy(row, engine))).toEqual(['not-permitted']);
  const only = ofEngine.filter(({ rule }) => rule.who.length === 1);
  for (const row of only) expect(unique(refusedBy(row, person({ roles: every })))).toEqual(['not-permitted']);
});

test('[S17] where two must act, the second is a person whatever the first was', () => {
  const twofold = rows.filter(({ rule }) => rule.and !== undefined);
  expect(twofold.length).toBeGreaterThan(5);
  for (const row of twofold) {
    const second = machineAccount({ id: 'key_3', roles: [...(row.rule.and ?? [])].filter(isRole) });
    expect(unique(refusedBy(row, second))).toEqual(['person-required']);
  }
});
