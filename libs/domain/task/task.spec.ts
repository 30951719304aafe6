import { by, command, did, engine, given, person } from '../specification.js';
import { people, until } from '../programme/scene.js';
import { noticeMachine } from '../notice/notice.js';
import { taskMachine } from './task.js';

const open = command(
  'openTask',
  'tsk_1',
  { queue: 'programme-manager', asks: 'startApplicationReview' },
  { under: 'prg_1' },
);
const world = given(...until.applied, did(open, by(engine)));
const task = (after: typeof world) => after.thing(taskMachine, 'tsk_1');

test("a task stands in the queue of the role's own side", () => {
  expect(task(world)).toMatchObject({
    stage: 'open',
    organisation: 'org_body',
    about: 'prg_1',
    programme: 'prg_1',
  });
});

test('somebody of the queue takes it and gives it back', () => {
  const taken = world.when(command('claimTask', 'tsk_1'), by(people.programme)).records('task.claimed');
  expect(task(taken).claimant).toBe('per_programme');
  const back = taken.when(command('releaseTask', 'tsk_1'), by(people.programme)).records('task.released');
  expect(task(back)).not.toHaveProperty('claimant');
});

test('nobody of another queue takes it, and nobody gives back what a colleague took (SUP-0)', () => {
  world.when(command('claimTask', 'tsk_1'), by(people.scheme)).refuses('not-permitted', 'SUP-0');
  const colleague = person({ roles: ['programme-manager'], id: 'per_colleague', organisation: 'org_body' });
  world
    .and(did(command('claimTask', 'tsk_1'), by(people.programme)))
    .when(command('releaseTask', 'tsk_1'), by(colleague))
    .refuses('not-permitted', 'SUP-0');
});

test('what is asked of one person of a queue is taken by that person alone (SUP-0)', () => {
  const colleague = person({ roles: ['programme-manager'], id: 'per_colleague', organisation: 'org_body' });
  const input = { queue: 'programme-manager', of: people.programme.id, asks: 'startApplicationReview' };
  const asked = given(...until.applied, did({ ...open, input }, by(engine)));
  asked.when(command('claimTask', 'tsk_1'), by(colleague)).refuses('not-permitted', 'SUP-0');
  asked.when(command('claimTask', 'tsk_1'), by(people.programme)).records('task.claimed');
});

test('whoever holds several roles takes what is asked of any of them', () => {
  const { id, organisation } = people.programme;
  const both = person({ roles: ['auditor', 'programme-manager'], id, organisation });
  const answer = world.when(command('claimTask', 'tsk_1'), by(both));
  expect(task(answer.records('task.claimed')).claimant).toBe(id);
});

test('a manager of the queue says what is urgent, and nobody of the other side (SUP-0)', () => {
  const urgent = command('prioritiseTask', 'tsk_1', { priority: 'urgent' });
  const after = world.when(urgent, by(people.programme)).records('task.prioritised');
  expect(task(after).priority).toBe('urgent');
  after.when(urgent, by(people.programme)).refuses('wrong-state', 'SUP-0');
  world.when(urgent, by(people.manager)).refuses('not-permitted', 'SUP-0');
});

describe('a task that nobody may do', () => {
  const nobody = command('recordNobodyLeft', 'tsk_1', { against: ['separation-of-duties'] });
  const left = world.when(nobody, by(engine, '2029-03-01')).records('task.nobody-left', 'notice.sent');

  test('owes somebody within two business days, and whoever gives out roles is told', () => {
    expect(taskMachine.obligations?.(task(left))).toMatchObject([
      { key: 'somebody', due: { date: '2029-03-05', kind: 'soft' }, owedBy: ['scheme-administrator'] },
    ]);
    const [notice] = left.things.filter(noticeMachine.is);
    expect(notice).toMatchObject({ about: 'tsk_1', obligation: 'somebody', to: ['scheme-administrator'] });
  });

  test('is as others again when there is somebody, or somebody has it', () => {
    const found = left
      .when(command('recordSomebodyFound', 'tsk_1'), by(engine))
      .records('task.somebody-found');
    const taken = left.when(command('claimTask', 'tsk_1'), by(people.programme)).records('task.claimed');
    for (const after of [found, taken]) {
      expect(task(after)).not.toHaveProperty('nobodyLeft');
      expect(taskMachine.obligations?.(task(after))).toEqual([]);
    }
  });

  test('of a client is told to the AIMS manager and top management, of no side to the administrator', () => {
    for (const [queue, to] of [
      ['process-owner', ['aims-manager', 'top-management']],
      ['observer', ['system-administrator']],
    ] as const) {
      const other = given(
        ...until.applied,
        did({ ...open, input: { queue, asks: 'endProgramme' } }, by(engine)),
      );
      const told = other.when(nobody, by(engine)).records('task.nobody-left', 'notice.sent');
      expect(told.things.filter(noticeMachine.is)).toMatchObject([{ to }]);
    }
  });
});

test('a task is taken while its programme is on hold: no clock stops (I-13)', () => {
  const held = given(
    ...until.initial,
    did({ ...open, input: { queue: 'programme-manager', asks: 'endProgramme' } }, by(engine)),
    did(command('holdProgramme', 'prg_1', {}, { reason: 'asked' }), by(people.programme)),
  );
  held.when(command('claimTask', 'tsk_1'), by(people.programme)).records('task.claimed');
});
