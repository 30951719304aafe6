import { aiRoles } from '#domain/programme/application.js';
import type { RecordProgressReview, SignCharter } from '#domain/readiness/charter.js';
import type { PlanStep, SubmitStep } from '#domain/readiness/course.js';
import type { RateRequirement } from '#domain/readiness/gap.js';
import { readinessMachine } from '#domain/readiness/readiness.js';
import { requirementIds } from '#domain/readiness/requirements.js';
import type {
  CheckAccreditation,
  ScoreCandidate,
  SelectCertificationBody,
} from '#domain/readiness/selection.js';
import { ratingWords } from '#domain/readiness/step.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, count, explainedDate, id, list, nothing, text } from '../shapes.js';

const words = () => text().exactOptional();

/** A short name of one's own, such as `assistant`. */
const key = () =>
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .meta({ description: 'A short name.', examples: ['assistant'] });

const score = () => z.int().min(0).max(5).meta({ description: 'From 0, nothing known, to 5.' });

const rated = () =>
  z.strictObject({
    items: list(
      z.enum(requirementIds).meta({ description: 'A clause item or a control.', examples: ['A.6.2.4'] }),
      1,
    ),
    rating: z
      .enum(ratingWords)
      .meta({ description: 'How far they are fulfilled; only a control can be not applicable.' }),
    note: words(),
    owner: id('per').exactOptional(),
    due: civilDate().exactOptional(),
  });

const submitted = () =>
  z.strictObject({
    note: words(),
    climateMatters: z.boolean().exactOptional(),
    climateReason: words(),
    systems: list(z.strictObject({ key: key(), roles: list(z.enum(aiRoles)) }))
      .max(100)
      .exactOptional(),
    trainedPercent: count(0, 100).exactOptional(),
  }) satisfies z.ZodType<SubmitStep>;

/** The steps of a client on its way to a certificate. */
export const readiness = collection({
  name: 'readiness',
  title: 'ReadinessStep',
  machine: readinessMachine,
  shows: {
    step: z.int().meta({ description: 'Its place on the way, 0 to 12.' }),
    due: explainedDate.nullable().meta({ description: 'By when it is planned to be done.' }),
    operatedUntil: explainedDate
      .nullable()
      .meta({ description: 'Step 5: the day on which the system has been at work long enough.' }),
    ratings: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Step 2: how far each item of the standard is fulfilled.' }),
    gapVersions: z
      .array(z.unknown())
      .meta({ description: 'Step 2: the gap assessments that were approved, oldest first.' }),
    candidates: z
      .array(z.unknown())
      .meta({ description: 'Step 7: the bodies considered, with scores and dated checks.' }),
    reviews: z.array(z.unknown()).meta({ description: 'Step 0: progress reviews held and missed.' }),
  },
  inputs: {
    signCharter: z.strictObject({
      goals: list(text(), 1).max(20),
      resources: text(),
      aimsManager: id('per'),
    }) satisfies z.ZodType<SignCharter>,
    planStep: z.strictObject({ due: civilDate() }) satisfies z.ZodType<PlanStep>,
    startStep: nothing(),
    submitStep: submitted(),
    completeStep: nothing(),
    returnStep: nothing(),
    waiveStep: nothing(),
    reopenStep: nothing(),
    rateRequirement: z.strictObject({
      ratings: list(rated(), 1).max(requirementIds.length),
    }) satisfies z.ZodType<RateRequirement>,
    scoreCandidate: z.strictObject({
      candidate: key(),
      name: words(),
      scores: z.strictObject({
        ...{ accreditation: score(), statusFor42006: score(), aiExperience: score() },
        ...{ communication: score(), impartiality: score(), price: score(), recognition: score() },
      }),
    }) satisfies z.ZodType<ScoreCandidate>,
    checkAccreditation: z.strictObject({
      candidate: key(),
      accredited: z.boolean(),
      checkedOn: civilDate(),
      source: text(),
    }) satisfies z.ZodType<CheckAccreditation>,
    selectCertificationBody: z.strictObject({
      candidate: key(),
    }) satisfies z.ZodType<SelectCertificationBody>,
    recordProgressReview: z.strictObject({
      attendance: text(),
      nextActions: text(),
    }) satisfies z.ZodType<RecordProgressReview>,
  },
});
