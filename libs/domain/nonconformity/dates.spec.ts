import { civilDate } from '../instant.js';
import { Policy } from '../policy.js';
import { by, command, engine, given } from '../specification.js';
import { limitSet, sixMonthLimit } from './limit.js';
import { nonconformityMachine } from './nonconformity.js';
import { obligations } from './owed.js';
import {
  lea,
  aud,
  pia,
  dana,
  ana,
  stranger,
  programme,
  audit,
  decided,
  F,
  draft,
  raise,
  plan,
  it,
  verify,
  raised,
  accepted,
  evidenced,
  shown,
} from './scene.js';

describe('the dates of a finding', () => {
  const dates = (grade: string, on: string, lastDay?: string) => {
    const then = audit(lastDay ? { lastDay: civilDate(lastDay) } : {});
    const scene = given(programme, then)
      .when(draft(), by(aud, on))
      .done()
      .when(raise({ grade }), by(lea, on))
      .done();
    const owed = obligations(scene.thing(nonconformityMachine, F));
    return owed.map(({ key, due }) => [key, due.date, due.kind, due.rule]);
  };

  test('Programme A: plans are due on the Monday, and majors are verified by 2027-10-23', () => {
    expect(dates('minor', '2027-04-23')).toEqual([['plan-1', '2027-05-24', 'soft', 'R-FND-4']]);
    expect(dates('major', '2027-04-23', '2027-04-23')).toEqual([
      ['plan-1', '2027-05-24', 'soft', 'R-FND-4'],
      ['major-verified-1', '2027-07-22', 'soft', 'R-FND-5'],
      ['limit-1', '2027-10-23', 'hard', 'R-DEC-4'],
    ]);
  });

  test('Programme C: the limit of 2028-09-30 is a Saturday and does not roll', () => {
    expect(dates('major', '2028-03-31', '2028-03-31')).toContainEqual([
      'limit-1',
      '2028-09-30',
      'hard',
      'R-DEC-4',
    ]);
  });

  test('R-CAL-13: a limit that comes before the soft date rules it, and both bases stay visible', () => {
    const scene = raised('major');
    const finding = scene.thing(nonconformityMachine, F);
    const limit = sixMonthLimit(civilDate('2028-10-01'), new Policy());
    const bound = scene.and(limitSet(finding, limit)).thing(nonconformityMachine, F);
    const verified = obligations(bound).find(({ key }) => key === 'major-verified-1');
    const ruled = { date: '2029-04-01', rule: 'R-DEC-4', kind: 'soft', interpretations: ['I-34', 'I-35'] };
    expect(verified?.due).toMatchObject(ruled);
    expect(verified?.due.basis.map(({ date }) => date)).toEqual(['2029-05-30', '2029-04-01']);
  });

  test('R-CAL-10: soft dates are extended with a reason, hard ones never move', () => {
    const scene = raised('major').and(
      limitSet(
        raised('major').thing(nonconformityMachine, F),
        sixMonthLimit(civilDate('2029-03-01'), new Policy()),
      ),
    );
    const until = civilDate('2029-04-20');
    const after = scene
      .when(it('extendPlanDue', { which: 'plan', until }), by(pia))
      .records('nonconformity.due-extended');
    expect(after.thing(nonconformityMachine, F).planDue).toMatchObject({
      date: until,
      basis: [{ operation: 'plus 50 days' }],
    });
    after
      .when(it('extendPlanDue', { which: 'verification', until }), by(lea))
      .records('nonconformity.due-extended');
    scene
      .when(it('extendPlanDue', { which: 'limit', until }), by(pia))
      .refuses('hard-date-cannot-move', 'R-CAL-10');
    const beyond = civilDate('2029-09-02');
    scene
      .when(it('extendPlanDue', { which: 'plan', until: beyond }), by(pia))
      .refuses('hard-date-cannot-move');
    scene.when(it('extendPlanDue', { which: 'plan', until }, ''), by(pia)).refuses('reason-missing');
    scene.when(it('extendPlanDue', { which: 'plan', until }), by(stranger)).refuses('not-permitted');
  });

  test('R-DEC-4: the engine records once, and after the day alone, that six months are over', () => {
    const scene = raised('major').and(
      limitSet(
        raised('major').thing(nonconformityMachine, F),
        sixMonthLimit(civilDate('2029-03-01'), new Policy()),
      ),
    );
    scene.when(command('recordLimitPassed', F), by(engine, '2029-09-01')).refuses('wrong-state', 'R-DEC-4');
    scene
      .when(command('recordLimitPassed', F), by(engine, '2029-09-02'))
      .records('nonconformity.limit-passed')
      .when(command('recordLimitPassed', F), by(engine, '2029-09-03'))
      .refuses('wrong-state');
  });

  test('R-CAL-14: nothing is verified from a day before it was shown, so that no limit is met afterwards', () => {
    const [shownOn, after] = ['2029-09-05', '2029-09-06'];
    const late = accepted('major').when(shown, by(dana, shownOn)).done().when(shown, by(ana, shownOn)).done();
    const from = (day: string) => ({ ...verify(), effectiveOn: civilDate(day), reason: 'Recorded late' });
    late.when(from('2029-08-31'), by(lea, after)).refuses('date-before-evidence', 'R-CAL-14');
    late.when({ ...from(shownOn), reason: '' }, by(lea, after)).refuses('reason-missing', 'R-EVD-2');
    const closed = late.when(from(shownOn), by(lea, after)).records('nonconformity.closed');
    expect(closed.thing(nonconformityMachine, F).closedOn).toBe(shownOn);
    const earlier = { ...shown, effectiveOn: civilDate('2029-08-30'), reason: 'Sent by post' };
    accepted('major')
      .when(earlier, by(dana, shownOn))
      .done()
      .when(earlier, by(ana, shownOn))
      .done()
      .when(from('2029-08-31'), by(lea, after))
      .records('nonconformity.closed');
  });

  test('everything owed has ended when the finding is closed', () => {
    const scene = evidenced('major').when(verify(), by(lea)).done();
    expect(obligations(scene.thing(nonconformityMachine, F))).toEqual([]);
  });
});

describe('dispute and grade', () => {
  test('R-FND-2, I-25: the client disputes, the leader upholds, and no clock has stopped', () => {
    const disputed = raised().when(it('disputeFinding'), by(ana)).records('nonconformity.disputed');
    const owed = () => obligations(disputed.thing(nonconformityMachine, F)).map(({ key }) => key);
    expect(owed()).toEqual(['plan-1']);
    disputed.when(it('upholdFinding'), by(stranger)).refuses('not-permitted');
    const upheld = disputed.when(it('upholdFinding'), by(lea)).records('nonconformity.upheld');
    expect(upheld.thing(nonconformityMachine, F)).toMatchObject({ stage: 'raised', plansAsked: 1 });
  });

  test('R-FND-1: both grades are kept and the dates follow the new one', () => {
    const scene = raised()
      .when(it('regradeFinding', { grade: 'major' }), by(lea))
      .records('nonconformity.regraded');
    const finding = scene.thing(nonconformityMachine, F);
    expect(finding).toMatchObject({ grade: 'major', grades: ['minor', 'major'], stage: 'raised' });
    expect(obligations(finding).map(({ key }) => key)).toEqual(['plan-1', 'major-verified-1']);
    scene.when(it('regradeFinding', { grade: 'major' }), by(lea)).refuses('grade-not-allowed', 'R-FND-1');
    scene.when(it('regradeFinding', { grade: 'minor' }), by(ana)).refuses('not-permitted');
    const back = scene.when(it('regradeFinding', { grade: 'minor' }), by(lea)).done();
    expect(obligations(back.thing(nonconformityMachine, F)).map(({ key }) => key)).toEqual(['plan-1']);
  });

  test('R-DEC-2: after the decision nobody disputes, regrades or retracts', () => {
    const scene = raised().and(decided);
    scene.when(it('disputeFinding'), by(ana)).refuses('regrade-after-decision');
    scene
      .when(it('regradeFinding', { grade: 'major' }), by(lea))
      .refuses('regrade-after-decision', 'R-DEC-2');
    scene.when(it('retractFinding'), by(lea)).refuses('regrade-after-decision');
  });

  test('a retracted finding is none, and nothing more happens to it', () => {
    const scene = raised('major').when(it('retractFinding'), by(lea)).records('nonconformity.retracted');
    expect(obligations(scene.thing(nonconformityMachine, F))).toEqual([]);
    scene.when(plan(), by(dana)).refuses('wrong-state');
  });
});
