import type { Id } from '../actor.js';
import { audit } from '../audit/events.js';
import { isAudit } from '../audit/life.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { dossier, votesNeeded, type Dossier, type ReturnedFor, type Vote } from './dossier.js';
import { renewalReturned } from './renewal.js';
import { namedMaker, notAMaker, notDeclared, notIndependent, undeclared } from './independence.js';

/** What makes somebody independent of the audits, and competent; asked at assignment and at every act. */
const independence = [
  ...(['R-DEC-1', 'R-CMP-1', 'R-IMP-2', 'R-IMP-3', 'SOD-1', 'SOD-2', 'SOD-5', 'SOD-11', 'I-24'] as const),
];

const nobody = (person: Id): Objection =>
  refusal('not-permitted', ['R-DEC-1'], `${person} is no decision maker of the body.`, {
    whoCould: ['decision-maker'],
  });

function unfit({ person }: { readonly person: Id }, state: Dossier, context: Context): readonly Objection[] {
  const maker = namedMaker(person, state.programme, context);
  if (!maker?.roles.includes('decision-maker')) return [nobody(person)];
  return notIndependent(maker, state, context);
}

/** Names who decides; a committee is named one by one. (R-DEC-1, I-30) */
export const assignDecisionMaker: CommandRule<Dossier, { readonly person: Id }> = {
  does: 'Name a decision maker.',
  who: ['programme-manager'],
  from: ['dossierComplete'],
  to: [],
  inside: true,
  rules: independence,
  refuses: ['not-permitted', 'separation-of-duties', 'lookback-not-over', 'competence-missing'],
  looks: ['audit'],
  people: ({ person }) => [person],
  guard: unfit,
  record: ({ person }, { id }) => [dossier('decision-maker.assigned', id, { person })],
};

/** What a decision maker declares for this assignment. (R-IMP-4) */
export interface StartReview {
  readonly freeOfConflicts: boolean;
}

/** Begins the review, free of conflicts and on the record. (R-DEC-2, R-IMP-4) */
export const startReview: CommandRule<Dossier, StartReview> = {
  does: 'Start the review of the dossier.',
  who: ['decision-maker'],
  from: ['dossierComplete'],
  to: ['underReview'],
  inside: true,
  person: true,
  rules: ['R-DEC-2', 'R-IMP-4', ...independence],
  refuses: [
    'separation-of-duties',
    'lookback-not-over',
    'competence-missing',
    'conflict-declaration-missing',
  ],
  looks: ['audit'],
  may: notAMaker,
  guard: ({ freeOfConflicts }) => [freeOfConflicts ? undefined : notDeclared],
  record: (_, { id, makers }, { actor, policy }) => {
    const quorum = votesNeeded(makers, policy.number('decision.quorum'));
    const counts = quorum === undefined ? {} : { quorum };
    return [dossier('decision.review-started', id, { by: actor.human, ...counts })];
  },
};

/** Asks the team or others for more. (R-DEC-6) */
export const askForInformation: CommandRule<Dossier, { readonly question?: string }> = {
  does: 'Ask for more information.',
  who: ['decision-maker'],
  from: ['underReview'],
  to: ['informationAsked'],
  inside: true,
  person: true,
  rules: ['R-DEC-6', ...independence],
  refuses: ['separation-of-duties', 'lookback-not-over', 'competence-missing'],
  looks: ['audit'],
  may: notAMaker,
  record: ({ question }, { id }, { actor }) => [
    dossier('decision.information-asked', id, { by: actor.human }, { texts: filled({ question }) }),
  ],
};

/** Answers what was asked. (R-DEC-6) */
export const supplyInformation: CommandRule<Dossier, { readonly answer?: string }> = {
  does: 'Supply the information that was asked for.',
  who: ['programme-manager', 'lead-auditor'],
  from: ['informationAsked'],
  to: ['underReview'],
  inside: true,
  rules: ['R-DEC-6'],
  refuses: [],
  record: ({ answer }, { id }, { actor, effectiveOn: on, evidence }) => [
    dossier(
      'decision.information-supplied',
      id,
      { by: actor.human, on },
      { evidence, texts: filled({ answer }) },
    ),
  ],
};

/** Sends the dossier back to the auditors: a finding, a grade, the recommendation, or the need for a Stage 1. (R-DEC-6) */
export const returnToAuditor: CommandRule<Dossier, { readonly for: ReturnedFor }> = {
  does: 'Return the dossier to the auditors, with the reason.',
  who: ['decision-maker'],
  from: ['underReview'],
  to: ['dossierOpen'],
  inside: true,
  person: true,
  rules: ['R-DEC-6', ...independence],
  refuses: ['separation-of-duties', 'lookback-not-over', 'competence-missing'],
  needs: ['reason'],
  looks: ['audit', 'certificate', 'recertification'],
  may: notAMaker,
  record: (input, { id, audits, proposes }, { actor, reason, things }) => [
    dossier('decision.returned', id, { by: actor.human, for: input.for }, { texts: filled({ reason }) }),
    ...things
      .filter(isAudit)
      .filter((one) => audits.includes(one.id) && one.stage === 'handedToDecision')
      .map((one) => audit('stage2.recommendation-returned', one.id, {})),
    ...renewalReturned(proposes, things),
  ],
};

const alone = ({ makers }: Dossier): Objection =>
  makers.length < 2
    ? refusal('wrong-state', ['I-30'], 'One decision maker alone decides without a vote.')
    : undefined;

/** The vote of a member of the committee, free of conflicts; whoever has declared so in this review need not again. (I-30, R-IMP-4) */
export interface CastVote {
  readonly vote: Vote;
  readonly reasons?: string;
  readonly freeOfConflicts?: boolean;
}

/** Casts a vote; reasons of a minority are kept. (I-30) */
export const castVote: CommandRule<Dossier, CastVote> = {
  does: 'Cast a vote.',
  who: ['decision-maker'],
  from: ['underReview'],
  to: [],
  inside: true,
  person: true,
  rules: ['I-30', 'R-IMP-4', ...independence],
  refuses: [
    'separation-of-duties',
    'lookback-not-over',
    'competence-missing',
    'conflict-declaration-missing',
  ],
  looks: ['audit'],
  may: (state, context) => [...notAMaker(state, context), alone(state)],
  guard: ({ freeOfConflicts }, state, context) => [undeclared(state, context, freeOfConflicts)],
  record: ({ vote, reasons, freeOfConflicts }, { id }, { actor }) => {
    const free = freeOfConflicts ? { freeOfConflicts } : {};
    return [
      dossier('decision.vote-cast', id, { by: actor.human, vote, ...free }, { texts: filled({ reasons }) }),
    ];
  },
};
