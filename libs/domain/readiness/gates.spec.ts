import { nothingYet, type Thing } from '../machine.js';
import { Policy } from '../policy.js';
import { body, by, client } from '../specification.js';
import {
  carriers,
  dated,
  done,
  evidence,
  files,
  missingOf,
  people,
  said,
  step,
  submitted,
  to,
  world,
} from './scene.js';

const { tom, ana, pat } = people;
const without = (...kinds: readonly string[]): readonly Thing[] =>
  files.filter(({ id }) => !kinds.some((kind) => id === `evd_${kind}`));

describe('what a step needs', () => {
  const complete = (n: number, things: readonly Thing[], scene = world(...things, ...submitted(n))) =>
    scene.when(to(n, 'completeStep'), by((carriers[n] ?? [ana, tom])[1]));

  test('R-EVD-1: a step of files is submitted with files', () => {
    world()
      .when(to(3, 'startStep'), by(pat))
      .done()
      .when(to(3, 'submitStep'), by(pat))
      .refuses('evidence-missing', 'R-RDY-1');
  });

  test('R-CTX-1: the scope has its files, climate with a reason, and at least one system with a role', () => {
    const started = world(...files)
      .when(to(1, 'startStep'), by(ana))
      .done();
    started
      .when(to(1, 'submitStep', { climateMatters: true }, { evidence }), by(ana))
      .refuses('reason-missing', 'R-CTX-1');
    const silent = started.when(to(1, 'submitStep', {}, { evidence }), by(ana)).done();
    expect(missingOf(complete(1, [], silent))).toEqual(['climateMatters', 'systems']);
    const systems = [{ key: 'assistant', roles: [] }];
    const half = started.when(to(1, 'submitStep', { ...said[1], systems }, { evidence }), by(ana)).done();
    expect(missingOf(complete(1, [], half))).toEqual(['roles towards assistant']);
    complete(1, without('contextRegister')).refuses('step-gate-open', 'R-RDY-1', 'R-CTX-1');
  });

  test.each([
    ...(['policy', 'riskCriteria', 'riskAssessment', 'impactAssessment'] as const),
    ...(['treatmentPlan', 'statementOfApplicability'] as const),
  ])('R-RSK-1, R-RSK-5, R-SOA-2, R-AIA-1: controls are not done without %s', (kind) => {
    const answer = complete(3, without(kind));
    answer.refuses('step-gate-open', 'R-RDY-1', 'R-POL-1');
    expect(missingOf(answer)).toEqual([kind]);
  });

  test('R-POL-1: the policy is approved by top management, not by somebody else', () => {
    const policy = { ...dated('policy'), approvedBy: ana.id };
    const answer = complete(3, [...without('policy'), policy]);
    answer.refuses('step-gate-open', 'R-POL-1');
    expect(missingOf(answer)).toEqual(['policy approved by top management']);
  });

  test('R-RDY-3, R-RSK-1: criteria come before risks, risks and impacts before the applicability', () => {
    const late = (kind: Parameters<typeof dated>[0]) =>
      complete(3, [...without(kind), dated(kind, '2029-01-21')]);
    late('impactAssessment').refuses('step-dependency-open', 'R-RDY-3');
    expect(missingOf(late('impactAssessment'))).toEqual(['impactAssessment until 2029-01-20']);
    expect(missingOf(late('riskCriteria'))).toEqual(['riskCriteria until 2029-01-10']);
    complete(3, [...without('impactAssessment'), dated('impactAssessment', '2029-01-20')]).records(
      'step.completed',
    );
  });

  test('R-DOC-1: what is demanded in writing and missing is listed by its clause', () => {
    const answer = complete(4, without('objectives', 'riskAssessment'));
    answer.refuses('step-gate-open', 'R-DOC-1');
    expect(missingOf(answer)).toEqual(['6.1.2 riskAssessment', '6.2 objectives', '8.2 riskAssessment']);
  });

  test('R-EVD-1: a file that was superseded, that nobody approved, or that the body keeps counts for nothing', () => {
    const [kind, register] = ['documentRegister', dated('documentRegister')] as const;
    for (const gone of [{ stage: 'superseded' }, { approvedBy: undefined }, { organisation: body }])
      expect(missingOf(complete(4, [...without(kind), { ...register, ...gone }]))).toEqual([`7.5 ${kind}`]);
  });

  test('R-S2-3: operation is not done before three months of it', () => {
    const after = (day: string) => [...without('operatingRecord'), dated('operatingRecord', day)];
    const settled = (day: string) =>
      world(...after(day), ...done(3), ...done(4), ...submitted(5)).when(to(5, 'completeStep'), by(ana));
    settled('2028-12-02').refuses('step-gate-open', 'R-S2-3');
    settled('2028-12-01').records('step.completed');
    const waiting = world(...after('2028-12-02'), ...submitted(5));
    expect(step(waiting, 5).operatedUntil).toMatchObject({
      ...{ date: '2029-03-02', kind: 'soft', rule: 'R-S2-3' },
      basis: [{ operation: 'plus 3 months', anchor: { date: '2028-12-02' } }],
    });
    const stricter = world(...after('2028-12-01'), ...done(3), ...done(4), ...submitted(5));
    stricter
      .under(new Policy(2, { 'readiness.minOperatingMonths': 4 }))
      .when(to(5, 'completeStep'), by(ana))
      .refuses('step-gate-open', 'R-S2-3');
  });

  test('R-RDY-4, R-KPI-1: nor with too few people trained, nor without indicators', () => {
    const started = world(...files)
      .when(to(5, 'startStep'), by(pat))
      .done();
    const few = started.when(to(5, 'submitStep', { trainedPercent: 94 }, { evidence }), by(pat)).done();
    few.when(to(5, 'completeStep'), by(ana)).refuses('step-gate-open', 'R-RDY-4');
    expect(missingOf(complete(5, without('indicatorReport'))).slice(0, 1)).toEqual(['indicatorReport']);
    complete(5, without('indicatorReport')).refuses('step-gate-open', 'R-KPI-1');
  });

  const major = (more: object): Thing => ({
    ...{ ...nothingYet('fnd_1'), kind: 'nonconformity', stage: 'planAccepted', organisation: client },
    ...{ programme: 'prg_1', source: 'internalAudit', grade: 'major', ...more },
  });

  test('R-RDY-5: the review comes on or after the day of the audit, and no major of its own is open', () => {
    const begun = (...things: readonly Thing[]) =>
      complete(
        6,
        [],
        world(...things)
          .when(to(5, 'startStep'), by(pat))
          .done(),
      );
    const reviewOn = (day: string) => [
      ...without('managementReviewRecord'),
      dated('managementReviewRecord', day),
    ];
    const ready = (...things: readonly Thing[]) =>
      world(...things, ...submitted(6))
        .when(to(5, 'startStep'), by(pat))
        .done()
        .when(to(6, 'completeStep'), by(tom));
    begun(...files).refuses('wrong-state');
    ready(...reviewOn('2029-01-09')).refuses('step-gate-open', 'R-RDY-5');
    expect(missingOf(ready(...reviewOn('2029-01-09')))).toEqual([
      'a management review after the internal audit',
    ]);
    ready(...reviewOn('2029-01-10')).records('step.completed');
    expect(missingOf(ready(...files, major({})))).toEqual(['fnd_1']);
    for (const harmless of [
      { grade: 'minor' },
      { source: 'audit' },
      { stage: 'closedVerified' },
      { stage: 'draft' },
    ])
      ready(...files, major(harmless)).records('step.completed');
  });

  test('R-SEL-1: the choice of the body is done when a body is chosen', () => {
    const answer = world()
      .when(to(7, 'startStep'), by(ana))
      .done()
      .when(to(7, 'submitStep'), by(ana))
      .done()
      .when(to(7, 'completeStep'), by(tom));
    answer.refuses('step-gate-open', 'R-SEL-1');
    expect(missingOf(answer)).toEqual(['selectCertificationBody']);
  });
});
