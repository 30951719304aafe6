import type { Side } from '../actor.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Evolvers,
  type Machine,
  type Thing,
} from '../machine.js';
import { refusal } from '../refusal.js';

/** Real organisations live on the real clock; those of a sandbox on one of its own. Set once, never changed. */
export type Mode = 'live' | 'sandbox';

/** A client, a certification body, or the installation itself, which runs accounts and no certification. (SUP-0) */
export interface Organisation extends Thing {
  readonly kind: 'organisation';
  readonly side: Side | 'installation';
  readonly mode: Mode;
  /** The zone of its head office, by default the governing zone of its programmes. (R-CAL-18) */
  readonly zone: string;
  /** For a body: whether an accreditation covers its certificates to ISO/IEC 42001. (R-CRT-8) */
  readonly accredited: boolean;
}

/** What a new organisation is made with. */
export interface CreateOrganisation {
  readonly name: string;
  readonly side: Side;
  readonly mode: Mode;
  readonly zone: string;
  readonly accredited?: boolean;
}

/** What may change of an organisation; its side and its mode never do. */
export interface ChangeOrganisation {
  readonly name?: string;
  readonly zone?: string;
  readonly accredited?: boolean;
}

type Facts = Pick<Organisation, 'zone' | 'accredited'>;

interface OrganisationEvents {
  'organisation.created': Pick<Organisation, 'side' | 'mode'> & Facts;
  'organisation.changed': Partial<Facts>;
  'organisation.closed': object;
}

const organisation = recorder<OrganisationEvents>('organisation');

const evolve: Evolvers<Organisation, OrganisationEvents> = {
  'organisation.created': (state, { data }) => ({ ...state, ...data, stage: 'active' }),
  'organisation.changed': (state, { data }) => ({ ...state, ...data }),
  'organisation.closed': (state) => ({ ...state, stage: 'closed' }),
};

/** The first fact of every installation: nobody could be asked for it. */
export const installationCreated = (id: string, name: string, zone: string) =>
  organisation(
    'organisation.created',
    id,
    { side: 'installation', mode: 'live', zone, accredited: false },
    { texts: { name }, opens: { organisation: id, visibility: 'owner' } },
  );

const createOrganisation: CommandRule<Organisation, CreateOrganisation> = {
  does: 'Make an organisation.',
  who: ['system-administrator'],
  from: ['none'],
  to: ['active'],
  rules: ['SUP-0', 'R-CRT-8'],
  refuses: ['accreditation-flag-missing'],
  guard: ({ side, accredited }) => [
    side === 'certificationBody' && accredited === undefined
      ? refusal(
          'accreditation-flag-missing',
          ['R-CRT-8'],
          'Say whether an accreditation covers its certificates.',
        )
      : undefined,
  ],
  record: ({ name, side, mode, zone, accredited = false }, { id }) => [
    organisation(
      'organisation.created',
      id,
      { side, mode, zone, accredited },
      { texts: { name }, opens: { organisation: id, visibility: 'owner' } },
    ),
  ],
};

const changeOrganisation: CommandRule<Organisation, ChangeOrganisation> = {
  does: 'Change name, zone or accreditation.',
  who: ['top-management', 'aims-manager', 'scheme-administrator', 'system-administrator'],
  from: ['active'],
  to: [],
  rules: ['SUP-0'],
  refuses: [],
  record: ({ name, ...facts }, { id }) => [
    organisation('organisation.changed', id, facts, name === undefined ? {} : { texts: { name } }),
  ],
};

const closeOrganisation: CommandRule<Organisation> = {
  does: 'Close the organisation; its records are kept.',
  who: ['top-management', 'scheme-administrator', 'system-administrator'],
  from: ['active'],
  to: ['closed'],
  person: true,
  needs: ['reason'],
  rules: ['SUP-0', 'R-RECORD-1'],
  refuses: [],
  record: (_, { id }, { reason = '' }) => [
    organisation('organisation.closed', id, {}, { texts: { reason } }),
  ],
};

/** The organisations for which everything else is done. (SUP-0) */
export const organisationMachine: Machine<Organisation> = {
  kind: 'organisation',
  prefix: 'org',
  id: 'SUP-0',
  stages: ['active', 'closed'],
  ends: ['closed'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'organisation',
    side: 'client',
    mode: 'sandbox',
    zone: 'Etc/UTC',
    accredited: false,
  }),
  is: (thing): thing is Organisation => thing.kind === 'organisation',
  evolve,
  commands: { createOrganisation, changeOrganisation, closeOrganisation },
};

/** The organisation with this id among the things that were read. */
export const organisationIn = (things: readonly Thing[], id: string): Organisation | undefined =>
  things.filter(organisationMachine.is).find((one) => one.id === id);
