import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { by, command, engine, given } from '../specification.js';
import {
  account,
  audits,
  conclusion,
  competent,
  people,
  prepared,
  stage1Held,
  stage2Held,
  world,
} from './specification.js';
import { auditMachine } from './audit.js';
import { obligations } from './owed.js';

const { pia, lea, otto, aud, tex, ana } = people;
const A = audits.stage1;
const [FROM, TO] = ['2027-02-09', '2027-02-10'];
const deeds = stage1Held();
const [confirmed, scheduled, started, met, ended] = [7, 9, 10, 11, 12];
const audit = (n: number) => given(...world, ...deeds.slice(0, n));
const evidence = [{ sha256: 'b'.repeat(64), bytes: 10, type: 'application/pdf' }];
const it = (type: string, input: object = {}, more: object = {}) => command(type, A, input, more);
const start = (present: readonly string[] = [lea.id, aud.id, tex.id]) => it('startAudit', { present });

describe('the days of Stage 1', () => {
  const dates = (firstDay: string, lastDay: string, auditorDays = 2) =>
    it('agreeAuditDates', { firstDay: civilDate(firstDay), lastDay: civilDate(lastDay), auditorDays });

  test('are agreed by the client and the leader of the team, both of them (R-PLAN-1)', () => {
    audit(confirmed)
      .when(dates(FROM, TO), by(ana, '2027-01-10'))
      .records('second.awaited', 'task.opened')
      .when(dates(FROM, TO), by(otto, '2027-01-10'))
      .refuses('not-permitted', 'R-TEAM-1')
      .when(dates(FROM, TO), by(lea, '2027-01-10'))
      .records('audit.scheduled');
  });

  test('are in order, and take some time of auditors', () => {
    audit(confirmed).when(dates(TO, FROM), by(ana, '2027-01-10')).refuses('days-incomplete', 'R-PLAN-1');
    audit(confirmed)
      .when(dates(FROM, TO, 0), by(ana, '2027-01-10'))
      .refuses('audit-plan-incomplete', 'R-TIM-1');
  });

  test('need no formal plan, which belongs to Stage 2', () => {
    audit(confirmed)
      .when(it('sendAuditPlan', { controls: [] }), by(lea, '2027-01-10'))
      .refuses('wrong-state', 'SM-3');
  });
});

describe('an audit starts', () => {
  test('on one of the days to which the client agreed', () => {
    audit(scheduled).when(start(), by(lea, '2027-02-08')).refuses('dates-not-agreed', 'R-PLAN-1');
    audit(scheduled).when(start(), by(lea, FROM)).records('audit.started');
  });

  test('with people whose names the client was told', () => {
    audit(scheduled)
      .when(start([lea.id, aud.id, otto.id]), by(lea, FROM))
      .refuses('team-not-confirmed', 'R-TEAM-2');
  });

  test('with enough competence among those who are there', () => {
    audit(scheduled)
      .when(start([lea.id]), by(lea, FROM))
      .refuses('competence-missing', 'R-TEAM-1');
    audit(scheduled)
      .when(start([aud.id]), by(lea, FROM))
      .refuses('competence-missing', 'R-TEAM-1');
    const lapsed = competent('audit', aud.id, ['aims', 'sector-services'], civilDate('2027-02-08'));
    audit(scheduled).and(lapsed).when(start(), by(lea, FROM)).refuses('competence-missing', 'R-CMP-1');
  });

  test('only with declarations that are still in force (R-IMP-4)', () => {
    audit(scheduled)
      .when(it('declareConflicts', { free: true, until: civilDate('2027-02-01') }), by(aud, '2027-01-15'))
      .done()
      .when(start(), by(lea, FROM))
      .refuses('conflict-declaration-missing', 'R-IMP-4');
  });

  test('SOD-5: ties to the client are looked at again when the work begins', () => {
    const consultancy = { kind: 'consultancy' as const, client: 'org_client', from: civilDate('2027-01-01') };
    audit(scheduled)
      .and(account(aud.id, { interests: [consultancy] }))
      .when(start(), by(lea, FROM))
      .refuses('lookback-not-over', 'SOD-5');
  });
});

describe('on site', () => {
  const concern = (input: object = {}) =>
    it('raiseAreaOfConcern', {
      ...{ requirement: '6.1.4', statement: 'No impact on groups was looked at.' },
      ...{ objectiveEvidence: 'Assessment of 3 January', ...input },
    });

  test('Stage 1 yields areas of concern and no grades (R-S1-2)', () => {
    audit(started).when(concern(), by(lea, FROM)).records('area-of-concern.raised');
    audit(started)
      .when(concern({ grade: 'major' }), by(lea, FROM))
      .refuses('grade-not-allowed', 'R-S1-2');
    audit(started)
      .when(concern({ statement: '' }), by(lea, FROM))
      .refuses('finding-incomplete', 'R-FND-2');
  });

  test('meetings have attendance, and departures from the plan a reason (R-RPT-2)', () => {
    const meeting = (attendance: string) => it('recordMeeting', { meeting: 'opening', attendance });
    audit(started).when(meeting(''), by(lea, FROM)).refuses('evidence-missing', 'R-EVD-2');
    audit(started).when(meeting('All'), by(lea, FROM)).records('audit.meeting-recorded');
    const departed = { deviation: 'Server room not visited' };
    audit(started).when(it('recordPlanDeviation', departed), by(lea, FROM)).refuses('reason-missing');
    audit(started)
      .when(it('recordPlanDeviation', departed, { reason: 'Works' }), by(lea, FROM))
      .records('audit-plan.departed-from');
  });

  const days = {
    firstDay: civilDate(FROM),
    lastDay: civilDate(TO),
    zone: 'Europe/Berlin',
    agreedBy: [lea.id, aud.id],
  };

  test('it ends after the closing meeting, with conclusions that the auditors agreed (R-S2-4)', () => {
    audit(started).when(it('endAudit', days), by(lea, TO)).refuses('conclusions-not-agreed', 'R-S2-4');
    audit(met)
      .when(it('endAudit', { ...days, agreedBy: [lea.id] }), by(lea, TO))
      .refuses('conclusions-not-agreed', 'R-S2-4');
    audit(met).when(it('endAudit', days), by(lea, TO)).records('audit.ended');
  });

  test('its last day has been, and does not come before its first (R-CAL-19)', () => {
    audit(met)
      .when(it('endAudit', { ...days, lastDay: civilDate('2027-02-11') }), by(lea, TO))
      .refuses('date-in-future', 'R-CAL-19');
    audit(met)
      .when(it('endAudit', { ...days, firstDay: civilDate('2027-02-11') }), by(lea, '2027-02-11'))
      .refuses('days-incomplete', 'R-CAL-19');
  });

  test('the report is owed ten business days after the closing meeting (R-RPT-5)', () => {
    const owed = obligations(audit(ended).thing(auditMachine, A));
    expect(owed).toMatchObject([
      { key: 'report', due: { date: '2027-02-24', kind: 'soft', rule: 'R-RPT-5' } },
    ]);
  });
});

describe('the conclusion of Stage 1', () => {
  const conclude = (input: object = {}, more: object = {}) =>
    it('concludeStage1', { ...conclusion('ready'), ...input }, more);

  test('answers each objective and each check, and is its report (R-S1-1, R-S1-3, R-RPT-2)', () => {
    audit(ended)
      .when(conclude({ checks: {} }), by(lea, TO))
      .refuses('stage1-objectives-open', 'R-S1-1', 'R-S1-3');
    audit(ended)
      .when(conclude({ report: {} }), by(lea, TO))
      .refuses('report-incomplete', 'R-RPT-2');
    audit(ended)
      .when(conclude({ result: 'notReady' }), by(lea, TO))
      .refuses('reason-missing', 'R-S1-2');
    audit(ended)
      .when(conclude({ result: 'notReady' }, { reason: 'No audits' }), by(lea, TO))
      .records('stage1.concluded');
  });

  test('names evidence of readiness that is missing, and does not wait for it', () => {
    const bare = given(...world.filter(({ kind }) => kind !== 'evidence'), ...deeds.slice(0, ended));
    const [event] = bare.when(conclude(), by(lea, TO)).events;
    expect(event?.data).toMatchObject({
      lacking: expect.arrayContaining(['policy', 'impactAssessment']) as unknown,
    });
  });

  test('Programme A: Stage 1 of 9 and 10 February 2027 is reviewed by 10 August (R-S1-4)', () => {
    const owed = obligations(given(...world, ...deeds).thing(auditMachine, A));
    expect(owed).toMatchObject([
      { key: 'validity-review', due: { date: '2027-08-10', kind: 'hard', rule: 'R-S1-4' } },
    ]);
  });

  const concluded = given(...world, ...deeds);
  const worried = given(
    ...world,
    ...deeds.slice(0, started),
    {
      command: it('raiseAreaOfConcern', {
        requirement: '5.2',
        statement: 'No policy',
        objectiveEvidence: 'Asked',
      }),
      ...by(lea, FROM),
    },
    ...deeds.slice(started),
  );

  test('areas of concern are answered by the client, ten business days before Stage 2', () => {
    const open = prepared('stage2', '2027-04-21', '2027-04-23').slice(0, 1);
    const dated = open.reduce((scene, deed) => scene.and(deed), worried);
    expect(obligations(dated.thing(auditMachine, A))).toMatchObject([
      { key: 'concerns', due: { date: '2027-04-07', rule: 'SM-2' } },
      { key: 'validity-review' },
    ]);
    const answer = (input: object = {}, more: object = { evidence }) =>
      it('answerAreaOfConcern', { concern: 'concern-1', answer: 'Policy signed', ...input }, more);
    dated.when(answer({}, {}), by(ana, '2027-03-10')).refuses('evidence-missing');
    dated.when(answer({ answer: '' }), by(ana, '2027-03-10')).refuses('reason-missing');
    dated.when(answer({ concern: 'concern-2' }), by(ana, '2027-03-10')).refuses('wrong-state');
    const answered = dated.when(answer(), by(ana, '2027-03-10')).records('area-of-concern.answered');
    expect(obligations(answered.thing(auditMachine, A)).map(({ key }) => key)).toEqual(['validity-review']);
  });

  test('still holds only by a judgement with its reasons, once the review is due', () => {
    const confirm = (justification: string) => it('confirmStage1Validity', { justification });
    concluded.when(confirm(''), by(pia, '2027-08-01')).refuses('reason-missing', 'R-S1-4');
    const after = concluded
      .when(confirm('Nothing changed.'), by(pia, '2027-08-01'))
      .records('stage1.validity-confirmed');
    expect(obligations(after.thing(auditMachine, A))).toEqual([]);
  });

  test('expires by time where the body has set a limit of its own', () => {
    const limited = given(...world, ...deeds.slice(0, ended)).under(
      new Policy(2, { 'stage1.maxAgeMonths': 4 }),
    );
    const scene = limited.when(conclude(), by(lea, '2027-02-17')).done();
    expect(scene.thing(auditMachine, A).expiresOn).toMatchObject({ date: '2027-06-10', kind: 'hard' });
    scene
      .when(it('expireStage1Result'), by(engine, '2027-06-10'))
      .refuses('wrong-state', 'R-S1-4')
      .when(it('expireStage1Result'), by(engine, '2027-06-11'))
      .records('stage1.result-expired')
      .when(it('requireStage1Repeat', {}, { reason: 'Too old' }), by(pia, '2027-06-12'))
      .records('stage1.repeat-required');
    concluded.when(it('expireStage1Result'), by(engine, '2029-01-01')).refuses('wrong-state');
  });

  test('is repeated in part or in whole where a significant change asks for it (R-S1-5)', () => {
    concluded
      .when(it('answerSignificantChange', { repeat: 'part' }, { reason: 'New model' }), by(pia, '2027-03-01'))
      .records('stage1.change-answered')
      .when(it('requireStage1Repeat', {}, { reason: 'New model' }), by(pia, '2027-03-01'))
      .records('stage1.repeat-required');
  });

  test('is closed once Stage 2 has started on it, and not before', () => {
    concluded.when(it('closeAudit'), by(pia, '2027-03-01')).refuses('wrong-state', 'R-S1-4');
    given(...world, ...deeds, ...stage2Held())
      .when(it('closeAudit'), by(pia, '2027-04-22'))
      .records('audit.closed');
  });
});
