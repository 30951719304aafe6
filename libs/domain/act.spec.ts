import { mayAct, stood, type Situation } from './act.js';
import { civilDate, instant } from './instant.js';
import { Policy } from './policy.js';
import { programmeMachine } from './programme/programme.js';
import { people, steps, until } from './programme/scene.js';
import { by, command, did, engine, given, person } from './specification.js';
import { taskMachine } from './task/task.js';

const { manager, top, programme, scheme } = people;
const PRG = 'prg_1';

describe('who', () => {
  test('nobody acts without the role (R-GEN-1)', () => {
    given(...until.applied)
      .when(steps.startReview, by(manager))
      .refuses('not-permitted', 'R-GEN-1');
  });

  test('Perennial itself issues nothing that is for people (R-GEN-1)', () => {
    given(...until.proposed)
      .when(steps.sign, by(engine))
      .refuses('not-permitted', 'R-GEN-1');
  });

  test('people issue nothing that is for Perennial alone', () => {
    const open = command(
      'openTask',
      'tsk_1',
      { queue: 'aims-manager', asks: 'submitApplication' },
      { under: PRG },
    );
    given(...until.drafted)
      .when(open, by(manager))
      .refuses('not-permitted', 'R-GEN-1');
    given(...until.drafted)
      .when(open, by(engine))
      .records('task.opened');
  });

  test('a role counts from its first to its last day, and in its programme alone', () => {
    const grant = (more: object) => ({
      ...programme,
      grants: [{ role: 'programme-manager' as const, from: civilDate('2029-02-01'), ...more }],
    });
    const world = given(...until.applied);
    const today = by(grant({}), '2029-03-01').on;
    world.when(steps.startReview, by(grant({ until: today }))).records('application.review-started');
    world.when(steps.startReview, by(grant({ until: civilDate('2029-02-28') }))).refuses('not-permitted');
    world.when(steps.startReview, by(grant({ from: civilDate('2029-03-02') }))).refuses('not-permitted');
    world.when(steps.startReview, by(grant({ programme: 'prg_other' }))).refuses('not-permitted');
    world.when(steps.startReview, by(grant({ programme: PRG }))).records('application.review-started');
  });
});

describe('where two must act', () => {
  const first = given(...until.proposed, did(steps.sign, by(top)));

  test('the first consents, nothing moves, and a task asks the other', () => {
    expect(first.thing(programmeMachine, PRG)).toMatchObject({
      stage: 'proposed',
      awaited: { command: 'signAgreement', by: 'per_top', awaits: ['signatory'] },
    });
    const asked = first.things.filter(taskMachine.is).find(({ asks }) => asks === 'signAgreement');
    expect(asked).toMatchObject({ queue: 'signatory', organisation: 'org_body', stage: 'open' });
  });

  test('the same role does not act twice, nor the same person in both roles (SUP-0)', () => {
    const colleague = person({ roles: ['top-management'], id: 'per_colleague' });
    first.when(steps.sign, by(colleague)).refuses('not-permitted', 'R-GEN-1');
    const both = person({
      roles: ['programme-manager', 'scheme-administrator'],
      id: 'per_both',
      organisation: 'org_body',
    });
    const decline = command('declineApplication', PRG, {}, { reason: 'no competence' });
    given(...until.reviewing, did(decline, by(both)))
      .when(decline, by(both))
      .refuses('four-eyes-required', 'SUP-0');
  });

  test('a consent is void once people record something else on the thing', () => {
    const after = first.when(command('reissueProposal', PRG), by(programme)).records('proposal.issued');
    expect(after.thing(programmeMachine, PRG).awaited).toBeUndefined();
    after.when(steps.sign, by(people.signatory)).records('second.awaited', 'task.opened');
  });
});

describe('what any command can be refused for', () => {
  const world = given(...until.applied);

  test('a version that is not the one that stands (INV-7)', () => {
    world.when({ ...steps.startReview, version: 1 }, by(programme)).refuses('stale-version', 'INV-7');
    world.when({ ...steps.startReview, version: 3 }, by(programme)).records('application.review-started');
  });

  test('a stage that does not allow it (INV-7)', () => {
    world.when(steps.sign, by(top)).refuses('wrong-state', 'INV-7');
  });

  test('a missing reason (R-EVD-2)', () => {
    world
      .when(command('holdProgramme', PRG, {}, { reason: ' ' }), by(programme))
      .refuses('reason-missing', 'R-EVD-2');
  });

  test('all reasons at once', () => {
    const answer = given(...until.timed).when(
      command('acceptApplication', PRG, { answers: {}, threats: [{ kind: 'familiarity' }] }, { version: 99 }),
      by(programme),
    );
    answer.refuses('stale-version');
    answer.refuses('application-review-incomplete');
    answer.refuses('impartiality-threat-open');
  });
});

test('what the list of actions says is what the command says', () => {
  const stages = Object.entries(until);
  expect(stages.length).toBeGreaterThan(5);
  for (const [, past] of stages) {
    const world = given(...past);
    const subject = world.thing(programmeMachine, PRG);
    const situation = (actor: Situation['actor']): Situation => ({
      ...{
        subject,
        version: 1,
        actor,
        zone: 'Etc/UTC',
        policy: new Policy(),
        things: world.things,
        newNumber: '',
      },
      ...{ now: instant('2029-03-01T10:00:00.000Z'), today: civilDate('2029-03-01'), sandbox: true },
      newId: (prefix: string) => `${prefix}_1`,
    });
    for (const actor of [manager, top, programme, scheme])
      for (const type of Object.keys(programmeMachine.commands).filter((one) => one !== 'openProgramme')) {
        const may = mayAct(programmeMachine, type, stood(situation(actor)));
        const input = {
          answers: {},
          sites: [],
          audits: [],
          text: '',
          notice: '',
          tookEffectOn: '2029-03-01',
        };
        const answer = world.when(command(type, PRG, input, { reason: 'so' }), by(actor));
        const roles = ['not-permitted', 'wrong-state', 'on-hold', 'person-required'] as const;
        for (const code of roles) {
          const listed =
            'refused' in may && may.refused.some((one) => one.code === code && one.rules[0] !== 'R-CHG-1');
          if (listed) answer.refuses(code);
        }
        if (!('refused' in may))
          expect(() => answer.refuses('not-permitted')).toThrow('expected that it refuses');
      }
  }
});
