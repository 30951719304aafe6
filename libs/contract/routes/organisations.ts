import {
  organisationMachine,
  type ChangeOrganisation,
  type CreateOrganisation,
} from '#domain/organisation/organisation.js';
import { z } from 'zod';
import { collection } from '../collection.js';
import { nothing, text } from '../shapes.js';
import { zone } from './sandboxes.js';

const side = () =>
  z.enum(['client', 'certificationBody']).meta({ description: 'On which side of certification it stands.' });
const accredited = () =>
  z.boolean().exactOptional().meta({ description: 'Whether an accreditation covers its certificates.' });

/** Organisations on either side. */
export const organisations = collection({
  name: 'organisations',
  title: 'Organisation',
  machine: organisationMachine,
  shows: {
    side: z.string().meta({ description: 'client, certificationBody or installation.' }),
    mode: z.string().meta({ description: 'live or sandbox; never changed.' }),
    zone: z.string().meta({ description: 'The time zone of its head office.' }),
    accredited: z.boolean().meta({ description: 'Whether an accreditation covers its certificates.' }),
  },
  inputs: {
    createOrganisation: z.strictObject({
      name: text(200),
      side: side(),
      mode: z.enum(['live', 'sandbox']),
      zone: zone(),
      accredited: accredited(),
    }) satisfies z.ZodType<CreateOrganisation>,
    changeOrganisation: z.strictObject({
      name: text(200).exactOptional(),
      zone: zone().exactOptional(),
      accredited: accredited(),
    }) satisfies z.ZodType<ChangeOrganisation>,
    closeOrganisation: nothing(),
  },
});
