import { isCompetent } from '../competence/competence.js';
import { addDays, addMonths } from '../calendar.js';
import { softSpan, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { organisationIn } from '../organisation/organisation.js';
import { ownTie, tieRules } from '../person/interests.js';
import { refusal } from '../refusal.js';
import { everythingOver, whatEnds } from './ending.js';
import { programmeFact, type Programme } from './facts.js';

/** What the body answers before it accepts an application. (R-APP-3) */
export const reviewPoints = [
  ...(['informationSufficient', 'differencesResolved', 'competence', 'ability', 'scope'] as const),
  ...(['sites', 'auditTime', 'language', 'safety', 'impartiality'] as const),
] as const;

export type ReviewPoint = (typeof reviewPoints)[number];

/** Something that could bias the body: ties of people, or services that it or a related body gave. (R-IMP-1, R-IMP-2) */
export interface ImpartialityThreat {
  readonly kind:
    'selfInterest' | 'selfReview' | 'familiarity' | 'intimidation' | 'consultancy' | 'internalAudit';
  /** What remains once it is dealt with; a threat without it is open. */
  readonly residual?: 'acceptable' | 'notAcceptable';
  /** The last day of a service. */
  readonly endedOn?: CivilDate;
}

/** The outcome of the review: each point answered with yes, and what threatens impartiality. (R-APP-3) */
export interface AcceptApplication {
  readonly answers?: Readonly<Partial<Record<ReviewPoint, boolean>>>;
  readonly threats?: readonly ImpartialityThreat[];
  readonly note?: string;
}

/** A question to the client, or the answer to it. */
export interface Information {
  readonly text: string;
}

/** The application is looked into by somebody competent for it. (R-CMP-1) */
export const startApplicationReview: CommandRule<Programme> = {
  does: 'Begin the application review.',
  who: ['programme-manager'],
  from: ['applied'],
  to: ['reviewing'],
  rules: ['R-CMP-1', 'R-APP-3', ...tieRules],
  refuses: ['competence-missing', 'lookback-not-over'],
  may: ({ client }, context) => [
    ownTie(client, context),
    isCompetent(context.things, context.actor.id, { of: 'applicationReview', on: context.today })
      ? undefined
      : refusal('competence-missing', ['R-CMP-1'], 'You are not competent for application review today.', {
          wouldNeed: 'a competence for the function applicationReview',
        }),
  ],
  record: (_, { id }, { actor }) => [programmeFact('application.review-started', id, { by: actor.id })],
};

/** Asks the client for what is missing or unclear. (R-APP-3) */
export const askForInformation: CommandRule<Programme, Information> = {
  does: 'Ask the client a question.',
  who: ['programme-manager'],
  from: ['reviewing'],
  to: [],
  rules: ['R-APP-3'],
  refuses: [],
  record: ({ text }, { id }, { actor }) => [
    programmeFact('application.information-asked', id, { by: actor.id }, { texts: { question: text } }),
  ],
};

/** Answers what the body asked. (R-APP-3) */
export const supplyInformation: CommandRule<Programme, Information> = {
  does: 'Answer the questions of the body.',
  who: ['aims-manager'],
  from: ['reviewing'],
  to: [],
  rules: ['R-APP-3'],
  refuses: [],
  record: ({ text }, { id }, { actor }) => [
    programmeFact('application.information-supplied', id, { by: actor.id }, { texts: { answer: text } }),
  ],
};

function unanswered(
  { answers = {} }: AcceptApplication,
  { questions, answers: supplied }: Programme,
): Objection {
  const open = reviewPoints.filter((point) => answers[point] !== true);
  const missing = questions > supplied ? [...open, 'questionsToClient'] : open;
  return missing.length === 0
    ? undefined
    : refusal(
        'application-review-incomplete',
        ['R-APP-3'],
        'Not every point of the review is answered with yes.',
        {
          missing,
          wouldNeed: 'each point answered with yes; an application that cannot be is declined with reasons',
        },
      );
}

function threatsOpen({ threats = [] }: AcceptApplication): Objection {
  const open = threats.filter(({ residual }) => residual !== 'acceptable').map(({ kind }) => kind);
  return open.length === 0
    ? undefined
    : refusal(
        'impartiality-threat-open',
        ['R-IMP-1', 'R-APP-3'],
        'A threat to impartiality is not settled.',
        {
          missing: open,
        },
      );
}

const services = ['consultancy', 'internalAudit'];

/** Consultancy by a related body, or internal audits, bar certification for the look-back, whatever remains. (R-IMP-2, I-24) */
function serviceTooRecent({ threats = [] }: AcceptApplication, { today, policy }: Context): Objection {
  const months = policy.number('impartiality.lookbackMonths');
  const recent = threats
    .filter(({ kind }) => services.includes(kind))
    .filter(({ endedOn }) => endedOn === undefined || today <= addMonths(endedOn, months));
  const [first] = recent;
  if (!first) return undefined;
  const free = first.endedOn === undefined ? undefined : addDays(addMonths(first.endedOn, months), 1);
  return refusal(
    'impartiality-threat-open',
    ['R-IMP-2', 'I-24'],
    `A service to this client (${first.kind}) is too recent.`,
    {
      wouldNeed: free === undefined ? 'another body' : `another body, or a date from ${free}`,
      missing: recent.map(({ kind }) => kind),
    },
  );
}

const timeMissing = ({ things }: Context): Objection =>
  things.some(({ kind, stage }) => kind === 'audit-time' && stage === 'approved')
    ? undefined
    : refusal('audit-time-missing', ['R-TIM-1'], 'No calculation of audit time has been approved.', {
        whoCould: ['programme-manager'],
      });

/** How long a proposal stands. (SM-0) */
export const validity = ({ policy, effectiveOn }: Context): ExplainedDate =>
  softSpan(
    {
      rule: 'SM-0',
      anchor: { name: 'the proposal', date: effectiveOn },
      key: 'proposal.validityDays',
      unit: 'days',
    },
    policy,
  );

/** Accepts the application and issues the proposal. (R-APP-3, R-IMP-1, R-IMP-2, R-TIM-1, R-CRT-8) */
export const acceptApplication: CommandRule<Programme, AcceptApplication> = {
  does: 'Accept the application and issue the proposal.',
  who: ['programme-manager'],
  from: ['reviewing'],
  to: ['proposed'],
  passesOver: ['applied'],
  person: true,
  rules: ['R-APP-3', 'R-IMP-1', 'R-TIM-1', 'R-CRT-8', ...tieRules],
  refuses: [
    'application-review-incomplete',
    'impartiality-threat-open',
    'audit-time-missing',
    'lookback-not-over',
  ],
  looks: ['audit-time'],
  may: ({ client }, context) => [ownTie(client, context), timeMissing(context)],
  guard: (input, state, context) => [
    unanswered(input, state),
    threatsOpen(input),
    serviceTooRecent(input, context),
  ],
  record: ({ threats = [], note }, { id, certificationBody = '', accredited = false }, context) => [
    programmeFact(
      'application.accepted',
      id,
      {
        by: context.actor.id,
        accredited: organisationIn(context.things, certificationBody)?.accredited ?? accredited,
        threats: threats.length,
      },
      note === undefined ? {} : { texts: { reviewNote: note } },
    ),
    programmeFact('proposal.issued', id, { validUntil: validity(context) }),
  ],
};

/** Declines the application; the reasons are told to the client. (R-APP-3) */
export const declineApplication: CommandRule<Programme> = {
  does: 'Decline the application, with reasons.',
  who: ['programme-manager'],
  and: ['scheme-administrator'],
  from: ['reviewing'],
  to: ['terminated'],
  passesOver: ['applied'],
  person: true,
  needs: ['reason'],
  rules: ['R-APP-3'],
  refuses: [],
  looks: whatEnds,
  record: (_, { id }, { actor, reason = '', things }) => [
    programmeFact('application.declined', id, { by: actor.id }, { texts: { reason } }),
    ...everythingOver(things),
  ],
};
