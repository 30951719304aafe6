import { civilDate } from './instant.js';
import { ana, dana, lea, plan, raised, F, it as does } from './nonconformity/scene.js';
import { nonconformityMachine } from './nonconformity/nonconformity.js';
import { by, command, person } from './specification.js';
import { taskMachine } from './task/task.js';

const planned = raised().when(plan(), by(dana)).records('second.awaited', 'task.opened');
const asked = (world: typeof planned) =>
  world.things.filter(taskMachine.is).map(({ asks, queue, stage }) => `${stage}: ${queue} ${asks}`);
const other = plan({ correctiveAction: 'An owner for all of them together' });
const mine = { ...other, acknowledge: [{ warning: 'agreed-to-another', reason: 'One owner is enough.' }] };

test('the second confirms what the first agreed to, in whatever order the members are sent', () => {
  const { input } = plan();
  const backwards = Object.fromEntries(Object.entries(input).reverse());
  planned.when({ ...plan(), input: backwards }, by(ana)).records('nonconformity.plan-submitted');
});

test('the second of two cannot let something pass under the name of the first (SUP-0)', () => {
  planned.when(other, by(ana)).refuses('acknowledgement-missing', 'SUP-0');
  planned
    .when({ ...plan(), effectiveOn: civilDate('2029-03-01') }, by(ana))
    .refuses('acknowledgement-missing');
  planned
    .when({ ...plan(), evidence: [{ sha256: 'e'.repeat(64), bytes: 1, type: 'text/plain' }] }, by(ana))
    .refuses('acknowledgement-missing');
});

test('whoever says that they mean something else becomes the first of two, and the other must confirm', () => {
  const turned = planned.when(mine, by(ana)).records('second.awaited', 'task.opened');
  expect(turned.thing(nonconformityMachine, F)).toMatchObject({
    stage: 'raised',
    awaited: { by: ana.human, awaits: ['process-owner', 'ai-system-owner'] },
  });
  expect(asked(turned)).toEqual(['done: aims-manager submitPlan', 'open: process-owner submitPlan']);
  turned.when(other, by(ana)).refuses('not-permitted');
  turned.when(plan(), by(dana)).refuses('acknowledgement-missing', 'SUP-0');
  turned.when(other, by(dana)).records('nonconformity.plan-submitted');
});

test('of what the first agreed to and was erased, nothing can be confirmed: it is agreed anew', () => {
  const thing = planned.thing(nonconformityMachine, F);
  const { agreedTo: _, ...texts } = thing.texts;
  const erased = planned.and({ ...thing, texts });
  erased.when(plan(), by(ana)).refuses('acknowledgement-missing', 'SUP-0');
  const again = erased.when({ ...plan(), acknowledge: mine.acknowledge }, by(ana)).warns('agreed-to-another');
  again.when(plan(), by(dana)).done();
});

test('a consent that falls is seen: the task of the second is void, and the first is asked again (SUP-0)', () => {
  const regraded = planned
    .when(does('regradeFinding', { grade: 'major' }), by(lea))
    .records('nonconformity.regraded', 'task.opened');
  expect(asked(regraded)).toEqual(['void: aims-manager submitPlan', 'open: process-owner submitPlan']);
  const { texts } = regraded.thing(nonconformityMachine, F);
  expect(texts).not.toHaveProperty('agreedTo');
  regraded.when(plan(), by(ana)).records('second.awaited', 'task.opened');
});

test('the reason and the files of the first stand with their consent', () => {
  const evidence = [{ sha256: 'f'.repeat(64), bytes: 1, type: 'text/plain' }];
  const { events } = raised().when({ ...plan(), reason: 'As agreed on the phone', evidence }, by(dana));
  expect(events[0]).toMatchObject({ texts: { reason: 'As agreed on the phone' }, evidence });
});

test('two accounts of one human are one hand', () => {
  const danasOther = person({ id: 'per_dana-2', human: dana.human, roles: ['aims-manager'] });
  planned.when(plan(), by(danasOther)).refuses('four-eyes-required', 'SUP-0');
  planned.when(command(plan().type, F, other.input), by(danasOther)).refuses('four-eyes-required', 'SUP-0');
});
