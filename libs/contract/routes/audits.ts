import { auditMachine } from '#domain/audit/audit.js';
import { checklistPoints } from '#domain/audit/checklist.js';
import type { RecordMeeting, RecordPlanDeviation, StartAudit } from '#domain/audit/conduct.js';
import type { EndAudit, IssueReport } from '#domain/audit/ending.js';
import type { Member } from '#domain/audit/life.js';
import type { AbortAudit, DeclareAuditImpossible, OpenAudit, ReplanAudit } from '#domain/audit/opening.js';
import type { AgreeAuditDates, SendAuditPlan } from '#domain/audit/plan.js';
import { reportFields } from '#domain/audit/report.js';
import {
  stage1Checks,
  stage1Objectives,
  type AnswerAreaOfConcern,
  type AnswerSignificantChange,
  type ConcludeStage1,
  type ConfirmStage1Validity,
  type RaiseAreaOfConcern,
} from '#domain/audit/stage1.js';
import type { IssueFindings, Recommend } from '#domain/audit/stage2.js';
import type { DeclareConflicts, ObjectToMember, ProposeTeam, ResolveObjection } from '#domain/audit/team.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, id, list, nothing, text } from '../shapes.js';
import { siteSample } from './programmes.js';
import { zone } from './sandboxes.js';

const words = () => text().exactOptional();
const code = () =>
  z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'A clause, a control, or a short name.', examples: ['A.6.2.4'] });
const days = { firstDay: civilDate(), lastDay: civilDate() };
const auditorDays = () =>
  z.number().min(0).max(1_000).multipleOf(0.5).meta({ description: 'Days of auditors, in halves.' });

const member = () =>
  z.strictObject({
    person: id('per'),
    function: z.enum(['lead', 'auditor', 'technicalExpert']),
    under: id('per').exactOptional(),
  }) satisfies z.ZodType<Member>;
const team = () =>
  z.strictObject({ members: list(member()), names: words() }) satisfies z.ZodType<ProposeTeam>;

const report = () =>
  z
    .partialRecord(z.enum(reportFields('stage2')), z.string().max(20_000))
    .meta({ description: 'The report, field by field.' });

const plan = () =>
  z.strictObject({
    ...{
      objectives: words(),
      criteria: words(),
      scope: words(),
      units: words(),
      places: words(),
      roles: words(),
    },
    ...days,
    zone: zone(),
    auditorDays: auditorDays(),
    controls: list(code()),
    sample: siteSample().exactOptional(),
    remote: z
      .strictObject({
        agreed: z.boolean(),
        security: z.string().max(20_000),
        riskAssessment: z.string().max(20_000),
        fallback: z.string().max(20_000),
      })
      .exactOptional(),
    backToBackReason: words(),
  }) satisfies z.ZodType<SendAuditPlan>;

const ended = { ...days, zone: zone(), agreedBy: list(id('per')).exactOptional() };

const teamInputs = {
  proposeTeam: team(),
  changeTeam: team(),
  declareConflicts: z.strictObject({
    free: z.boolean(),
    until: civilDate(),
    statement: words(),
  }) satisfies z.ZodType<DeclareConflicts>,
  objectToMember: z.strictObject({
    member: id('per').exactOptional(),
    grounds: text(),
  }) satisfies z.ZodType<ObjectToMember>,
  resolveObjection: z.strictObject({
    objection: code(),
    accepted: z.boolean(),
    members: list(member()).exactOptional(),
    answer: text(),
  }) satisfies z.ZodType<ResolveObjection>,
  acceptTeam: nothing(),
  confirmTeam: nothing(),
};

const conductInputs = {
  sendAuditPlan: plan(),
  agreeAuditPlan: nothing(),
  askForPlanChange: nothing(),
  agreeAuditDates: z.strictObject({
    ...days,
    auditorDays: auditorDays(),
  }) satisfies z.ZodType<AgreeAuditDates>,
  startAudit: z.strictObject({ present: list(id('per')) }) satisfies z.ZodType<StartAudit>,
  recordMeeting: z.strictObject({
    meeting: z.enum(['opening', 'daily', 'closing']),
    attendance: text(),
  }) satisfies z.ZodType<RecordMeeting>,
  recordPlanDeviation: z.strictObject({ deviation: text() }) satisfies z.ZodType<RecordPlanDeviation>,
  endAudit: z.strictObject({
    ...ended,
    clauses: list(code()).exactOptional(),
    controls: list(code()).exactOptional(),
  }) satisfies z.ZodType<EndAudit>,
  issueReport: z.strictObject({
    report: report().exactOptional(),
    checklist: z
      .partialRecord(z.enum(checklistPoints), z.string().max(20_000))
      .meta({ description: 'What a surveillance saw at each point.' })
      .exactOptional(),
  }) satisfies z.ZodType<IssueReport>,
  closeAudit: nothing(),
};

const stage1Inputs = {
  raiseAreaOfConcern: z.strictObject({
    requirement: code().exactOptional(),
    statement: words(),
    objectiveEvidence: words(),
    grade: code().exactOptional(),
  }) satisfies z.ZodType<RaiseAreaOfConcern>,
  concludeStage1: z.strictObject({
    result: z.enum(['ready', 'readyWithConcerns', 'notReady']),
    objectives: z.partialRecord(z.enum(stage1Objectives), z.string().max(20_000)).exactOptional(),
    checks: z.partialRecord(z.enum(stage1Checks), z.string().max(20_000)).exactOptional(),
    report: report().exactOptional(),
  }) satisfies z.ZodType<ConcludeStage1>,
  answerAreaOfConcern: z.strictObject({
    concern: code(),
    answer: text(),
  }) satisfies z.ZodType<AnswerAreaOfConcern>,
  confirmStage1Validity: z.strictObject({ justification: text() }) satisfies z.ZodType<ConfirmStage1Validity>,
  answerSignificantChange: z.strictObject({
    repeat: z.enum(['none', 'part', 'all']),
  }) satisfies z.ZodType<AnswerSignificantChange>,
  requireStage1Repeat: nothing(),
};

const stage2Inputs = {
  issueFindings: z.strictObject({
    ...ended,
    clauses: list(code()),
    controls: list(code()),
    disagreement: words(),
  }) satisfies z.ZodType<IssueFindings>,
  recommend: z.strictObject({
    value: z.enum(['grant', 'grantAfterVerification', 'refuse']),
    openItems: list(id('fnd')).exactOptional(),
    conditions: words(),
  }) satisfies z.ZodType<Recommend>,
  handToDecision: nothing(),
  requireStage2Repeat: nothing(),
};

/** The audits of a body at a client. */
export const audits = collection({
  name: 'audits',
  title: 'Audit',
  machine: auditMachine,
  shows: {
    auditType: z.string().meta({ description: 'stage1, stage2, surveillance or recertification.' }),
    plannedFrom: z
      .string()
      .nullable()
      .meta({ format: 'date', description: 'The first day that is planned.' }),
    plannedTo: z.string().nullable().meta({ format: 'date', description: 'The last day that is planned.' }),
  },
  under: { openAudit: { member: 'programme', prefixes: ['prg'] } },
  inputs: {
    openAudit: z.strictObject({
      auditType: z.enum(['stage1', 'stage2']),
      ...days,
    }) satisfies z.ZodType<OpenAudit>,
    postponeAudit: nothing(),
    replanAudit: z.strictObject(days) satisfies z.ZodType<ReplanAudit>,
    cancelAudit: nothing(),
    abortAudit: z.strictObject({
      action: z.enum(['planChanged', 'scopeChanged', 'auditEnded']),
    }) satisfies z.ZodType<AbortAudit>,
    declareAuditImpossible: z.strictObject({ withheld: text() }) satisfies z.ZodType<DeclareAuditImpossible>,
    ...teamInputs,
    ...conductInputs,
    ...stage1Inputs,
    ...stage2Inputs,
  },
});
