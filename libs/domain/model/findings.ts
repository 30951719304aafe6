import type { CivilDate } from '../instant.js';
import type { Name, Step } from './staff.js';

// Who may do what with a finding, when. It knows nothing of how the machine is built.

export interface Finding {
  readonly at: string;
  readonly grade: string;
  readonly first?: { readonly does: string; readonly who: Name } | undefined;
  readonly planBy: readonly Name[];
  readonly hands: readonly Name[];
  readonly acceptedOn?: CivilDate;
  readonly closedOn?: CivilDate | undefined;
  readonly limitTold: boolean;
}

export const noFinding: Finding = { at: 'none', grade: '', planBy: [], hands: [], limitTold: false };

/** What surrounds a step: the day, the last day for majors, and whether the decision has been made. */
export interface Around {
  readonly today: CivilDate;
  readonly limit: string;
  readonly decided: boolean;
}

export type Move = (one: Finding, step: Step, around: Around) => Finding | undefined;

const owners: readonly Name[] = ['dana', 'olga'];

/** The handlers of a finding: the team for the body's, internal auditors and the AIMS manager for the client's own. */
const handlers = (which: 0 | 1, ...team: Name[]): readonly Name[] =>
  which === 0 ? team : ['iris', 'olga', 'ana'];
const graders = (which: 0 | 1): readonly Name[] => (which === 0 ? ['lea'] : ['iris', 'olga']);
const frozen = (which: 0 | 1, { decided }: Around): boolean => which === 0 && decided;

const openStages = [
  ...['raised', 'disputed', 'planSubmitted', 'planRejected', 'planAccepted'],
  ...['implementing', 'evidenceSubmitted', 'evidenceRejected'],
];

/** What two must do: the first consents, the second of the other side does it; the same one twice is not two. */
function together(
  one: Finding,
  { does, who }: Step,
  able: readonly Name[],
  go: Partial<Finding>,
): Finding | undefined {
  const side = able.includes(who) ? 'owner' : who === 'ana' ? 'manager' : undefined;
  if (!side) return undefined;
  if (one.first?.does !== does) return { ...one, first: { does, who } };
  const before = able.includes(one.first.who) ? 'owner' : 'manager';
  return before === side ? undefined : { ...one, ...go, first: undefined };
}

const moved = (one: Finding, may: boolean, change: Partial<Finding>): Finding | undefined =>
  may ? { ...one, ...change } : undefined;

const raising: Record<string, Move> = {
  draftFinding: (one, { who, which }) =>
    moved(one, one.at === 'none' && handlers(which, 'lea', 'aud').includes(who), { at: 'draft' }),
  raiseNonconformity: (one, { who, which, grade }, around) =>
    moved(one, one.at === 'draft' && handlers(which, 'lea').includes(who) && !frozen(which, around), {
      ...{ at: 'raised', grade },
    }),
  disputeFinding: (one, { who, which }, around) =>
    moved(one, one.at === 'raised' && who === 'ana' && !frozen(which, around), { at: 'disputed' }),
  upholdFinding: (one, { who, which }) =>
    moved(one, one.at === 'disputed' && graders(which).includes(who), { at: 'raised' }),
  retractFinding: (one, { who, which }, around) => {
    const may = graders(which).includes(who) && !frozen(which, around);
    return moved(one, may && ['raised', 'disputed'].includes(one.at), { at: 'retracted' });
  },
  regradeFinding: (one, { who, which, grade }, around) => {
    const may = graders(which).includes(who) && !frozen(which, around);
    return moved(one, may && openStages.includes(one.at) && one.grade !== grade, { grade, limitTold: false });
  },
  recordLimitPassed: (one, { who, which }, { today, limit }) => {
    const bound = which === 0 && one.grade === 'major' && openStages.includes(one.at);
    return moved(one, who === 'engine' && bound && today > limit && !one.limitTold, { limitTold: true });
  },
};

const planning: Record<string, Move> = {
  submitPlan: (one, step) => {
    if (one.at !== 'raised' && one.at !== 'planRejected') return undefined;
    const planBy = [...(one.first ? [one.first.who] : []), step.who];
    const hands: readonly Name[] = [...one.hands, ...planBy, 'dana'];
    return together(one, step, owners, { at: 'planSubmitted', planBy, hands });
  },
  acceptPlan: (one, { who, which }, { today }) => {
    const may = handlers(which, 'lea', 'aud').includes(who) && !one.planBy.includes(who);
    return moved(one, may && one.at === 'planSubmitted', { at: 'planAccepted', acceptedOn: today });
  },
  rejectPlan: (one, { who, which }) => {
    const may = handlers(which, 'lea', 'aud').includes(who) && !one.planBy.includes(who);
    return moved(one, may && one.at === 'planSubmitted', { at: 'planRejected' });
  },
  startImplementation: (one, { who }) =>
    moved(one, one.at === 'planAccepted' && who === 'dana', { at: 'implementing' }),
  deferToNextAudit: (one, { who, which }) => {
    const may = which === 0 && who === 'lea' && one.grade === 'minor';
    return moved(one, may && ['planAccepted', 'implementing'].includes(one.at), {});
  },
};

const closing: Record<string, Move> = {
  submitEvidence: (one, step) => {
    if (!['planAccepted', 'implementing', 'evidenceRejected'].includes(one.at)) return undefined;
    const hands = [...one.hands, ...(one.first ? [one.first.who] : []), step.who];
    return together(one, step, ['dana'], { at: 'evidenceSubmitted', hands });
  },
  rejectEvidence: (one, { who, which }) => {
    const may = handlers(which, 'lea', 'aud').includes(who) && !one.hands.includes(who);
    return moved(one, may && one.at === 'evidenceSubmitted', { at: 'evidenceRejected' });
  },
  verifyClosure: (one, { who, which }, { today }) => {
    const seen = one.at === 'evidenceSubmitted';
    const planned = one.grade === 'minor' && ['planAccepted', 'implementing'].includes(one.at);
    const may = handlers(which, 'lea', 'aud').includes(who) && !one.hands.includes(who);
    return moved(one, may && (seen || planned), { at: 'closed', closedOn: today });
  },
  openEffectivenessCheck: (one, { who }) =>
    moved(one, one.at === 'closed' && who === 'engine', { at: 'effectivenessDue' }),
  confirmEffective: (one, { who, which }) => moved(one, looksAtEffect(one, who, which), { at: 'effective' }),
  findIneffective: (one, { who, which }) =>
    moved(one, looksAtEffect(one, who, which), { at: 'raised', grade: 'major', closedOn: undefined }),
};

/** The body's are looked at in the next audit, which is not here; the client's own by whoever did not work on them. */
const looksAtEffect = ({ at, hands }: Finding, who: Name, which: 0 | 1): boolean =>
  at === 'effectivenessDue' && which === 1 && handlers(1).includes(who) && !hands.includes(who);

export const moves: Readonly<Record<string, Move>> = { ...raising, ...planning, ...closing };

/** A consent is void as soon as people do anything else with the finding. */
export function afterMove(one: Finding, step: Step, around: Around): Finding | undefined {
  const next = moves[step.does]?.(one, step, around);
  if (!next || step.who === 'engine' || next.first !== one.first) return next;
  return { ...next, first: undefined };
}

/** Majors closed and verified, minors with an accepted plan; what was never raised or was taken back is none. */
export function passesGate({ at, grade, closedOn }: Finding, limit: string): boolean {
  if (['none', 'draft', 'retracted'].includes(at)) return true;
  const closed = ['closed', 'effectivenessDue', 'effective'].includes(at);
  if (grade === 'major') return closed && closedOn !== undefined && closedOn <= limit;
  return closed || ['planAccepted', 'implementing', 'evidenceSubmitted', 'evidenceRejected'].includes(at);
}

/** A finding whose programme is over: nobody does anything about it any more. */
export const released = (one: Finding): Finding =>
  ['effective', 'retracted'].includes(one.at) ? one : { ...one, at: 'released' };
