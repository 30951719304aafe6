import type { Id } from '../actor.js';
import { softSpan, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection, Thing } from '../machine.js';
import { tieRules } from '../person/interests.js';
import { refusal } from '../refusal.js';
import { filled, isFilled, missing, proposesCauseOrSolution } from '../wording.js';
import { nonconformity } from './events.js';
import { isInternal, type Nonconformity, type VerificationWay } from './finding.js';
import { cannotOwn, doers } from './owner.js';
import { handles, notOwnPlan, ownsAction, reviews } from './people.js';

/** The client's answer: correction, how far it reaches, cause and method, corrective action, its owner and day. (R-FND-4, R-NCA-1) */
export interface Plan {
  readonly correction?: string;
  readonly extent?: string;
  readonly cause?: string;
  readonly causeMethod?: string;
  readonly correctiveAction?: string;
  readonly owner?: Id;
  readonly actionDue?: CivilDate;
  /** With several sites: how far the nonconformity reaches at the others. (R-MD1-4) */
  readonly otherSites?: string;
}

function incomplete(plan: Plan): Objection {
  const { correction, extent, cause, causeMethod, correctiveAction, owner, actionDue } = plan;
  const lacking = missing({ correction, extent, cause, causeMethod, correctiveAction, owner, actionDue });
  return lacking.length > 0
    ? refusal('plan-incomplete', ['R-FND-4', 'R-NCA-1'], 'The plan is not complete.', { missing: lacking })
    : undefined;
}

interface Located extends Thing {
  readonly kind: 'programme';
  readonly sites: readonly unknown[];
}

const isLocated = (thing: Thing): thing is Located =>
  thing.kind === 'programme' && 'sites' in thing && Array.isArray(thing.sites);

/** What happened at one site may be so at the others. (R-MD1-4) */
const silentOnSites = ({ otherSites }: Plan, { things }: Context): Objection =>
  !isFilled(otherSites) && things.some((thing) => isLocated(thing) && thing.sites.length > 1)
    ? refusal('plan-incomplete', ['R-MD1-4', 'R-NCA-1'], 'Say how far it reaches at the other sites.', {
        missing: ['otherSites'],
      })
    : undefined;

/** The day by which whoever handles the finding answers what was submitted. (R-FND-5) */
export const reviewDue = ({ effectiveOn, policy }: Context): ExplainedDate =>
  softSpan(
    {
      rule: 'R-FND-5',
      anchor: { name: 'submission', date: effectiveOn },
      key: 'finding.reviewBusinessDays',
      unit: 'businessDays',
    },
    policy,
  );

/** The humans behind a command for which two must act, and those for whom they act. */
export const actors = ({ awaited }: Nonconformity, { actor, actingFor }: Context): readonly Id[] => [
  ...[awaited?.by, awaited?.actingFor].filter((human) => human !== undefined),
  actor.human,
  ...(actingFor ? [actingFor.human] : []),
];

/** Submits the plan; the AIMS manager releases it to whoever raised the finding. (R-FND-4, R-NCA-1) */
export const submitPlan: CommandRule<Nonconformity, Plan> = {
  does: 'Submit the plan for correction and corrective action.',
  who: ['process-owner', 'ai-system-owner'],
  and: ['aims-manager'],
  from: ['raised', 'planRejected'],
  to: ['planSubmitted'],
  rules: ['R-FND-4', 'R-NCA-1', 'R-MD1-4', 'SUP-0'],
  refuses: ['plan-incomplete'],
  people: ({ owner }) => (owner === undefined ? [] : [owner]),
  guard: (plan, state, context) => [
    incomplete(plan) ?? cannotOwn(plan.owner, state, context),
    silentOnSites(plan, context),
  ],
  record: (plan, state, context) => {
    const { owner = '', actionDue = context.today, ...texts } = plan;
    const by = actors(state, context);
    const submitted = { by, owner, actionDue, reviewDue: reviewDue(context) };
    return [
      nonconformity('nonconformity.plan-submitted', state.id, submitted, { texts: filled({ ...texts }) }),
    ];
  },
};

/** Accepts the plan. (R-FND-5) */
export const acceptPlan: CommandRule<Nonconformity, { readonly note?: string }> = {
  does: 'Accept the plan for correction and corrective action.',
  who: ['lead-auditor', 'auditor', 'internal-auditor', 'aims-manager'],
  from: ['planSubmitted'],
  to: ['planAccepted'],
  person: true,
  rules: ['R-FND-5', 'R-CMP-1', 'SOD-7', ...tieRules],
  refuses: ['competence-missing', 'separation-of-duties', 'lookback-not-over'],
  looks: ['audit'],
  may: (state, context) => [reviews(state, context), notOwnPlan(state, context)],
  record: ({ note }, { id }, { actor, effectiveOn }) => [
    nonconformity(
      'nonconformity.plan-accepted',
      id,
      { by: actor.human, on: effectiveOn },
      { texts: filled({ note }) },
    ),
  ],
};

/** The body says what a plan lacks, and leaves cause and solution to the client. (R-FND-2) */
const tellsSolution = (state: Nonconformity, { reason = '' }: Context): Objection =>
  !isInternal(state) && proposesCauseOrSolution(reason)
    ? refusal(
        'cause-or-solution-proposed',
        ['R-FND-2'],
        'Say what the plan lacks; cause and solution are for the client.',
      )
    : undefined;

/** Rejects the plan with a reason, and never with a solution. (R-FND-5, R-FND-2) */
export const rejectPlan: CommandRule<Nonconformity> = {
  ...acceptPlan,
  does: 'Reject the plan, with the reason.',
  to: ['planRejected'],
  rules: ['R-FND-5', 'R-FND-2', 'R-CMP-1', 'SOD-7', ...tieRules],
  refuses: [...acceptPlan.refuses, 'cause-or-solution-proposed'],
  needs: ['reason'],
  guard: (_, state, context) => [tellsSolution(state, context)],
  record: (_, { id }, { actor, reason }) => [
    nonconformity('nonconformity.plan-rejected', id, { by: actor.human }, { texts: filled({ reason }) }),
  ],
};

/** Tells the client what the body will need to see before it can close the finding. (R-FND-5) */
export const announceVerificationWay: CommandRule<Nonconformity, { readonly way: VerificationWay }> = {
  does: 'Announce how closure will be verified: full audit, limited audit, or documents.',
  who: ['lead-auditor', 'programme-manager'],
  from: ['planAccepted'],
  to: [],
  rules: ['R-FND-5'],
  refuses: [],
  looks: ['audit'],
  may: (state, context) => [
    context.role === 'programme-manager' ? undefined : handles(['lead-auditor'])(state, context),
  ],
  record: ({ way }, { id }) => [nonconformity('nonconformity.verification-way-announced', id, { way })],
};

/** The owner begins the action. */
export const startImplementation: CommandRule<Nonconformity> = {
  does: 'Start the correction and corrective action.',
  who: doers,
  from: ['planAccepted'],
  to: ['implementing'],
  rules: ['R-NCA-1'],
  refuses: [],
  may: (state, context) => [ownsAction(state, context)],
  record: (_, { id }, { actor }) => [
    nonconformity('nonconformity.implementation-started', id, { by: actor.human }),
  ],
};
