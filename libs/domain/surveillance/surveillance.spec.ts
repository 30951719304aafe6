import type { Audit } from '../audit/life.js';
import { account, ana, dom, lea, pia } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { body, by, client, command, engine, type By } from '../specification.js';
import { obligations } from './owed.js';
import {
  ada,
  auditOf,
  certifiedOn,
  datesIn,
  ending,
  held,
  len,
  nth,
  onSite,
  doing,
  renewalOf,
  reported,
  scheduled,
  type Scene,
} from './scene.js';
import { surveillanceMachine } from './surveillance.js';

const DAY = '2030-02-08';
const certified = () => certifiedOn(DAY);
const first = (scene: Scene) => nth(scene, 1);
const open = (scene: Scene, on = '2030-09-08') =>
  scene.when(command('openSurveillanceWindow', first(scene).id), by(engine, on));
const opened = () => open(certified()).records('surveillance.window-opened');
const on = (scene: Scene, type: string, input: object, who: By) =>
  scene.when(command(type, first(scene).id, input, { reason: 'As agreed.' }), who);

/** A finding of the surveillance, in a state of its own life. */
const finding = (scene: Scene, more: object = {}): Thing => ({
  ...{
    ...nothingYet('fnd_s'),
    kind: 'nonconformity',
    stage: 'raised',
    organisation: body,
    programme: 'prg_1',
  },
  ...{ source: 'audit', about: first(scene).audit ?? '', grade: 'major', grades: ['major'], planBy: [] },
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

describe('what a grant opens', () => {
  test('R-PRG-2, R-SUR-1, R-SUR-2: every surveillance of the cycle stands on the agenda on the day of the grant', () => {
    expect(datesIn(certified())).toEqual(['2031-02-08', '2032-02-09']);
    expect(first(certified())).toMatchObject({ stage: 'forecast', cycle: 1, ordinal: 1 });
    expect(first(certified()).number).toMatch(/-S1\.1$/);
    expect(renewalOf(certified())).toMatchObject({
      ...{ stage: 'forecast', expiry: '2033-02-07' },
      ...{ startDue: { date: '2032-08-07' }, auditDue: { date: '2032-11-07' } },
      decisionDue: { date: '2033-01-10' }, // 8 January 2033 is a Saturday
    });
  });

  test('a hard date is owed with a long ladder, and with a soft one before it both are', () => {
    expect(obligations(first(certified()))).toMatchObject([
      {
        key: 'surveillance',
        due: { date: '2031-02-08', kind: 'hard' },
        ladder: 'L-LONG',
        escalation: 'X-CB',
      },
    ]);
    const early = certifiedOn('2029-05-22');
    expect(obligations(nth(early, 2)).map(({ key, due }) => `${key} ${due.date}`)).toEqual([
      'programme-date 2031-05-22',
      'surveillance 2031-12-31',
    ]);
  });
});

describe('the window', () => {
  test('R-CAL-9: it opens on its first day, by itself and by nobody else', () => {
    open(certified(), '2030-09-07').refuses('wrong-state', 'R-CAL-9');
    certified()
      .when(command('openSurveillanceWindow', first(certified()).id), by(pia, '2030-09-08'))
      .refuses('not-permitted');
    expect(first(opened()).stage).toBe('windowOpen');
  });

  test('SM-7: the client is asked once what has changed, and tells it', () => {
    const asking = command('askForChangeInformation', first(opened()).id);
    opened().when(asking, by(engine, '2030-10-08')).refuses('wrong-state', 'R-CAL-9');
    const asked = opened()
      .when(asking, by(engine, '2030-10-09'))
      .records('surveillance.information-asked', 'task.opened');
    asked.when(asking, by(engine, '2030-10-10')).refuses('wrong-state', 'SM-7');
    expect(obligations(first(asked))).toMatchObject([
      {},
      { key: 'change-information', due: { date: '2030-11-08' } },
    ]);
    on(asked, 'supplyChangeInformation', { changes: ' ' }, by(ana, '2030-10-20')).refuses(
      'evidence-missing',
      'SM-7',
    );
    const told = on(
      asked,
      'supplyChangeInformation',
      { changes: 'None.', people: 40, soaVersion: 4 },
      by(ana, '2030-10-20'),
    ).records('surveillance.information-supplied');
    expect(obligations(first(told)).map(({ key }) => key)).toEqual(['surveillance']);
  });

  test('R-SUR-6: between audits the body enquires, and the client answers', () => {
    const asked = on(
      certified(),
      'openEnquiry',
      { question: 'Is the new model live?' },
      by(pia, '2030-05-01'),
    ).records('enquiry.opened');
    on(asked, 'answerEnquiry', { enquiry: 'enquiry-2', answer: 'Yes.' }, by(ana, '2030-05-02')).refuses(
      'wrong-state',
      'R-SUR-6',
    );
    const answered = on(
      asked,
      'answerEnquiry',
      { enquiry: 'enquiry-1', answer: 'Yes.' },
      by(ana, '2030-05-02'),
    ).records('enquiry.answered');
    expect(first(answered).enquiries).toEqual([{ key: 'enquiry-1', answered: true }]);
  });
});

describe('what comes of it', () => {
  const done = () => reported(certified(), 1, '2030-12-03', '2030-12-04');
  const confirm = (scene: Scene, who = pia, conclusionPositive = true) =>
    on(scene, 'confirmMaintenance', { conclusionPositive }, by(who, '2030-12-20'));

  test('R-SUR-4: without a major a monitor confirms that certification is maintained, and it is closed', () => {
    const maintained = confirm(done()).records('certification.maintained');
    on(maintained, 'closeSurveillance', {}, by(pia, '2030-12-21')).records('surveillance.closed');
  });

  test('R-SUR-4, SOD-2: not with a major, a conclusion that is not positive, a minor without plan, or by somebody of the team', () => {
    confirm(done().and(finding(done()))).refuses('review-required', 'R-SUR-4');
    confirm(done(), pia, false).refuses('review-required', 'R-SUR-4');
    confirm(done().and(finding(done(), { grade: 'minor' }))).refuses('minor-plan-not-accepted', 'R-SUR-4');
    const audit = auditOf(done(), first(done()));
    const withPia: Audit = { ...audit, everInTeam: [pia.id] };
    confirm(done().and(withPia)).refuses('separation-of-duties', 'SOD-2');
  });
  test('SOD-5: whoever gave consultancy to the client within the look-back does not confirm it', () => {
    const tie = {
      kind: 'consultancy',
      client,
      from: civilDate('2026-01-01'),
      until: civilDate('2030-06-30'),
    };
    confirm(done().and(account(pia, { interests: [tie] }))).refuses('lookback-not-over', 'SOD-5', 'R-IMP-3');
  });

  test('R-SUR-4: with a major its leader has it reviewed, and a decision maker outside the team decides', () => {
    const major = done().and(
      finding(done(), { stage: 'planAccepted', verifyDue: { date: civilDate('2031-03-04') } }),
    );
    on(major, 'triggerReview', {}, by(lea, '2030-12-20')).refuses('not-permitted', 'R-SUR-4');
    const triggered = on(major, 'triggerReview', {}, by(len, '2030-12-20')).records(
      'surveillance.review-triggered',
      'dossier.opened',
    );
    const dossier = first(triggered).dossier ?? '';
    const decided = triggered
      .when(command('addToDossier', dossier, { item: 'nonconformityComments' }), by(pia, '2030-12-21'))
      .done()
      .when(command('declareDossierComplete', dossier), by(pia, '2030-12-21'))
      .done()
      .when(command('assignDecisionMaker', dossier, { person: dom.id }), by(pia, '2030-12-21'))
      .done()
      .when(command('startReview', dossier, { freeOfConflicts: true }), by(dom, '2031-01-07'))
      .done()
      .when(
        command('decide', dossier, { decision: 'maintain' }, { reason: 'Under a deadline.' }),
        by(dom, '2031-01-08'),
      )
      .records('decision.made', 'surveillance.decided');
    const closed = on(decided, 'closeSurveillance', {}, by(pia, '2031-01-09')).records('surveillance.closed');
    expect(first(closed).stage).toBe('closed');
  });
});

test('SM-7: what is owed no more because the cycle is over is closed by a person, and nothing before', () => {
  const planned = scheduled(certified(), 1, '2033-01-11');
  on(planned, 'closeSurveillance', {}, by(pia, '2032-12-20')).refuses('wrong-state', 'SM-7');
  const expired = planned.when(command('expireCertificate', 'crt_1'), by(engine, '2033-02-08')).done();
  expect(first(expired).stage).toBe('scheduled');
  on(expired, 'closeSurveillance', {}, by(pia, '2033-02-10')).records('surveillance.closed');
});

describe('dates that pass', () => {
  const miss = (scene: Scene, on: string) =>
    scene.when(command('recordSurveillanceMissed', first(scene).id), by(engine, on));

  test('R-SUR-1, R-CAL-2, R-CAL-10: the day after the hard date it is missed, and what follows has its own date', () => {
    miss(opened(), '2031-02-08').refuses('wrong-state', 'R-CAL-2');
    const missed = miss(opened(), '2031-03-01').records('surveillance.missed');
    expect(first(missed)).toMatchObject({
      stage: 'missed',
      missedOn: '2031-02-09',
      consequenceDue: { date: '2031-02-21' },
    });
    expect(obligations(first(missed))).toMatchObject([
      { key: 'consequence', ladder: 'L-TASK', escalation: 'X-CB' },
    ]);
    miss(missed, '2031-03-02').refuses('wrong-state');
  });

  test('I-18: held late it closes what was owed as late, never as met', () => {
    const late = held(miss(opened(), '2031-02-09').done(), 1, '2031-03-25');
    expect(first(late)).toMatchObject({ stage: 'inProgress', late: true, missedOn: '2031-02-09' });
    expect(obligations(first(late))).toEqual([]);
  });

  test('a surveillance that is planned when its date passes stays planned, and is known as missed; so when its audit is lost', () => {
    const planned = scheduled(certified(), 1, '2031-02-20');
    const missed = miss(planned, '2031-02-09').records('surveillance.missed');
    expect(first(missed)).toMatchObject({ stage: 'scheduled', missedOn: '2031-02-09' });
    expect(obligations(first(missed)).map(({ key }) => key)).toContain('consequence');
    const lost = missed
      .when(
        command('cancelAudit', first(missed).audit ?? '', {}, { reason: 'Illness' }),
        by(pia, '2031-02-10'),
      )
      .done();
    expect(first(lost).stage).toBe('missed');
  });

  test('R-SUR-2b, I-3: a date of the programme is departed from, recorded and explained', () => {
    const scene = certifiedOn('2029-05-22');
    const { id } = nth(scene, 2);
    const pass = (on: string) => scene.when(command('recordProgrammeDeviation', id), by(engine, on));
    pass('2031-05-22').refuses('wrong-state', 'R-CAL-2');
    const deviated = pass('2031-05-23').records('surveillance.deviation-recorded');
    expect(deviated.thing(surveillanceMachine, id)).toMatchObject({
      stage: 'forecast',
      deviatedOn: '2031-05-23',
    });
    const explain = command('explainDeviation', id, {}, { reason: 'The client moved.' });
    scene.when(explain, by(pia, '2031-05-24')).refuses('wrong-state', 'R-SUR-2b');
    deviated.when(explain, by(pia, '2031-05-24')).records('surveillance.deviation-explained');
  });

  test('INV-13: a surveillance cannot have been held on a day that lies ahead', () => {
    const planned = scheduled(certified(), 1, '2030-12-03', '2030-12-04');
    const audit = first(planned).audit ?? '';
    doing(planned, onSite(audit, '2030-12-03', '2030-12-04'))
      .when(ending(audit, '2030-12-03', '2030-12-05'), by(ada, '2030-12-04'))
      .refuses('not-permitted');
    doing(planned, onSite(audit, '2030-12-03', '2030-12-04'))
      .when(ending(audit, '2030-12-03', '2030-12-05'), by(len, '2030-12-04'))
      .refuses('date-in-future', 'INV-13');
  });
});
