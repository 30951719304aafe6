import { z } from 'zod';
import { pageOf, pageQuery } from '../page.js';
import { listOf, route } from '../route.js';
import { id, instant, list, text } from '../shapes.js';

/** A time zone that the IANA database knows by name; an offset is none, since it knows no summer. */
export const zone = () =>
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/, { abort: true })
    .refine(isZone, {
      error: 'This is no time zone of the IANA database.',
      params: { code: 'not-in-list' },
    })
    .meta({ description: 'Name of the IANA database.', examples: ['Europe/Vienna'] });

/** Names that some systems know, and the calendar by which Perennial counts or PostgreSQL does not. */
const SHORTHAND =
  /^(ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST)$/i;
const WITHDRAWN = /^(SystemV\/.*|US\/Pacific-New|Canada\/East-Saskatchewan)$/i;

function isZone(name: string): boolean {
  if (SHORTHAND.test(name) || WITHDRAWN.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const member = z
  .strictObject({
    name: text(200),
    side: z.enum(['client', 'certificationBody']).meta({ description: 'On which side it stands.' }),
    zone: zone().exactOptional(),
    accredited: z.boolean().exactOptional().meta({ description: 'For a body: whether it is accredited.' }),
  })
  .meta({ id: 'SandboxMember', description: 'An organisation of a sandbox.' });

const sandbox = z
  .looseObject({
    id: z.string().meta({ description: 'Its id.' }),
    object: z.literal('sandbox'),
    name: z.string().meta({ description: 'Its name.' }),
    zone: z.string().meta({ description: 'Its time zone.' }),
    now: z.string().meta({ format: 'date-time', description: 'What its clock shows.' }),
    seed: z.string().meta({
      description: 'From which its ids come: the same seed and the same acts give the same ledger.',
    }),
    organisations: z
      .array(z.looseObject({ id: z.string(), side: z.string() }))
      .meta({ description: 'The organisations that live on its clock.' }),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Sandbox', description: 'Organisations on a clock of their own, which only moves forward.' });

/** Something that runs on after its answer. */
export const operation = z
  .looseObject({
    id: z.string().meta({ description: 'Its id.' }),
    object: z.literal('operation'),
    kind: z.string().meta({ description: 'What it does.', examples: ['clock-advance'] }),
    status: z.string().meta({ description: 'queued, running, succeeded, failed or cancelled.' }),
    progress: z.unknown().meta({ description: 'How far it is.' }),
    startedAt: z.string().nullable().meta({ description: 'When it began.' }),
    finishedAt: z.string().nullable().meta({ description: 'When it was over.' }),
    result: z.unknown().meta({ description: 'What came of it.' }),
    problem: z.unknown().meta({ description: 'Why it failed.' }),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Operation', description: 'Something that runs on after its answer.' });

const caught = z
  .looseObject({
    id: z.string().meta({ description: 'Id of the notice.' }),
    to: z.array(z.string()).meta({ description: 'To whom it would have gone.' }),
    sentAt: z.string().meta({ description: 'When it would have gone out.' }),
  })
  .meta({ id: 'CaughtNotice', description: 'A notice that would have gone out.' });

/** From here on it is 2200 in some zone, a year that cannot be written. */
export const END_OF_CLOCKS = '2199-12-31';

const how = z.strictObject({
  to: instant()
    .refine((text) => text < END_OF_CLOCKS, {
      error: 'The calendar ends with 2199.',
      params: { code: 'out-of-range' },
    })
    .exactOptional()
    .meta({ description: 'Until this instant.' }),
  by: z
    .string()
    .regex(
      /^P(?=\d|T\d)(\d{1,6}Y)?(\d{1,6}M)?(\d{1,6}W)?(\d{1,6}D)?(T(?=\d)(\d{1,9}H)?(\d{1,9}M)?(\d{1,9}S)?)?$/,
    )
    .exactOptional()
    .meta({ description: 'So far, as an ISO 8601 duration in the calendar of its zone.', examples: ['P3M'] }),
  until: z
    .literal('next')
    .exactOptional()
    .meta({ description: 'Until the next instant for which a process waits.' }),
});

/** A sandbox to be made. */
export const newSandbox = z
  .strictObject({
    name: text(200),
    startsAt: instant().refine((text) => text >= '1970' && text < END_OF_CLOCKS, {
      error: 'A clock begins in 1970 or later, and before the last day of 2199.',
      params: { code: 'out-of-range' },
    }),
    zone: zone(),
    seed: z
      .union([z.int().min(0), z.string().min(1).max(200)])
      .meta({ description: 'From which ids come.', examples: [42] }),
    organisations: list(member, 1).exactOptional().meta({
      description: 'Who lives on its clock; a client and an accredited body when it is not said.',
    }),
  })
  .meta({ id: 'CreateSandbox', description: 'A sandbox to be made.' });

/** How far a clock moves. */
export const howFar = how
  .refine((body) => Object.keys(body).length === 1, {
    error: 'Say exactly one of to, by and until.',
    params: { code: 'wrong-form' },
  })
  .meta({ id: 'AdvanceSandbox', description: 'How far the clock moves.' });

/** One of the people of a sandbox. */
export const whomToBe = z
  .strictObject({ person: id('per') })
  .meta({ id: 'ActAs', description: 'Whom to be.' });

/** Sandboxes: made, moved forward, and their people played. */
export const sandboxes = {
  create: route({
    name: 'createSandbox',
    does: 'Makes a sandbox with a client and a certification body on one clock.',
    kind: 'create',
    path: '/v1/sandboxes',
    scope: 'sandboxes:manage',
    body: newSandbox,
    answer: sandbox,
  }),
  list: listOf({
    name: 'listSandboxes',
    does: 'Lists your sandboxes.',
    path: '/v1/sandboxes',
    row: sandbox,
    query: pageQuery,
  }),
  get: route({
    name: 'getSandbox',
    does: 'Shows one sandbox and its clock.',
    kind: 'read',
    path: '/v1/sandboxes/{id}',
    answer: sandbox,
  }),
  advance: route({
    name: 'advanceSandbox',
    does: 'Moves its clock forward, from due instant to due instant.',
    kind: 'operation',
    path: '/v1/sandboxes/{id}/advance',
    body: howFar,
    answer: operation,
    problems: ['clock-backwards', 'clock-busy'],
  }),
  actAs: route({
    name: 'actAs',
    does: 'Lets you be one of its people: a token for that person.',
    kind: 'create',
    path: '/v1/sandboxes/{id}/act-as',
    body: whomToBe,
    answer: z
      .looseObject({
        token: z.string().meta({ description: 'Shown once; send it as Authorization: Bearer.' }),
        person: z.string().meta({ description: 'Whom it makes you.' }),
        expiresAt: z.string().meta({ description: 'Until when.' }),
      })
      .meta({ id: 'PersonToken', description: 'A credential of one of the people of a sandbox.' }),
  }),
  caught: route({
    name: 'listCaughtNotices',
    does: 'Lists the notices that would have gone out.',
    kind: 'list',
    path: '/v1/sandboxes/{id}/caught',
    query: pageQuery,
    answer: pageOf(caught),
  }),
};

/** What runs on after its answer. */
export const operations = {
  get: route({
    name: 'getOperation',
    does: 'Shows how far an operation is.',
    kind: 'read',
    path: '/v1/operations/{id}',
    answer: operation,
  }),
};
