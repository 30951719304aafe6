import { civilDate, type CivilDate } from '../instant.js';
import { nothingYet, type Thing } from '../machine.js';
import { account, ana, audit as auditThing, aud, lea, pia } from '../nonconformity/scene.js';
import { programmeMachine } from '../programme/programme.js';
import { body, by, client, command, given, person } from '../specification.js';

// What the specifications of decisions and certificates begin with: a dossier on an audit that was handed over.

export const dom = person({ roles: ['decision-maker'], organisation: body });
export const dea = person({ id: 'per_dea', roles: ['decision-maker'], organisation: body });
export const dirk = person({ id: 'per_dirk', roles: ['decision-maker'], organisation: body });
export const [sam, sue] = [
  person({ id: 'per_sam', roles: ['scheme-administrator'], organisation: body }),
  person({ id: 'per_sue', roles: ['scheme-administrator'], organisation: body }),
];
export { account, ana, aud, lea, pia };

export const qualified = (who: string, until = '2035-12-31'): Thing => ({
  ...{ ...nothingYet(`cpt_${who}`), kind: 'competence', stage: 'qualified', organisation: body, about: who },
  ...{ of: 'decision', areas: ['aims'], until: civilDate(until) },
});
export const people = [dom, dea, dirk].flatMap((one) => [account(one), qualified(one.id)]);

export const programme = (more: object = {}): Thing => ({
  ...programmeMachine.initial('prg_1'),
  ...{ stage: 'initial', organisation: client, client, certificationBody: body },
  ...{ accredited: true, agreedSites: ['main'], ...more },
});
export const audit = (more: object = {}): Thing => ({
  ...auditThing({ stage: 'handedToDecision', lastDay: civilDate('2027-04-23') }),
  ...{ recommendation: 'grant', ...more },
});
export const finding = (more: object = {}): Thing => ({
  ...{ ...nothingYet('fnd_9'), kind: 'nonconformity', stage: 'closedVerified', organisation: body },
  ...{
    programme: 'prg_1',
    about: 'aud_1',
    source: 'audit',
    grade: 'major',
    grades: ['major'],
    planBy: [],
    workedBy: [],
  },
  ...{ closedOn: civilDate('2027-07-06'), ...more },
});

export const D = 'dec_1';
export const C = 'crt_1';
export const DAY = '2027-07-19';
export const open = (proposes = 'grant', audits = ['aud_1']) =>
  command('openDossier', D, { proposes, audits }, { under: 'prg_1' });
export const content = {
  ...{
    clientName: 'Alba Trading',
    clientAddress: '1 High Street',
    bodyName: 'Norden Cert',
    bodyAddress: '2 Quay',
  },
  ...{
    scopeText: 'Management system for the operation of an AI chat assistant',
    aiBoundaries: 'The assistant alone',
  },
  ...{ standard: 'ISO/IEC 42001:2023', sites: ['main'], scopeVersion: 1, soaVersion: 3 },
  ...{ soaDate: civilDate('2027-03-01'), aiRoles: ['provider'], accredited: true },
};
export const draft = (more: object = {}) =>
  command('draftCertificate', C, { ...content, ...more }, { under: 'prg_1' });
export const add = (item: string) => command('addToDossier', D, { item, comment: 'looked at' });
export const decide = (decision = 'grant', more: object = {}, effectiveOn?: CivilDate) =>
  command(
    'decide',
    D,
    { decision, ...more },
    { reason: 'Requirements are met.', ...(effectiveOn ? { effectiveOn } : {}) },
  );

/** Things that are named replace those of the same id. */
export const opened = (...things: Thing[]) =>
  given(programme(), ...people, audit(), ...things)
    .when(open(), by(pia, DAY))
    .records('dossier.opened');
export const collected = (...things: Thing[]) =>
  ['nonconformityComments', 'applicationConfirmed', 'objectivesAchieved'].reduce(
    (scene, item) => scene.when(add(item), by(lea, DAY)).records('dossier.item-added'),
    opened(...things),
  );
export const complete = (more: object = {}, ...things: Thing[]) =>
  collected(...things)
    .when(draft(more), by(sam, DAY))
    .records('certificate.drafted')
    .when(command('declareDossierComplete', D), by(pia, DAY))
    .records('dossier.completed');
export const assign = (who = dom) => command('assignDecisionMaker', D, { person: who.id });
export const start = command('startReview', D, { freeOfConflicts: true });
export const reviewed = (more: object = {}, ...things: Thing[]) =>
  complete(more, ...things)
    .when(assign(), by(pia, DAY))
    .records('decision-maker.assigned')
    .when(start, by(dom, DAY))
    .records('decision.review-started');
/** What a grant records: the certificate, and all that its cycle owes. */
export const GRANTED = [
  ...['decision.made', 'certificate.granted', 'programme.certified'],
  ...['recertification.forecast', 'recertification.dates-set'],
  ...['surveillance.forecast', 'surveillance.dates-set', 'surveillance.forecast', 'surveillance.dates-set'],
  'stage2.decided',
];
/** What the end of its validity records, when nothing of its cycle was held. */
export const EXPIRED = [
  ...['certificate.expired', 'programme.lapsed', 'recertification.expiry-missed'],
  ...['surveillance.closed', 'surveillance.closed'],
];
/** What the end of the restoration window records. */
export const ENDED = [
  ...['certificate.expired-finally', 'recertification.stage2-required'],
  'programme.restoration-window-over',
];
/** What another date of the decision records: everything that rests on it. */
export const CORRECTED = [
  ...['decision.date-corrected', 'certificate.dates-corrected', 'programme.dates-corrected'],
  ...['recertification.dates-set', 'surveillance.dates-set', 'surveillance.dates-set'],
];
export const granted = (more: object = {}) =>
  reviewed()
    .when(decide('grant', more), by(dom, DAY))
    .records(...GRANTED);
