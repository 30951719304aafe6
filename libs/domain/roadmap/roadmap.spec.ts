import type { AuditType } from '../audit/life.js';
import { auditMachine } from '../audit/audit.js';
import { certificateMachine } from '../certificate/certificate.js';
import { dom } from '../decision/scene.js';
import { inWords } from '../explanation.js';
import { civilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { programmeMachine } from '../programme/programme.js';
import { audited, deciding, prepared, underReview } from '../recertification/scene.js';
import { charter, people, to, world } from '../readiness/scene.js';
import { body, by } from '../specification.js';
import { auditOf, certifiedOn, reported, scheduled, nth, type Scene } from '../surveillance/scene.js';
import { roadmapKinds, roadmapOf, type Roadmap, type Station } from './roadmap.js';

/** The roadmap of the programme of a scene, as whoever sees all of it sees it on a day. */
function seen(
  scene: { readonly things: readonly Thing[] },
  day: string,
  hides = (_: Thing) => false,
): Roadmap {
  const programme = scene.things.find(programmeMachine.is);
  if (!programme) throw new Error('there is no programme');
  const things = scene.things.filter(
    (one) => one.programme === programme.id && roadmapKinds.includes(one.kind) && !hides(one),
  );
  return roadmapOf({ programme, things, acts: [], today: civilDate(day) });
}

const lines = (stations: readonly Station[]): readonly string[] =>
  stations.map(({ date, status, what }) => `${date} ${status} ${what}`);

const DAY = '2027-07-19';
const granted = () => certifiedOn(DAY);

describe('M70: a programme is never finished', () => {
  test('on the day of the grant the next three years stand on it', () => {
    expect(lines(seen(granted(), DAY).timeline)).toEqual([
      '2027-04-23 happened Stage 2',
      '2027-07-19 happened grant',
      '2028-07-19 due surveillance audit',
      '2029-07-19 due surveillance by the date of the programme',
      '2029-12-31 due surveillance audit',
      '2030-01-18 due start of the recertification',
      '2030-04-18 due recertification audit',
      '2030-06-18 due decision on the recertification',
      '2030-07-18 due decision before the certificate expires',
    ]);
  });

  test('R-SUR-1, R-CAL-20: the day after, the first surveillance comes next, with its reason, its rule and who owes it', () => {
    const { next, late } = seen(granted(), '2027-07-20');
    expect(next).toMatchObject({
      date: '2028-07-19',
      due: { kind: 'hard', rule: 'R-SUR-1' },
      owedBy: ['aims-manager', 'programme-manager'],
    });
    expect(next && inWords(next.due)).toMatch(
      /^2028-07-19: 12 months after decision of 2027-07-19 \(R-SUR-1\)/,
    );
    expect(late).toEqual([]);
  });

  test('R-CAL-2: what is due today is still to come; the day after it is late, and something else comes next', () => {
    const today = seen(granted(), '2028-07-19');
    expect([today.next?.date, today.late]).toEqual(['2028-07-19', []]);
    const after = seen(granted(), '2028-07-20');
    expect(after.next?.date).toBe('2029-07-19');
    expect(lines(after.late)).toEqual(['2028-07-19 late surveillance audit']);
    expect(lines(after.timeline)).toContain('2028-07-19 late surveillance audit');
    expect(lines(seen(granted(), '2040-01-01').late)).toHaveLength(7);
    expect(seen(granted(), '2040-01-01')).not.toHaveProperty('next');
  });
});

describe('What has happened', () => {
  const renewed = (): Scene => {
    const kept = reported(reported(granted(), 1, '2028-06-13', '2028-06-14'), 2, '2029-06-12');
    const held = audited(prepared(kept, 1, '2030-01-18'), 1, '2030-04-16', '2030-04-17');
    const ready = underReview(held, 1, '2030-05-20');
    return ready.when(deciding(ready, 1, 'renew'), by(dom, '2030-06-11')).done();
  };

  test('R-CAL-19, R-REC-4: each surveillance and the recertification on their last days, and the renewal; no expiry between', () => {
    const { timeline, next, late } = seen(renewed(), '2030-08-01');
    expect(lines(timeline)).toEqual([
      '2027-04-23 happened Stage 2',
      '2027-07-19 happened grant',
      '2028-06-14 happened surveillance 1 of cycle 1',
      '2029-06-12 happened surveillance 2 of cycle 1',
      '2030-04-17 happened recertification audit',
      '2030-06-11 happened renewal',
      '2031-06-11 due surveillance by the date of the programme',
      '2031-12-31 due surveillance audit',
      '2032-06-11 due surveillance by the date of the programme',
      '2032-12-31 due surveillance audit',
      '2033-01-18 due start of the recertification',
      '2033-04-18 due recertification audit',
      '2033-06-20 due decision on the recertification',
      '2033-07-18 due decision before the certificate expires',
    ]);
    expect([next?.due.rule, late]).toEqual(['I-4', []]);
  });

  test('R-CAL-5: the last valid day is an expiry from the next day on', () => {
    const ended = (day: string) =>
      lines(seen(renewed(), day).timeline).filter((line) => / expiry$/.test(line));
    expect(ended('2033-07-18')).toEqual([]);
    expect(ended('2033-07-19')).toEqual(['2033-07-18 happened expiry']);
  });

  test('R-CAL-7: a restoration leaves the expiry where it was', () => {
    const scene = granted();
    const [first] = scene.things.filter(certificateMachine.is);
    const [validity] = first?.validities ?? [];
    if (!first || !validity) throw new Error('nothing was granted');
    const again = {
      ...{ decidedOn: civilDate('2030-09-02'), effectiveDate: civilDate('2030-09-02') },
      expiry: { ...validity.expiry, date: civilDate('2033-07-18') },
    };
    const restored = { ...first, validities: [validity, again], expiry: again.expiry };
    const happened = lines(seen(scene.and(restored), '2030-10-01').timeline).filter((line) =>
      /grant|expiry|restoration/.test(line),
    );
    expect(happened).toEqual([
      '2027-07-19 happened grant',
      '2030-07-18 happened expiry',
      '2030-09-02 happened restoration after expiry',
    ]);
  });

  test('an audit stands on the day for which it is planned until it is held; one that was cancelled or aborted does not', () => {
    const scene = scheduled(granted(), 1, '2028-06-13', '2028-06-14');
    const audit = auditOf(scene, nth(scene, 1));
    const planned = '2028-06-13 planned surveillance 1 of cycle 1';
    expect(lines(seen(scene, '2028-05-10').timeline)).toContain(planned);
    for (const stage of ['cancelled', 'aborted'])
      expect(lines(seen(scene.and({ ...audit, stage }), '2028-05-10').timeline)).not.toContain(planned);
  });

  test.each<[AuditType, string]>([
    ['stage1', 'Stage 1'],
    ['stage2', 'Stage 2'],
    ['surveillance', 'surveillance'],
    ['recertification', 'recertification audit'],
  ])('an audit of type %s is called %s', (auditType, what) => {
    const lastDay = civilDate('2027-02-10');
    const opens = { stage: 'closed', organisation: body, programme: 'prg_1', auditType, lastDay };
    const audit: Thing = { ...auditMachine.initial('aud_x'), ...opens };
    expect(lines(seen(granted().and(audit), DAY).timeline)).toContain(`2027-02-10 happened ${what}`);
  });

  test('the facts of the programme stand on their days, those that are milestones', () => {
    const programme: Thing = { ...programmeMachine.initial('prg_1'), stage: 'initial' };
    const on = civilDate('2026-10-13');
    const acts = ['agreement.signed', 'application.submitted', 'change-notice.given'].map((type, n) => ({
      type,
      on: n === 0 ? civilDate('2026-11-10') : on,
    }));
    const { timeline } = roadmapOf({ programme, things: [], acts, today: on });
    expect(lines(timeline)).toEqual(['2026-10-13 happened application', '2026-11-10 happened agreement']);
  });
});

describe('The steps', () => {
  const { tom, ana } = people;
  const begun = () =>
    world()
      .when(to(0, 'signCharter', charter), by(tom, '2029-01-08'))
      .done()
      .when(to(2, 'planStep', { due: '2029-01-16' }), by(ana, '2029-01-09'))
      .done();

  test('SM-1: stand in their order with their names, and what is planned is owed', () => {
    const { steps, next, readiness } = seen({ things: begun().things.toReversed() }, '2029-01-10');
    expect(steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(steps[0]).toMatchObject({ name: 'charter', stage: 'done', doneOn: '2029-01-08' });
    expect(steps[2]).toMatchObject({ name: 'gap analysis', due: { date: '2029-01-16', kind: 'soft' } });
    expect(steps[12]).toMatchObject({ name: 'maintenance', stage: 'notStarted' });
    expect(next).toMatchObject({ thing: 'rdy_2', what: 'the step gap analysis', owedBy: ['aims-manager'] });
    expect(readiness).toMatchObject({ readyForStage1: false, score: 13 });
  });

  test('R-RDY-2: whoever does not see all of the client’s own steps is told no score', () => {
    const both = seen(begun(), '2029-01-10', ({ id }) => /^rdy_[0-7]$/.test(id));
    expect(both.steps.map(({ step }) => step)).toEqual([8, 9, 10, 11, 12]);
    expect(both).not.toHaveProperty('readiness');
    expect(both).not.toHaveProperty('next');
    expect(seen(begun(), '2029-01-10', ({ id }) => id === 'rdy_3')).not.toHaveProperty('readiness');
  });

  test('a programme without steps has a roadmap all the same', () => {
    expect(seen(granted(), DAY)).toMatchObject({ steps: [] });
  });
});

test('in whatever order the things come, the roadmap is the same, and nothing that is owed is missing or there twice', () => {
  const scene = scheduled(granted(), 1, '2028-06-13');
  const there = seen(scene, '2028-05-10');
  expect(seen({ things: scene.things.toReversed() }, '2028-05-10')).toEqual(there);
  const owed = there.timeline.filter((one) => 'due' in one);
  expect(new Set(owed.map(({ thing, key }) => `${thing}/${key}`)).size).toBe(owed.length);
  expect(owed.filter(({ status }) => status === 'late')).toEqual(there.late);
  expect(owed.find(({ status }) => status === 'due')).toEqual(there.next);
  const days = there.timeline.map(({ date }) => date);
  expect(days).toEqual(days.toSorted());
});
