import {
  auditTimeMachine,
  type CalculateAuditTime,
  type JustifyFactor,
} from '#domain/audit-time/audit-time.js';
import type { AuditTimeInputs } from '#domain/audit-time/calculation.js';
import {
  certificateMachine,
  type IssueDocument,
  type RecordMarkUse,
} from '#domain/certificate/certificate.js';
import type { DraftCertificate } from '#domain/certificate/content.js';
import { markUses, type CertificateStatus } from '#domain/certificate/life.js';
import type { AddToDossier, OpenDossier } from '#domain/decision/completion.js';
import type { CorrectDecisionDate } from '#domain/decision/correction.js';
import type { NotifyDecision } from '#domain/decision/decide.js';
import { decisionMachine } from '#domain/decision/decision.js';
import { decisionKinds, dossierItems, type Decide } from '#domain/decision/dossier.js';
import type { CastVote, StartReview } from '#domain/decision/review.js';
import { aiRoles } from '#domain/programme/application.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, count, explainedDate, id, list, nothing, text } from '../shapes.js';

const words = () => text().exactOptional();
const name = () => z.string().min(1).max(100);
const percent = () =>
  z.int().min(-100).max(100).meta({ description: 'Whole per cent; a reduction is negative.' });

const timeInputs = () =>
  z.strictObject({
    table: name(),
    people: z.strictObject({ fullTime: count(), partTimeHours: count().exactOptional() }),
    aiRoles: z.enum(['one', 'several']),
    sites: list(
      z.strictObject({ key: name(), people: count(), reductionPercent: count(0, 100) }),
    ).exactOptional(),
  }) satisfies z.ZodType<AuditTimeInputs>;

/** The time that the audits take, computed and explained. */
export const auditTimes = collection({
  name: 'audit-times',
  title: 'AuditTime',
  machine: auditTimeMachine,
  shows: {
    initialDays: z
      .number()
      .nullable()
      .meta({ description: 'Days of auditors for Stage 1 and Stage 2 together.' }),
    calculation: z.unknown().meta({ description: 'The computation, step by step.' }),
  },
  under: { enterAuditTimeInputs: { member: 'programme', prefixes: ['prg'] } },
  inputs: {
    enterAuditTimeInputs: timeInputs(),
    recalculateAuditTime: timeInputs(),
    calculateAuditTime: z.strictObject({
      factors: list(z.strictObject({ factor: name(), percent: percent(), justification: words() })),
      integrationPercent: count(0, 100).exactOptional(),
    }) satisfies z.ZodType<CalculateAuditTime>,
    justifyFactor: z.strictObject({
      factor: name(),
      justification: text(),
    }) satisfies z.ZodType<JustifyFactor>,
    approveAuditTime: nothing(),
  },
});

/** What decisions rest on, and the decisions. */
export const decisions = collection({
  name: 'decisions',
  title: 'Decision',
  machine: decisionMachine,
  shows: {
    proposes: z.string().meta({ description: 'What is proposed.' }),
    decision: z.string().nullable().meta({ description: 'What was decided.' }),
    decidedOn: z.string().nullable().meta({ format: 'date', description: 'When it was decided.' }),
    effectiveDate: z.string().nullable().meta({ format: 'date', description: 'When it takes effect.' }),
    due: explainedDate.nullable().meta({ description: 'By when it is decided.' }),
  },
  under: { openDossier: { member: 'programme', prefixes: ['prg'] } },
  inputs: {
    openDossier: z.strictObject({
      proposes: z.enum(decisionKinds),
      audits: list(id('aud')),
    }) satisfies z.ZodType<OpenDossier>,
    addToDossier: z.strictObject({
      item: z.enum(dossierItems),
      comment: words(),
    }) satisfies z.ZodType<AddToDossier>,
    declareDossierComplete: nothing(),
    assignDecisionMaker: z.strictObject({ person: id('per') }),
    startReview: z.strictObject({ freeOfConflicts: z.boolean() }) satisfies z.ZodType<StartReview>,
    askForInformation: z.strictObject({ question: words() }),
    supplyInformation: z.strictObject({ answer: words() }),
    returnToAuditor: z.strictObject({ for: z.enum(['finding', 'grade', 'recommendation', 'stage1Need']) }),
    castVote: z.strictObject({
      vote: z.enum([...decisionKinds, 'abstain']),
      reasons: words(),
      freeOfConflicts: z
        .boolean()
        .exactOptional()
        .meta({ description: 'Needed from whoever has not declared so in this review.' }),
    }) satisfies z.ZodType<CastVote>,
    decide: z.strictObject({
      decision: z.enum(decisionKinds),
      effectiveDate: civilDate().exactOptional(),
      cycleMonths: count(1).exactOptional(),
      expiryBasis: z.enum(['keepAnniversary', 'fromDecision']).exactOptional(),
      expiryBasisReason: words(),
    }) satisfies z.ZodType<Decide>,
    notifyDecision: z.strictObject({ wayToAppeal: words() }) satisfies z.ZodType<NotifyDecision>,
    correctDecisionDate: z.strictObject({ decidedOn: civilDate() }) satisfies z.ZodType<CorrectDecisionDate>,
    closeDossier: nothing(),
  },
});

const content = () =>
  z.strictObject({
    ...{ clientName: words(), clientAddress: words(), scopeText: words(), aiBoundaries: words() },
    ...{ bodyName: words(), bodyAddress: words() },
    standard: text(100).exactOptional(),
    sites: list(name()).exactOptional(),
    scopeVersion: count(1).exactOptional(),
    soaVersion: count(1).exactOptional(),
    soaDate: civilDate().exactOptional(),
    aiRoles: list(z.enum(aiRoles)).exactOptional(),
    accredited: z.boolean().exactOptional(),
  }) satisfies z.ZodType<DraftCertificate>;

const markUse = () =>
  z.strictObject({ use: z.enum(markUses), where: words() }) satisfies z.ZodType<RecordMarkUse>;

/** The certificates, from the draft to their last valid day. */
export const certificates = collection({
  name: 'certificates',
  title: 'Certificate',
  machine: certificateMachine,
  shows: {
    standard: z.string().nullable().meta({ description: 'Number and edition of the standard.' }),
    decidedOn: z.string().nullable().meta({ format: 'date', description: 'When it was decided.' }),
    effectiveDate: z.string().nullable().meta({ format: 'date', description: 'From when it is valid.' }),
    expiry: explainedDate.nullable().meta({ description: 'Its last valid day.' }),
  },
  showsThen: {
    status: (
      z.enum(['none', 'pending', 'active', 'restorable', 'final']) satisfies z.ZodType<CertificateStatus>
    )
      .optional()
      .meta({
        description:
          'In a look at the past: what it was worth on that day, from its dates alone; `pending` is decided and not yet in effect.',
      }),
  },
  under: { draftCertificate: { member: 'programme', prefixes: ['prg'] } },
  inputs: {
    draftCertificate: content(),
    issueDocument: z.strictObject({ remark: words() }) satisfies z.ZodType<IssueDocument>,
    acknowledgeMarkInstructions: nothing(),
    recordMarkUse: markUse(),
    reportMarkMisuse: markUse(),
  },
});
