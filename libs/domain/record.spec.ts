import { instant } from './instant.js';
import { record, type Stamp, memberName } from './record.js';
import { programmeMachine } from './programme/programme.js';
import { onEachStep, people, steps, until } from './programme/scene.js';
import { by, client, command, did, engine, fact, given } from './specification.js';
import { taskMachine } from './task/task.js';

const stamp: Stamp = {
  actor: { id: 'per_aims', role: 'aims-manager' },
  at: instant('2029-03-01T10:00:00.000Z'),
  effectiveAt: instant('2029-02-28T12:00:00.000Z'),
  command: 'key-1',
  type: 'openProgramme',
  subject: 'prg_1',
  commit: (text, ordinal, name) => `${String(ordinal)}/${name}/${String(text.length)}`,
};
const opened = fact({
  kind: 'programme',
  type: 'programme.opened',
  stream: 'prg_1',
  data: { client, governingZone: 'Etc/UTC' },
  opens: {},
});
const task = (asks: string, queue: string, id = 'tsk_1') =>
  did(command('openTask', id, { queue, asks }, { under: 'prg_1' }), by(engine));

test('facts are numbered in the life of their thing, 1, 2, 3, and carry who, when and by which command', () => {
  const held = fact({ kind: 'programme', type: 'programme.held', stream: 'prg_1' });
  const { facts, things } = record([opened, held], [], stamp);
  expect(facts.map(({ fact: { version } }) => version)).toEqual([1, 2]);
  expect(facts[0]?.fact).toMatchObject({ at: stamp.at, effectiveAt: stamp.effectiveAt, command: 'key-1' });
  expect(things).toMatchObject([{ version: 2, thing: { stage: 'onHold' } }]);
});

test('a text is recorded as a commitment, and the thing keeps the last one under its name', () => {
  const said = { ...opened, texts: { scope: 'a chat assistant' } };
  const { facts, things } = record([said], [], stamp);
  expect(facts[0]?.fact.texts).toEqual({ scope: '0/scope/16' });
  expect(things[0]?.thing.texts).toEqual({ scope: '0/scope/16' });
});

test('a fact of a type that this release does not know leaves its thing as it is', () => {
  const { things } = record(
    [opened, { stream: 'prg_1', kind: 'programme', type: 'programme.painted', data: {} }],
    [],
    stamp,
  );
  expect(things[0]).toMatchObject({ version: 2, thing: { stage: 'draft' } });
});

test('the task that asked for the command is done by it', () => {
  const after = given(...until.applied, task('startApplicationReview', 'programme-manager'))
    .when(steps.startReview, by(people.programme))
    .records('application.review-started');
  expect(after.thing(taskMachine, 'tsk_1').stage).toBe('done');
});

test('the first of two closes the task of their own queue alone', () => {
  const after = given(...until.proposed, task('signAgreement', 'top-management'))
    .when(steps.sign, by(people.signatory))
    .done();
  expect(after.thing(taskMachine, 'tsk_1').stage).toBe('open');
  const own = given(...until.proposed, task('signAgreement', 'top-management'))
    .when(steps.sign, by(people.top))
    .done();
  expect(own.thing(taskMachine, 'tsk_1').stage).toBe('done');
});

test('a task that asks for what its thing no longer allows is withdrawn', () => {
  const end = command('endProgramme', 'prg_1', { cause: 'withdrawn' }, { reason: 'given up' });
  const after = given(...until.applied, task('startApplicationReview', 'programme-manager'))
    .when(end, by(people.programme))
    .records('programme.ended', ...onEachStep('step.closed'));
  expect(after.thing(taskMachine, 'tsk_1').stage).toBe('withdrawn');
});

test('entering a stage again is counted', () => {
  const after = given(
    ...until.applied,
    did(command('holdProgramme', 'prg_1', {}, { reason: 'asked' }), by(people.programme)),
    did(command('resumeProgramme', 'prg_1'), by(people.programme)),
  );
  expect(after.thing(programmeMachine, 'prg_1').entered).toMatchObject({ applied: 2, onHold: 1 });
});

test.each([
  ['norden', 'norden'],
  ['bsi-group.eu', 'bsi_group_eu'],
  ['3m', 'n3m'],
  ['_', 'n_'],
])('a text that is named by the key %s stands in the ledger as %s', (key, name) => {
  expect(memberName(key)).toBe(name);
});
