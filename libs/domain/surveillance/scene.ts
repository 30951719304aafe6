import type { Id } from '../actor.js';
import { competent } from '../audit/specification.js';
import { auditMachine } from '../audit/audit.js';
import { checklistPoints } from '../audit/checklist.js';
import { clauses } from '../audit/ending.js';
import { reportFields } from '../audit/report.js';
import type { Actor } from '../actor.js';
import { addDays } from '../calendar.js';
import { account, ana, aud, decide, dom, lea, pia, qualified, reviewed } from '../decision/scene.js';
import { civilDate, type CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { by, command, did, engine, person, body, type Deed, type given } from '../specification.js';
import { recertificationMachine } from '../recertification/recertification.js';
import { surveillanceMachine } from './surveillance.js';
import type { Surveillance } from './facts.js';

// What the specifications of a certificate that lives begin with: a grant, and people to audit what it owes.

export type Scene = ReturnType<typeof given>;

/** The team of the next audits; nobody of it was in the initial one. */
export const len = person({ id: 'per_len', roles: ['lead-auditor'], organisation: body });
export const ada = person({ id: 'per_ada', roles: ['auditor'], organisation: body });

const time: Thing = {
  ...{ id: 'atm_1', kind: 'audit-time', stage: 'approved', entered: {}, texts: {}, organisation: body },
  ...{ programme: 'prg_1', initialDays: 8 },
  ...{ calculation: { initialHalfDays: 16, surveillanceHalfDays: 5, recertificationHalfDays: 11 } },
};

const staff: readonly Thing[] = [
  ...[len, ada, lea, aud, pia].map((one) => account(one)),
  competent('audit', len.id, ['aims', 'ai-technology']),
  competent('audit', ada.id, ['aims', 'sector-services']),
  qualified(dom.id, '2060-12-31'),
  time,
];

/** A certificate that was granted on a day; with the reasons of its cycle in `input`. */
export const certifiedOn = (day: string, input: object = {}): Scene =>
  staff.reduce(
    (scene: Scene, one) => scene.and(one),
    reviewed().when(decide('grant', input), by(dom, day)).done(),
  );

/** The nth surveillance of a cycle. */
export function nth(scene: Scene, ordinal: number, cycle = 1): Surveillance {
  const found = scene.things
    .filter(surveillanceMachine.is)
    .find((one) => one.ordinal === ordinal && one.cycle === cycle);
  if (!found) throw new Error(`cycle ${String(cycle)} owes no surveillance ${String(ordinal)}`);
  return found;
}

/** The recertification of a cycle. */
export function renewalOf(scene: Scene, cycle = 1) {
  const found = scene.things.filter(recertificationMachine.is).find((one) => one.cycle === cycle);
  if (!found) throw new Error(`there is no recertification of cycle ${String(cycle)}`);
  return found;
}

/** By when each surveillance of a cycle is held: its date, and with a soft one the hard date behind it. */
export const datesIn = (scene: Scene, cycle = 1): readonly string[] =>
  scene.things
    .filter(surveillanceMachine.is)
    .filter((one) => one.cycle === cycle && one.stage !== 'closed')
    .map(({ due, atLatest }) => `${due?.date ?? ''}${atLatest ? ` at latest ${atLatest.date}` : ''}`);

const days = (from: string, to: string) => ({ firstDay: civilDate(from), lastDay: civilDate(to) });
const acknowledge = ['after-due-date', 'year-without-surveillance'].map((warning) => ({
  ...{ warning, reason: 'The client asked for it.' },
}));

/** The command by which both sides agree on days, with every warning acknowledged. */
export const scheduling = (type: string, id: Id, from: string, to: string) =>
  command(type, id, days(from, to), { acknowledge });

const filledIn = (fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, `About ${field}.`]));

/** A plan for an audit of which everything is said. */
const plan = (from: string, to: string, auditorDays: number) => ({
  ...filledIn(['objectives', 'criteria', 'scope', 'units', 'places', 'roles']),
  ...{ ...days(from, to), zone: 'Europe/Berlin', auditorDays, controls: ['A.2.2', 'A.5.2'] },
});

/** An audit that is planned, up to its closing meeting. */
export function onSite(audit: Id, from: string, to: string, auditorDays = 6): readonly Deed[] {
  const before = (who: Actor, n: number) => by(who, addDays(civilDate(from), -n));
  const members = [
    { person: len.id, function: 'lead' },
    { person: ada.id, function: 'auditor' },
  ];
  const free = { free: true, until: addDays(civilDate(to), 60) };
  return [
    did(command('proposeTeam', audit, { members }), before(pia, 30)),
    ...[len, ada].map((who) => did(command('declareConflicts', audit, free), before(who, 29))),
    did(command('acceptTeam', audit), before(ana, 28)),
    did(command('confirmTeam', audit), before(pia, 27)),
    did(command('sendAuditPlan', audit, plan(from, to, auditorDays)), before(len, 20)),
    did(command('agreeAuditPlan', audit), before(ana, 19)),
    did(command('startAudit', audit, { present: [len.id, ada.id] }), by(len, from)),
    did(command('recordMeeting', audit, { meeting: 'closing', attendance: 'All' }), by(len, to)),
  ];
}

/** How an audit ends on site. */
export const ending = (audit: Id, from: string, to: string, more: object = {}) =>
  command('endAudit', audit, {
    ...{ ...days(from, to), zone: 'Europe/Berlin', agreedBy: [len.id, ada.id] },
    ...{ clauses, controls: ['A.2.2', 'A.5.2'], ...more },
  });

/** The report of an audit, with the checklist of a surveillance. */
export const reporting = (audit: Id, checklist: object = filledIn(checklistPoints)) =>
  command('issueReport', audit, { report: filledIn(reportFields('surveillance')), checklist });

/** Does all of these. */
export const doing = (scene: Scene, deeds: readonly Deed[]): Scene =>
  deeds.reduce((now: Scene, deed) => now.and(deed), scene);

/** Which surveillance: its place in the first cycle, or in another one. */
type Which = number | { readonly cycle: number; readonly ordinal: number };

const find = (scene: Scene, which: Which): Surveillance =>
  typeof which === 'number' ? nth(scene, which) : nth(scene, which.ordinal, which.cycle);

/** Opens the window of a surveillance on its day, and agrees on days some time before them. */
export function scheduled(scene: Scene, which: Which, from: string, to = from): Scene {
  const { id, opens, stage } = find(scene, which);
  const on = addDays(civilDate(from), -40);
  const open = did(command('openSurveillanceWindow', id), by(engine, opens?.date ?? on));
  return doing(scene, [
    ...(stage === 'forecast' ? [open] : []),
    did(scheduling('scheduleSurveillance', id, from, to), by(pia, on)),
    did(scheduling('scheduleSurveillance', id, from, to), by(ana, on)),
  ]);
}

/** The audit for which something owed is planned. */
export const auditOf = (scene: Scene, { audit }: { readonly audit?: Id }) =>
  scene.thing(auditMachine, audit ?? '');

/** A surveillance held on its days, up to the closing meeting and its end. */
export function held(scene: Scene, which: Which, from: string, to = from): Scene {
  const planned = scheduled(scene, which, from, to);
  const audit = find(planned, which).audit ?? '';
  return doing(planned, [...onSite(audit, from, to), did(ending(audit, from, to), by(len, to))]);
}

/** A surveillance held and reported, without findings. */
export function reported(scene: Scene, which: Which, from: string, to = from): Scene {
  const ended = held(scene, which, from, to);
  const audit = find(ended, which).audit ?? '';
  return doing(ended, [did(reporting(audit), by(len, addDays(civilDate(to), 5)))]);
}

/** The day so many days later, for those who act after something. */
export const daysAfter = (day: string, n: number): CivilDate => addDays(civilDate(day), n);
