import type { ConfirmMaintenance } from '#domain/surveillance/outcome.js';
import type { ScheduleSurveillance, SupplyChangeInformation } from '#domain/surveillance/preparing.js';
import { surveillanceMachine } from '#domain/surveillance/surveillance.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, count, explainedDate, nothing, text } from '../shapes.js';

const words = () => text().exactOptional();
const date = (description: string) => explainedDate.nullable().meta({ description });

/** The surveillances that a certificate owes. */
export const surveillances = collection({
  name: 'surveillances',
  title: 'Surveillance',
  machine: surveillanceMachine,
  shows: {
    cycle: z.int().meta({ description: 'The cycle that owes it.' }),
    ordinal: z.int().meta({ description: 'Its place in the cycle.' }),
    due: date('By when it is held.'),
    atLatest: date('The hard date behind a soft one.'),
    target: date('The day to aim at.'),
    opens: date('The first day of the planning window.'),
    closes: date('The last day of the planning window.'),
    audit: z.string().nullable().meta({ description: 'The audit by which it is held.' }),
    missedOn: z.string().nullable().meta({ format: 'date', description: 'From when it was missed.' }),
    late: z.boolean().meta({ description: 'Whether it was held after its hard date.' }),
  },
  inputs: {
    supplyChangeInformation: z.strictObject({
      changes: words(),
      aiSystems: words(),
      people: count().exactOptional(),
      soaVersion: count(1).exactOptional(),
    }) satisfies z.ZodType<SupplyChangeInformation>,
    scheduleSurveillance: z.strictObject({
      firstDay: civilDate(),
      lastDay: civilDate(),
    }) satisfies z.ZodType<ScheduleSurveillance>,
    confirmMaintenance: z.strictObject({
      conclusionPositive: z.boolean(),
    }) satisfies z.ZodType<ConfirmMaintenance>,
    triggerReview: nothing(),
    closeSurveillance: nothing(),
    explainDeviation: nothing(),
    openEnquiry: z.strictObject({ question: text() }),
    answerEnquiry: z.strictObject({
      enquiry: z
        .string()
        .min(1)
        .max(100)
        .meta({ description: 'Its key.', examples: ['enquiry-1'] }),
      answer: text(),
    }),
  },
});
