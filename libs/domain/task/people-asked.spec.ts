import type { Situation } from '../act.js';
import { D, DAY, audit, dea, dirk, dom, lea, reviewed } from '../decision/scene.js';
import { civilDate, instant } from '../instant.js';
import type { Thing } from '../machine.js';
import { isPerson } from '../person/facts.js';
import { Policy } from '../policy.js';
import { body, by, command, engine } from '../specification.js';
import { peopleAsked, isAble, resolvedBy } from './people-asked.js';
import type { Task } from './facts.js';
import { taskMachine } from './task.js';

// The dossier is Dom's to decide. What would stand against him lies in an audit: `decide` looks at audits, a claim by itself does not.

type World = ReturnType<typeof reviewed>;

const ask = (scene: World, more: object = {}): World =>
  scene
    .when(
      command('openTask', 'tsk_d', { queue: 'decision-maker', asks: 'decide', ...more }, { under: D }),
      by(engine, DAY),
    )
    .done();
const asked = ask(reviewed());
const inTeam = audit({ everInTeam: [lea.id, dom.id] });

const task = (world: World): Task => world.thing(taskMachine, 'tsk_d');

function people(world: World, change: (thing: Thing) => Thing = (thing) => thing) {
  const subject = task(world);
  const situation: Situation = {
    ...{ subject, version: 1, actor: engine, now: instant(`${DAY}T10:00:00.000Z`), today: civilDate(DAY) },
    ...{
      zone: 'Etc/UTC',
      policy: new Policy(),
      things: world.things.map(change),
      newNumber: '',
      sandbox: true,
    },
    newId: (prefix, ordinal) => `${prefix}_${String(ordinal)}`,
  };
  return peopleAsked(subject, situation);
}
const ableIn = (found: ReturnType<typeof people>) => found.filter(isAble).map(({ account }) => account);
const away = (thing: Thing): Thing =>
  isPerson(thing) && thing.id === dom.id
    ? { ...thing, ...{ absences: [{ absence: 'abs_1', from: civilDate(DAY), until: civilDate(DAY) }] } }
    : thing;

test('SOD-1: a decision maker who was in the team does not come to have the decision', () => {
  asked.when(command('claimTask', 'tsk_d'), by(dom, DAY)).records('task.claimed');
  asked
    .and(inTeam)
    .when(command('claimTask', 'tsk_d'), by(dom, DAY))
    .refuses('separation-of-duties', 'SOD-1');
});

test('of everybody in the queue it is told what stands against them', () => {
  const found = people(asked);
  expect(found.map(({ account }) => account)).toEqual([dom.id, dea.id, dirk.id]);
  expect(ableIn(found)).toEqual([dom.id]);
  expect(found[1]?.against).toMatchObject([{ code: 'not-permitted', rules: ['R-DEC-1'] }]);
  expect(resolvedBy(task(asked), found)).toEqual([]);
});

test('when nobody is left, what would resolve it is told', () => {
  const found = people(asked.and(inTeam));
  expect(ableIn(found)).toEqual([]);
  expect(found[0]?.against).toMatchObject([{ code: 'separation-of-duties' }]);
  expect(resolvedBy(task(asked), found)[0]).toBe('the role decision-maker for somebody who may do it');
});

test('whoever is away is no person until they are back, or somebody stands in', () => {
  const found = people(asked, away);
  expect(ableIn(found)).toEqual([]);
  expect(resolvedBy(task(asked), found)).toContain(
    'whoever is away to be back, or a deputy to be named for the role decision-maker',
  );
});

test('what is asked of one person by name is asked of nobody else', () => {
  const named = ask(reviewed(), { of: dom.id });
  expect(people(named).map(({ account }) => account)).toEqual([dom.id]);
  expect(resolvedBy(task(named), people(named, away))[0]).toBe('another person to be named for it');
});

test('people of the other side, and those who have left, are asked nothing', () => {
  const gone = (thing: Thing): Thing => (isPerson(thing) ? { ...thing, stage: 'departed' } : thing);
  expect(people(asked, gone)).toEqual([]);
  const elsewhere = (thing: Thing): Thing =>
    isPerson(thing) && thing.organisation === body ? { ...thing, organisation: 'org_else' } : thing;
  expect(people(asked, elsewhere)).toEqual([]);
});
