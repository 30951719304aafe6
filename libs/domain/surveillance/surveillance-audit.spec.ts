import { auditMachine } from '../audit/audit.js';
import { lea, pia } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { nonconformityMachine } from '../nonconformity/nonconformity.js';
import { body, by, command } from '../specification.js';
import { obligations } from './owed.js';
import {
  certifiedOn,
  datesIn,
  ending,
  held,
  len,
  nth,
  onSite,
  doing,
  reported,
  reporting,
  scheduled,
  type Scene,
} from './scene.js';

const DAY = '2030-02-08';
const certified = () => certifiedOn(DAY);
const first = (scene: Scene) => nth(scene, 1);
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

describe('the audit', () => {
  const begun = () => {
    const planned = scheduled(certified(), 1, '2030-12-03', '2030-12-04');
    return doing(planned, onSite(first(planned).audit ?? '', '2030-12-03', '2030-12-04'));
  };

  test('R-TIM-1: its plan gives the time that was determined for a surveillance, of this audit alone', () => {
    const planned = scheduled(certified(), 1, '2030-12-03', '2030-12-04');
    expect(() =>
      onSite(first(planned).audit ?? '', '2030-12-03', '2030-12-04', 2).reduce(
        (now: Scene, deed) => now.and(deed),
        planned,
      ),
    ).toThrow(/2.5 days of auditors over this audit/);
  });

  test('started, held and reported it moves the surveillance; held in time it has met its date', () => {
    expect(first(begun()).stage).toBe('inProgress');
    const ended = held(certified(), 1, '2030-12-03', '2030-12-04');
    expect(first(ended)).toMatchObject({
      stage: 'inProgress',
      held: { on: '2030-12-04', year: 2030 },
      late: false,
    });
    expect(obligations(first(ended))).toEqual([]);
  });

  test('R-CAL-8, R-CAL-15: held before its calendar year, the next one is owed for that year, and a further one is forecast where needed', () => {
    expect(datesIn(held(certified(), 1, '2030-12-03', '2030-12-04')).slice(1)).toEqual(['2031-12-31']);
    const early = held(certifiedOn('2029-05-22'), 1, '2029-11-06');
    expect(datesIn(early).slice(1)).toEqual(['2030-12-31', '2031-12-31']);
    expect(nth(early, 3)).toMatchObject({ stage: 'forecast', cycle: 1 });
  });

  test('R-SUR-3, R-SUR-3b: its report answers every point of the checklist', () => {
    const ended = held(certified(), 1, '2030-12-03', '2030-12-04');
    const audit = first(ended).audit ?? '';
    ended
      .when(reporting(audit, { complaints: 'None.' }), by(len, '2030-12-09'))
      .refuses('surveillance-checklist-incomplete', 'R-SUR-3', 'R-SUR-3b', 'I-12');
    ended
      .when(reporting(audit), by(len, '2030-12-09'))
      .records('audit-report.issued', 'surveillance.reported');
  });

  test('R-FND-5, R-FND-6: a minor that was left to it is verified or found not closed before the report', () => {
    const ended = held(certified(), 1, '2030-12-03', '2030-12-04');
    const left = finding(ended, { about: 'aud_1', grade: 'minor', stage: 'planAccepted', deferred: true });
    ended
      .and(left)
      .when(reporting(first(ended).audit ?? ''), by(len, '2030-12-09'))
      .refuses('surveillance-checklist-incomplete', 'R-FND-5', 'R-FND-6');
  });

  test('R-FND-5: with its start the effect of what was closed before is looked at', () => {
    const planned = scheduled(certified(), 1, '2030-12-03', '2030-12-04');
    const closed = finding(planned, {
      about: 'aud_1',
      stage: 'closedVerified',
      closedOn: civilDate('2030-01-10'),
    });
    const started = doing(
      planned.and(closed),
      onSite(first(planned).audit ?? '', '2030-12-03', '2030-12-04'),
    );
    expect(started.thing(nonconformityMachine, 'fnd_s').stage).toBe('effectivenessDue');
    started
      .when(command('confirmEffective', 'fnd_s', { lesson: 'Look twice.' }), by(len, '2030-12-03'))
      .records('nonconformity.found-effective');
    started
      .when(command('confirmEffective', 'fnd_s', { lesson: 'Look twice.' }), by(lea, '2030-12-03'))
      .refuses('not-permitted');
  });

  test('R-SUR-5: a major has the time that the body sets for surveillance, and none is raised behind the report', () => {
    const drafting = command(
      'draftFinding',
      'fnd_s',
      { source: 'audit' },
      { under: first(begun()).audit ?? '' },
    );
    const raising = command('raiseNonconformity', 'fnd_s', {
      ...{ grade: 'major', requirement: '8.4', statement: 'No assessment was kept.' },
      ...{ objectiveEvidence: 'Register, entry 4', gradeReason: 'The results are in doubt' },
    });
    const drafted = begun().when(drafting, by(len, '2030-12-03')).done();
    const raised = drafted.when(raising, by(len, '2030-12-04')).done();
    expect(raised.thing(nonconformityMachine, 'fnd_s').verifyDue).toMatchObject({
      date: '2031-03-04',
      rule: 'R-SUR-5',
    });
    const audit = first(drafted).audit ?? '';
    const after = drafted
      .when(ending(audit, '2030-12-03', '2030-12-04'), by(len, '2030-12-04'))
      .done()
      .when(reporting(audit), by(len, '2030-12-09'))
      .done();
    after.when(raising, by(len, '2030-12-10')).refuses('wrong-state', 'R-SUR-4');
  });

  test('a surveillance ends as audits do, and is closed when it was reported', () => {
    const audit = first(begun()).audit ?? '';
    begun()
      .when(
        command('issueFindings', audit, ending(audit, '2030-12-03', '2030-12-04').input),
        by(len, '2030-12-04'),
      )
      .refuses('wrong-state', 'SM-3');
    const done = reported(certified(), 1, '2030-12-03', '2030-12-04')
      .when(command('closeAudit', audit), by(pia, '2030-12-20'))
      .records('audit.closed');
    expect(done.thing(auditMachine, audit).stage).toBe('closed');
  });
});
