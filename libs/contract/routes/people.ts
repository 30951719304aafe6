import { bodyRoles, clientRoles, neutralRoles } from '#domain/actor.js';
import { apiKeyMachine } from '#domain/api-key/api-key.js';
import { digests, languages, QUIET_HOURS } from '#domain/notice/reader.js';
import type { ChangePerson, InvitePerson, RecordDeparture } from '#domain/person/account.js';
import type { GrantRole, RevokeRole } from '#domain/person/grants.js';
import { interestKinds, type Interest } from '#domain/person/interests.js';
import { personMachine } from '#domain/person/person.js';
import type { Delegate, EndDelegation, NameDeputy, RecordAbsence } from '#domain/person/standing-in.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { civilDate, count, id, list, nothing, text } from '../shapes.js';
import { zone } from './sandboxes.js';

/** A role, by its code. */
export const role = () =>
  z
    .enum([...clientRoles, ...bodyRoles, ...neutralRoles])
    .meta({ description: 'Code of a role.', examples: ['lead-auditor'] });

/** ASCII alone, since other letters have look-alikes; a domain of other letters is written as mail servers write it (xn--…). */
const mail = () => text(254).regex(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]+$/);
const until = () => civilDate().exactOptional();

/** The accounts of people. */
export const people = collection({
  name: 'people',
  title: 'Person',
  machine: personMachine,
  shows: {
    human: z.string().meta({ description: 'The same for all accounts of one human.' }),
    grants: z.array(z.unknown()).meta({ description: 'Roles, each with its days.' }),
    interests: z.array(z.unknown()).meta({ description: 'Ties to clients.' }),
    deputies: z.array(z.unknown()).meta({ description: 'Who stands in, role by role, while they are away.' }),
    absences: z.array(z.unknown()).meta({ description: 'Times away; both days count.' }),
    lent: z.array(z.unknown()).meta({ description: 'Roles handed to colleagues, with their days.' }),
    language: z.string().nullable().meta({ description: 'The language of mails to them; English as usual.' }),
    zone: z.string().nullable().meta({ description: 'The zone in which they read.' }),
    quietHours: z.string().nullable().meta({ description: 'When what may wait is not mailed to them.' }),
    digest: z.string().nullable().meta({ description: 'Whether reminders come together in one mail.' }),
  },
  under: { invitePerson: { member: 'organisation', prefixes: ['org'] } },
  inputs: {
    invitePerson: z.strictObject({
      name: text(200),
      mail: mail(),
      roles: list(role()),
      from: civilDate().exactOptional(),
      until: until(),
      sameHumanAs: id('per').exactOptional(),
    }) satisfies z.ZodType<InvitePerson>,
    acceptInvitation: nothing(),
    changePerson: z.strictObject({
      name: text(200).exactOptional(),
      mail: mail().exactOptional(),
      language: z.enum(languages).exactOptional().meta({ description: 'The language of mails to them.' }),
      zone: zone().exactOptional(),
      quietHours: z
        .string()
        .regex(QUIET_HOURS)
        .exactOptional()
        .meta({
          description: 'When what may wait is not mailed to them, on the clocks of their zone.',
          examples: ['18:00-08:00'],
        }),
      digest: z
        .enum(digests)
        .exactOptional()
        .meta({ description: 'Whether reminders that may wait come together in one mail.' }),
    }) satisfies z.ZodType<ChangePerson>,
    grantRole: z.strictObject({
      role: role(),
      programme: id('prg').exactOptional(),
      from: civilDate().exactOptional(),
      until: until(),
    }) satisfies z.ZodType<GrantRole>,
    revokeRole: z.strictObject({
      role: role(),
      programme: id('prg').exactOptional(),
    }) satisfies z.ZodType<RevokeRole>,
    declareInterest: z.strictObject({
      kind: z.enum(interestKinds),
      client: id('org'),
      from: civilDate(),
      until: until(),
    }) satisfies z.ZodType<Interest>,
    nameDeputy: z.strictObject({ role: role(), deputy: id('per') }) satisfies z.ZodType<NameDeputy>,
    delegate: z.strictObject({
      role: role(),
      programme: id('prg').exactOptional(),
      to: id('per'),
      from: civilDate().exactOptional(),
      until: civilDate(),
    }) satisfies z.ZodType<Delegate>,
    endDelegation: z.strictObject({ delegation: id('dgt') }) satisfies z.ZodType<EndDelegation>,
    recordAbsence: z.strictObject({
      from: civilDate(),
      until: civilDate(),
    }) satisfies z.ZodType<RecordAbsence>,
    endAbsence: nothing(),
    recordDeparture: z.strictObject({ on: civilDate() }) satisfies z.ZodType<RecordDeparture>,
  },
});

const scope = () =>
  z
    .enum(['read', 'act', 'evidence:write', 'sandboxes:manage', 'watch'])
    .meta({ description: 'What a key may be used for.' });

/** The keys of machines. The key itself is made behind the door and shown once. */
export const apiKeys = collection({
  name: 'api-keys',
  title: 'ApiKey',
  machine: apiKeyMachine,
  shows: {
    shown: z.string().meta({ description: 'The first characters of the key.' }),
    roles: z.array(z.string()).meta({ description: 'Its roles.' }),
    scopes: z.array(z.string()).meta({ description: 'What it may be used for.' }),
    expiresOn: z.string().meta({ format: 'date', description: 'Its last day.' }),
    lastUsedAt: z.string().nullable().meta({
      format: 'date-time',
      description: 'When it was used last, to the hour; null where it never was.',
    }),
    secret: z
      .string()
      .nullable()
      .meta({ description: 'The key, in the answer that makes it and never again.' }),
  },
  under: { makeKey: { member: 'organisation', prefixes: ['org'] } },
  inputs: {
    makeKey: z.strictObject({
      name: text(200).exactOptional(),
      roles: list(role()),
      scopes: list(scope()),
      expiresOn: civilDate().exactOptional(),
    }),
    rotateKey: z.strictObject({ overlapDays: count(0, 7).exactOptional() }),
    revokeKey: nothing(),
  },
});
