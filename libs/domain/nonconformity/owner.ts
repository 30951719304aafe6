import { rolesOn, type Id, type Role } from '../actor.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { isPerson } from '../person/facts.js';
import { partiesOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { nonconformity } from './events.js';
import type { Nonconformity } from './finding.js';

/** The roles in which somebody does a corrective action. (SM-4) */
export const doers = ['process-owner', 'ai-system-owner', 'employee'] as const satisfies readonly Role[];

/** A corrective action belongs to somebody of the client who can do it; whoever only releases it, or has left, cannot. (R-NCA-1, SUP-0) */
export function cannotOwn(
  owner: Id | undefined,
  { programme, organisation }: Nonconformity,
  context: Context,
): Objection {
  const { things, effectiveOn } = context;
  const client = partiesOf(things, programme)?.client ?? organisation;
  const account = things.filter(isPerson).find(({ id }) => id === owner);
  const roles = account?.organisation === client ? rolesOn(account, effectiveOn, programme) : [];
  return doers.some((role) => roles.includes(role))
    ? undefined
    : refusal(
        'plan-incomplete',
        ['R-FND-4', 'R-NCA-1'],
        'The owner of the action is nobody of the client who can do it.',
        { missing: ['owner'], wouldNeed: `somebody of the client who is ${doers.join(', ')}` },
      );
}

const sameAsBefore = (owner: Id, state: Nonconformity): Objection =>
  state.owner === owner
    ? refusal('wrong-state', ['SM-4'], 'The action belongs to this person already.')
    : undefined;

/** Gives the action to somebody else, for whoever has left or cannot do it; who had it before still does not verify it. (R-NCA-1, SOD-7) */
export const changeActionOwner: CommandRule<Nonconformity, { readonly owner: Id }> = {
  does: 'Give the corrective action to another owner, with the reason.',
  who: ['aims-manager'],
  from: ['planAccepted', 'implementing', 'evidenceRejected'],
  to: [],
  rules: ['R-NCA-1', 'R-FND-4', 'SM-4'],
  refuses: ['plan-incomplete'],
  needs: ['reason'],
  people: ({ owner }) => [owner],
  guard: ({ owner }, state, context) => [cannotOwn(owner, state, context), sameAsBefore(owner, state)],
  record: ({ owner }, { id }, { reason }) => [
    nonconformity('nonconformity.owner-changed', id, { owner }, { texts: filled({ reason }) }),
  ],
};
