import { civilDate } from '../instant.js';
import { nonconformityMachine } from '../nonconformity/nonconformity.js';
import { Policy } from '../policy.js';
import { by, command, did, engine, fact, given, type Deed, type Past } from '../specification.js';
import { auditMachine } from './audit.js';
import { obligations } from './owed.js';
import * as scene from './specification.js';

const { audits, completePlan, findings, people, prepared, recommending, world } = scene;
const { pia, lea, otto } = people;
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
      .refuses('days-incomplete', 'R-CAL-19');
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

  test('are followed by a complete report of the leader (R-RPT-1, R-RPT-2, R-RPT-3, R-RPT-4, I-12)', () => {
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
      .refuses('wrong-state', 'SM-3');
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

  test('R-FND-8: the engine proposes the repeat from 1 October on, and a person requires it', () => {
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
