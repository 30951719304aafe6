import type { Id } from '../actor.js';
import {
  certificateRenewed,
  certificateRestored,
  grantedAmong,
  type Certificate,
  type Validity,
} from '../certificate/life.js';
import { addMonths } from '../calendar.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { Context, Event, Objection, Thing } from '../machine.js';
import type { Policy } from '../policy.js';
import { programmeRenewed } from '../programme/moves.js';
import { currentOf, cycleOpened, cycleOver } from '../recertification/cycle.js';
import { expiryFromDecision, expiryFromOld, keepsAnniversaryFrom } from '../recertification/dates.js';
import { recertification, type Recertification } from '../recertification/facts.js';
import { refusal, type Refusal } from '../refusal.js';
import { isFilled } from '../wording.js';
import { matterOf, type Decide, type DecisionKind, type Dossier } from './dossier.js';

/** The recertification of the programme whose recommendation waits for a decision. */
export function recommendedAmong(things: readonly Thing[]): Recertification | undefined {
  const current = currentOf(things, grantedAmong(things)?.id);
  return current?.stage === 'recommended' ? current : undefined;
}

/** The fact that a recommendation on the next cycle was sent back to the team. (R-DEC-6) */
export function renewalReturned(proposes: DecisionKind, things: readonly Thing[]): readonly Event[] {
  const waiting = matterOf(proposes) === 'recertification' ? recommendedAmong(things) : undefined;
  return waiting ? [recertification('recertification.returned', waiting.id, {})] : [];
}

/** Stands against a decision on the next cycle of which nobody has recommended anything. (R-REC-3) */
export const notRecommended: Refusal = refusal(
  'recommendation-missing',
  ['R-REC-3', 'SM-8'],
  'The team of the recertification has not recommended anything.',
  { whoCould: ['lead-auditor'] },
);

const recommendationOpen = ({ things }: Context): Objection =>
  recommendedAmong(things) ? undefined : notRecommended;

/** The last day on which an expired certificate can be restored, by the decision. (R-REC-6, I-6, I-8) */
const lastDayToRestore = (expiry: CivilDate, policy: Policy): CivilDate =>
  addMonths(expiry, policy.number('restore.monthsAfterExpiry'));

/** When it was decided, and from when it takes effect. */
type Days = Pick<Validity, 'decidedOn' | 'effectiveDate'>;

/** A decision on the last valid day is in time; nothing renews what has expired. (R-REC-5, I-7) */
export function tooLate({ decidedOn, effectiveDate }: Days, expiry: CivilDate, policy: Policy): Objection {
  if (decidedOn <= expiry && effectiveDate <= expiry) return undefined;
  return refusal(
    'expired-before-decision',
    ['R-REC-5', 'I-7'],
    `The certificate was valid until ${expiry}.`,
    {
      wouldNeed: `a restoration after expiry, until ${lastDayToRestore(expiry, policy)}`,
    },
  );
}

/** Restored is what has expired, within the window. (R-REC-6, R-REC-7, I-6, I-8) */
export function notRestorable({ decidedOn }: Days, expiry: CivilDate, policy: Policy): Objection {
  const last = lastDayToRestore(expiry, policy);
  if (decidedOn > last)
    return refusal(
      'restoration-window-over',
      ['R-REC-6', 'I-6', 'I-8'],
      `The certificate could be restored until ${last}.`,
      { wouldNeed: 'at least a Stage 2, and a grant with a new date' },
    );
  return decidedOn > expiry
    ? undefined
    : refusal('wrong-state', ['R-REC-7'], `The certificate is valid until ${expiry}; it can be renewed.`);
}

/** A renewal long before the expiry begins its cycle with the decision, unless it is said why not. (R-CAL-6, I-21) */
const tooEarly = (expiry: CivilDate, { effectiveOn, policy }: Context): boolean =>
  effectiveOn < keepsAnniversaryFrom(expiry, policy);

function basisUnexplained({ expiryBasis, expiryBasisReason }: Decide, context: Context): Objection {
  const expiry = grantedAmong(context.things)?.expiry?.date;
  if (expiry === undefined || expiryBasis !== 'keepAnniversary') return undefined;
  return tooEarly(expiry, context) && !isFilled(expiryBasisReason)
    ? refusal(
        'expiry-basis-needs-reason',
        ['R-CAL-6', 'I-21'],
        `Before ${keepsAnniversaryFrom(expiry, context.policy)} the anniversary is kept only with a reason.`,
        { missing: ['expiryBasisReason'] },
      )
    : undefined;
}

/** No certificate is valid for longer than a cycle. (R-CRT-4, I-21) */
export const longerThanCycle = ({ cycleMonths }: Decide, { policy }: Context): Objection =>
  cycleMonths !== undefined && cycleMonths > policy.number('cycle.months')
    ? refusal(
        'expiry-beyond-cycle',
        ['R-CRT-4', 'I-21'],
        `A cycle has at most ${String(policy.number('cycle.months'))} months.`,
        { missing: ['cycleMonths'] },
      )
    : undefined;

/** Asks of the day of this decision what stands between it and the expiry of the cycle that ends. */
function inItsTime(asks: typeof tooLate, { effectiveDate }: Decide, context: Context): Objection {
  const { things, effectiveOn: decidedOn, policy } = context;
  const expiry = grantedAmong(things)?.expiry?.date;
  return expiry && asks({ decidedOn, effectiveDate: effectiveDate ?? decidedOn }, expiry, policy);
}

/** What stands against a renewal besides findings. (R-REC-3, R-REC-5, R-CAL-6) */
export const toRenew = (input: Decide, context: Context): readonly Objection[] => [
  recommendationOpen(context),
  inItsTime(tooLate, input, context),
  basisUnexplained(input, context),
  longerThanCycle(input, context),
];

/** What stands against a restoration after expiry besides findings. (R-REC-6, R-REC-7) */
export const toRestore = (input: Decide, context: Context): readonly Objection[] => [
  recommendationOpen(context),
  inItsTime(notRestorable, input, context),
  longerThanCycle(input, context),
];

/** A refusal to renew needs its reasons, and something to refuse. */
export const toRefuseRenewal = (context: Context): readonly Objection[] => [recommendationOpen(context)];

/** The last valid day of the next cycle, as the body reads it or said so in this decision. (R-CAL-6, R-CAL-7, R-REC-4) */
function newExpiry(input: Decide, oldExpiry: CivilDate, context: Context): ExplainedDate {
  const { policy, effectiveOn } = context;
  const { cycleMonths: months, expiryBasis } = input;
  const kept = tooEarly(oldExpiry, context)
    ? expiryBasis === 'keepAnniversary'
    : (expiryBasis ?? (policy.reads('recert.expiryBasis', 'keepAnniversary') ? 'keepAnniversary' : '')) ===
      'keepAnniversary';
  return kept || input.decision === 'restoreAfterExpiry'
    ? expiryFromOld({ from: oldExpiry, months }, policy)
    : expiryFromDecision({ from: effectiveOn, months }, policy);
}

/** What a decision on the next cycle moves: certificate, programme, and all that the new cycle owes. (R-REC-4, R-REC-6, R-PRG-2) */
export function renewed(input: Decide, state: Dossier, context: Context): readonly Event[] {
  const { things, effectiveOn: on } = context;
  const [certificate, renewal] = [grantedAmong(things), recommendedAmong(things)];
  if (!certificate?.expiry || !renewal) return [];
  if (input.decision === 'notRenew') return [recertification('recertification.refused', renewal.id, {})];
  const expiry = newExpiry(input, certificate.expiry.date, context);
  const validity: Validity = { decidedOn: on, effectiveDate: input.effectiveDate ?? on, expiry };
  const cycle = certificate.cycle + 1;
  const ended = input.decision === 'renew' ? 'recertification.renewed' : 'recertification.restored';
  return [
    input.decision === 'renew'
      ? certificateRenewed(certificate, state.id, validity)
      : restored(certificate, { dossier: state.id, validity, renewal }),
    ...(state.programme
      ? [programmeRenewed(state.programme, { decidedOn: on, expiryDate: expiry.date, cycle })]
      : []),
    recertification(ended, renewal.id, {}),
    ...cycleOver(things, { certificate: certificate.id, cycle: certificate.cycle }),
    ...cycleOpened(
      { certificate, cycle, decidedOn: on, expiry: expiry.date, auditedOn: renewal.heldOn },
      context,
    ),
  ];
}

interface NextCycle {
  readonly dossier: Id;
  readonly validity: Validity;
  readonly renewal: Recertification;
}

/** In force again after a gap; the document shows what lay between. (R-CRT-2, R-REC-7) */
function restored(of: Certificate, { dossier, validity, renewal }: NextCycle): Event {
  const expiredOn = of.expiry?.date ?? validity.decidedOn;
  const auditedOn = renewal.heldOn ?? validity.decidedOn;
  return certificateRestored(of, dossier, { ...validity, expiredOn, auditedOn });
}
