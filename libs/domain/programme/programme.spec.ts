import { account } from '../nonconformity/scene.js';
import { body, by, client, command, did, fact, given, person } from '../specification.js';
import { programmeMachine } from './programme.js';

import { application, onEachStep, people, steps, twoSides, until } from './scene.js';

const { manager, top, programme, scheme, signatory } = people;
const PRG = 'prg_1';
const state = (world: ReturnType<typeof given>) => world.thing(programmeMachine, PRG);

describe('from the opening to the initial audits', () => {
  test('a programme goes from draft to its initial audits by people of both sides', () => {
    const after = given(...twoSides)
      .when(steps.open, by(manager))
      .records('programme.opened', ...onEachStep('step.opened'))
      .when(steps.apply, by(manager))
      .records('second.awaited', 'task.opened')
      .when(steps.apply, by(top))
      .records('application.submitted')
      .when(steps.startReview, by(programme))
      .records('application.review-started');
    expect(state(after)).toMatchObject({ stage: 'reviewing', client, certificationBody: body });
    const later = given(...until.timed)
      .when(steps.accept, by(programme))
      .records('application.accepted', 'proposal.issued')
      .when(steps.sign, by(signatory))
      .records('second.awaited', 'task.opened')
      .when(steps.sign, by(top))
      .records('agreement.signed')
      .when(steps.approve, by(programme))
      .records('audit-programme.approved');
    expect(state(later)).toMatchObject({ stage: 'initial', accredited: true, agreedSites: ['head-office'] });
  });

  test('SOD-5: whoever gave consultancy to the client within the look-back does not review its application', () => {
    const tie = { kind: 'consultancy', client, from: '2025-01-01' };
    const bound = account(programme, { interests: [tie] });
    given(...until.applied, bound)
      .when(steps.startReview, by(programme))
      .refuses('lookback-not-over', 'SOD-5', 'R-IMP-3');
    given(...until.timed, bound)
      .when(steps.accept, by(programme))
      .refuses('lookback-not-over', 'SOD-5', 'I-24');
  });

  test("the zone of the client governs until a body is named, then the body's (R-CAL-18)", () => {
    expect(state(given(...until.drafted)).governingZone).toBe('Europe/Paris');
    expect(state(given(...until.applied)).governingZone).toBe('Europe/Berlin');
  });

  test('the rules are pinned with the application (R-GEN-3)', () => {
    expect(state(given(...until.applied)).rulePack).toBe('2026-1');
  });

  test('a body may open a programme for a client, whom it names (R-GEN-6)', () => {
    const open = (input: object) => command('openProgramme', PRG, { governingZone: 'Etc/UTC', ...input });
    given(...twoSides)
      .when(open({}), by(programme))
      .refuses('application-incomplete', 'R-GEN-6');
    const after = given(...twoSides)
      .when(open({ client }), by(programme))
      .records('programme.opened', ...onEachStep('step.opened'));
    expect(state(after)).toMatchObject({ client, certificationBody: body, organisation: client });
  });

  test('nothing of what people wrote stands in the ledger in clear', () => {
    const { events } = given(...until.drafted, did(steps.apply, by(manager))).when(steps.apply, by(top));
    expect(events[0]?.texts).toHaveProperty('scope', application.scope);
    expect(JSON.stringify(events[0]?.data)).not.toContain('Example');
  });
});

describe('the application', () => {
  const apply = (changes: object) => command('submitApplication', PRG, { ...application, ...changes });

  test('names everything that it lacks at once (R-APP-1, R-APP-2, I-11)', () => {
    const empty = command('submitApplication', PRG, { certificationBody: body });
    const answer = given(...until.drafted).when(empty, by(manager));
    answer.refuses('application-incomplete', 'R-APP-1', 'R-APP-2');
    given(...until.drafted)
      .when(apply({ aiSystems: [{ ...application.aiSystems?.[0], roles: [] }] }), by(manager))
      .refuses('application-incomplete', 'R-APP-2');
    given(...until.drafted)
      .when(apply({ sites: [{ ...application.sites?.[0], central: false }] }), by(manager))
      .refuses('application-incomplete', 'R-APP-1');
  });

  test('names exactly one certification body (R-GEN-6)', () => {
    for (const certificationBody of [undefined, 'org_nowhere', client])
      given(...until.drafted)
        .when(apply({ certificationBody }), by(manager))
        .refuses('certification-body-missing', 'R-GEN-6');
  });

  test('is authorised by top management and not by the same hand', () => {
    const both = person({ roles: ['aims-manager', 'top-management'], id: 'per_both' });
    given(...until.drafted, did(steps.apply, by(both)))
      .when(steps.apply, by(both))
      .refuses('four-eyes-required', 'SUP-0');
  });

  test('SOD-10: nobody applies to a body in which they have an account', () => {
    given(...until.drafted)
      .when(steps.apply, by({ ...manager, alsoIn: [body] }))
      .refuses('separation-of-duties', 'SOD-10');
  });

  test('SOD-10: nobody opens a programme for a client in which they have an account', () => {
    const open = command('openProgramme', PRG, { governingZone: 'Etc/UTC', client });
    given(...twoSides)
      .when(open, by({ ...programme, alsoIn: [client] }))
      .refuses('separation-of-duties', 'SOD-10');
  });
});

describe('the application review', () => {
  test('is done by somebody competent for it (R-CMP-1)', () => {
    const other = person({ roles: ['programme-manager'], id: 'per_other', organisation: body });
    given(...until.applied)
      .when(steps.startReview, by(other))
      .refuses('competence-missing', 'R-CMP-1');
    given(...until.applied)
      .when(steps.startReview, by(programme, '2032-01-01'))
      .refuses('competence-missing', 'R-CMP-1');
  });

  test('answers each point, and no question to the client stays open (R-APP-3)', () => {
    given(...until.timed)
      .when(command('acceptApplication', PRG, { answers: { scope: true } }), by(programme))
      .refuses('application-review-incomplete', 'R-APP-3');
    const asked = given(
      ...until.timed,
      did(command('askForInformation', PRG, { text: 'Which shifts?' }), by(programme)),
    );
    asked.when(steps.accept, by(programme)).refuses('application-review-incomplete', 'R-APP-3');
    asked
      .when(command('supplyInformation', PRG, { text: 'None.' }), by(manager))
      .records('application.information-supplied')
      .when(steps.accept, by(programme))
      .records('application.accepted', 'proposal.issued');
  });

  const threatened = (threats: readonly object[]) =>
    command('acceptApplication', PRG, { ...steps.accept.input, threats });

  test('settles each threat to impartiality (R-IMP-1)', () => {
    const familiarity = { kind: 'familiarity' };
    given(...until.timed)
      .when(threatened([familiarity]), by(programme))
      .refuses('impartiality-threat-open', 'R-IMP-1', 'R-APP-3');
    given(...until.timed)
      .when(threatened([{ ...familiarity, residual: 'acceptable' }]), by(programme))
      .done();
  });

  test('waits two years after a service of the body, that last day included (R-IMP-2, I-24)', () => {
    const service = [{ kind: 'internalAudit', residual: 'acceptable', endedOn: '2027-03-01' }];
    given(...until.timed)
      .when(threatened(service), by(programme, '2029-03-01'))
      .refuses('impartiality-threat-open', 'R-IMP-2', 'I-24');
    given(...until.timed)
      .when(threatened(service), by(programme, '2029-03-02'))
      .done();
  });

  test('needs an approved calculation of audit time (R-TIM-1)', () => {
    given(...until.reviewing)
      .when(steps.accept, by(programme))
      .refuses('audit-time-missing', 'R-TIM-1');
  });

  test('declines with reasons, by two people (R-APP-3)', () => {
    const decline = command('declineApplication', PRG, {}, { reason: 'no competence for this sector' });
    given(...until.reviewing)
      .when({ ...decline, reason: '' }, by(programme))
      .refuses('reason-missing', 'R-EVD-2');
    const after = given(...until.reviewing, did(decline, by(programme)))
      .when(decline, by(scheme))
      .records('application.declined', ...onEachStep('step.closed'));
    expect(state(after)).toMatchObject({ stage: 'terminated', cause: 'declined' });
  });
});

describe('the proposal and the agreement', () => {
  test('a proposal is valid for sixty days, rolled to a working day, and lapses (SM-0)', () => {
    const world = given(...until.proposed);
    const [owed] = programmeMachine.obligations?.(state(world)) ?? [];
    expect(owed).toMatchObject({
      key: 'proposal-1',
      due: { date: '2029-04-30', kind: 'soft', rule: 'SM-0' },
    });
    world.when(steps.sign, by(top, '2029-04-30')).records('second.awaited', 'task.opened');
    world.when(steps.sign, by(top, '2029-05-01')).refuses('proposal-lapsed', 'SM-0');
  });

  test('a lapsed proposal is issued again, and is owed anew', () => {
    const after = given(...until.proposed)
      .when(command('reissueProposal', PRG), by(programme, '2029-05-10'))
      .records('proposal.issued');
    expect(state(after).entered).toMatchObject({ proposed: 2 });
    expect(programmeMachine.obligations?.(state(after))[0]).toMatchObject({ key: 'proposal-2' });
    after.when(steps.sign, by(top, '2029-07-09')).done();
  });

  test('the agreement covers every site (R-AGR-1)', () => {
    given(...until.proposed)
      .when(command('signAgreement', PRG, { sites: [] }), by(top))
      .refuses('agreement-missing', 'R-AGR-1');
  });

  test('a machine signs nothing (R-GEN-1)', () => {
    given(...until.proposed)
      .when(steps.sign, by({ ...top, kind: 'machine' }))
      .refuses('person-required', 'R-GEN-1');
  });
});

describe('the audit programme', () => {
  const audits = 'audits' in steps.approve.input ? steps.approve.input.audits : [];
  const approve = (changes: object) =>
    command('approveAuditProgramme', PRG, { ...steps.approve.input, ...changes });

  test('spans the whole cycle (R-PRG-1)', () => {
    const without = Array.isArray(audits) ? audits.slice(0, 4) : [];
    given(...until.contracted)
      .when(approve({ audits: without }), by(programme))
      .refuses('audit-programme-missing', 'R-PRG-1');
  });

  test('covers every clause and control at Stage 2 and at the recertification (R-PRG-3)', () => {
    const thin = Array.isArray(audits)
      ? audits.map((one: object) =>
          'audit' in one && one.audit === 'stage2' ? { ...one, clauses: [4] } : one,
        )
      : [];
    given(...until.contracted)
      .when(approve({ audits: thin }), by(programme))
      .refuses('coverage-incomplete', 'R-PRG-3');
  });

  const sites = ['head-office', 'north', 'south', 'east', 'west'].map((key, place) => ({
    ...{ key, address: `${key} street`, people: 10, central: place === 0 },
  }));
  const manySites = [
    ...until.drafted,
    fact({
      kind: 'programme',
      type: 'application.submitted',
      stream: PRG,
      data: { certificationBody: body, sites, aiSystems: [], governingZone: 'Etc/UTC' },
    }),
    fact({
      kind: 'programme',
      type: 'agreement.signed',
      stream: PRG,
      data: { sites: ['head-office'], by: '' },
    }),
  ];

  test('samples sites by the root of their number, a quarter at random, with its rationale (R-MS-1, R-MD1-2)', () => {
    const sample = { ofSites: 4, visited: 2, random: 1, centralFunction: true, similar: true };
    const with_ = (changes: object, sampleRationale = 'sites alike, risk at north') =>
      approve({ sample: { ...sample, ...changes }, sampleRationale });
    const world = given(...manySites);
    world.when(with_({}), by(programme)).records('audit-programme.approved');
    world.when(with_({}, ''), by(programme)).refuses('sample-too-small', 'R-MS-1');
    world.when(with_({ visited: 1 }), by(programme)).refuses('sample-too-small', 'R-MD1-2');
    world.when(with_({ random: 0 }), by(programme)).refuses('sample-too-small', 'R-MD1-2');
    world.when(with_({ centralFunction: false }), by(programme)).refuses('sample-too-small', 'R-MS-1');
    world.when(with_({ similar: false }), by(programme)).refuses('sample-too-small', 'R-MD1-3');
  });

  test('is changed with a reason (R-PRG-1)', () => {
    const revise = command('reviseAuditProgramme', PRG, steps.approve.input);
    given(...until.initial)
      .when(revise, by(programme))
      .refuses('reason-missing', 'R-EVD-2');
    given(...until.initial)
      .when({ ...revise, reason: 'a site was added' }, by(programme))
      .records('audit-programme.revised');
  });

  test('starts a clock of twelve months for the first decision (SM-0)', () => {
    const [owed] = programmeMachine.obligations?.(state(given(...until.initial))) ?? [];
    expect(owed).toMatchObject({ key: 'first-decision', ladder: 'L-LONG', due: { date: '2030-03-01' } });
  });
});
