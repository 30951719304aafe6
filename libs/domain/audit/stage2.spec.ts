import { inWords, type ExplainedDate } from '../explanation.js';
import { civilDate } from '../instant.js';
import { nonconformityMachine } from '../nonconformity/nonconformity.js';
import { Policy } from '../policy.js';
import {
  by,
  command,
  did,
  engine,
  fact,
  given,
  unreachable,
  type Deed,
  type Past,
} from '../specification.js';
import { auditMachine } from './audit.js';
import type { Audit } from './life.js';
import { obligations } from './owed.js';
import { leastRandom, leastSample } from './sample.js';
import * as scene from './specification.js';

const { audits, completePlan, findings, people, prepared, recommending, world } = scene;
const { pia, lea, ana, otto } = people;
const B = audits.stage2;
const [FROM, TO] = ['2027-04-21', '2027-04-23'];
const it = (type: string, input: object = {}, more: object = {}) => command(type, B, input, more);
const stage2 = prepared('stage2', FROM, TO);
const [confirmed, planned, agreed] = [7, 8, 9];
const start = it('startAudit', { present: scene.team.map(({ person }) => person) });

const after = (stage1: readonly Deed[], n = stage2.length) =>
  given(...world, ...stage1, ...stage2.slice(0, n));

const finding = (id: string, grade: string): readonly Deed[] => [
  did(command('draftFinding', id, { source: 'audit' }, { under: B }), by(lea, TO)),
  did(
    command('raiseNonconformity', id, {
      ...{ grade, requirement: '8.4', statement: 'The assistant was changed without an assessment.' },
      ...{ objectiveEvidence: 'Release of 2 March', gradeReason: 'Effective control is in doubt.' },
    }),
    by(lea, TO),
  ),
];
const moved = (id: string, type: string, on: string): Past =>
  fact({ kind: 'nonconformity', type, stream: id, data: { by: lea.id, on, method: 'document' } });

const held = (...past: readonly Past[]) =>
  given(...world, ...scene.stage1Held(), ...scene.stage2Held(), ...past, ...scene.stage2Reported());
const twoFindings = [...finding('fnd_major', 'major'), ...finding('fnd_minor', 'minor')];

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
    prior.when(send({ lastDay: civilDate('2027-04-20') }), by(lea, '2027-03-29')).refuses('dates-not-agreed');
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

describe('Stage 2 starts', () => {
  const on = (stage1: readonly Deed[]) => after(stage1, agreed);
  const concluded = scene.stage1Held();

  test('only after a Stage 1 was concluded (R-S2-2)', () => {
    const enough = { ...completePlan(FROM, TO), auditorDays: 8 };
    given(
      ...world,
      ...stage2.slice(0, confirmed),
      did(it('sendAuditPlan', enough), by(lea, '2027-03-29')),
      ...stage2.slice(planned, agreed),
    )
      .when(start, by(lea, FROM))
      .refuses('stage1-not-concluded', 'R-S2-2');
  });

  test('only after a Stage 1 that found the client ready (R-S2-2)', () => {
    on(scene.stage1Held('2027-02-09', '2027-02-10', 'notReady'))
      .when(start, by(lea, FROM))
      .refuses('stage1-not-ready', 'R-S2-2');
  });

  test('after the review of Stage 1 fell due only by a recorded judgement (R-S1-4)', () => {
    const old = scene.stage1Held('2026-10-19', '2026-10-20');
    on(old).when(start, by(lea, FROM)).refuses('stage1-validity-unconfirmed', 'R-S1-4');
    on(old)
      .when(
        command('confirmStage1Validity', audits.stage1, { justification: 'Same system' }),
        by(pia, '2027-04-20'),
      )
      .done()
      .when(start, by(lea, FROM))
      .done();
    on(scene.stage1Held('2026-10-20', '2026-10-21')).when(start, by(lea, FROM)).done();
  });

  test('not on a result that is older than the limit of the body (R-S1-4)', () => {
    const last = concluded.at(-1);
    const strict = concluded
      .slice(0, -1)
      .reduce(
        (one, deed) => one.and(deed),
        given(...world).under(new Policy(1, { 'stage1.maxAgeMonths': 2 })),
      );
    const ready = [...(last ? [last] : []), ...stage2.slice(0, agreed)].reduce(
      (one, deed) => one.and(deed),
      strict,
    );
    ready.when(start, by(lea, FROM)).refuses('stage1-too-old', 'R-S1-4');
  });

  test('not while all or part of Stage 1 is to be repeated (R-S1-5)', () => {
    on(concluded)
      .when(
        command('answerSignificantChange', audits.stage1, { repeat: 'all' }, { reason: 'New provider' }),
        by(pia, '2027-03-01'),
      )
      .done()
      .when(start, by(lea, FROM))
      .refuses('stage1-repeat-required', 'R-S1-5');
    on(concluded)
      .and(scene.programme({ repeatStage1From: civilDate('2027-03-01') }))
      .when(start, by(lea, FROM))
      .refuses('stage1-repeat-required', 'R-S1-5');
  });

  test('back to back with Stage 1 only with a reason in the plan (R-S1-6)', () => {
    const close = scene.stage1Held('2027-04-19', '2027-04-20');
    const upTo = (plan: object) =>
      given(
        ...world,
        ...stage2.slice(0, confirmed),
        did(
          it('sendAuditPlan', { ...completePlan(FROM, TO), auditorDays: 8, ...plan }),
          by(lea, '2027-03-29'),
        ),
        ...stage2.slice(planned, agreed),
        ...close.map((deed) => (deed.on > civilDate(FROM) ? { ...deed, on: civilDate('2027-04-20') } : deed)),
      );
    upTo({}).when(start, by(lea, FROM)).refuses('back-to-back-unjustified', 'R-S1-6');
    upTo({ backToBackReason: 'One journey for both' }).when(start, by(lea, FROM)).done();
  });

  test('only with dated and approved evidence of each kind of readiness (R-RDY-1, R-S2-3)', () => {
    const { approvedBy: _, ...unapproved } = scene.document('policy');
    on(concluded).and(unapproved).when(start, by(lea, FROM)).refuses('step-gate-open', 'R-RDY-1', 'R-S2-3');
  });

  test('and from then on relies upon the result of Stage 1', () => {
    const begun = on(concluded).when(start, by(lea, FROM)).records('audit.started', 'stage1.relied-upon');
    expect(obligations(begun.thing(auditMachine, audits.stage1))).toEqual([]);
  });
});

describe('the findings of Stage 2', () => {
  const onSite = given(...world, ...scene.stage1Held(), ...scene.stage2Held(), ...twoFindings);
  const issue = (input: object = {}) => it('issueFindings', { ...findings(FROM, TO), ...input });

  test('cover every clause and every applicable control (R-PRG-3, R-S2-1)', () => {
    onSite.when(issue({ clauses: ['4'] }), by(lea, TO)).refuses('coverage-incomplete', 'R-PRG-3', 'R-S2-1');
    onSite.when(issue({ controls: ['A.2.2'] }), by(lea, TO)).refuses('coverage-incomplete', 'R-PRG-3');
  });

  test('are agreed by the auditors, and issued after the last day (R-S2-4, R-CAL-19)', () => {
    onSite.when(issue({ agreedBy: [] }), by(lea, TO)).refuses('conclusions-not-agreed', 'R-S2-4');
    onSite
      .when(issue({ lastDay: civilDate('2027-04-24') }), by(lea, TO))
      .refuses('date-in-future', 'R-CAL-19');
    onSite
      .when(issue({ lastDay: civilDate('2027-04-20') }), by(lea, TO))
      .refuses('dates-not-agreed', 'R-CAL-19');
    onSite.when(it('endAudit', findings(FROM, TO)), by(lea, TO)).refuses('wrong-state', 'SM-2');
  });

  test('Programme A: majors are to be verified six months after 23 April 2027 (R-DEC-4, I-35)', () => {
    const issued = onSite
      .when(issue(), by(lea, TO))
      .records('coverage.recorded', 'findings.issued', 'nonconformity.limit-set');
    expect(issued.thing(nonconformityMachine, 'fnd_major').limit).toMatchObject({
      date: '2027-10-23',
      kind: 'hard',
    });
    expect(issued.thing(auditMachine, B)).toMatchObject({
      lastDay: TO,
      nonconformities: 2,
      majorsVerifiedBy: { date: '2027-10-23', rule: 'R-DEC-4' },
      reportDue: { date: '2027-05-14', rule: 'R-RPT-5' },
    });
  });

  test('are followed by a complete report (R-RPT-2, R-RPT-3, R-RPT-4)', () => {
    onSite
      .when(issue(), by(lea, TO))
      .done()
      .when(it('issueReport', { report: {} }), by(lea, '2027-05-01'))
      .refuses('report-incomplete', 'R-RPT-2', 'R-RPT-4');
  });
});

describe('the recommendation', () => {
  const by3May = by(lea, '2027-05-10');
  const accepted = moved('fnd_minor', 'nonconformity.plan-accepted', '2027-05-20');
  const verified = moved('fnd_major', 'nonconformity.closed', '2027-07-06');

  test('of a grant waits for majors verified and plans of minors accepted (R-DEC-2)', () => {
    const waiting = held(...twoFindings).when(it('awaitCorrectiveAction'), by(engine, '2027-05-03'));
    const scene2 = waiting.records('stage2.corrective-action-awaited');
    scene2.when(recommending('grant'), by3May).refuses('recommendation-gate-open', 'R-DEC-2');
    scene2
      .and(accepted)
      .when(recommending('grant'), by(lea, '2027-07-07'))
      .refuses('recommendation-gate-open');
    scene2
      .and(accepted)
      .and(verified)
      .when(recommending('grant'), by(lea, '2027-07-07'))
      .records('stage2.recommended');
  });

  test('of a grant after verification names every open finding', () => {
    const openItems = ['fnd_major', 'fnd_minor'];
    held(...twoFindings)
      .when(recommending('grantAfterVerification', { openItems: ['fnd_minor'] }), by3May)
      .refuses('recommendation-gate-open', 'R-DEC-2');
    const done = held(...twoFindings).when(recommending('grantAfterVerification', { openItems }), by3May);
    expect(done.done().thing(auditMachine, B)).toMatchObject({
      openItems,
      recommendation: 'grantAfterVerification',
    });
  });

  test('of a refusal gives its reasons, and comes from the leader of this audit', () => {
    held().when(recommending('refuse'), by3May).refuses('reason-missing', 'R-S2-4');
    held().when(recommending('grant'), by(otto, '2027-05-10')).refuses('not-permitted', 'R-TEAM-1');
    held().when(it('awaitCorrectiveAction'), by(engine, '2027-05-10')).refuses('wrong-state', 'R-DEC-2');
  });

  test('is handed to the decision with a dossier that rests on both stages', () => {
    const handed = held()
      .when(recommending('grant'), by3May)
      .done()
      .when(it('handToDecision'), by(pia, '2027-05-11'));
    const dossier = handed.events.find(({ kind }) => kind === 'dossier');
    expect(dossier).toMatchObject({
      data: { proposes: 'grant', audits: [audits.stage1, B] },
      opens: { visibility: 'owner', programme: 'prg_1' },
    });
    handed
      .records('stage2.handed-to-decision', 'dossier.opened')
      .when(it('closeAudit'), by(pia, '2027-05-12'))
      .records('audit.closed');
  });
});

describe('Programme C: Stage 2 ends on 31 March 2028 with an open major', () => {
  const [from, to] = ['2028-03-29', '2028-03-31'];
  const major = finding('fnd_major', 'major').map((deed) => ({ ...deed, on: civilDate(to) }));
  const reported = given(
    ...world,
    ...scene.stage1Held('2027-12-01', '2027-12-02'),
    ...scene.stage2Held(from, to),
    ...major,
    ...scene.stage2Reported(from, to),
    did(it('awaitCorrectiveAction'), by(engine, '2028-04-20')),
  );

  test('it is to be verified by Saturday 30 September 2028, for a hard date does not roll (R-DEC-4)', () => {
    expect(reported.thing(nonconformityMachine, 'fnd_major').limit?.date).toBe('2028-09-30');
  });

  test('verified on 2 October it asks for another Stage 2 before a recommendation to grant', () => {
    const late = reported.and(moved('fnd_major', 'nonconformity.closed', '2028-10-02'));
    late.when(recommending('grant'), by(lea, '2028-10-03')).refuses('repeat-stage2-required', 'R-DEC-4');
    late.when(recommending('refuse', {}), by(lea, '2028-10-03')).refuses('reason-missing');
  });

  test('the engine proposes the repeat from 1 October on, and a person requires it', () => {
    reported.when(it('proposeStage2Repeat'), by(engine, '2028-09-30')).refuses('wrong-state', 'R-DEC-4');
    reported
      .when(it('proposeStage2Repeat'), by(engine, '2028-10-01'))
      .records('stage2.repeat-proposed')
      .when(it('requireStage2Repeat'), by(pia, '2028-10-02'))
      .refuses('reason-missing')
      .when(it('requireStage2Repeat', {}, { reason: 'Six months are over' }), by(pia, '2028-10-02'))
      .records('stage2.repeat-required');
  });
});

test('every stage of an audit can be reached', () => {
  expect(unreachable('audit')).toEqual([]);
});
