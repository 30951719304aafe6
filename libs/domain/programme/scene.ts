import { civilDate } from '../instant.js';
import { body, by, client, command, did, fact, person, type Deed, type Past } from '../specification.js';
import type { Application } from './application.js';

/** The people of the programme that specifications play with. */
export const people = {
  manager: person({ roles: ['aims-manager'], id: 'per_aims' }),
  top: person({ roles: ['top-management'], id: 'per_top' }),
  programme: person({ roles: ['programme-manager'], id: 'per_programme', organisation: body }),
  scheme: person({ roles: ['scheme-administrator'], id: 'per_scheme', organisation: body }),
  signatory: person({ roles: ['signatory'], id: 'per_signatory', organisation: body }),
};

const administrator = person({ roles: ['system-administrator'], organisation: 'org_installation' });

const organisation = (id: string, side: string, zone: string): Deed =>
  did(
    command('createOrganisation', id, { name: id, side, mode: 'sandbox', zone, accredited: true }),
    by(administrator),
  );

/** Client and body, with somebody who is competent for application review. */
export const twoSides: readonly Past[] = [
  organisation(client, 'client', 'Europe/Paris'),
  organisation(body, 'certificationBody', 'Europe/Berlin'),
  fact({
    kind: 'competence',
    type: 'competence.qualified',
    stream: 'cpt_1',
    data: { of: 'applicationReview', areas: ['aims'], until: civilDate('2031-12-31') },
    opens: { organisation: body, about: 'per_programme', visibility: 'owner' },
  }),
  fact({
    kind: 'competence',
    type: 'competence.proposed',
    stream: 'cpt_2',
    data: { of: 'applicationReview' },
    opens: { organisation: body, about: 'per_programme', visibility: 'owner' },
  }),
];

/** A complete application of a client with one site and one AI system. */
export const application: Application = {
  certificationBody: body,
  standard: { number: 'ISO/IEC 42001', edition: 2023 },
  scope: 'Operation of a customer chat assistant',
  legalEntity: 'Example Ltd, 1 Example Street',
  sites: [{ key: 'head-office', address: '1 Example Street', people: 40, central: true }],
  processes: 'development, operation, support',
  people: 40,
  outsourced: 'hosting',
  consultancy: 'none',
  aiSystems: [
    { key: 'assistant', name: 'Assistant', roles: ['provider', 'user'], purpose: 'answers customers' },
  ],
  aiPeople: 12,
  jurisdictions: ['DE', 'FR'],
};

/** The types of facts of which each of the thirteen steps of readiness has one. */
export const onEachStep = (type: string): readonly string[] => Array.from({ length: 13 }, () => type);

/** The steps by which a programme comes to its initial audits, each by whoever takes it. */
export const steps = {
  open: command('openProgramme', 'prg_1', { governingZone: 'Europe/Paris' }),
  apply: command('submitApplication', 'prg_1', application),
  startReview: command('startApplicationReview', 'prg_1'),
  accept: command('acceptApplication', 'prg_1', {
    answers: {
      ...{ informationSufficient: true, differencesResolved: true, competence: true, ability: true },
      ...{ scope: true, sites: true, auditTime: true, language: true, safety: true, impartiality: true },
    },
  }),
  sign: command('signAgreement', 'prg_1', { sites: ['head-office'] }),
  approve: command('approveAuditProgramme', 'prg_1', {
    audits: [
      { audit: 'stage1', clauses: [4, 5, 6], controls: 'none' },
      { audit: 'stage2', clauses: [4, 5, 6, 7, 8, 9, 10], controls: 'all' },
      { audit: 'surveillance1', clauses: [8, 9, 10], controls: 'sample' },
      { audit: 'surveillance2', clauses: [4, 6, 9], controls: 'sample' },
      { audit: 'recertification', clauses: [4, 5, 6, 7, 8, 9, 10], controls: 'all' },
    ],
    considered: 'small organisation, first cycle',
  }),
};

const auditTime: readonly Deed[] = [
  did(
    command(
      'enterAuditTimeInputs',
      'tim_1',
      { table: 'demonstration', people: { fullTime: 12 }, aiRoles: 'several' },
      { under: 'prg_1' },
    ),
    by(people.programme),
  ),
  did(command('calculateAuditTime', 'tim_1', { factors: [] }), by(people.programme)),
  did(command('approveAuditTime', 'tim_1'), by(people.programme)),
];

const { manager, top, programme, signatory } = people;
const drafted = [...twoSides, did(steps.open, by(manager))];
const applied = [...drafted, did(steps.apply, by(manager)), did(steps.apply, by(top))];
const reviewing = [...applied, did(steps.startReview, by(programme))];
const timed = [...reviewing, ...auditTime];
const proposed = [...timed, did(steps.accept, by(programme))];
const contracted = [...proposed, did(steps.sign, by(top)), did(steps.sign, by(signatory))];
const initial = [...contracted, did(steps.approve, by(programme))];

/** What came before, for a programme in each stage. */
export const until = { drafted, applied, reviewing, timed, proposed, contracted, initial };
