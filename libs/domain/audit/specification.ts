import { addDays } from '../calendar.js';
import type { Id } from '../actor.js';
import { competenceMachine, type Competence } from '../competence/competence.js';
import { evidenceMachine, type Evidence, type EvidenceKind } from '../evidence/evidence.js';
import { civilDate, type CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { personMachine } from '../person/person.js';
import type { Person } from '../person/facts.js';
import { programmeMachine } from '../programme/programme.js';
import { body, by, client, command, did, person, type By, type Deed } from '../specification.js';
import { readinessEvidence } from './foundation.js';
import type { Recommend } from './stage2.js';
import { reportFields } from './report.js';
import { stage1Checks, stage1Objectives } from './stage1.js';

const of = (id: Id, organisation: Id, ...roles: Parameters<typeof person>[0]['roles']) =>
  person({ id, organisation, roles });

/** The people of a specification of audits. */
export const people = {
  pia: of('per_pia', body, 'programme-manager'),
  lea: of('per_lea', body, 'lead-auditor'),
  otto: of('per_otto', body, 'lead-auditor'),
  aud: of('per_aud', body, 'auditor'),
  tex: of('per_tex', body, 'technical-expert'),
  ana: of('per_ana', client, 'aims-manager'),
};
const { pia, lea, aud, tex, ana } = people;

/** A competence as it was evaluated. */
export const competent = (
  of: Competence['of'],
  about: Id,
  areas: readonly string[],
  until?: CivilDate,
): Competence => ({
  ...competenceMachine.initial(`cpt_${about}_${of}`),
  ...{ stage: 'qualified', organisation: body, about, of, areas },
  ...(until ? { until } : {}),
});

/** An account, with what stands against the person. */
export const account = (id: Id, more: Partial<Person> = {}): Person => ({
  ...personMachine.initial(id),
  ...{ stage: 'active', organisation: body, ...more },
});

/** A document of the client, dated and approved. */
export const document = (documentKind: EvidenceKind, more: Partial<Evidence> = {}): Evidence => ({
  ...evidenceMachine.initial(`evd_${documentKind}`),
  ...{ stage: 'recorded', organisation: client, programme: 'prg_1', documentKind },
  ...{ datedOn: civilDate('2026-12-01'), approvedBy: 'per_tom', ...more },
});

const site = (key: string, central: boolean) => ({ key, central, address: key, people: 10 });

/** The programme in the stage in which initial audits belong. */
export const programme = (more: object = {}): Thing => ({
  ...programmeMachine.initial('prg_1'),
  ...{ stage: 'initial', organisation: client, client, certificationBody: body, sites: [site('head', true)] },
  ...more,
});

/** A programme with so many sites besides its central function. */
export const withSites = (n: number): Thing =>
  programme({
    sites: [site('head', true), ...Array.from({ length: n }, (_, i) => site(`s${String(i)}`, false))],
  });

const time = (initialDays: number): Thing => ({
  ...{ id: 'atm_1', kind: 'audit-time', stage: 'approved', entered: {}, texts: {}, organisation: body },
  ...{ programme: 'prg_1', initialDays },
});

/** Everything that stands before the first audit is opened. */
export const world: readonly Thing[] = [
  programme(),
  time(8),
  ...Object.values(people).map(({ id, organisation }) => account(id, { organisation })),
  competent('audit', lea.id, ['aims', 'ai-technology']),
  competent('audit', aud.id, ['aims', 'sector-services']),
  competent('technicalExpert', tex.id, ['ai-technology']),
  ...readinessEvidence.map((kind) => document(kind)),
];

/** The team that is proposed unless a specification says otherwise. */
export const team = [
  { person: lea.id, function: 'lead' as const },
  { person: aud.id, function: 'auditor' as const },
  { person: tex.id, function: 'technicalExpert' as const, under: aud.id },
];

/** The two initial audits of a specification. */
export const audits = { stage1: 'aud_1', stage2: 'aud_2' } as const;

const filledIn = (fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, `About ${field}.`]));

/** The conclusion of a Stage 1. */
export const conclusion = (result: string) => ({
  result,
  objectives: filledIn(stage1Objectives),
  checks: filledIn(stage1Checks),
  report: filledIn(reportFields('stage1')),
});

/** A plan of Stage 2 that is complete. */
export const completePlan = (from: string, to: string) => ({
  ...filledIn(['objectives', 'criteria', 'scope', 'units', 'places', 'roles']),
  ...{ firstDay: civilDate(from), lastDay: civilDate(to), zone: 'Europe/Berlin', auditorDays: 6 },
  controls: ['A.2.2', 'A.5.2'],
});

/** How Stage 2 ends on site, complete. */
export const findings = (from: string, to: string) => ({
  ...{ firstDay: civilDate(from), lastDay: civilDate(to), zone: 'Europe/Berlin' },
  ...{ clauses: ['4', '5', '6', '7', '8', '9', '10'], controls: ['A.2.2', 'A.5.2'] },
  agreedBy: [lea.id, aud.id],
});

/** Everything done on an audit, from its opening to its start, counted back from its first day. */
export function prepared(auditType: keyof typeof audits, from: string, to: string): readonly Deed[] {
  const [id, days] = [audits[auditType], { firstDay: civilDate(from), lastDay: civilDate(to) }];
  const before = (who: By['actor'], n: number): By => by(who, addDays(civilDate(from), -n));
  const until = { free: true, until: addDays(civilDate(to), 300) };
  const agreed =
    auditType === 'stage1'
      ? [lea, ana].map((who) =>
          did(command('agreeAuditDates', id, { ...days, auditorDays: 2 }), before(who, 30)),
        )
      : [
          did(command('sendAuditPlan', id, completePlan(from, to)), before(lea, 25)),
          did(command('agreeAuditPlan', id), before(ana, 24)),
        ];
  return [
    did(command('openAudit', id, { auditType, ...days }, { under: 'prg_1' }), before(pia, 42)),
    did(command('proposeTeam', id, { members: team }), before(pia, 40)),
    ...[lea, aud, tex].map((who) => did(command('declareConflicts', id, until), before(who, 39))),
    did(command('acceptTeam', id), before(ana, 38)),
    did(command('confirmTeam', id), before(pia, 37)),
    ...agreed,
    did(command('startAudit', id, { present: team.map((member) => member.person) }), by(lea, from)),
  ];
}

const closing = (id: Id, to: string): Deed =>
  did(command('recordMeeting', id, { meeting: 'closing', attendance: 'All' }), by(lea, to));

/** A Stage 1 up to its conclusion, a week after its last day. */
export const stage1Held = (from = '2027-02-09', to = '2027-02-10', result = 'ready'): readonly Deed[] => [
  ...prepared('stage1', from, to),
  closing(audits.stage1, to),
  did(command('endAudit', audits.stage1, findings(from, to)), by(lea, to)),
  did(
    command('concludeStage1', audits.stage1, conclusion(result), { reason: 'As the report says.' }),
    by(lea, addDays(civilDate(to), 7)),
  ),
];

/** A Stage 2 up to its closing meeting. */
export const stage2Held = (from = '2027-04-21', to = '2027-04-23'): readonly Deed[] => [
  ...prepared('stage2', from, to),
  closing(audits.stage2, to),
];

/** The findings of Stage 2 and its report, up to where it can be recommended. */
export const stage2Reported = (from = '2027-04-21', to = '2027-04-23'): readonly Deed[] => [
  did(command('issueFindings', audits.stage2, findings(from, to)), by(lea, to)),
  did(
    command('issueReport', audits.stage2, { report: filledIn(reportFields('stage2')) }),
    by(lea, addDays(civilDate(to), 10)),
  ),
];

/** A recommendation. */
export const recommending = (value: Recommend['value'], more: Partial<Recommend> = {}) =>
  command('recommend', audits.stage2, { value, ...more });
