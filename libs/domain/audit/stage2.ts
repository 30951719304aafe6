import type { Id } from '../actor.js';
import { dossierOpened, isDossier } from '../decision/dossier.js';
import type { CommandRule, Context, Event, Objection, Thing } from '../machine.js';
import { hasReached, isNonconformity, type Nonconformity } from '../nonconformity/finding.js';
import { limitSet, missedLimits, sixMonthLimit } from '../nonconformity/limit.js';
import { stepsReached } from '../readiness/moves.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { conclusionsOpen, heldDays, heldOf, uncovered, type EndAudit } from './ending.js';
import { audit } from './events.js';
import { becauseOf, byLead, only } from './guards.js';
import { initialAuditsHeld, type Audit, type Recommendation } from './life.js';

/** How Stage 2 ended on site: its days, what was covered, who agreed, and where the client disagrees. */
export interface IssueFindings extends EndAudit {
  readonly clauses: readonly string[];
  readonly controls: readonly string[];
  readonly disagreement?: string;
}

/** What the team recommends, and the findings that stand open when it does. (R-S2-4, R-DEC-2) */
export interface Recommend {
  readonly value: Recommendation;
  readonly openItems?: readonly Id[];
  readonly conditions?: string;
}

const findingsOf = (things: readonly Thing[], { programme }: Audit): readonly Nonconformity[] =>
  things
    .filter(isNonconformity)
    .filter((one) => one.source === 'audit' && one.programme === programme)
    .filter(({ stage }) => !['none', 'draft', 'retracted'].includes(stage));

/** What keeps a finding from the gate of an initial grant: a major not verified, a minor without an accepted plan. (R-DEC-2) */
const belowGate = (one: Nonconformity): boolean =>
  !hasReached(one, one.grade === 'major' ? 'closedVerified' : 'planAccepted');

/** Every major then open, of this Stage 2 or an earlier one, is bound to the last day of this one. (R-DEC-4, I-34) */
function limits(open: readonly Nonconformity[], input: IssueFindings, { policy }: Context): readonly Event[] {
  const limit = sixMonthLimit(input.lastDay, policy);
  return open.map((finding) => limitSet(finding, limit));
}

const issueFindings: CommandRule<Audit, IssueFindings> = {
  does: 'End Stage 2 on site and issue its findings, as presented at the closing meeting.',
  who: ['lead-auditor'],
  from: ['inProgress'],
  to: ['findingsIssued'],
  person: true,
  rules: [
    ...(['R-S2-1', 'R-S2-4', 'R-PRG-3', 'R-FND-2', 'R-CAL-19', 'R-DEC-4', 'R-RPT-5'] as const),
    ...(['R-TEAM-1', 'SM-3'] as const),
  ],
  refuses: ['coverage-incomplete', 'conclusions-not-agreed', 'days-incomplete', 'date-in-future'],
  looks: ['nonconformity'],
  may: (state, context) => [only('stage2')(state), byLead(state, context)],
  guard: (input, state, context) => [
    uncovered(input, state),
    conclusionsOpen(input, state),
    heldDays(input, context),
  ],
  record: (input, state, context) => {
    const findings = findingsOf(context.things, state);
    const majors = findings.filter((one) => one.grade === 'major' && belowGate(one));
    const nonconformities = findings.filter(({ about }) => about === state.id).length;
    const bound = majors.length > 0 ? { majorsVerifiedBy: sixMonthLimit(input.lastDay, context.policy) } : {};
    const texts = filled({ disagreement: input.disagreement });
    return [
      audit('coverage.recorded', state.id, { clauses: input.clauses, controls: input.controls }),
      audit(
        'findings.issued',
        state.id,
        { ...heldOf(input, state, context), nonconformities, ...bound },
        { texts },
      ),
      ...limits(majors, input, context),
    ];
  },
};

const awaitCorrectiveAction: CommandRule<Audit> = {
  does: 'Record that the recommendation waits for corrective action.',
  who: ['engine'],
  from: ['reportIssued'],
  to: ['awaitingCorrectiveAction'],
  rules: ['R-DEC-2'],
  refuses: [],
  looks: ['nonconformity'],
  may: (state, { things }) => [
    findingsOf(things, state).some((one) => !hasReached(one, 'closedVerified'))
      ? undefined
      : refusal('wrong-state', ['R-DEC-2'], 'No nonconformity is open.'),
  ],
  record: (_, { id }) => [audit('stage2.corrective-action-awaited', id, {})],
};

/** A grant is recommended when the gates are met; else each open item is named and binds the decision. (R-DEC-2) */
function gateOpen({ value, openItems = [] }: Recommend, state: Audit, { things }: Context): Objection {
  if (value === 'refuse') return undefined;
  const open = findingsOf(things, state).filter(belowGate);
  const unnamed = open.filter(({ id }) => value === 'grant' || !openItems.includes(id));
  return unnamed.length > 0
    ? refusal('recommendation-gate-open', ['R-DEC-2'], 'Findings stand below the gate of the grant.', {
        missing: unnamed.map(({ id }) => id),
        wouldNeed:
          value === 'grant' ? 'majors verified, plans of minors accepted' : 'each open finding to be named',
      })
    : undefined;
}

function sixMonthsOver({ value }: Recommend, state: Audit, { things, today }: Context): Objection {
  const missed = missedLimits(findingsOf(things, state), today, state.lastDay);
  const [first] = missed;
  if (value === 'refuse' || !first) return undefined;
  return refusal(
    'repeat-stage2-required',
    ['R-DEC-4'],
    `A major was not verified by ${first.limit?.date ?? ''}.`,
    {
      missing: missed.map(({ id }) => id),
      wouldNeed: 'another Stage 2',
      whoCould: ['programme-manager'],
    },
  );
}

/** Stage 2 has come to its end; the findings have when none stands below its gate. (SM-1) */
function stepsAtItsEnd(state: Audit, { things, effectiveOn: on }: Context): readonly Event[] {
  const through = state.id;
  const stage = findingsOf(things, state).some(belowGate) ? 'inProgress' : 'done';
  return stepsReached(things, { step: 9, stage, through, on }, { step: 10, stage: 'done', through, on });
}

const recommend: CommandRule<Audit, Recommend> = {
  does: 'Recommend to grant, to grant after verification, or to refuse.',
  who: ['lead-auditor'],
  from: ['reportIssued', 'awaitingCorrectiveAction'],
  to: ['recommended'],
  person: true,
  rules: ['R-S2-4', 'R-DEC-2', 'R-DEC-4', 'R-TEAM-1'],
  refuses: ['recommendation-gate-open', 'repeat-stage2-required', 'reason-missing'],
  looks: ['nonconformity', 'readiness-step'],
  may: (state, context) => [byLead(state, context)],
  guard: (input, state, context) => [
    gateOpen(input, state, context),
    sixMonthsOver(input, state, context),
    input.value === 'refuse' && !isFilled(context.reason)
      ? refusal('reason-missing', ['R-S2-4', 'R-EVD-2'], 'To recommend a refusal needs its reasons.')
      : undefined,
  ],
  record: ({ value, conditions }, state, context) => {
    const open = findingsOf(context.things, state)
      .filter(belowGate)
      .map(({ id }) => id);
    const texts = { ...filled({ conditions }), ...becauseOf(context) };
    return [
      audit('stage2.recommended', state.id, { value, open }, { texts }),
      ...(value === 'refuse' ? [] : stepsAtItsEnd(state, context)),
    ];
  },
};

/** The dossier of this audit that is still open, after its recommendation was sent back. */
const openDossier = (things: readonly Thing[], { id }: Audit): Id | undefined =>
  things.filter(isDossier).find(({ stage, audits }) => stage !== 'dossierClosed' && audits.includes(id))?.id;

/** The dossier rests on every initial audit that was held. (SOD-1) */
function handedOver(state: Audit, { things, newId, actor }: Context): readonly Event[] {
  const standing = openDossier(things, state);
  const dossier = standing ?? newId('dec', 0);
  const proposes = state.recommendation === 'refuse' ? ('refuse' as const) : ('grant' as const);
  const { programme } = state;
  const opens = {
    organisation: actor.organisation,
    about: state.id,
    visibility: 'owner' as const,
    ...(programme ? { programme } : {}),
  };
  const opened = standing
    ? []
    : [dossierOpened(dossier, { proposes, audits: [...initialAuditsHeld(things), state.id], opens })];
  return [audit('stage2.handed-to-decision', state.id, { dossier }), ...opened];
}

const handToDecision: CommandRule<Audit> = {
  does: 'Hand the audit with its recommendation to the decision.',
  who: ['programme-manager'],
  from: ['recommended'],
  to: ['handedToDecision'],
  passesOver: ['reportIssued', 'awaitingCorrectiveAction'],
  rules: ['R-DEC-3', 'R-S2-4'],
  refuses: [],
  looks: ['audit', 'dossier', 'nonconformity', 'readiness-step'],
  record: (_, state, context) => [
    ...handedOver(state, context),
    ...(context.mirrored && state.recommendation === undefined ? stepsAtItsEnd(state, context) : []), // it was passed over
  ],
};

const proposeStage2Repeat: CommandRule<Audit> = {
  does: 'Propose another Stage 2, because a major was not verified within six months.',
  who: ['engine'],
  from: ['awaitingCorrectiveAction', 'recommended'],
  to: [],
  rules: ['R-DEC-4', 'R-FND-8'],
  refuses: [],
  looks: ['nonconformity'],
  may: (state, { things, today }) => [
    missedLimits(findingsOf(things, state), today, state.lastDay).length > 0
      ? undefined
      : refusal('wrong-state', ['R-DEC-4'], 'No major has missed its six months.'),
  ],
  record: (_, { id }) => [audit('stage2.repeat-proposed', id, {})],
};

const requireStage2Repeat: CommandRule<Audit> = {
  does: 'Require another Stage 2, and tell the client.',
  who: ['programme-manager'],
  from: ['awaitingCorrectiveAction', 'recommended', 'handedToDecision'],
  to: ['repeatStage2Required'],
  person: true,
  needs: ['reason'],
  rules: ['R-DEC-4'],
  refuses: [],
  record: (_, { id }, context) => [audit('stage2.repeat-required', id, {}, { texts: becauseOf(context) })],
};

/** The commands of Stage 2. (SM-3) */
export const stage2Commands = {
  ...{ issueFindings, awaitCorrectiveAction, recommend, handToDecision },
  ...{ proposeStage2Repeat, requireStage2Repeat },
};
