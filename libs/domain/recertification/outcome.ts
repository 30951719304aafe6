import { isSameHuman, type Id } from '../actor.js';
import { isAudit, leadOf } from '../audit/life.js';
import { dossierOpened } from '../decision/dossier.js';
import type { CommandRule, Context, Objection, Thing } from '../machine.js';
import { hasReached, isInternal, isNonconformity, type Nonconformity } from '../nonconformity/finding.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { auditsOf, recertification, type Recertification, type RenewalRecommendation } from './facts.js';

/** What the team recommends, and the findings that stand open when it does. (R-REC-3) */
export interface RecommendRenewal {
  readonly value: RenewalRecommendation;
  readonly openItems?: readonly Id[];
}

/** The body's findings of the programme that stand below the gate of a renewal. (R-REC-3) */
const belowGate = ({ programme }: Recertification, things: readonly Thing[]): readonly Nonconformity[] =>
  things
    .filter(isNonconformity)
    .filter((one) => !isInternal(one) && one.programme === programme)
    .filter((one) => !hasReached(one, one.grade === 'major' ? 'closedVerified' : 'planAccepted'));

/** Records that the recommendation waits for corrective action. (R-REC-3) */
export const awaitCorrectiveAction: CommandRule<Recertification> = {
  does: 'Record that the recommendation waits for corrective action.',
  who: ['engine'],
  from: ['reported'],
  to: ['awaitingCorrectiveAction'],
  rules: ['R-REC-3'],
  refuses: [],
  looks: ['nonconformity'],
  may: (state, { things }) => [
    belowGate(state, things).length > 0
      ? undefined
      : refusal('wrong-state', ['R-REC-3'], 'No finding stands below the gate of a renewal.'),
  ],
  record: (_, { id }) => [recertification('recertification.corrective-action-awaited', id, {})],
};

const notItsLead = ({ audit }: Recertification, { things, actor }: Context): Objection => {
  const held = things.filter(isAudit).find(({ id }) => id === audit);
  const lead = held && leadOf(held);
  return lead !== undefined && isSameHuman(actor, lead)
    ? undefined
    : refusal('not-permitted', ['R-TEAM-1'], 'Only the leader of the team of this audit does this.', {
        whoCould: ['lead-auditor'],
      });
};

function gateOpen(
  { value, openItems = [] }: RecommendRenewal,
  state: Recertification,
  { things }: Context,
): Objection {
  if (value === 'notRenew') return undefined;
  const unnamed = belowGate(state, things).filter(({ id }) => value === 'renew' || !openItems.includes(id));
  return unnamed.length === 0
    ? undefined
    : refusal('recommendation-gate-open', ['R-REC-3'], 'Findings stand below the gate of a renewal.', {
        missing: unnamed.map(({ id }) => id),
        wouldNeed:
          value === 'renew' ? 'majors verified, plans of minors accepted' : 'each open finding to be named',
      });
}

/** The team recommends, and the dossier for the decision is opened. (R-REC-3, SM-5) */
export const recommendRenewal: CommandRule<Recertification, RecommendRenewal> = {
  does: 'Recommend to renew, to renew after verification, or not to renew.',
  who: ['lead-auditor'],
  from: ['reported', 'awaitingCorrectiveAction'],
  to: ['recommended'],
  person: true,
  needs: ['reason'],
  rules: ['R-REC-3', 'R-TEAM-1', 'SM-5'],
  refuses: ['recommendation-gate-open', 'not-permitted'],
  looks: ['audit', 'nonconformity', 'dossier'],
  may: (state, context) => [notItsLead(state, context)],
  guard: (input, state, context) => [gateOpen(input, state, context)],
  record: ({ value }, state, { things, newId, reason }) => {
    const { id, organisation, programme } = state;
    const open = belowGate(state, things).map((one) => one.id);
    const standing = state.dossier;
    const dossier = standing ?? newId('dec', 0);
    const opens = {
      ...{ organisation, about: id, visibility: 'owner' as const },
      ...(programme === undefined ? {} : { programme }),
    };
    const proposes = value === 'notRenew' ? ('notRenew' as const) : ('renew' as const);
    const audits = auditsOf(state, things);
    return [
      recertification(
        'recertification.recommended',
        id,
        { value, open, dossier },
        { texts: filled({ recommendation: reason }) },
      ),
      ...(standing ? [] : [dossierOpened(dossier, { proposes, audits, opens })]),
    ];
  },
};

/** Closes the recertification of a client that leaves. (SM-8) */
export const closeRecertification: CommandRule<Recertification> = {
  does: 'Close the recertification, because the client leaves.',
  who: ['programme-manager'],
  from: ['forecast', 'started', 'informationCollected', 'stage1NeedDecided'],
  to: ['closed'],
  person: true,
  needs: ['reason'],
  rules: ['SM-8'],
  refuses: [],
  record: (_, { id }, { reason }) => [
    recertification('recertification.closed', id, {}, { texts: filled({ reason }) }),
  ],
};
