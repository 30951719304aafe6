import { ana, pia } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { by, command, engine } from '../specification.js';
import { auditOf, certifiedOn, nth, reported, scheduled, scheduling, type Scene } from './scene.js';

const DAY = '2030-02-08';
const certified = () => certifiedOn(DAY);
const first = (scene: Scene) => nth(scene, 1);
const open = (scene: Scene, on = '2030-09-08') =>
  scene.when(command('openSurveillanceWindow', first(scene).id), by(engine, on));
const opened = () => open(certified()).records('surveillance.window-opened');
describe('agreeing on days', () => {
  const agree = (scene: Scene, from: string, to: string, on: string) => {
    const what = scheduling('scheduleSurveillance', first(scene).id, from, to);
    return scene.when(what, by(pia, on)).records('second.awaited', 'task.opened').when(what, by(ana, on));
  };

  test('both sides agree, and the audit is opened for the surveillance with its plan date', () => {
    const planned = agree(opened(), '2030-12-03', '2030-12-04', '2030-10-01').records(
      ...['surveillance.scheduled', 'audit.opened'],
    );
    expect(first(planned)).toMatchObject({ stage: 'scheduled', plannedTo: '2030-12-04' });
    expect(auditOf(planned, first(planned))).toMatchObject({
      ...{
        stage: 'planned',
        auditType: 'surveillance',
        about: first(planned).id,
        planDue: { date: '2030-11-19' },
      },
    });
  });

  test('R-CAL-9: outside the planning window it is allowed with a remark', () => {
    const what = scheduling('scheduleSurveillance', first(opened()).id, '2031-01-20', '2031-01-21');
    opened().when(what, by(pia, '2030-10-01')).warns('outside-planning-window');
  });

  test('R-SUR-1, I-18: after the hard date only with the reason acknowledged', () => {
    const { acknowledge: _, ...what } = scheduling(
      'scheduleSurveillance',
      first(opened()).id,
      '2031-02-10',
      '2031-02-11',
    );
    opened().when(what, by(pia, '2030-10-01')).refuses('acknowledgement-missing', 'R-SUR-1', 'I-18');
    opened()
      .when(
        scheduling('scheduleSurveillance', first(opened()).id, '2031-02-10', '2031-02-11'),
        by(pia, '2030-10-01'),
      )
      .warns('after-due-date');
  });

  test('R-SUR-2, R-CAL-8: days that leave a calendar year without surveillance are said to do so', () => {
    const early = certifiedOn('2029-05-22');
    const second = nth(early, 2);
    const one = reported(early, 1, '2029-11-06');
    const window = one.when(command('openSurveillanceWindow', second.id), by(engine, '2030-07-31')).done();
    window
      .when(scheduling('scheduleSurveillance', second.id, '2031-01-14', '2031-01-15'), by(pia, '2030-09-01'))
      .warns('year-without-surveillance');
  });

  test('a programme without a certificate, or without audit time, has no surveillance', () => {
    const what = scheduling('scheduleSurveillance', first(opened()).id, '2030-12-03', '2030-12-04');
    const programme = opened().things.find(({ id }) => id === 'prg_1');
    if (programme)
      opened()
        .and({ ...programme, stage: 'lapsed' })
        .when(what, by(pia, '2030-10-01'))
        .refuses('wrong-state', 'R-PRG-1');
    const time = opened().things.find(({ kind }) => kind === 'audit-time');
    if (time)
      opened()
        .and({ ...time, stage: 'calculated' })
        .when(what, by(pia, '2030-10-01'))
        .refuses('audit-time-missing', 'R-TIM-1');
    opened()
      .when(
        scheduling('scheduleSurveillance', first(opened()).id, '2030-12-04', '2030-12-03'),
        by(pia, '2030-10-01'),
      )
      .refuses('days-incomplete', 'R-PLAN-1');
  });

  test('R-PRG-1: a cancelled or ended audit leaves what was owed as it was, and other days move the plan', () => {
    const planned = scheduled(certified(), 1, '2030-12-03', '2030-12-04');
    const audit = first(planned).audit ?? '';
    const because = { reason: 'Illness' };
    const cancelled = planned
      .when(command('cancelAudit', audit, {}, because), by(pia, '2030-11-01'))
      .records('audit.cancelled', 'surveillance.unscheduled');
    expect(first(cancelled)).toMatchObject({ stage: 'windowOpen' });
    const postponed = planned
      .when(command('postponeAudit', audit, {}, because), by(pia, '2030-11-01'))
      .done();
    const replan = { firstDay: civilDate('2030-12-10'), lastDay: civilDate('2030-12-11') };
    const moved = postponed
      .when(command('replanAudit', audit, replan), by(pia, '2030-11-02'))
      .warns('outside-planning-window');
    expect(first(moved).plannedTo).toBe('2030-12-11');
    planned
      .when(command('declareAuditImpossible', audit, { withheld: 'Logs' }, because), by(pia, '2030-11-02'))
      .records('audit.aborted', 'surveillance.unscheduled');
    const late = { firstDay: civilDate('2031-03-03'), lastDay: civilDate('2031-03-04') };
    postponed
      .when(command('replanAudit', audit, late), by(pia, '2030-11-02'))
      .refuses('acknowledgement-missing', 'I-18');
  });
});
