import { Policy } from '../policy.js';
import { body, by, client, command, did, fact, given, person } from '../specification.js';
import { auditTimeMachine } from './audit-time.js';
import { effectiveNumber } from './calculation.js';

const manager = person({ roles: ['programme-manager'], id: 'per_1', organisation: body });
const second = person({ roles: ['programme-manager'], id: 'per_2', organisation: body });
const programme = fact({
  kind: 'programme',
  type: 'programme.opened',
  stream: 'prg_1',
  data: { client, certificationBody: body, governingZone: 'Etc/UTC' },
  opens: { organisation: client },
});
const inputs = { table: 'demonstration-with-reductions', people: { fullTime: 40 }, aiRoles: 'several' };
const enter = (more = {}) =>
  command('enterAuditTimeInputs', 'tim_1', { ...inputs, ...more }, { under: 'prg_1' });
const calculate = (factors: readonly object[], more = {}, rest = {}) =>
  command('calculateAuditTime', 'tim_1', { factors, ...more }, rest);
const mature = { factor: 'mature-system', percent: -10, justification: 'three years of operation' };
const world = given(programme, did(enter(), by(manager)));

test('time is looked up for the people, adjusted, rounded to half days, and every step is kept (R-TIM-1)', () => {
  const after = world
    .when(calculate([mature]), by(manager))
    .records('audit-time.calculated')
    .when(command('approveAuditTime', 'tim_1'), by(manager))
    .records('audit-time.approved');
  const { calculation, initialDays, stage } = after.thing(auditTimeMachine, 'tim_1');
  expect([stage, initialDays]).toEqual(['approved', 7]);
  expect(calculation).toMatchObject({
    initialHalfDays: 14,
    surveillanceHalfDays: 5,
    recertificationHalfDays: 9,
    rawPercent: -10,
    cappedPercent: -10,
  });
  expect(calculation?.steps.find(({ step }) => step === 'integration')?.by).toBe(0);
  expect(calculation?.steps.map(({ step, result }) => [step, result])).toEqual([
    ['effective-number', 40],
    ['table', 1500],
    ['factors', 1350],
    ['sites', 1350],
    ['integration', 1350],
    ['rounded', 1400],
  ]);
});

test('part-time hours count as whole jobs, rounded up', () => {
  expect(effectiveNumber({ fullTime: 10, partTimeHours: 41 })).toBe(12);
});

test('a factor without words is justified before approval (R-MD5-1)', () => {
  const { factor, percent } = mature;
  const open = world.when(calculate([{ factor, percent }]), by(manager)).records('audit-time.calculated');
  open
    .when(command('approveAuditTime', 'tim_1'), by(manager))
    .refuses('factor-unjustified', 'R-TIM-1', 'R-MD5-1');
  open
    .when(command('justifyFactor', 'tim_1', { factor: 'unknown', justification: 'so' }), by(manager))
    .refuses('factor-unjustified', 'R-TIM-1');
  open
    .when(command('justifyFactor', 'tim_1', { factor, justification: 'three years' }), by(manager))
    .records('audit-time.factor-justified')
    .when(command('approveAuditTime', 'tim_1'), by(manager))
    .records('audit-time.approved');
});

test('no table, no time (R-MD5-1)', () => {
  given(programme)
    .when(enter({ table: 'licensed' }), by(manager))
    .refuses('audit-time-table-missing', 'R-MD5-1');
  given(programme)
    .when(enter({ people: { fullTime: 20_000 } }), by(manager))
    .refuses('audit-time-table-missing', 'R-MD5-1');
});

test('a table that allows no reductions is followed (R-MD5-1, I-10)', () => {
  given(programme, did(enter({ table: 'demonstration' }), by(manager)))
    .when(calculate([mature]), by(manager))
    .refuses('reduction-not-allowed', 'R-MD5-1', 'I-10');
});

test('factors beyond the cap are cut, and it is said and acknowledged with a reason (R-MD5-2)', () => {
  const heaped = [mature, { factor: 'simple', percent: -30, justification: 'one product' }];
  world.when(calculate(heaped), by(manager)).refuses('acknowledgement-missing', 'R-MD5-2');
  const acknowledge = [{ warning: 'raw-reduction-beyond-cap', reason: 'both were examined' }];
  const answer = world.when(calculate(heaped, {}, { acknowledge }), by(manager));
  const after = answer.warns('raw-reduction-beyond-cap');
  expect(after.thing(auditTimeMachine, 'tim_1').calculation).toMatchObject({
    rawPercent: -40,
    cappedPercent: -30,
  });
});

test('a large reduction is approved by somebody other than who calculated it (SUP-5)', () => {
  const large = [{ factor: 'simple', percent: -25, justification: 'one product' }];
  const after = world.when(calculate(large), by(manager)).done();
  after.when(command('approveAuditTime', 'tim_1'), by(manager)).refuses('second-approver-required', 'SUP-5');
  after.when(command('approveAuditTime', 'tim_1'), by(second)).records('audit-time.approved');
  after
    .under(new Policy(1, { 'auditTime.secondApproverAbovePercent': 26 }))
    .when(command('approveAuditTime', 'tim_1'), by(manager))
    .records('audit-time.approved');
});

test("a sampled site's time is reduced by half at most, and adds to the rest (R-MD1-5)", () => {
  const site = (reductionPercent: number) => ({ sites: [{ key: 'north', people: 8, reductionPercent }] });
  given(programme)
    .when(enter(site(51)), by(manager))
    .refuses('site-reduction-too-large', 'R-MD1-5');
  const after = given(programme, did(enter(site(50)), by(manager)), did(calculate([]), by(manager)));
  expect(after.thing(auditTimeMachine, 'tim_1').initialDays).toBe(10);
});

test('integration comes last and takes a fifth at most (R-MD11-1)', () => {
  world
    .when(calculate([], { integrationPercent: 21 }), by(manager))
    .refuses('integration-reduction-too-large', 'R-MD11-1');
  const after = world.when(calculate([], { integrationPercent: 20 }), by(manager)).done();
  expect(after.thing(auditTimeMachine, 'tim_1').initialDays).toBe(6);
});

test('another headcount begins the calculation anew, with a reason', () => {
  const again = command('recalculateAuditTime', 'tim_1', { ...inputs, people: { fullTime: 90 } });
  world.when(again, by(manager)).refuses('reason-missing', 'R-EVD-2');
  const after = world.when({ ...again, reason: 'a team was hired' }, by(manager)).done();
  expect(after.thing(auditTimeMachine, 'tim_1')).toMatchObject({ stage: 'inputs', factors: [] });
});
