import type { Role } from '../actor.js';
import { civilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { body, by, client, command, given, person } from '../specification.js';
import type { Audited } from './audited.js';

// What the specifications of findings, decisions and certificates begin with: people, a programme, its audits, a finding.

const of = (organisation: string, ...roles: Role[]) => person({ roles, organisation });
export const [lea, aud, pia, dana] = [
  of(body, 'lead-auditor'),
  of(body, 'auditor'),
  of(body, 'programme-manager'),
  of(client, 'process-owner'),
];
export const [ana, iris, mira] = [
  of(client, 'aims-manager'),
  of(client, 'internal-auditor'),
  of(client, 'employee'),
];
export const stranger = person({ id: 'per_other-lead', roles: ['lead-auditor'], organisation: body });
export const later = person({ id: 'per_next-lead', roles: ['lead-auditor'], organisation: body });

export const account = ({ id, human, grants, organisation }: typeof lea, more: object = {}): Thing => ({
  ...{ ...nothingYet(id), kind: 'person', stage: 'active', organisation },
  ...{ human, grants, interests: [], absences: [], ...more },
});
export const programme = {
  ...{ ...nothingYet('prg_1'), kind: 'programme', stage: 'initial', organisation: client },
  ...{ client, certificationBody: body },
};
export const audit = (more: Partial<Audited> = {}): Audited => ({
  ...{ ...nothingYet('aud_1'), kind: 'audit', stage: 'inProgress', organisation: body, programme: 'prg_1' },
  auditType: 'stage2',
  team: [
    { person: lea.id, function: 'lead' },
    { person: aud.id, function: 'auditor' },
  ],
  everInTeam: [lea.id, aud.id],
  ...more,
});
export const nextAudit = audit({
  ...{ id: 'aud_2', auditType: 'stage2', everInTeam: [later.id] },
  team: [{ person: later.id, function: 'lead' }],
});
export const decided = {
  ...{ ...nothingYet('dec_1'), kind: 'dossier', stage: 'decided', organisation: body, programme: 'prg_1' },
  audits: ['aud_1'],
};

export const F = 'fnd_1';
export const evidence = [{ sha256: 'a'.repeat(64), bytes: 10, type: 'application/pdf' }];
export const draft = (input: object = {}, under = 'aud_1') =>
  command('draftFinding', F, { source: 'audit', ...input }, { under });
export const raise = (input: object = {}) =>
  command('raiseNonconformity', F, {
    ...{ grade: 'minor', requirement: '8.4', statement: 'No impact assessment of the assistant was kept.' },
    ...{ objectiveEvidence: 'Register of 12 March, entry 4', gradeReason: 'One system of five', ...input },
  });
export const plan = (input: object = {}) =>
  command('submitPlan', F, {
    ...{ correction: 'Assess it', extent: 'Looked at all five', cause: 'No owner', causeMethod: 'Five whys' },
    ...{ correctiveAction: 'Owner for each', owner: dana.id, actionDue: civilDate('2029-04-10'), ...input },
  });
export const it = (type: string, input: object = {}, reason = 'because') =>
  command(type, F, input, { reason });
export const shown = command('submitEvidence', F, {}, { evidence });
export const verify = (method = 'document') => command('verifyClosure', F, { method });

export const world = (...things: Thing[]) =>
  given(programme, audit(), ...[dana, ana, mira].map((one) => account(one)), ...things);
export const raised = (grade = 'minor', ...things: Thing[]) =>
  world(...things)
    .when(draft(), by(aud))
    .records('finding.drafted')
    .when(raise({ grade }), by(lea))
    .records('nonconformity.raised');
export const submitted = (grade = 'minor', ...things: Thing[]) =>
  raised(grade, ...things)
    .when(plan(), by(dana))
    .records('second.awaited', 'task.opened')
    .when(plan(), by(ana))
    .records('nonconformity.plan-submitted');
export const accepted = (grade = 'minor', ...things: Thing[]) =>
  submitted(grade, ...things)
    .when(command('acceptPlan', F), by(aud))
    .records('nonconformity.plan-accepted');
export const evidenced = (grade = 'minor', ...things: Thing[]) =>
  accepted(grade, ...things)
    .when(shown, by(dana))
    .done()
    .when(shown, by(ana))
    .records('nonconformity.evidence-submitted');

export function internal(source: string) {
  return world()
    .when(draft({ source }, 'prg_1'), by(iris))
    .records('finding.drafted')
    .when(raise({ cause: undefined }), by(iris))
    .records('nonconformity.raised');
}
