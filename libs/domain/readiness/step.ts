import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { nothingYet, recorder, type Evolvers, type Thing } from '../machine.js';
import type { AiRole } from '../programme/application.js';
import type { RequirementId } from './requirements.js';

/** How far an item of the standard is fulfilled; only a control can be not applicable. (R-SOA-1) */
export const ratingWords = ['conforms', 'partly', 'doesNotConform', 'notApplicable'] as const;

export type RatingWord = (typeof ratingWords)[number];

/** The rating of one item; a gap has an owner and a date. */
export interface Rating {
  readonly rating: RatingWord;
  readonly owner?: Id;
  readonly due?: CivilDate;
}

export type Ratings = Readonly<Partial<Record<RequirementId, Rating>>>;

/** A gap assessment as it stood when it was approved. */
export interface GapVersion {
  readonly version: number;
  readonly on: CivilDate;
  readonly ratings: Ratings;
}

/** What a candidate is scored on, from 0 to 5. (R-SEL-1) */
export const scoreCriteria = [
  ...(['accreditation', 'statusFor42006', 'aiExperience', 'communication'] as const),
  ...(['impartiality', 'price', 'recognition'] as const),
] as const;

export type Scores = Readonly<Record<(typeof scoreCriteria)[number], number>>;

/** What somebody found about a body's accreditation for this standard, on which day; the source is a text. */
export interface AccreditationCheck {
  readonly accredited: boolean;
  readonly checkedOn: CivilDate;
}

/** A body that the client considers. */
export interface Candidate {
  readonly key: string;
  readonly scores?: Scores;
  readonly checks: readonly AccreditationCheck[];
}

/** The next review of the series: the nth, and its day. (R-CAL-16) */
export interface NextReview {
  readonly n: number;
  readonly due: ExplainedDate;
}

/** A progress review that was held, or the day on which one was missed. */
export interface ProgressReview {
  readonly on: CivilDate;
  /** Its place in the series; none for one that was held beside it. */
  readonly n?: number;
  readonly missed?: true;
}

/** An AI system in the scope, with the client's roles towards it. (R-CTX-1) */
export interface SystemInScope {
  readonly key: string;
  readonly roles: readonly AiRole[];
}

/** One of the thirteen steps of a programme's readiness. (SM-1) */
export interface ReadinessStep extends Thing {
  readonly kind: 'readiness-step';
  /** 0 to 12. */
  readonly step: number;
  /** The day that the AIMS manager has planned for it. */
  readonly due?: ExplainedDate;
  readonly submittedBy?: Id;
  readonly doneOn?: CivilDate;
  /** The hashes of the files that were attached. */
  readonly attached: readonly string[];
  /** Step 0: when the charter was signed first, the person whom it names, the series of reviews. */
  readonly charterOn?: CivilDate;
  readonly aimsManager?: Id;
  readonly nextReview?: NextReview;
  readonly reviews: readonly ProgressReview[];
  /** Step 1. True when climate change matters; absent until that is determined. */
  readonly climateMatters?: boolean;
  readonly systems: readonly SystemInScope[];
  /** Step 2. */
  readonly ratings: Ratings;
  readonly gapVersions: readonly GapVersion[];
  /** Step 5: how many of the roles in scope are trained, and when it will have run long enough. */
  readonly trainedPercent?: number;
  readonly operatedUntil?: ExplainedDate;
  /** Step 7. */
  readonly candidates: readonly Candidate[];
  readonly selected?: string;
}

/** What happens to a step. */
export interface StepEvents {
  'step.opened': { step: number };
  'charter.signed': { by: Id; on: CivilDate; aimsManager: Id; goals: number; next: NextReview };
  'step.planned': { due: ExplainedDate };
  'step.started': { by: Id };
  'step.submitted': {
    by: Id;
    climateMatters?: boolean;
    trainedPercent?: number;
    operatedUntil?: ExplainedDate;
  };
  'ai-system.scoped': SystemInScope;
  'step.completed': { by: Id; on: CivilDate };
  'step.returned': { by: Id };
  'step.waived': { by: Id; on: CivilDate };
  'step.reopened': { by: Id };
  'step.reached': { stage: 'inProgress' | 'done'; through: Id; on: CivilDate };
  'step.closed': object;
  'requirement.rated': Rating & { items: readonly RequirementId[]; by: Id };
  'candidate.scored': { candidate: string; scores: Scores };
  'accreditation.checked': AccreditationCheck & { candidate: string };
  'certification-body.selected': { candidate: string; by: Id };
  'progress-review.recorded': { on: CivilDate; n?: number; next?: NextReview };
  'progress-review.missed': { on: CivilDate; n: number; next: NextReview };
  'progress-reviews.ended': object;
}

/** Makes the facts of steps. */
export const stepFact = recorder<StepEvents>('readiness-step');

/** True for a thing that is a step of readiness. */
export const isStep = (thing: Thing): thing is ReadinessStep => thing.kind === 'readiness-step';

/** A step before its first fact. */
export const initialStep = (id: Id): ReadinessStep => ({
  ...nothingYet(id),
  ...{ kind: 'readiness-step', step: 0, attached: [], reviews: [], systems: [] },
  ...{ ratings: {}, gapVersions: [], candidates: [] },
});

/** The step without something that no longer holds. */
function without<K extends keyof ReadinessStep>(state: ReadinessStep, key: K): Omit<ReadinessStep, K> {
  const { [key]: _, ...rest } = state;
  return rest;
}

const candidateOf = ({ candidates }: ReadinessStep, key: string): Candidate =>
  candidates.find((one) => one.key === key) ?? { key, checks: [] };

const withCandidate = (state: ReadinessStep, one: Candidate): ReadinessStep => ({
  ...state,
  candidates: [...state.candidates.filter(({ key }) => key !== one.key), one],
});

function rated(ratings: Ratings, { items, by: _, ...rating }: StepEvents['requirement.rated']): Ratings {
  return { ...ratings, ...Object.fromEntries(items.map((item) => [item, rating])) };
}

/** An approved gap assessment is kept as a version; the next one begins from it. */
function completed(state: ReadinessStep, on: CivilDate): ReadinessStep {
  const { step, gapVersions, ratings } = state;
  const closed = { version: gapVersions.length + 1, on, ratings };
  return { ...state, stage: 'done', doneOn: on, gapVersions: step === 2 ? [...gapVersions, closed] : [] };
}

function reviewed(
  state: ReadinessStep,
  { next, ...review }: StepEvents['progress-review.recorded'],
): ReadinessStep {
  return { ...state, reviews: [...state.reviews, review], ...(next ? { nextReview: next } : {}) };
}

/** How facts move a step. */
export const stepEvolve: Evolvers<ReadinessStep, StepEvents> = {
  'step.opened': (state, { data }) => ({ ...state, ...data, stage: 'notStarted' }),
  'charter.signed': ({ charterOn, ...state }, { data: { on, aimsManager, next } }) => ({
    ...state,
    ...{ stage: 'done', doneOn: on, charterOn: charterOn ?? on, aimsManager },
    nextReview: state.nextReview ?? next,
  }),
  'step.planned': (state, { data }) => ({ ...state, ...data }),
  'step.started': (state) => ({ ...state, stage: 'inProgress' }),
  'step.submitted': (state, { data: { by, ...data }, evidence }) => ({
    ...state,
    ...data,
    ...{ stage: 'inReview', submittedBy: by },
    ...(state.step === 1 ? { systems: [] } : {}),
    attached: [...new Set([...state.attached, ...evidence.map(({ sha256 }) => sha256)])],
  }),
  'ai-system.scoped': (state, { data }) => ({ ...state, systems: [...state.systems, data] }),
  'step.completed': (state, { data }) => completed(state, data.on),
  'step.returned': (state) => ({ ...state, stage: 'inProgress' }),
  'step.waived': (state, { data }) => ({ ...state, stage: 'waived', doneOn: data.on }),
  'step.reopened': (state) => ({ ...without(state, 'doneOn'), stage: 'reopened' }),
  'step.reached': (state, { data: { stage, on } }) => ({
    ...state,
    stage,
    ...(stage === 'done' ? { doneOn: on } : {}),
  }),
  'step.closed': (state) => ({ ...without(state, 'nextReview'), stage: 'closed' }),
  'requirement.rated': (state, { data }) => ({ ...state, ratings: rated(state.ratings, data) }),
  'candidate.scored': (state, { data: { candidate, scores } }) =>
    withCandidate(state, { ...candidateOf(state, candidate), scores }),
  'accreditation.checked': (state, { data: { candidate, ...check } }) => {
    const known = candidateOf(state, candidate);
    return withCandidate(state, { ...known, checks: [...known.checks, check] });
  },
  'certification-body.selected': (state, { data }) => ({ ...state, selected: data.candidate }),
  'progress-review.recorded': (state, { data }) => reviewed(state, data),
  'progress-review.missed': (state, { data: { next, ...review } }) =>
    reviewed(state, { ...{ ...review, missed: true }, next }),
  'progress-reviews.ended': (state) => without(state, 'nextReview'),
};
