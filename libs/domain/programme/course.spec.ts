import { civilDate } from '../instant.js';
import { body, by, client, command, did, given, person } from '../specification.js';
import { Policy } from '../policy.js';
import { programmeMachine } from './programme.js';
import { programmeCertified, programmeLapsed, programmeTerminated } from './moves.js';
import { onEachStep, people, steps, until } from './scene.js';

const { manager, programme, scheme } = people;
const PRG = 'prg_1';
const state = (world: ReturnType<typeof given>) => world.thing(programmeMachine, PRG);

describe('on hold, changed, ended', () => {
  const hold = command('holdProgramme', PRG, {}, { reason: 'asked by the client' });
  const resume = command('resumeProgramme', PRG);

  test('a programme on hold takes no other command, stops no clock, and goes on where it was (I-13)', () => {
    const held = given(...until.initial, did(hold, by(programme)));
    held
      .when(command('reviseAuditProgramme', PRG, steps.approve.input, { reason: 'x' }), by(programme))
      .refuses('on-hold', 'I-13');
    expect(programmeMachine.obligations?.(state(held))[0]?.due.date).toBe('2030-03-01');
    const after = held.when(resume, by(programme)).records('programme.resumed');
    expect(state(after).stage).toBe('initial');
  });

  test('a certified programme is not held (I-13)', () => {
    const certified = programmeCertified(PRG, {
      certificate: 'crt_1',
      decidedOn: civilDate('2029-03-01'),
      expiryDate: civilDate('2032-02-29'),
    });
    const world = given(...until.initial, certified);
    expect(state(world)).toMatchObject({
      stage: 'certified',
      certificate: 'crt_1',
      expiryDate: '2032-02-29',
    });
    world.when(hold, by(programme)).refuses('wrong-state', 'INV-7');
    const lapsed = world.and(programmeLapsed(PRG, { on: civilDate('2032-03-01') }));
    expect(state(lapsed).stage).toBe('lapsed');
  });

  test('a refused decision ends the programme', () => {
    const after = given(...until.initial, programmeTerminated(PRG, { cause: 'refused' }));
    expect(state(after)).toMatchObject({ stage: 'terminated', cause: 'refused' });
  });

  const notice = (tookEffectOn: string) =>
    command('giveChangeNotice', PRG, { change: 'aiSystem', tookEffectOn, description: 'a new model' });

  test('a change is told when it has taken effect, and late with a remark (R-CHG-1)', () => {
    const world = given(...until.initial);
    world.when(notice('2029-03-02'), by(manager)).refuses('date-in-future', 'INV-13');
    world.when(notice('2029-02-15'), by(manager, '2029-03-01')).records('change-notice.given');
    world.when(notice('2029-02-14'), by(manager, '2029-03-01')).warns('after-due-date');
  });

  test('the days in which a change is told are the business days of the client, not of the body (R-CHG-1, R-CAL-11)', () => {
    const businessCalendar = { version: 1, holidays: [civilDate('2029-02-28')] };
    const told = (policy: Policy) =>
      given(...until.initial)
        .under(policy)
        .when(notice('2029-02-14'), by(manager, '2029-03-01'));
    const ofClient = new Policy(0, {}, { client: new Policy(1, {}, { businessCalendar }) });
    expect(told(ofClient).warnings).toEqual([]);
    told(new Policy(1, {}, { businessCalendar, client: new Policy() })).warns('after-due-date');
  });

  const decide = (input: object) =>
    command('decideOnChangeNotice', PRG, { notice: 'change-1', consequence: 'none', ...input });

  test('the body decides once what follows, and in the initial audits whether Stage 1 stands (R-CHG-1, R-S1-5)', () => {
    const told = given(...until.initial, did(notice('2029-03-01'), by(manager)));
    told.when(decide({}), by(programme)).refuses('stage1-repeat-required', 'R-S1-5');
    told.when(decide({ notice: 'change-2' }), by(programme)).refuses('wrong-state', 'R-CHG-1');
    const decided = told
      .when(decide({ repeatStage1: true }), by(programme))
      .records('change-notice.consequence-decided');
    expect(state(decided)).toMatchObject({
      repeatStage1From: '2029-03-01',
      changeNotices: [{ key: 'change-1', consequence: 'none' }],
    });
    decided.when(decide({ repeatStage1: false }), by(programme)).refuses('wrong-state', 'R-CHG-1');
    const held = told.and(did(hold, by(programme)));
    held.when(decide({}), by(programme)).refuses('stage1-repeat-required', 'R-S1-5');
  });

  test('the governing zone is changed by a fact with a reason (R-CAL-18)', () => {
    const zone = command(
      'changeGoverningZone',
      PRG,
      { governingZone: 'Asia/Tokyo' },
      { reason: 'the body moved' },
    );
    const after = given(...until.initial)
      .when(zone, by(scheme))
      .records('programme.zone-changed');
    expect(state(after).governingZone).toBe('Asia/Tokyo');
  });

  test('a programme is ended with a cause, but not while a certificate is valid (R-GEN-1)', () => {
    const end = command('endProgramme', PRG, { cause: 'withdrawn' }, { reason: 'the client gave up' });
    const after = given(...until.initial)
      .when(end, by(programme))
      .records('programme.ended', ...onEachStep('step.closed'));
    expect(state(after)).toMatchObject({ stage: 'terminated', cause: 'withdrawn' });
    const expired = command('endProgramme', PRG, { cause: 'expired' }, { reason: 'nobody renewed it' });
    given(...until.initial)
      .when(expired, by(programme))
      .refuses('wrong-state', 'SM-0');
    const lapsed = given(...until.initial).and(programmeLapsed(PRG, { on: civilDate('2029-02-01') }));
    expect(state(lapsed.when(expired, by(programme)).done()).cause).toBe('expired');
    const certificate = {
      ...{ id: 'crt_1', kind: 'certificate', stage: 'active', programme: PRG, organisation: body },
      ...{ entered: {}, texts: {} },
    };
    given(...until.initial, certificate)
      .when(end, by(programme))
      .refuses('certificate-still-valid', 'R-GEN-1');
  });
});

describe('both sides', () => {
  test('SOD-10: a human with an account on the other side acts on neither', () => {
    given(...until.applied)
      .when(steps.startReview, by({ ...programme, alsoIn: [client] }))
      .refuses('separation-of-duties', 'SOD-10');
    given(...until.applied)
      .when(steps.startReview, by({ ...programme, alsoIn: ['org_elsewhere'] }))
      .records('application.review-started');
  });

  test("nobody acts in another body's programme (R-GEN-6)", () => {
    const stranger = person({ roles: ['programme-manager'], organisation: 'org_other' });
    given(...until.applied)
      .when(steps.startReview, by(stranger))
      .refuses('not-permitted', 'R-GEN-1');
  });

  test('nobody dates an act ahead, an earlier date needs a reason, and none lies before the stage (R-CAL-14)', () => {
    const from = (day: string, reason = '') => ({
      ...steps.startReview,
      ...{ effectiveOn: civilDate(day), reason },
    });
    const world = given(...until.applied);
    const later = by(programme, '2029-03-05');
    world.when(from('2029-03-06'), later).refuses('date-in-future', 'INV-13');
    world.when(from('2029-03-02'), later).refuses('reason-missing', 'R-EVD-2');
    world.when(from('2029-02-28', 'done on paper'), later).refuses('date-before-evidence', 'R-CAL-14');
    world.when(from('2029-03-01', 'done on paper'), later).done();
  });
});
