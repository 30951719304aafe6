import {
  competenceFunctions,
  competenceMachine,
  type ProposeCandidate,
  type QualifyPerson,
  type RecordMonitoring,
} from '#domain/competence/competence.js';
import { noticeMachine } from '#domain/notice/notice.js';
import { policyVersionMachine, type DraftPolicy } from '#domain/policy-version/policy-version.js';
import { policyChoices, policyKeys, type Choices } from '#domain/policy.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, list, nothing } from '../shapes.js';

const areas = () =>
  list(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/)
      .meta({ description: 'A field of knowledge.', examples: ['ai-technology'] }),
  );
const qualified = () =>
  z.strictObject({ areas: areas(), until: civilDate() }) satisfies z.ZodType<QualifyPerson>;

/** The register of competence of a body's people. */
export const competences = collection({
  name: 'competences',
  title: 'Competence',
  machine: competenceMachine,
  shows: {
    of: z.string().meta({ description: 'The function.' }),
    areas: z.array(z.string()).meta({ description: 'The fields of knowledge.' }),
    until: z.string().nullable().meta({ format: 'date', description: 'The last day on which it counts.' }),
  },
  under: { proposeCandidate: { member: 'person', prefixes: ['per'] } },
  inputs: {
    proposeCandidate: z.strictObject({
      of: z.enum(competenceFunctions),
    }) satisfies z.ZodType<ProposeCandidate>,
    qualifyPerson: qualified(),
    recordMonitoring: z.strictObject({
      way: z.enum(['witnessedAudit', 'reportReview']),
    }) satisfies z.ZodType<RecordMonitoring>,
    requalifyPerson: qualified(),
    suspendCompetence: nothing(),
  },
});

const values = () =>
  z
    .strictObject(Object.fromEntries(Object.keys(policyKeys).map((key) => [key, z.int().exactOptional()])))
    .meta({ description: 'Values by their keys; what is left out stands as the default of the rules.' });

const reading = <R extends readonly [string, ...string[]]>({ readings }: { readonly readings: R }) =>
  z.enum(readings).exactOptional();

/** One reading for each open point of the sources; what is left out is read in the first way. */
const choices = () =>
  z.strictObject({
    'surveillance1.extraAnchor': reading(policyChoices['surveillance1.extraAnchor']),
    'surveillance1.laterCycles': reading(policyChoices['surveillance1.laterCycles']),
    'surveillance.dateBasis': reading(policyChoices['surveillance.dateBasis']),
    'surveillance.yearOfSpanningAudit': reading(policyChoices['surveillance.yearOfSpanningAudit']),
    'surveillance.startYearLaterCycles': reading(policyChoices['surveillance.startYearLaterCycles']),
    'recert.expiryBasis': reading(policyChoices['recert.expiryBasis']),
    'expiry.convention': reading(policyChoices['expiry.convention']),
  }) satisfies z.ZodType<Choices>;

/** The versions of a body's policy. */
export const policies = collection({
  name: 'policies',
  title: 'Policy',
  machine: policyVersionMachine,
  shows: {
    values: z.record(z.string(), z.int()).meta({ description: 'The values that differ from the defaults.' }),
    choices: z
      .record(z.string(), z.string())
      .meta({ description: 'How it reads the open points of the sources.' }),
    holidays: z.array(z.string()).meta({ description: 'Days on which nobody works.' }),
    edition: z.int().meta({ description: 'Its place among the approved versions.' }),
  },
  inputs: {
    draftPolicy: z.strictObject({
      values: values(),
      choices: choices().exactOptional(),
      holidays: list(civilDate()).exactOptional(),
    }) satisfies z.ZodType<DraftPolicy>,
    approvePolicy: nothing(),
  },
});

/** Reminders and escalations: sent by Perennial, read by people. */
export const notices = collection({
  name: 'notices',
  title: 'Notice',
  machine: noticeMachine,
  shows: {
    obligation: z.string().meta({ description: 'What it reminds of.' }),
    due: z.string().nullable().meta({ format: 'date', description: 'The date that it reminds of.' }),
    rungs: z.array(z.string()).meta({ description: 'The steps of the ladder that it covers.' }),
    to: z.array(z.string()).meta({ description: 'The roles to which it goes.' }),
    people: z.array(z.string()).meta({ description: 'The people who held them.' }),
    later: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Of them, who gets it after their quiet hours or in a digest.' }),
    late: z.boolean().meta({ description: 'True when it went out after its day.' }),
  },
  inputs: {},
});
