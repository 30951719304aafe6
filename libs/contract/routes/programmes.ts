import type { SignAgreement } from '#domain/programme/agreement.js';
import { aiRoles, type Application } from '#domain/programme/application.js';
import type { AuditProgramme } from '#domain/programme/audit-programme.js';
import type {
  ChangeGoverningZone,
  ContinueWithStage2,
  DecideOnChangeNotice,
  EndProgramme,
  GiveChangeNotice,
} from '#domain/programme/course.js';
import { changeKinds, consequences } from '#domain/programme/facts.js';
import type { OpenProgramme } from '#domain/programme/opening.js';
import { programmeMachine } from '#domain/programme/programme.js';
import { reviewPoints, type AcceptApplication, type Information } from '#domain/programme/review.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, count, explainedDate, id, list, nothing, text } from '../shapes.js';
import { zone } from './sandboxes.js';

const words = () => text().exactOptional();

/** A short name of one's own, such as `head-office`. */
const key = () =>
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .meta({ description: 'A short name.', examples: ['head-office'] });

/** A few of the sites of a programme, and how they were chosen. */
export const siteSample = () =>
  z.strictObject({
    ofSites: count(),
    visited: count(),
    random: count(),
    centralFunction: z.boolean(),
    similar: z.boolean(),
  });

const application = () =>
  z.strictObject({
    certificationBody: id('org').exactOptional(),
    mirroredBody: z
      .strictObject({ name: text(500), accredited: z.boolean(), zone: zone().exactOptional() })
      .meta({ description: 'A body that is not on Perennial: the client records what it does.' })
      .exactOptional(),
    standard: z
      .strictObject({
        number: text(100),
        edition: z.int().min(1900).max(2199),
        adoption: text(200).exactOptional(),
      })
      .exactOptional(),
    scope: words(),
    legalEntity: words(),
    sites: list(
      z.strictObject({ key: key(), address: z.string().max(2_000), people: count(), central: z.boolean() }),
    ).exactOptional(),
    processes: words(),
    people: count().exactOptional(),
    outsourced: words(),
    consultancy: words(),
    aiSystems: list(
      z.strictObject({
        key: key(),
        name: text(500),
        roles: list(z.enum(aiRoles)),
        purpose: z.string().max(2_000),
      }),
    ).exactOptional(),
    aiPeople: count().exactOptional(),
    jurisdictions: list(
      z
        .string()
        .regex(/^[A-Z]{2}$/)
        .meta({ description: 'Two letters of a country.', examples: ['AT'] }),
    ).exactOptional(),
  }) satisfies z.ZodType<Application>;

const auditProgramme = () =>
  z.strictObject({
    audits: list(
      z.strictObject({
        audit: z.enum(['stage1', 'stage2', 'surveillance1', 'surveillance2', 'recertification']),
        clauses: list(z.int().min(4).max(10)),
        controls: z.enum(['all', 'sample', 'none']),
      }),
    ),
    considered: words(),
    sample: siteSample().exactOptional(),
    sampleRationale: words(),
  }) satisfies z.ZodType<AuditProgramme>;

const answers = () =>
  z
    .partialRecord(z.enum(reviewPoints), z.boolean())
    .meta({ description: 'Each point of the review, answered with yes or no.' });

const threat = () =>
  z.strictObject({
    kind: z.enum([
      'selfInterest',
      'selfReview',
      'familiarity',
      'intimidation',
      'consultancy',
      'internalAudit',
    ]),
    residual: z.enum(['acceptable', 'notAcceptable']).exactOptional(),
    endedOn: civilDate().exactOptional(),
  });

const information = () => z.strictObject({ text: text() }) satisfies z.ZodType<Information>;

/** One client's certification with one body, over all cycles. */
export const programmes = collection({
  name: 'programmes',
  title: 'Programme',
  machine: programmeMachine,
  shows: {
    client: z.string().nullable().meta({ description: 'The organisation that is certified.' }),
    certificationBody: z
      .string()
      .nullable()
      .meta({ description: 'The body that certifies it, where it is on Perennial.' }),
    bodyMode: z.string().meta({ description: 'hosted, or mirrored: the client records what its body does.' }),
    governingZone: z.string().meta({ description: 'The zone in which its dates are read.' }),
    proposalValidUntil: explainedDate.nullable().meta({ description: 'Until when the proposal stands.' }),
  },
  inputs: {
    openProgramme: z.strictObject({
      client: id('org').exactOptional(),
      governingZone: zone(),
    }) satisfies z.ZodType<OpenProgramme>,
    submitApplication: application(),
    startApplicationReview: nothing(),
    askForInformation: information(),
    supplyInformation: information(),
    acceptApplication: z.strictObject({
      answers: answers().exactOptional(),
      threats: list(threat()).exactOptional(),
      note: words(),
    }) satisfies z.ZodType<AcceptApplication>,
    declineApplication: nothing(),
    reissueProposal: nothing(),
    signAgreement: z.strictObject({ sites: list(key()) }) satisfies z.ZodType<SignAgreement>,
    approveAuditProgramme: auditProgramme(),
    reviseAuditProgramme: auditProgramme(),
    holdProgramme: nothing(),
    resumeProgramme: nothing(),
    giveChangeNotice: z.strictObject({
      change: z.enum(changeKinds),
      tookEffectOn: civilDate(),
      description: text(),
    }) satisfies z.ZodType<GiveChangeNotice>,
    decideOnChangeNotice: z.strictObject({
      notice: key(),
      consequence: z.enum(consequences),
      repeatStage1: z.boolean().exactOptional(),
    }) satisfies z.ZodType<DecideOnChangeNotice>,
    changeGoverningZone: z.strictObject({ governingZone: zone() }) satisfies z.ZodType<ChangeGoverningZone>,
    continueWithStage2: z.strictObject({
      stage1Needed: z.boolean(),
    }) satisfies z.ZodType<ContinueWithStage2>,
    endProgramme: z.strictObject({
      cause: z.enum(['withdrawn', 'voluntary', 'expired']),
    }) satisfies z.ZodType<EndProgramme>,
  },
});
