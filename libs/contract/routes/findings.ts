import { nonconformityMachine } from '#domain/nonconformity/nonconformity.js';
import type { ExtendPlanDue } from '#domain/nonconformity/grading.js';
import type { Plan } from '#domain/nonconformity/plan.js';
import type { DraftFinding, RaiseNonconformity } from '#domain/nonconformity/raise.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, explainedDate, id, nothing, text } from '../shapes.js';

const grade = () =>
  z.enum(['major', 'minor']).meta({ description: 'Major: the intended results are in doubt.' });
const words = () => text().exactOptional();
const note = () => z.strictObject({ note: words() });
const requirement = () =>
  z
    .string()
    .min(1)
    .max(100)
    .exactOptional()
    .meta({ description: 'One clause or one control.', examples: ['A.6.2.4'] });

/** Findings and their corrective action. */
export const findings = collection({
  name: 'findings',
  title: 'Finding',
  machine: nonconformityMachine,
  shows: {
    source: z.string().meta({ description: 'Where it comes from.' }),
    requirement: z.string().nullable().meta({ description: 'The requirement that is not fulfilled.' }),
    grade: z.string().nullable().meta({ description: 'major or minor.' }),
    planDue: explainedDate.nullable().meta({ description: 'By when the plan is due.' }),
    limit: explainedDate.nullable().meta({ description: 'By when a major must be verified.' }),
  },
  under: { draftFinding: { member: 'under', prefixes: ['aud', 'prg'] } },
  inputs: {
    draftFinding: z.strictObject({
      source: z.enum(['audit', 'internalAudit', 'incident', 'complaint', 'monitoring', 'managementReview']),
      requirement: requirement(),
      statement: words(),
      objectiveEvidence: words(),
    }) satisfies z.ZodType<DraftFinding>,
    raiseNonconformity: z.strictObject({
      grade: grade(),
      requirement: requirement(),
      statement: words(),
      objectiveEvidence: words(),
      gradeReason: words(),
      cause: words(),
      solution: words(),
    }) satisfies z.ZodType<RaiseNonconformity>,
    disputeFinding: nothing(),
    upholdFinding: nothing(),
    regradeFinding: z.strictObject({ grade: grade() }),
    retractFinding: nothing(),
    submitPlan: z.strictObject({
      correction: words(),
      extent: words(),
      cause: words(),
      causeMethod: words(),
      correctiveAction: words(),
      owner: id('per').exactOptional(),
      actionDue: civilDate().exactOptional(),
      otherSites: words(),
    }) satisfies z.ZodType<Plan>,
    acceptPlan: note(),
    rejectPlan: nothing(),
    announceVerificationWay: z.strictObject({ way: z.enum(['fullAudit', 'limitedAudit', 'documents']) }),
    startImplementation: nothing(),
    changeActionOwner: z.strictObject({ owner: id('per') }),
    submitEvidence: note(),
    rejectEvidence: nothing(),
    verifyClosure: z.strictObject({
      method: z.enum(['document', 'remote', 'onSite', 'nextAudit']),
      note: words(),
    }),
    deferToNextAudit: nothing(),
    extendPlanDue: z.strictObject({
      which: z.enum(['plan', 'verification', 'limit']),
      until: civilDate(),
    }) satisfies z.ZodType<ExtendPlanDue>,
    confirmEffective: z.strictObject({ result: words(), lesson: words() }),
    findIneffective: nothing(),
    findNotClosed: nothing(),
  },
});
