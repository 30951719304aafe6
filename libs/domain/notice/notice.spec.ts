import { body, by, client, command, engine, fact, given, person } from '../specification.js';
import { taskMachine } from '../task/task.js';
import { noticeMachine } from './notice.js';

const programme = fact({
  kind: 'programme',
  type: 'programme.opened',
  stream: 'prg_1',
  data: { client, certificationBody: body, governingZone: 'Etc/UTC' },
  opens: { organisation: client },
});
const account = (id: string, organisation: string, role: string) => [
  fact({
    kind: 'person',
    type: 'person.invited',
    stream: id,
    data: { human: id, mode: 'sandbox' },
    opens: { organisation, visibility: 'owner' },
  }),
  fact({ kind: 'person', type: 'role.granted', stream: id, data: { role, from: '2029-01-01' } }),
];
const world = given(
  programme,
  ...account('per_manager', client, 'aims-manager'),
  ...account('per_foreign', 'org_other', 'aims-manager'),
  ...account('per_programme', body, 'programme-manager'),
);
const send = (more = {}) =>
  command(
    'sendNotice',
    'ntc_1',
    {
      obligation: 'plan',
      due: '2029-03-15',
      rungs: ['14-days-before'],
      to: ['aims-manager'],
      late: false,
      ...more,
    },
    { under: 'prg_1' },
  );

test('in a sandbox a reminder is sent at once, to the holders of the role on their own side', () => {
  const after = world.when(send(), by(engine)).records('notice.sent');
  expect(after.thing(noticeMachine, 'ntc_1')).toMatchObject({
    stage: 'sent',
    people: ['per_manager'],
    organisation: client,
    about: 'prg_1',
  });
});

test('with the reminder of its day a task rises to the next in line, and to those above after a week', () => {
  const asks = { queue: 'aims-manager', asks: 'submitApplication', due: '2029-03-15' };
  const asked = world.when(command('openTask', 'tsk_1', asks, { under: 'prg_1' }), by(engine)).done();
  const level = (after: typeof world) => after.thing(taskMachine, 'tsk_1').level;
  const before = asked.when(send(), by(engine)).records('notice.sent');
  expect(level(before)).toBe(0);
  const late = (n: number, ...rungs: string[]) => ({ ...send({ rungs }), stream: `ntc_${String(n)}` });
  const due = before.when(late(2, 'on-the-day'), by(engine)).records('notice.sent', 'task.escalated');
  expect(level(due)).toBe(1);
  const next = due.when(late(3, '1-days-overdue'), by(engine)).records('notice.sent');
  const week = next.when(late(4, '7-days-overdue', '14-days-overdue'), by(engine));
  expect(level(week.records('notice.sent', 'task.escalated'))).toBe(2);
  asked.when(send({ due: '2029-03-16', rungs: ['on-the-day'] }), by(engine)).records('notice.sent');
});

test('on a real clock it is ordered first, and what went out is recorded after', () => {
  const after = world
    .onRealClock()
    .when(send(), by(engine))
    .records('notice.ordered')
    .when(command('recordDelivery', 'ntc_1'), by(engine))
    .records('notice.sent');
  expect(after.thing(noticeMachine, 'ntc_1').stage).toBe('sent');
});

test('what could not go out is a fact: nobody needs it any more, or the mail server takes it never', () => {
  const ordered = world.onRealClock().when(send(), by(engine)).records('notice.ordered');
  const came = (input: object) => ordered.when(command('recordDelivery', 'ntc_1', input), by(engine));
  const outdated = came({ outdated: true }).records('notice.withdrawn');
  expect(outdated.thing(noticeMachine, 'ntc_1').stage).toBe('withdrawn');
  const failed = came({ answer: 550 });
  expect(failed.events[0]?.data).toEqual({ answer: 550 });
  expect(failed.records('notice.failed').thing(noticeMachine, 'ntc_1').stage).toBe('failed');
  const partly = came({ through: 'mail', unreached: ['per_manager'] });
  expect(partly.events[0]?.data).toEqual({ through: 'mail', unreached: ['per_manager'] });
  expect(partly.records('notice.sent').thing(noticeMachine, 'ntc_1').stage).toBe('sent');
  const later = came({ through: 'mail', later: ['per_manager'] }).records('notice.sent');
  expect(later.thing(noticeMachine, 'ntc_1')).toMatchObject({ stage: 'sent', later: ['per_manager'] });
});

test('reminders that were missed go out as one late notice that names them (I-33)', () => {
  const missed = { rungs: ['14-days-before', '7-days-before'], late: true };
  world.when(send(missed), by(engine)).records('notice.late');
  world
    .onRealClock()
    .when(send(missed), by(engine))
    .records('notice.ordered')
    .when(command('recordDelivery', 'ntc_1'), by(engine))
    .records('notice.late');
});

test('a notice to both sides is seen by both, one to a side by that side alone', () => {
  const both = world.when(send({ to: ['aims-manager', 'programme-manager'] }), by(engine));
  expect(both.events[0]?.opens).toMatchObject({ visibility: 'both' });
  expect(both.events[0]?.data).toMatchObject({ people: ['per_manager', 'per_programme'] });
  const one = world.when(send({ to: ['programme-manager'] }), by(engine));
  expect(one.events[0]?.opens).toMatchObject({ visibility: 'owner', organisation: body });
});

test('what is left of a series is withdrawn', () => {
  world
    .when(command('withdrawNotices', 'ntc_1', { obligation: 'plan' }, { under: 'prg_1' }), by(engine))
    .records('notice.withdrawn');
});

test('people send no reminders in the name of Perennial', () => {
  world.when(send(), by(person({ roles: ['aims-manager'] }))).refuses('not-permitted', 'R-GEN-1');
});
