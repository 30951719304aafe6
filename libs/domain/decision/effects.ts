import type { Id } from '../actor.js';
import { audit } from '../audit/events.js';
import { isAudit, lastStage2 } from '../audit/life.js';
import { certificateGranted, draftAmong, grantedAmong, type Validity } from '../certificate/life.js';
import type { Context, Event, Thing } from '../machine.js';
import { everythingOver } from '../programme/ending.js';
import { programmeCertified, programmeTerminated } from '../programme/moves.js';
import { stepsReached } from '../readiness/moves.js';
import { cycleOpened } from '../recertification/cycle.js';
import { expiryFromDecision } from '../recertification/dates.js';
import { isSurveillance, surveillance } from '../surveillance/facts.js';
import { matterOf, type Decide, type DecisionKind, type Dossier } from './dossier.js';
import { renewed } from './renewal.js';

/** A first certificate is in force, and all that its cycle owes is opened with it. (R-DEC-2, R-CAL-5, R-PRG-2) */
function granted(input: Decide, state: Dossier, context: Context): readonly Event[] {
  const { things, policy, effectiveOn: on } = context;
  const draft = draftAmong(things);
  const { programme } = state;
  if (!draft || !programme) return [];
  const expiry = expiryFromDecision({ from: on, months: input.cycleMonths }, policy);
  const validity: Validity = { decidedOn: on, effectiveDate: input.effectiveDate ?? on, expiry };
  const stage2LastDay = lastStage2(things.filter(isAudit))?.lastDay;
  return [
    certificateGranted(draft, state.id, validity),
    programmeCertified(programme, { certificate: draft.id, decidedOn: on, expiryDate: expiry.date }),
    ...stepsReached(
      things,
      ...[9, 11].map((step) => ({ step, stage: 'done', through: draft.id, on }) as const),
      { step: 12, stage: 'inProgress', through: draft.id, on },
    ),
    ...cycleOpened(
      { certificate: draft, cycle: 1, decidedOn: on, expiry: expiry.date, stage2LastDay },
      context,
    ),
  ];
}

/** The surveillance whose major was reviewed is decided; of a body elsewhere nobody need have seen the review. (R-SUR-4) */
const maintained = ({ audits }: Dossier, { mirrored, things }: Context): readonly Event[] =>
  things
    .filter(isSurveillance)
    .filter(({ stage }) => stage === 'reviewRequired' || (mirrored && stage === 'reported'))
    .filter(({ audit = '' }) => audits.includes(audit))
    .map(({ id }) => surveillance('surveillance.decided', id, {}));

/** The Stage 2 that was handed over is decided on, and can be closed. (SM-3) */
const decidedOn = ({ audits }: Dossier, things: readonly Thing[]): readonly Event[] =>
  things
    .filter(isAudit)
    .filter(({ id, stage }) => stage === 'handedToDecision' && audits.includes(id))
    .map(({ id }) => audit('stage2.decided', id, {}));

/** What a decision moves, in the same transaction: no major can slip in between. (SM-5) */
export function effectsOf(input: Decide, state: Dossier, context: Context): readonly Event[] {
  if (input.decision === 'grant')
    return [...granted(input, state, context), ...decidedOn(state, context.things)];
  if (input.decision === 'maintain') return maintained(state, context);
  if (matterOf(input.decision) === 'recertification') return renewed(input, state, context);
  return state.programme
    ? [programmeTerminated(state.programme, { cause: 'refused' }), ...everythingOver(context.things)]
    : [];
}

/** The certificate that a decision grants, or of whose next cycle it is. */
export function certificateOf(kind: DecisionKind, things: readonly Thing[]): Id | undefined {
  if (kind === 'grant') return draftAmong(things)?.id;
  return kind === 'renew' || kind === 'restoreAfterExpiry' ? grantedAmong(things)?.id : undefined;
}
