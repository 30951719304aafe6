import type { Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { isControl, requirementIds, type RequirementId } from './requirements.js';
import { notOf } from './terms.js';
import { stepFact, type Rating, type Ratings, type RatingWord, type ReadinessStep } from './step.js';

/** Items that are rated alike, with what was seen; for a gap, who closes it and by when. */
export interface RatedItems {
  readonly items: readonly RequirementId[];
  readonly rating: RatingWord;
  readonly note?: string;
  readonly owner?: Id;
  readonly due?: CivilDate;
}

/** The ratings that are entered; a later one of the same item stands in place of the earlier. */
export interface RateRequirement {
  readonly ratings: readonly RatedItems[];
}

/** A clause cannot be excluded. (R-SOA-1) */
function excludedClauses({ ratings }: RateRequirement): Objection {
  const clauses = ratings
    .filter(({ rating }) => rating === 'notApplicable')
    .flatMap(({ items }) => items.filter((item) => !isControl(item)));
  return clauses.length > 0
    ? refusal(
        'rating-not-allowed',
        ['R-SOA-1'],
        'Only a control can be not applicable; clauses apply always.',
        {
          missing: clauses,
          wouldNeed: 'conforms, partly or doesNotConform for a clause',
        },
      )
    : undefined;
}

/** Rates items of the standard; one fact for each group, so that none is large. (R-RDY-1, R-SOA-1) */
export const rateRequirement: CommandRule<ReadinessStep, RateRequirement> = {
  does: 'Rate how far items of the standard are fulfilled.',
  who: ['aims-manager', 'internal-auditor'],
  from: ['inProgress'],
  to: [],
  rules: ['R-RDY-1', 'R-SOA-1', 'SM-1'],
  refuses: ['rating-not-allowed'],
  may: (state) => [notOf(2, state)],
  guard: (input) => [excludedClauses(input)],
  record: ({ ratings }, { id }, { actor, evidence }) =>
    ratings.map(({ note, items, ...rating }) =>
      stepFact(
        'requirement.rated',
        id,
        { ...rating, items: [...new Set(items)], by: actor.human },
        { texts: filled({ [`note-${items[0] ?? ''}`]: note }), evidence },
      ),
    ),
};

const isGap = ({ rating }: Rating): boolean => rating === 'partly' || rating === 'doesNotConform';

/** The items that are not rated, and the gaps without owner or date. (R-RDY-1) */
export const unrated = ({ ratings }: Pick<ReadinessStep, 'ratings'>): readonly string[] =>
  requirementIds.flatMap((item) => {
    const rating = ratings[item];
    if (!rating) return [item];
    if (!isGap(rating)) return [];
    return [
      ...(rating.owner === undefined ? [`${item}: owner`] : []),
      ...(rating.due === undefined ? [`${item}: due`] : []),
    ];
  });

/** How the rating of one item changed from one assessment to another. */
export interface GapChange {
  readonly item: RequirementId;
  readonly from?: RatingWord;
  readonly to?: RatingWord;
}

/** What is different between two assessments, item by item in the order of the standard. */
export const gapChanges = (before: Ratings, after: Ratings): readonly GapChange[] =>
  requirementIds.flatMap((item) => {
    const [from, to] = [before[item]?.rating, after[item]?.rating];
    return from === to ? [] : [{ item, ...(from ? { from } : {}), ...(to ? { to } : {}) }];
  });
