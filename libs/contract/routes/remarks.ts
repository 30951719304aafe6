import {
  observationMachine,
  opportunityMachine,
  type ConsiderRemark,
  type RaiseRemark,
} from '#domain/nonconformity/remark.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { text } from '../shapes.js';

const raise = () =>
  z.strictObject({
    statement: text().exactOptional(),
    requirementFulfilled: z.boolean().exactOptional(),
  }) satisfies z.ZodType<RaiseRemark>;
const consider = () =>
  z.strictObject({
    outcome: z.enum(['adopted', 'declined']),
    action: text().exactOptional(),
  }) satisfies z.ZodType<ConsiderRemark>;
const shows = { outcome: z.string().nullable().meta({ description: 'adopted or declined.' }) };
const underAudit = { member: 'under', prefixes: ['aud', 'prg'] } as const;

/** What auditors noticed and is no finding. */
export const observations = collection({
  name: 'observations',
  title: 'Observation',
  machine: observationMachine,
  shows,
  under: { raiseObservation: underAudit },
  inputs: { raiseObservation: raise(), considerObservation: consider() },
});

/** What could be done better, without a word on how. */
export const opportunities = collection({
  name: 'opportunities',
  title: 'Opportunity',
  machine: opportunityMachine,
  shows,
  under: { raiseOpportunity: underAudit },
  inputs: { raiseOpportunity: raise(), considerOpportunity: consider() },
});
