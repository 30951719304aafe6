import type { Actor } from '../actor.js';
import { addMonths } from '../calendar.js';
import { civilDate, type CivilDate } from '../instant.js';
import { body, person } from '../specification.js';

// A small model of findings and their decision: who may do what, when. It knows nothing of how the machines are built.

export const BEGIN = civilDate('2027-04-23');
const LIMIT = addMonths(BEGIN, 6);
export const staff = {
  lea: person({ roles: ['lead-auditor'], organisation: body }),
  aud: person({ roles: ['auditor'], organisation: body }),
  pia: person({ roles: ['programme-manager'], organisation: body }),
  dom: person({ roles: ['decision-maker'], organisation: body }),
  /** A decision maker who was in the team of the audit. */
  eva: person({ id: 'per_dea', roles: ['decision-maker'], organisation: body }),
  dana: person({ roles: ['process-owner'] }),
  ana: person({ roles: ['aims-manager'] }),
  iris: person({ roles: ['internal-auditor'] }),
  /** Plans and audits internally, though never the same action. */
  olga: person({ id: 'per_olga', roles: ['process-owner', 'internal-auditor'] }),
} satisfies Record<string, Actor>;
type Name = keyof typeof staff;
export const names = ['lea', 'aud', 'pia', 'dom', 'eva', 'dana', 'ana', 'iris', 'olga'] as const;

interface Finding {
  at: string;
  grade: string;
  first: { does: string; who: Name } | undefined;
  planBy: readonly Name[];
  hands: readonly Name[];
  closedOn: CivilDate | undefined;
}

export interface Model {
  findings: [Finding, Finding];
  dossier: string;
  items: readonly string[];
  makers: readonly Name[];
  draft: boolean;
  granted: boolean;
}

export interface Step {
  does: string;
  who: Name;
  /** 0 is a finding of the body, 1 one of the client's own. */
  which: 0 | 1;
  grade: 'major' | 'minor';
  days: number;
  /** Days from the decision to its effect. */
  ahead: number;
  item: string;
  maker: 'dom' | 'eva';
}

export const items = ['nonconformityComments', 'applicationConfirmed', 'objectivesAchieved'];
const decided = ({ dossier }: Model): boolean => dossier === 'decided' || dossier === 'notified';
const client: readonly Name[] = ['dana', 'olga'];

/** The handlers of a finding: the team for the body's, internal auditors and the AIMS manager for the client's own. */
const handlers = (which: 0 | 1, ...team: Name[]): readonly Name[] =>
  which === 0 ? team : ['iris', 'olga', 'ana'];
const auditors = (which: 0 | 1): readonly Name[] => (which === 0 ? ['lea'] : ['iris', 'olga']);
const openStages = [
  ...['raised', 'disputed', 'planSubmitted', 'planRejected', 'planAccepted'],
  ...['implementing', 'evidenceSubmitted', 'evidenceRejected'],
];

/** What two must do: the first consents, the second of the other side does it; the same one twice is not two. */
function together(
  one: Finding,
  { does, who }: Step,
  owners: readonly Name[],
  go: Partial<Finding>,
): Finding | undefined {
  const side = owners.includes(who) ? 'owner' : who === 'ana' ? 'manager' : undefined;
  if (!side) return undefined;
  if (one.first?.does !== does) return { ...one, first: { does, who } };
  const before = owners.includes(one.first.who) ? 'owner' : 'manager';
  return before === side ? undefined : { ...one, ...go, first: undefined };
}

export const moves: Record<string, (one: Finding, step: Step, model: Model) => Finding | undefined> = {
  draftFinding: (one, { who, which }) =>
    one.at === 'none' && handlers(which, 'lea', 'aud').includes(who) ? { ...one, at: 'draft' } : undefined,
  raiseNonconformity: (one, { who, which, grade }, model) =>
    one.at === 'draft' && handlers(which, 'lea').includes(who) && (which === 1 || !decided(model))
      ? { ...one, at: 'raised', grade }
      : undefined,
  disputeFinding: (one, { who, which }, model) =>
    one.at === 'raised' && who === 'ana' && (which === 1 || !decided(model))
      ? { ...one, at: 'disputed' }
      : undefined,
  upholdFinding: (one, { who, which }) =>
    one.at === 'disputed' && auditors(which).includes(who) ? { ...one, at: 'raised' } : undefined,
  retractFinding: (one, { who, which }, model) =>
    ['raised', 'disputed'].includes(one.at) &&
    auditors(which).includes(who) &&
    (which === 1 || !decided(model))
      ? { ...one, at: 'retracted' }
      : undefined,
  regradeFinding: (one, { who, which, grade }, model) =>
    openStages.includes(one.at) &&
    auditors(which).includes(who) &&
    one.grade !== grade &&
    (which === 1 || !decided(model))
      ? { ...one, grade }
      : undefined,
  submitPlan: (one, step) => {
    if (one.at !== 'raised' && one.at !== 'planRejected') return undefined;
    const planBy = [...(one.first ? [one.first.who] : []), step.who];
    return together(one, step, client, {
      at: 'planSubmitted',
      planBy,
      hands: [...one.hands, ...planBy, 'dana'],
    });
  },
  acceptPlan: (one, { who, which }) =>
    one.at === 'planSubmitted' && handlers(which, 'lea', 'aud').includes(who) && !one.planBy.includes(who)
      ? { ...one, at: 'planAccepted' }
      : undefined,
  rejectPlan: (one, { who, which }) =>
    one.at === 'planSubmitted' && handlers(which, 'lea', 'aud').includes(who) && !one.planBy.includes(who)
      ? { ...one, at: 'planRejected' }
      : undefined,
  startImplementation: (one, { who }) =>
    one.at === 'planAccepted' && who === 'dana' ? { ...one, at: 'implementing' } : undefined,
  submitEvidence: (one, step) => {
    if (!['planAccepted', 'implementing', 'evidenceRejected'].includes(one.at)) return undefined;
    const hands = [...one.hands, ...(one.first ? [one.first.who] : []), step.who];
    return together(one, step, ['dana'], { at: 'evidenceSubmitted', hands });
  },
  rejectEvidence: (one, { who, which }) =>
    one.at === 'evidenceSubmitted' && handlers(which, 'lea', 'aud').includes(who) && !one.hands.includes(who)
      ? { ...one, at: 'evidenceRejected' }
      : undefined,
  verifyClosure: (one, { who, which }) => {
    const seen = one.at === 'evidenceSubmitted';
    const planned = one.grade === 'minor' && ['planAccepted', 'implementing'].includes(one.at);
    const may = handlers(which, 'lea', 'aud').includes(who) && !one.hands.includes(who);
    return may && (seen || planned) ? { ...one, at: 'closed' } : undefined;
  },
};

function grantable({ findings: [finding], draft: drafted }: Model, today: CivilDate): boolean {
  const { at, grade, closedOn } = finding;
  if (!drafted) return false;
  if (['none', 'draft', 'retracted'].includes(at)) return true;
  if (grade === 'major') return at === 'closed' && (closedOn ?? today) <= LIMIT;
  return ['planAccepted', 'implementing', 'evidenceSubmitted', 'evidenceRejected', 'closed'].includes(at);
}

const acts = (model: Model, who: Name): boolean => who === 'dom' && model.makers.includes(who);

export const steps: Record<string, (model: Model, step: Step, today: CivilDate) => Model | undefined> = {
  openDossier: (model, { who }) =>
    model.dossier === 'none' && who === 'pia' ? { ...model, dossier: 'open' } : undefined,
  addToDossier: (model, { who, item }) =>
    ['open', 'asked'].includes(model.dossier) && ['pia', 'lea'].includes(who)
      ? { ...model, items: [...model.items, item] }
      : undefined,
  draftCertificate: (model, { who }) =>
    !model.granted && who === 'pia' ? { ...model, draft: true } : undefined,
  declareDossierComplete: (model, { who }) =>
    model.dossier === 'open' &&
    who === 'pia' &&
    model.draft &&
    items.every((item) => model.items.includes(item))
      ? { ...model, dossier: 'complete' }
      : undefined,
  assignDecisionMaker: (model, { who, maker }) =>
    model.dossier === 'complete' && who === 'pia' && maker === 'dom'
      ? { ...model, makers: ['dom'] }
      : undefined,
  startReview: (model, { who }) =>
    model.dossier === 'complete' && acts(model, who) ? { ...model, dossier: 'review' } : undefined,
  askForInformation: (model, { who }) =>
    model.dossier === 'review' && acts(model, who) ? { ...model, dossier: 'asked' } : undefined,
  supplyInformation: (model, { who }) =>
    model.dossier === 'asked' && ['pia', 'lea'].includes(who) ? { ...model, dossier: 'review' } : undefined,
  returnToAuditor: (model, { who }) =>
    model.dossier === 'review' && acts(model, who) ? { ...model, dossier: 'open' } : undefined,
  decide: (model, { who, ahead }, today) =>
    model.dossier === 'review' && acts(model, who) && ahead >= 0 && grantable(model, today)
      ? { ...model, dossier: 'decided', granted: true }
      : undefined,
  notifyDecision: (model, { who }) =>
    model.dossier === 'decided' && who === 'pia' ? { ...model, dossier: 'notified' } : undefined,
};

/** What the model says: the state after, or nothing when the step is refused. */
export function foretold(model: Model, step: Step, today: CivilDate): Model | undefined {
  const move = moves[step.does];
  if (!move) return steps[step.does]?.(model, step, today);
  const one = model.findings[step.which];
  const next = move(one, step, model);
  if (!next) return undefined;
  const kept = next.first !== one.first ? next : { ...next, first: undefined };
  const moved = kept.at === 'closed' && one.at !== 'closed' ? { ...kept, closedOn: today } : kept;
  return { ...model, findings: step.which === 0 ? [moved, model.findings[1]] : [model.findings[0], moved] };
}

const nothing: Finding = {
  at: 'none',
  grade: '',
  first: undefined,
  planBy: [],
  hands: [],
  closedOn: undefined,
};
export const beginning: Model = {
  ...{ findings: [nothing, nothing], dossier: 'none', items: [], makers: [] },
  ...{ draft: false, granted: false },
};
/** Every step that the model allows now; most steps of a run are drawn from these, so that runs come far. */
export const allowed = (model: Model, like: Step, today: CivilDate): readonly Step[] =>
  [...Object.keys(moves), ...Object.keys(steps)]
    .flatMap((does) => names.map((who) => ({ ...like, does, who })))
    .filter((one) => foretold(model, one, today) !== undefined);
