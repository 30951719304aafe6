import { addDays } from '../calendar.js';
import { civilDate, type CivilDate } from '../instant.js';
import { noFinding, passesGate, released, type Finding } from './findings.js';
import type { Name, Step } from './staff.js';

// The decision on two findings and what comes of it: who may do what, when. It knows nothing of how the machines are built.

/** The last day of Stage 2, on which everything here begins, and the last day for its majors. */
export const BEGIN = civilDate('2027-04-23');
export const LIMIT = '2027-10-23';

interface Dossier {
  readonly at: 'none' | 'open' | 'complete' | 'review' | 'asked' | 'decided' | 'notified' | 'closed';
  readonly count: number;
  readonly proposes: 'grant' | 'refuse';
  readonly items: readonly string[];
  readonly makers: readonly Name[];
  readonly evidenceOn: CivilDate;
  readonly granted: boolean;
  /** Who has asked first for another date of the decision, and for which. */
  readonly corrector?: { readonly who: Name; readonly to: CivilDate } | undefined;
}

interface Certificate {
  readonly at: 'none' | 'draft' | 'active' | 'expired' | 'final';
  readonly which?: 0 | 1;
  readonly last?: CivilDate;
  readonly window?: string;
}

export interface Model {
  readonly findings: readonly [Finding, Finding];
  readonly programme: 'initial' | 'certified' | 'lapsed' | 'terminated';
  readonly audit: 'handed' | 'awaiting' | 'recommended' | 'closed';
  readonly recommends?: 'grant' | 'refuse' | undefined;
  readonly dossier: Dossier;
  readonly certificate: Certificate;
}

const noDossier: Dossier = {
  ...{ at: 'none', count: 0, proposes: 'grant', items: [], makers: [], evidenceOn: BEGIN, granted: false },
};

export const beginning: Model = {
  ...{ findings: [noFinding, noFinding], programme: 'initial', audit: 'handed', recommends: 'grant' },
  ...{ dossier: noDossier, certificate: { at: 'none' } },
};

export const items = ['nonconformityComments', 'applicationConfirmed', 'objectivesAchieved'];
export const isDecided = ({ dossier: { at } }: Model): boolean => at === 'decided' || at === 'notified';

type Act = (model: Model, step: Step, today: CivilDate) => Model | undefined;

const managers: readonly Name[] = ['pia', 'bot'];
const administrators: readonly Name[] = ['sam', 'sue'];
const toDossier = (model: Model, may: boolean, change: Partial<Dossier>): Model | undefined =>
  may ? { ...model, dossier: { ...model.dossier, ...change } } : undefined;

/** The anniversary after so many months, the last day of a month that is shorter. */
export function months(day: string, count: number): CivilDate {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  const there = new Date(Date.UTC(year, month - 1 + count, Math.min(date, last)));
  return civilDate(there.toISOString().slice(0, 10));
}

/** The last valid day: three years from the decision, less one day. */
export const lastValidDay = (decidedOn: string): CivilDate => addDays(months(decidedOn, 36), -1);

const lastEvidence = ({ dossier: { evidenceOn }, findings: [{ acceptedOn, closedOn }] }: Model): string =>
  [BEGIN, evidenceOn, acceptedOn ?? '', closedOn ?? ''].reduce((a, b) => (a > b ? a : b));

const acts = ({ dossier }: Model, who: Name): boolean => who === 'dom' && dossier.makers.includes(who);

const open = (model: Model, proposes: Dossier['proposes']): Model => ({
  ...model,
  dossier: { ...noDossier, at: 'open', proposes, count: model.dossier.count + 1 },
});

const preparing: Record<string, Act> = {
  openDossier: (model, { who }) => {
    const free = ['none', 'closed', 'decided', 'notified'].includes(model.dossier.at);
    const may = [...managers, 'engine'].includes(who) && free && model.programme === 'initial';
    return may ? open(model, 'grant') : undefined;
  },
  addToDossier: (model, { who, item }, today) => {
    const { at, items: have } = model.dossier;
    const may = ['open', 'asked'].includes(at) && [...managers, 'lea'].includes(who);
    return toDossier(model, may, { items: [...have, item], evidenceOn: today });
  },
  draftCertificate: (model, { who, which }) => {
    const { at, which: mine } = model.certificate;
    const may = at === 'none' || at === 'final' ? which !== mine : at === 'draft' && which === mine;
    if (!may || ![...managers, ...administrators].includes(who)) return undefined;
    return { ...model, certificate: { at: 'draft', which } };
  },
  declareDossierComplete: (model, { who }) => {
    const { at, items: have, proposes } = model.dossier;
    const full = items.every((item) => have.includes(item)) && model.recommends !== undefined;
    const drafted = proposes === 'refuse' || model.certificate.at === 'draft';
    return toDossier(model, who === 'pia' && at === 'open' && full && drafted, { at: 'complete' });
  },
  assignDecisionMaker: (model, { who, maker }) => {
    const may = model.dossier.at === 'complete' && managers.includes(who) && maker === 'dom';
    return toDossier(model, may, { makers: ['dom'] });
  },
  closeDossier: (model, { who }) => {
    const may = ['open', 'complete', 'review'].includes(model.dossier.at) && managers.includes(who);
    return toDossier(model, may, { at: 'closed' });
  },
};

const reviewing: Record<string, Act> = {
  startReview: (model, { who }) =>
    toDossier(model, model.dossier.at === 'complete' && acts(model, who), { at: 'review' }),
  askForInformation: (model, { who }) =>
    toDossier(model, model.dossier.at === 'review' && acts(model, who), { at: 'asked' }),
  supplyInformation: (model, { who }, today) => {
    const may = model.dossier.at === 'asked' && [...managers, 'lea'].includes(who);
    return toDossier(model, may, { at: 'review', evidenceOn: today });
  },
  returnToAuditor: (model, { who }) => {
    const back = toDossier(model, model.dossier.at === 'review' && acts(model, who), { at: 'open' });
    return back && model.audit === 'handed' ? { ...back, audit: 'awaiting', recommends: undefined } : back;
  },
  recommend: (model, { who, which }) => {
    const ready = which === 1 || passesGate(model.findings[0], LIMIT);
    return model.audit === 'awaiting' && who === 'lea' && ready
      ? { ...model, audit: 'recommended', recommends: which === 1 ? 'refuse' : 'grant' }
      : undefined;
  },
  handToDecision: (model, { who }) => {
    if (model.audit !== 'recommended' || !managers.includes(who)) return undefined;
    const handed: Model = { ...model, audit: 'handed' };
    return model.dossier.at === 'closed' ? open(handed, model.recommends ?? 'grant') : handed;
  },
};

/** Whether a step to decide is one to refuse. */
export const refuses = ({ item }: Step): boolean => item === items[2];

/** What is left when the programme is over: nothing of it goes on but what was decided. */
function over(model: Model): Model {
  const { findings, dossier, certificate } = model;
  const left = ['open', 'complete', 'review', 'asked'].includes(dossier.at);
  const [body, own] = findings;
  return {
    ...model,
    ...{ programme: 'terminated', audit: 'closed', findings: [released(body), released(own)] },
    dossier: left ? { ...dossier, at: 'closed' } : dossier,
    certificate: certificate.at === 'expired' ? { ...certificate, at: 'final' } : certificate,
  };
}

const deciding: Record<string, Act> = {
  decide: (model, step, today) => {
    const { dossier, certificate, programme } = model;
    const may = dossier.at === 'review' && acts(model, step.who) && step.ahead >= 0;
    if (!may || programme !== 'initial') return undefined;
    const made = { ...model, dossier: { ...dossier, at: 'decided' as const } };
    if (refuses(step)) return over(made);
    const grantable =
      certificate.at === 'draft' && model.recommends !== undefined && passesGate(model.findings[0], LIMIT);
    if (!grantable) return undefined;
    const granted = { ...certificate, at: 'active' as const, last: lastValidDay(today) };
    return {
      ...made,
      programme: 'certified',
      certificate: granted,
      dossier: { ...made.dossier, granted: true },
    };
  },
  notifyDecision: (model, { who }) =>
    toDossier(model, model.dossier.at === 'decided' && managers.includes(who), {
      ...{ at: 'notified', corrector: undefined },
    }),
  correctDecisionDate: (model, { who, ahead }, today) => {
    const { dossier, certificate } = model;
    if (!mayCorrect(model, who)) return undefined;
    const to = addDays(today, ahead);
    if (to > today || to < lastEvidence(model)) return undefined;
    if (dossier.corrector === undefined) return toDossier(model, true, { corrector: { who, to } });
    if (dossier.corrector.to !== to) return undefined;
    const corrected = { ...model, dossier: { ...dossier, corrector: undefined } };
    return dossier.granted
      ? { ...corrected, certificate: { ...certificate, last: lastValidDay(to) } }
      : corrected;
  },
};

/** Two administrators, one after the other, while there is a decision and its certificate has not come to its end. */
const mayCorrect = (model: Model, who: Name): boolean =>
  isDecided(model) &&
  administrators.includes(who) &&
  who !== model.dossier.corrector?.who &&
  (!model.dossier.granted || model.certificate.at === 'active');

const inTime: Record<string, Act> = {
  issueDocument: (model, { who }) =>
    model.certificate.at === 'active' && administrators.includes(who) ? model : undefined,
  expireCertificate: (model, { who }, today) => {
    const { at, last = '9999' } = model.certificate;
    if (who !== 'engine' || at !== 'active' || today <= last) return undefined;
    const window = months(last, 6);
    return { ...model, programme: 'lapsed', certificate: { ...model.certificate, at: 'expired', window } };
  },
  endRestorationWindow: (model, { who }, today) => {
    const { at, window = '9999' } = model.certificate;
    if (who !== 'engine' || at !== 'expired' || today <= window) return undefined;
    return { ...model, certificate: { ...model.certificate, at: 'final' } };
  },
  endProgramme: (model, { who }) =>
    who === 'pia' && model.programme !== 'terminated' && model.certificate.at !== 'active'
      ? over(model)
      : undefined,
};

export const acting: Readonly<Record<string, Act>> = { ...preparing, ...reviewing, ...deciding, ...inTime };
