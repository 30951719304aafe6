import type { RecommendRenewal } from '#domain/recertification/outcome.js';
import type {
  AttachCycleReview,
  DecideStage1Need,
  ScheduleRecertification,
  SupplyCycleInformation,
} from '#domain/recertification/preparing.js';
import { recertificationMachine } from '#domain/recertification/recertification.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, explainedDate, id, list, nothing, text } from '../shapes.js';

const words = () => text().exactOptional();
const date = (description: string) => explainedDate.nullable().meta({ description });

/** The recertifications of a certificate, one for each cycle. */
export const recertifications = collection({
  name: 'recertifications',
  title: 'Recertification',
  machine: recertificationMachine,
  shows: {
    cycle: z.int().meta({ description: 'The cycle that it ends.' }),
    startDue: date('By when it is started.'),
    auditDue: date('By when its audit is held.'),
    decisionDue: date('By when it is decided.'),
    audit: z.string().nullable().meta({ description: 'Its audit.' }),
    missedOn: z
      .string()
      .nullable()
      .meta({ format: 'date', description: 'The first day without a certificate, if it was not in time.' }),
  },
  inputs: {
    startRecertification: nothing(),
    supplyCycleInformation: z.strictObject({
      changes: words(),
    }) satisfies z.ZodType<SupplyCycleInformation>,
    attachCycleReview: z.strictObject({
      ...{ auditReports: words(), nonconformityTrends: words(), complaints: words(), changes: words() },
    }) satisfies z.ZodType<AttachCycleReview>,
    decideStage1Need: z.strictObject({
      needed: z.boolean(),
      firstDay: civilDate().exactOptional(),
      lastDay: civilDate().exactOptional(),
    }) satisfies z.ZodType<DecideStage1Need>,
    scheduleRecertification: z.strictObject({
      firstDay: civilDate(),
      lastDay: civilDate(),
    }) satisfies z.ZodType<ScheduleRecertification>,
    recommendRenewal: z.strictObject({
      value: z.enum(['renew', 'renewAfterVerification', 'notRenew']),
      openItems: list(id('fnd')).exactOptional(),
    }) satisfies z.ZodType<RecommendRenewal>,
    closeRecertification: nothing(),
  },
});
