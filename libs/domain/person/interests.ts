import type { Id } from '../actor.js';
import { addDays, addMonths } from '../calendar.js';
import type { CivilDate } from '../instant.js';
import type { Context, Objection, Thing } from '../machine.js';
import type { Policy } from '../policy.js';
import { refusal, type Refusal, type RuleId } from '../refusal.js';

/** What binds somebody of a body to a client: advice on its system, a post there, internal audits for it. (R-IMP-2, R-IMP-3) */
export const interestKinds = ['consultancy', 'employment', 'internalAudit'] as const;

/** A tie to a client, from a day until a day; without the second it goes on. */
export interface Interest {
  readonly kind: (typeof interestKinds)[number];
  readonly client: Id;
  readonly from: CivilDate;
  readonly until?: CivilDate;
}

interface Interested extends Thing {
  readonly interests: readonly Interest[];
  readonly human: Id;
}

const isInterested = (thing: Thing): thing is Interested => thing.kind === 'person' && 'interests' in thing;

/** The first day on which a tie binds no longer: the day after the end of the look-back, which counts in full. (I-24) */
export function freeFrom({ until }: Interest, policy: Policy): CivilDate | undefined {
  return until === undefined
    ? undefined
    : addDays(addMonths(until, policy.number('impartiality.lookbackMonths')), 1);
}

/** Advice binds whoever gave it, and internal audits bind the body too. (R-IMP-3, R-IMP-2) */
const rulesOf = (ties: readonly Interest[]): readonly RuleId[] => [
  ...(ties.some(({ kind }) => kind === 'internalAudit') ? (['R-IMP-2'] as const) : []),
  ...(['R-IMP-3', 'SOD-5', 'I-24'] as const),
];

/** Whose ties are asked about: a person and a client, on a day. */
export interface Tie {
  readonly person: Id;
  readonly client: Id;
  readonly on: CivilDate;
}

/**
 * The refusal for somebody who gave consultancy to the client, worked for it or audited internally for it within the look-back,
 * counted from the END. All accounts of the same human count. (R-IMP-2, R-IMP-3, SOD-5, I-24)
 */
export function conflictWith(
  things: readonly Thing[],
  { person, client, on }: Tie,
  policy: Policy,
): Refusal | undefined {
  const accounts = things.filter(isInterested);
  const human = accounts.find(({ id }) => id === person)?.human ?? person;
  const binding = accounts
    .filter((account) => account.id === person || account.human === human)
    .flatMap(({ id, interests }) =>
      interests.map((interest) => ({ id, interest, free: freeFrom(interest, policy) })),
    )
    .filter(
      ({ interest, free }) => interest.client === client && interest.from <= on && (free ?? '9999') > on,
    );
  const [first] = binding;
  if (!first) return undefined;
  const free = binding.some((one) => one.free === undefined)
    ? undefined
    : binding.map((one) => one.free ?? '').reduce((a, b) => (a > b ? a : b));
  const when = free === undefined ? 'has not ended' : `binds until the day before ${free}`;
  const rules = rulesOf(binding.map(({ interest }) => interest));
  return refusal('lookback-not-over', rules, `A tie to this client (${first.interest.kind}) ${when}.`, {
    wouldNeed: free === undefined ? 'another person' : `another person, or a date from ${free}`,
    because: binding.map(({ id }) => ({ thing: id, act: 'interest.declared' })),
  });
}

/** The refusal for whoever acts for the body on a client to which they are bound. (R-IMP-2, R-IMP-3, SOD-5, I-24) */
export const ownTie = (
  client: Id | undefined,
  { things, actor, effectiveOn: on, policy }: Context,
): Objection =>
  client === undefined ? undefined : conflictWith(things, { person: actor.id, client, on }, policy);

/** The rules by which a tie to the client stands against somebody. */
export const tieRules = ['SOD-5', 'R-IMP-2', 'R-IMP-3', 'I-24'] as const satisfies readonly RuleId[];
