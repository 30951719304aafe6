import { inWords, type ExplainedDate } from '../explanation.js';
import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { by, command, given, type Deed } from '../specification.js';
import { auditMachine } from './audit.js';
import type { Audit } from './life.js';
import { obligations } from './owed.js';
import { leastRandom, leastSample } from './sample.js';
import * as scene from './specification.js';

const { audits, completePlan, people, prepared, world } = scene;
const { lea, ana, otto } = people;
const B = audits.stage2;
const [FROM, TO] = ['2027-04-21', '2027-04-23'];
const it = (type: string, input: object = {}, more: object = {}) => command(type, B, input, more);
const stage2 = prepared('stage2', FROM, TO);
const [confirmed, planned] = [7, 8];

const after = (stage1: readonly Deed[], n: number) => given(...world, ...stage1, ...stage2.slice(0, n));

function planDueOf({ planDue }: Audit): ExplainedDate {
  if (!planDue) throw new Error('no day by which the plan is due');
  return planDue;
}

describe('the plan of Stage 2', () => {
  const send = (input: object = {}) => it('sendAuditPlan', { ...completePlan(FROM, TO), ...input });
  const prior = after(scene.stage1Held(), confirmed);

  test('is due ten business days before the first day (R-PLAN-1)', () => {
    expect(obligations(prior.thing(auditMachine, B))).toContainEqual(
      expect.objectContaining({
        key: 'plan-1',
        due: expect.objectContaining({ date: '2027-04-07' }) as unknown,
      }),
    );
    expect(inWords(planDueOf(prior.thing(auditMachine, B)))).toContain(
      '10 business days before first audit day of 2027-04-21 (R-PLAN-1)',
    );
  });

  test('names its objectives, criteria, scope, units, places, roles and controls', () => {
    prior.when(send({ objectives: '' }), by(lea, '2027-03-29')).refuses('audit-plan-incomplete', 'R-PLAN-1');
    prior.when(send({ controls: [] }), by(lea, '2027-03-29')).refuses('audit-plan-incomplete', 'R-PLAN-1');
    prior.when(send({ lastDay: civilDate('2027-04-20') }), by(lea, '2027-03-29')).refuses('days-incomplete');
  });

  test('gives no less time than was determined for both stages together (R-TIM-1)', () => {
    prior
      .when(send({ auditorDays: 5.5 }), by(lea, '2027-03-29'))
      .refuses('audit-time-below-determined', 'R-TIM-1');
  });

  test('visits a sample of sites that is large enough, with chance in it (R-MS-1, R-MD1-2, R-MD1-3)', () => {
    const sample = { ofSites: 9, visited: 3, random: 1, centralFunction: true, similar: true };
    const wide = prior.and(scene.withSites(9));
    wide.when(send(), by(lea, '2027-03-29')).refuses('sample-too-small', 'R-MS-1');
    wide
      .when(send({ sample: { ...sample, visited: 2 } }), by(lea, '2027-03-29'))
      .refuses('sample-too-small', 'R-MD1-2');
    wide
      .when(send({ sample: { ...sample, random: 0 } }), by(lea, '2027-03-29'))
      .refuses('sample-too-small', 'R-MD1-2');
    wide
      .when(send({ sample: { ...sample, similar: false } }), by(lea, '2027-03-29'))
      .refuses('sample-too-small', 'R-MD1-3');
    wide.when(send({ sample }), by(lea, '2027-03-29')).done();
    expect([1, 2, 9, 10].map((ofSites) => leastSample({ ofSites, similar: true }))).toEqual([1, 2, 3, 4]);
    expect(leastRandom({ ...sample, ofSites: 100, visited: 10 }, new Policy())).toBe(3);
  });

  test('uses remote methods only where they are agreed, secured and assessed (R-MD4-1)', () => {
    const remote = { agreed: true, security: 'Own line', riskAssessment: 'Low', fallback: 'On site' };
    prior
      .when(send({ remote: { ...remote, agreed: false } }), by(lea, '2027-03-29'))
      .refuses('remote-conditions-missing');
    prior
      .when(send({ remote: { ...remote, fallback: '' } }), by(lea, '2027-03-29'))
      .refuses('remote-conditions-missing');
    prior.when(send({ remote }), by(lea, '2027-03-29')).records('audit-scope.set', 'audit-plan.sent');
  });

  test('is sent by the leader of this audit, and may be asked to be changed', () => {
    prior.when(send(), by(otto, '2027-03-29')).refuses('not-permitted', 'R-TEAM-1');
    const sent = after(scene.stage1Held(), planned);
    const asked = sent.when(it('askForPlanChange', {}, { reason: 'Holidays' }), by(ana, '2027-03-30'));
    const again = asked.records('audit-plan.change-asked').thing(auditMachine, B);
    expect(obligations(again).map(({ key }) => key)).toContain('plan-2');
  });
});
