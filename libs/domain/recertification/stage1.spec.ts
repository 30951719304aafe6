import { auditMachine } from '../audit/audit.js';
import { conclusion } from '../audit/specification.js';
import { addDays } from '../calendar.js';
import { decisionMachine } from '../decision/decision.js';
import { ana, pia } from '../decision/scene.js';
import { civilDate } from '../instant.js';
import { by, command, did, type Deed } from '../specification.js';
import {
  ada,
  certifiedOn,
  datesIn,
  doing,
  ending,
  len,
  nth,
  onSite,
  renewalOf,
  reported,
  reporting,
  scheduling,
  type Scene,
} from '../surveillance/scene.js';
import { obligations } from './owed.js';
import { prepared } from './scene.js';

// The Stage 1 that comes before a recertification audit. Decided on 2029-05-22; the second surveillance is owed in 2031.

const because = { reason: 'As the file shows.' };
const days = (from: string, to: string) => ({ firstDay: civilDate(from), lastDay: civilDate(to) });
const FROM = '2031-12-02';
const TO = '2031-12-03';
const present = { present: [len.id, ada.id] };

/** Its Stage 1 is planned, and the audit agreed for February. */
function planned(): Scene {
  const before = reported(certifiedOn('2029-05-22'), 1, '2030-04-16');
  const scene = prepared(before, 1, '2031-10-20', { needed: true, ...days(FROM, TO) });
  const schedule = scheduling('scheduleRecertification', renewalOf(scene).id, '2032-02-17', '2032-02-18');
  return doing(scene, [did(schedule, by(pia, '2031-10-21')), did(schedule, by(ana, '2031-10-21'))]);
}
const stage1Of = (scene: Scene) => renewalOf(scene).stage1 ?? '';
const stage1 = (scene: Scene, type: string, input: object = {}) =>
  command(type, stage1Of(scene), input, because);

/** Everything on a Stage 1 up to its start. */
function toStart(id: string, from: string, to: string): readonly Deed[] {
  const on = addDays(civilDate(from), -20);
  const members = [
    { person: len.id, function: 'lead' },
    { person: ada.id, function: 'auditor' },
  ];
  const agree = command('agreeAuditDates', id, { ...days(from, to), auditorDays: 2 });
  return [
    did(command('proposeTeam', id, { members }), by(pia, on)),
    ...[len, ada].map((who) =>
      did(command('declareConflicts', id, { free: true, until: addDays(civilDate(to), 60) }), by(who, on)),
    ),
    did(command('acceptTeam', id), by(ana, on)),
    did(command('confirmTeam', id), by(pia, on)),
    ...[len, ana].map((who) => did(agree, by(who, on))),
  ];
}

/** A Stage 1 that is held. */
function heldOn(scene: Scene, from: string, to: string): Scene {
  const id = stage1Of(scene);
  const begun = doing(scene, toStart(id, from, to))
    .when(command('startAudit', id, present), by(len, from))
    .records('audit.started');
  return doing(begun, [
    did(command('recordMeeting', id, { meeting: 'closing', attendance: 'All' }), by(len, to)),
  ])
    .when(ending(id, from, to, { clauses: [], controls: [] }), by(len, to))
    .records('audit.ended');
}
const held = () => heldOn(planned(), FROM, TO);
const concluded = (scene: Scene, result: string, on: string) =>
  scene.when(stage1(scene, 'concludeStage1', conclusion(result)), by(len, on)).done();
const again = (scene: Scene, input: object, on: string) =>
  scene.when(command('decideStage1Need', renewalOf(scene).id, input, because), by(pia, on));

const OWED = [['audit', 'decision'], '2031-05-22 at latest 2031-12-31'];
const owed = (scene: Scene) => [obligations(renewalOf(scene)).map(({ key }) => key), datesIn(scene)[1]];

test('R-REC-1, R-SUR-2, R-CAL-8: a Stage 1 is not the recertification audit, and the year of the surveillance stays', () => {
  expect(owed(planned())).toEqual(OWED);
  expect(owed(held())).toEqual(OWED);
  expect(renewalOf(held())).toMatchObject({ stage: 'scheduled', plannedTo: '2032-02-18' });
  expect(renewalOf(held()).heldOn).toBeUndefined();
  expect(nth(held(), 2).stage).toBe('forecast');
});

test('R-REC-2: a Stage 1 that moves, or falls away, leaves the recertification audit where it is planned', () => {
  const postponed = planned().when(stage1(planned(), 'postponeAudit'), by(pia, '2031-11-03')).done();
  const moved = postponed
    .when(stage1(postponed, 'replanAudit', days('2032-01-12', '2032-01-13')), by(pia, '2031-11-04'))
    .records('audit.replanned');
  const { audit } = renewalOf(planned());
  expect(renewalOf(moved)).toMatchObject({ audit, stage: 'scheduled', plannedTo: '2032-02-18' });
  planned().when(stage1(planned(), 'cancelAudit'), by(pia, '2031-11-03')).records('audit.cancelled');
});

test('R-REC-2: where the Stage 1 that was needed gave nothing, its need is decided anew, and only then', () => {
  const more = { needed: true, ...days('2032-01-20', '2032-01-21') };
  again(planned(), more, '2031-11-03').refuses('wrong-state', 'R-REC-2');
  const ready = concluded(held(), 'ready', '2031-12-10');
  again(ready, more, '2031-12-11').refuses('wrong-state', 'R-REC-2');
  const gaveNothing = {
    notReady: concluded(held(), 'notReady', '2031-12-10'),
    cancelled: planned().when(stage1(planned(), 'cancelAudit'), by(pia, '2031-12-01')).done(),
    aborted: ready
      .when(stage1(ready, 'declareAuditImpossible', { withheld: 'Records.' }), by(pia, '2031-12-10'))
      .done(),
    repeated: ready.when(stage1(ready, 'requireStage1Repeat'), by(pia, '2031-12-10')).done(),
  };
  for (const scene of Object.values(gaveNothing)) {
    const { audit } = renewalOf(scene);
    const anew = again(scene, more, '2031-12-11').records('stage1-need.decided', 'audit.opened');
    expect(renewalOf(anew)).toMatchObject({ audit, stage: 'scheduled', plannedTo: '2032-02-18' });
    expect(stage1Of(anew)).not.toBe(stage1Of(scene));
    expect(anew.thing(auditMachine, stage1Of(anew))).toMatchObject({
      ...{ auditType: 'stage1', stage: 'planned', plannedTo: '2032-01-21' },
    });
    const none = again(scene, { needed: false }, '2031-12-11').records('stage1-need.decided');
    expect(renewalOf(none)).toMatchObject({ audit, stage: 'scheduled' });
    expect(stage1Of(none)).toBe('');
  }
});

test('R-REC-2, SOD-1: the audit starts on the Stage 1 of the new decision, and the team of the old one does not decide', () => {
  const start = (scene: Scene) => command('startAudit', renewalOf(scene).audit ?? '', present);
  const ontoSite = (scene: Scene) =>
    doing(scene, onSite(renewalOf(scene).audit ?? '', '2032-02-17', '2032-02-18').slice(0, -2));
  const unready = concluded(held(), 'notReady', '2031-12-10');
  const atStart = ontoSite(unready);
  atStart.when(start(atStart), by(len, '2032-02-17')).refuses('stage1-not-ready', 'R-REC-2');
  const anew = again(unready, { needed: true, ...days('2032-01-20', '2032-01-21') }, '2031-12-11').done();
  const waiting = ontoSite(anew);
  waiting.when(start(waiting), by(len, '2032-02-17')).refuses('stage1-not-concluded', 'R-REC-2');
  const second = ontoSite(concluded(heldOn(anew, '2032-01-20', '2032-01-21'), 'ready', '2032-01-26'));
  const begun = second
    .when(start(second), by(len, '2032-02-17'))
    .records('audit.started', 'stage1.relied-upon', 'recertification.started');
  const { id, audit = '' } = renewalOf(begun);
  const recommended = doing(begun, [
    did(command('recordMeeting', audit, { meeting: 'closing', attendance: 'All' }), by(len, '2032-02-18')),
    did(ending(audit, '2032-02-17', '2032-02-18'), by(len, '2032-02-18')),
    did(reporting(audit, {}), by(len, '2032-02-23')),
    did(command('recommendRenewal', id, { value: 'renew' }, because), by(len, '2032-03-01')),
  ]);
  expect(recommended.thing(decisionMachine, renewalOf(recommended).dossier ?? '').audits).toEqual(
    expect.arrayContaining([stage1Of(unready), stage1Of(anew), audit]),
  );
});

test('R-REC-2, R-S1-4, R-S1-5: a Stage 1 that is to be repeated bears no recertification audit', () => {
  const ready = concluded(held(), 'ready', '2031-12-10');
  const repeated = ready.when(stage1(ready, 'requireStage1Repeat'), by(pia, '2031-12-10')).done();
  const { audit = '' } = renewalOf(repeated);
  doing(repeated, onSite(audit, '2032-02-17', '2032-02-18').slice(0, -2))
    .when(command('startAudit', audit, present), by(len, '2032-02-17'))
    .refuses('stage1-repeat-required', 'R-S1-5');
});
