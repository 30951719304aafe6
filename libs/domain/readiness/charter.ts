import type { Id } from '../actor.js';
import { addDays } from '../calendar.js';
import { softDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { isPerson } from '../person/facts.js';
import type { Policy } from '../policy.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { stepFact, type NextReview, type ReadinessStep } from './step.js';
import { notOf } from './terms.js';

/** What top management wants, what it gives for it, and who runs it. */
export interface SignCharter {
  readonly goals: readonly string[];
  readonly resources: string;
  readonly aimsManager: Id;
}

/** What was talked about: who was there, and what comes next. */
export interface RecordProgressReview {
  readonly attendance: string;
  readonly nextActions: string;
}

const KEY = 'readiness.progressReviewDays';

/** A series of reviews: where it begins, and the policy that said then how many days lie between two. */
interface Series {
  readonly charterOn: CivilDate;
  readonly every: { readonly value: number; readonly version: number };
}

/** A series keeps the days between its reviews, whatever policy says later. (R-CAL-16) */
const seriesOf = (charterOn: CivilDate, next: NextReview | undefined, policy: Policy): Series => ({
  charterOn,
  every: next?.due.basis[0]?.policy ?? { value: policy.number(KEY), version: policy.edition(KEY) },
});

/** The nth review of the series, counted from the charter. (R-CAL-16) */
function nthReview(n: number, { charterOn, every }: Series, policy: Policy): NextReview {
  const rule = 'R-CAL-16' as const;
  const days = every.value;
  const anchor = { name: 'the charter', date: charterOn };
  const basis = { rule, anchor, operation: `plus ${n * days} days`, date: addDays(charterOn, n * days) };
  return { n, due: softDate(policy, { ...basis, policy: { key: KEY, ...every } }) };
}

const leads = (id: Id, { things }: Context): boolean =>
  things
    .filter(isPerson)
    .some(
      (one) => one.id === id && one.grants.some(({ role, for: whose }) => role === 'aims-manager' && !whose),
    );

function incomplete({ goals, resources, aimsManager }: SignCharter, context: Context): Objection {
  const missing = [
    ...(goals.some(isFilled) ? [] : ['goals']),
    ...(isFilled(resources) ? [] : ['resources']),
    ...(leads(aimsManager, context) ? [] : ['aimsManager']),
  ];
  return missing.length > 0
    ? refusal('step-gate-open', ['R-RDY-1'], 'The charter names goals, resources and an AIMS manager.', {
        missing,
        wouldNeed: 'at least one goal, the resources, and a person who holds the role of AIMS manager',
        whoCould: ['top-management'],
      })
    : undefined;
}

/** Top management signs: with it the way begins, and the series of reviews. (R-RDY-1) */
export const signCharter: CommandRule<ReadinessStep, SignCharter> = {
  does: 'Sign the charter: goals, resources, and who runs the management system.',
  who: ['top-management'],
  from: ['notStarted', 'reopened'],
  to: ['done'],
  person: true,
  rules: ['R-RDY-1', 'R-CAL-16', 'SM-1'],
  refuses: ['step-gate-open'],
  people: ({ aimsManager }) => [aimsManager],
  may: (state) => [notOf(0, state)],
  guard: (input, _, context) => [incomplete(input, context)],
  record: ({ goals, resources, aimsManager }, { id }, { actor, effectiveOn: on, policy, evidence }) => {
    const wanted = goals.filter(isFilled);
    const named = wanted.map((goal, place): [string, string] => [`goal-${place + 1}`, goal]);
    const next = nthReview(1, seriesOf(on, undefined, policy), policy);
    return [
      stepFact(
        'charter.signed',
        id,
        { by: actor.human, on, aimsManager, goals: wanted.length, next },
        { texts: filled({ ...Object.fromEntries(named), resources }), evidence },
      ),
    ];
  },
};

/** A review that is held after the day of the nth one counts for the next of the series. */
const dayOf = (n: number, series: Series, policy: Policy): CivilDate =>
  n === 0 ? series.charterOn : nthReview(n, series, policy).due.date;

/** The place that a review has in the series; one that is held beside it has none. */
function placeOf(state: ReadinessStep, { effectiveOn, policy }: Context) {
  const { nextReview, charterOn } = state;
  if (!nextReview || !charterOn) return {};
  const [{ n }, series] = [nextReview, seriesOf(charterOn, nextReview, policy)];
  return effectiveOn > dayOf(n - 1, series, policy) ? { n, next: nthReview(n + 1, series, policy) } : {};
}

function notReviewed({ attendance, nextActions }: RecordProgressReview): Objection {
  const missing = [
    ...(isFilled(attendance) ? [] : ['attendance']),
    ...(isFilled(nextActions) ? [] : ['nextActions']),
  ];
  return missing.length > 0
    ? refusal('evidence-missing', ['R-EVD-2'], 'Say who attended and what comes next.', { missing })
    : undefined;
}

/** Records a review of how far the client has come. (R-CAL-16) */
export const recordProgressReview: CommandRule<ReadinessStep, RecordProgressReview> = {
  does: 'Record a progress review.',
  who: ['aims-manager'],
  from: ['done'],
  to: [],
  rules: ['R-CAL-16', 'R-EVD-2', 'SM-1'],
  refuses: ['evidence-missing'],
  may: (state) => [notOf(0, state)],
  guard: (input) => [notReviewed(input)],
  record: (input, state, context) => [
    stepFact(
      'progress-review.recorded',
      state.id,
      { on: context.effectiveOn, ...placeOf(state, context) },
      { texts: filled({ ...input }), evidence: context.evidence },
    ),
  ],
};

/** A review whose day has passed without it is missed, and stays so. (R-CAL-16) */
export const recordMissedReview: CommandRule<ReadinessStep> = {
  does: 'Record that the day of a progress review has passed without it.',
  who: ['engine'],
  from: ['done'],
  to: [],
  rules: ['R-CAL-16'],
  refuses: [],
  may: ({ nextReview }, { today }) => [
    nextReview && nextReview.due.date < today
      ? undefined
      : refusal('wrong-state', ['R-CAL-16'], 'No progress review has been missed.'),
  ],
  record: (_, { id, nextReview, charterOn }, { policy, today }) => {
    if (!nextReview) return [];
    const { n, due } = nextReview;
    const next = nthReview(n + 1, seriesOf(charterOn ?? today, nextReview, policy), policy);
    return [stepFact('progress-review.missed', id, { n, on: due.date, next })];
  },
};
