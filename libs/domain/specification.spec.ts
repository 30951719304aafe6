import { by, command, did, engine, fact, given, person } from './specification.js';
import { taskMachine } from './task/task.js';

const manager = person({ roles: ['aims-manager'] });
const colleague = person({ roles: ['aims-manager'], id: 'per_colleague' });
const opened = fact({
  kind: 'task',
  type: 'task.opened',
  stream: 'tsk_1',
  data: { queue: 'aims-manager', asks: 'submitPlan' },
  opens: {},
});

test('a person of the queue takes a task, and gives it back', () => {
  const after = given(opened)
    .when(command('claimTask', 'tsk_1'), by(manager))
    .records('task.claimed')
    .when(command('releaseTask', 'tsk_1'), by(manager))
    .records('task.released');
  expect(after.thing(taskMachine, 'tsk_1').stage).toBe('open');
});

test('nobody gives back the task that a colleague took', () => {
  given(opened, did(command('claimTask', 'tsk_1'), by(manager)))
    .when(command('releaseTask', 'tsk_1'), by(colleague))
    .refuses('not-permitted', 'SUP-0');
});

test('a specification that expects the wrong answer fails', () => {
  const claim = given(opened).when(command('claimTask', 'tsk_1'), by(manager));
  expect(() => claim.refuses('wrong-state')).toThrow('recorded task.claimed');
  expect(() => claim.records('task.released')).toThrow('recorded task.claimed');
  expect(() => claim.warns('after-due-date')).toThrow('expected that it warns');
  expect(() => given(opened, did(command('claimTask', 'tsk_1'), by(engine)))).toThrow('not-permitted');
});
