import { auditMachine } from '../audit/audit.js';
import { decisionMachine } from '../decision/decision.js';
import { ana, dom, lea, pia } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { nonconformityMachine } from '../nonconformity/nonconformity.js';
import { programmeMachine } from '../programme/programme.js';
import { body, by, command, engine } from '../specification.js';
import {
  certifiedOn,
  datesIn,
  doing,
  ending,
  len,
  onSite,
  renewalOf,
  reported,
  scheduling,
  type Scene,
} from '../surveillance/scene.js';
import { obligations } from './owed.js';
import { audited, prepared, review, underReview } from './scene.js';

// Programme A and B of the calendar: decided on 2027-07-19, valid until 2030-07-18.

const EXPIRY = '2030-07-18';
const because = { reason: 'As the file shows.' };
const certified = () =>
  reported(reported(certifiedOn('2027-07-19'), 1, '2028-06-13', '2028-06-14'), 2, '2029-06-12');
const renewal = (scene: Scene) => renewalOf(scene);
const on = (scene: Scene, type: string, input: object = {}) =>
  command(type, renewal(scene).id, input, because);
const ready = () =>
  underReview(
    audited(prepared(certified(), 1, '2030-01-18'), 1, '2030-04-16', '2030-04-17'),
    1,
    '2030-05-20',
  );
const finding = (scene: Scene, more: object = {}): Thing => ({
  ...{
    ...nothingYet('fnd_r'),
    kind: 'nonconformity',
    stage: 'raised',
    organisation: body,
    programme: 'prg_1',
  },
  ...{ source: 'audit', about: renewal(scene).audit ?? '', grade: 'major', grades: ['major'], planBy: [] },
  ...{
    workedBy: [],
    deferred: false,
    plansAsked: 1,
    submissions: 0,
    reopened: 0,
    limitPassed: false,
    ...more,
  },
});

describe('the way to the audit', () => {
  test('R-REC-1: it starts six months before the expiry by itself, earlier by the body, and the programme with it', () => {
    const start = on(certified(), 'startRecertification');
    certified().when(start, by(engine, '2030-01-17')).refuses('wrong-state', 'R-REC-1');
    const started = certified()
      .when(start, by(engine, '2030-01-18'))
      .records('recertification.opened', 'programme.recertifying');
    expect(started.thing(programmeMachine, 'prg_1').stage).toBe('recertifying');
    certified()
      .when(start, by(pia, '2029-12-03'))
      .records('recertification.opened', 'programme.recertifying');
  });

  test('it owes its start, its audit and its decision, and reminds of each', () => {
    expect(obligations(renewal(certified())).map(({ key, due }) => `${key} ${due.date}`)).toEqual([
      ...['start 2030-01-18', 'audit 2030-04-18', 'decision 2030-06-18'],
    ]);
    expect(obligations(renewal(ready())).map(({ key }) => key)).toEqual(['decision']);
  });

  const started = () =>
    certified().when(on(certified(), 'startRecertification'), by(pia, '2030-01-18')).done();

  test('R-REC-1, R-DEC-5: the client tells of changes, and the review of the cycle answers every point', () => {
    started()
      .when(on(started(), 'supplyCycleInformation', { changes: '' }), by(ana, '2030-01-20'))
      .refuses('evidence-missing', 'R-REC-1');
    started()
      .when(on(started(), 'supplyCycleInformation', { changes: 'Two.' }), by(ana, '2030-01-20'))
      .records('recertification.information-supplied');
    started()
      .when(on(started(), 'attachCycleReview', { complaints: 'None.' }), by(pia, '2030-01-21'))
      .refuses('cycle-review-incomplete', 'R-DEC-5');
    started()
      .when(on(started(), 'decideStage1Need', { needed: false }), by(pia, '2030-01-21'))
      .refuses('cycle-review-missing', 'R-REC-1');
    started()
      .when(on(started(), 'attachCycleReview', review), by(pia, '2030-01-21'))
      .records('cycle-review.attached');
  });

  const reviewed = () =>
    started()
      .when(on(started(), 'attachCycleReview', review), by(pia, '2030-01-21'))
      .done();

  test('R-REC-2: whether a Stage 1 is needed is decided with a reason before the audit is planned', () => {
    const days = { firstDay: civilDate('2030-02-05'), lastDay: civilDate('2030-02-06') };
    const schedule = scheduling(
      'scheduleRecertification',
      renewal(reviewed()).id,
      '2030-04-16',
      '2030-04-17',
    );
    reviewed().when(schedule, by(pia, '2030-02-01')).refuses('stage1-need-undecided', 'R-REC-2');
    reviewed()
      .when(on(reviewed(), 'decideStage1Need', { needed: true }), by(pia, '2030-01-22'))
      .refuses('days-incomplete', 'R-REC-2');
    const backwards = { needed: true, firstDay: days.lastDay, lastDay: days.firstDay };
    reviewed()
      .when(on(reviewed(), 'decideStage1Need', backwards), by(pia, '2030-01-22'))
      .refuses('days-incomplete', 'R-PLAN-1');
    const needed = reviewed()
      .when(on(reviewed(), 'decideStage1Need', { needed: true, ...days }), by(pia, '2030-01-22'))
      .records('stage1-need.decided', 'audit.opened');
    expect(needed.thing(auditMachine, renewal(needed).stage1 ?? '')).toMatchObject({
      auditType: 'stage1',
      stage: 'planned',
    });
    reviewed()
      .when(on(reviewed(), 'decideStage1Need', { needed: false }), by(pia, '2030-01-22'))
      .records('stage1-need.decided');
  });

  test('R-REC-2: a Stage 1 that was needed has concluded as ready before the audit starts', () => {
    const days = { firstDay: civilDate('2030-02-05'), lastDay: civilDate('2030-02-06') };
    const needed = prepared(certified(), 1, '2030-01-18', { needed: true, ...days });
    const stage1 = needed.thing(auditMachine, renewal(needed).stage1 ?? '');
    const planned = ['pia', 'ana'].reduce(
      (now: Scene, who) =>
        now
          .when(
            scheduling('scheduleRecertification', renewal(needed).id, '2030-04-16', '2030-04-17'),
            by(who === 'pia' ? pia : ana, '2030-03-01'),
          )
          .done(),
      needed,
    );
    const audit = renewal(planned).audit ?? '';
    const deeds = onSite(audit, '2030-04-16', '2030-04-17');
    const atStart = doing(planned, deeds.slice(0, -2));
    const start = command('startAudit', audit, { present: [len.id, 'per_ada'] });
    atStart.when(start, by(len, '2030-04-16')).refuses('stage1-not-concluded', 'R-REC-2');
    const concluded = (result: string): Thing => Object.assign({}, stage1, { stage: 'concluded', result });
    atStart
      .and(concluded('notReady'))
      .when(start, by(len, '2030-04-16'))
      .refuses('stage1-not-ready', 'R-REC-2');
    atStart
      .and(concluded('ready'))
      .when(start, by(len, '2030-04-16'))
      .records('audit.started', 'stage1.relied-upon', 'recertification.started', ...effects);
  });
  /** What the start of the next audit does to findings that were closed before: here there are none. */
  const effects: readonly string[] = [];

  test('both sides agree on days, backwards ones are refused, and after the expiry only with a reason', () => {
    const scene = prepared(certified(), 1, '2030-01-18');
    const { id } = renewal(scene);
    scene
      .when(scheduling('scheduleRecertification', id, '2030-04-17', '2030-04-16'), by(pia, '2030-02-01'))
      .refuses('days-incomplete', 'R-PLAN-1');
    scene
      .when(scheduling('scheduleRecertification', id, '2030-07-22', '2030-07-23'), by(pia, '2030-02-01'))
      .warns('after-due-date');
    const { acknowledge: _, ...silent } = scheduling(
      'scheduleRecertification',
      id,
      '2030-07-22',
      '2030-07-23',
    );
    scene.when(silent, by(pia, '2030-02-01')).refuses('acknowledgement-missing', 'I-18');
  });

  test('E2, R-CAL-8: an audit that moves across New Year leaves a year without surveillance, which is said when it is proposed', () => {
    const e2 = prepared(reported(certifiedOn('2030-02-08'), 1, '2031-01-21'), 1, '2032-08-09');
    const { id } = renewal(e2);
    const move = scheduling('scheduleRecertification', id, '2033-01-17', '2033-01-18');
    e2.when(move, by(pia, '2032-09-01')).warns('year-without-surveillance');
    const { acknowledge: _, ...silent } = move;
    e2.when(silent, by(pia, '2032-09-01')).refuses('acknowledgement-missing', 'R-SUR-2', 'R-CAL-8');
    const moved = e2
      .when(move, by(pia, '2032-09-01'))
      .done()
      .when(move, by(ana, '2032-09-01'))
      .records('recertification.scheduled', 'audit.opened', 'surveillance.dates-set');
    expect(datesIn(moved)[1]).toBe('2032-02-09 at latest 2032-12-31');
    const audit = renewal(moved).audit ?? '';
    const back = { firstDay: civilDate('2032-11-15'), lastDay: civilDate('2032-11-16') };
    const postponed = moved.when(command('postponeAudit', audit, {}, because), by(pia, '2032-09-02')).done();
    const replanned = postponed.when(command('replanAudit', audit, back), by(pia, '2032-09-03')).done();
    expect([datesIn(replanned)[1], renewal(replanned).plannedTo]).toEqual(['2032-02-09', '2032-11-16']);
    const cancelled = moved
      .when(command('cancelAudit', audit, {}, because), by(pia, '2032-09-02'))
      .records('audit.cancelled', 'recertification.unscheduled');
    expect(renewal(cancelled).stage).toBe('stage1NeedDecided');
  });

  test('SM-8: a client that leaves needs no recertification', () => {
    certified()
      .when(on(certified(), 'closeRecertification'), by(pia, '2029-10-01'))
      .records('recertification.closed');
  });
});

describe('the audit and the recommendation', () => {
  const planned = () => {
    const scene = prepared(certified(), 1, '2030-01-18');
    const schedule = scheduling('scheduleRecertification', renewal(scene).id, '2030-05-05', '2030-05-06');
    return scene.when(schedule, by(pia, '2030-03-01')).done().when(schedule, by(ana, '2030-03-01')).done();
  };
  const begun = () => doing(planned(), onSite(renewal(planned()).audit ?? '', '2030-05-05', '2030-05-06'));

  test('R-PRG-3: it covers every clause and every applicable control', () => {
    const audit = renewal(begun()).audit ?? '';
    begun()
      .when(ending(audit, '2030-05-05', '2030-05-06', { clauses: ['4'] }), by(len, '2030-05-06'))
      .refuses('coverage-incomplete', 'R-PRG-3');
    begun()
      .when(ending(audit, '2030-05-05', '2030-05-06'), by(len, '2030-05-06'))
      .records('coverage.recorded', 'audit.ended', 'recertification.held');
  });

  test('major at recertification: min(policy, expiry less 30 days) = 2030-06-18, red line 2030-07-18 (R-REC-3, R-CAL-13)', () => {
    const drafted = begun()
      .when(
        command('draftFinding', 'fnd_r', { source: 'audit' }, { under: renewal(begun()).audit ?? '' }),
        by(len, '2030-05-06'),
      )
      .done();
    const raising = command('raiseNonconformity', 'fnd_r', {
      ...{ grade: 'major', requirement: '8.4', statement: 'No assessment was kept.' },
      ...{ objectiveEvidence: 'Register, entry 4', gradeReason: 'The results are in doubt' },
    });
    const raised = drafted.when(raising, by(len, '2030-05-06')).done().thing(nonconformityMachine, 'fnd_r');
    expect(raised).toMatchObject({
      verifyDue: { date: '2030-06-18', rule: 'R-REC-3' },
      limit: { date: EXPIRY, kind: 'hard', rule: 'R-REC-3' },
    });
    expect(raised.verifyDue?.basis.map(({ date, rule }) => `${date} ${rule}`)).toEqual([
      '2030-08-05 R-FND-5',
      '2030-06-18 R-REC-3',
    ]);
    expect(nonconformityMachine.obligations?.(raised).map(({ what }) => what)).toContain(
      'verification of a major before the certificate expires',
    );
  });

  const done = () => audited(prepared(certified(), 1, '2030-01-18'), 1, '2030-04-16', '2030-04-17');
  const recommend = (scene: Scene, input: object, who = len) =>
    scene.when(on(scene, 'recommendRenewal', input), by(who, '2030-05-20'));

  test('R-REC-3: the leader recommends when the gates are met, or names what is open', () => {
    const open = done().and(finding(done()));
    recommend(done(), { value: 'renew' }, lea).refuses('not-permitted', 'R-TEAM-1');
    recommend(open, { value: 'renew' }).refuses('recommendation-gate-open', 'R-REC-3');
    recommend(open, { value: 'renewAfterVerification' }).refuses('recommendation-gate-open', 'R-REC-3');
    recommend(open, { value: 'renewAfterVerification', openItems: ['fnd_r'] }).records(
      'recertification.recommended',
      'dossier.opened',
    );
    recommend(open, { value: 'notRenew' }).records('recertification.recommended', 'dossier.opened');
  });

  test('R-REC-3: with a finding below the gate it waits for corrective action, and with none it does not', () => {
    done()
      .when(on(done(), 'awaitCorrectiveAction'), by(engine, '2030-04-25'))
      .refuses('wrong-state', 'R-REC-3');
    done()
      .and(finding(done()))
      .when(on(done(), 'awaitCorrectiveAction'), by(engine, '2030-04-25'))
      .records('recertification.corrective-action-awaited');
  });

  test('R-DEC-6: a recommendation that is sent back is made anew, on the same dossier', () => {
    const dossier = renewal(ready()).dossier ?? '';
    const returned = ready()
      .when(command('returnToAuditor', dossier, { for: 'stage1Need' }, because), by(dom, '2030-05-22'))
      .records('decision.returned', 'recertification.returned');
    recommend(returned, { value: 'renew' }).records('recertification.recommended');
  });

  test('SM-5: a dossier on the next cycle rests on a recommendation', () => {
    const open = command(
      'openDossier',
      'dec_9',
      { proposes: 'renew', audits: [renewal(done()).audit ?? ''] },
      { under: 'prg_1' },
    );
    done().when(open, by(pia, '2030-05-20')).refuses('recommendation-missing', 'R-REC-3');
    const dossier = renewal(ready()).dossier ?? '';
    const closed = ready()
      .when(command('closeDossier', dossier, {}, because), by(pia, '2030-05-21'))
      .done();
    closed.when(open, by(pia, '2030-05-22')).records('dossier.opened');
  });

  test('SOD-1: a dossier that is opened anew rests on the audit of the recertification, whichever was named', () => {
    const dossier = renewal(ready()).dossier ?? '';
    const again = ready()
      .when(command('closeDossier', dossier, {}, because), by(pia, '2030-05-21'))
      .done()
      .when(
        command('openDossier', 'dec_9', { proposes: 'renew', audits: ['aud_1'] }, { under: 'prg_1' }),
        by(pia, '2030-05-22'),
      )
      .records('dossier.opened');
    expect(again.thing(decisionMachine, 'dec_9').audits).toEqual([renewal(ready()).audit, 'aud_1']);
  });
});
