import { later } from '../calendar.js';
import { datesCorrected, isCertificate, type Certificate, type Validity } from '../certificate/life.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Event, Objection, Thing } from '../machine.js';
import { programmeDatesCorrected } from '../programme/moves.js';
import { cycleMoved } from '../recertification/cycle.js';
import { expiryFromDecision } from '../recertification/dates.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { dossier, type Dossier } from './dossier.js';
import { beforeEvidence } from './guards.js';
import { notRestorable, tooLate } from './renewal.js';

/** The day on which it was truly decided. */
export interface CorrectDecisionDate {
  readonly decidedOn: CivilDate;
}

/** Corrects a decision date that was recorded wrongly: two administrators, with evidence; every date follows. (R-CAL-15) */
export const correctDecisionDate: CommandRule<Dossier, CorrectDecisionDate> = {
  does: 'Correct the date of the decision, with the evidence of the true one.',
  who: ['scheme-administrator'],
  and: ['scheme-administrator'],
  from: ['decided', 'notified'],
  to: [],
  person: true,
  rules: [
    ...(['R-CAL-15', 'R-CAL-14', 'R-EVD-1', 'R-REC-7', 'INV-13', 'R-CRT-4', 'INV-5'] as const),
    ...(['R-REC-5', 'R-REC-6', 'I-6', 'I-7', 'I-8'] as const),
  ],
  refuses: [
    ...(['date-before-evidence', 'date-in-future', 'evidence-missing', 'four-eyes-required'] as const),
    ...(['certificate-expired', 'expired-before-decision', 'restoration-window-over'] as const),
  ],
  needs: ['reason', 'evidence'],
  looks: ['audit', 'nonconformity', 'certificate', 'recertification', 'surveillance'],
  guard: ({ decidedOn }, state, { today, things, policy }) => [
    decidedOn > today
      ? refusal('date-in-future', ['INV-13'], `${decidedOn} lies ahead; today is ${today}.`)
      : undefined,
    beforeEvidence(decidedOn, state, things),
    overSince(state, things),
    outOfItsTime(daysOf(decidedOn, state), state, { things, policy }),
  ],
  record: ({ decidedOn: to }, state, context) => {
    const { evidence, reason } = context;
    const from = state.decidedOn ?? to;
    const { effectiveDate } = daysOf(to, state);
    return [
      dossier(
        'decision.date-corrected',
        state.id,
        { from, to, effectiveDate },
        { evidence, texts: filled({ reason }) },
      ),
      ...datesMoved(state, { decidedOn: to, effectiveDate }, context),
    ];
  },
};

type Days = Pick<Validity, 'decidedOn' | 'effectiveDate'>;

/** Nothing takes effect before it was decided. */
const daysOf = (decidedOn: CivilDate, { effectiveDate = decidedOn }: Dossier): Days => ({
  decidedOn,
  effectiveDate: later(decidedOn, effectiveDate),
});

const issuedBy = ({ certificate }: Dossier, things: readonly Thing[]): Certificate | undefined =>
  things.filter(isCertificate).find(({ id }) => id === certificate);

/** The true day of a renewal or a restoration stands to the expiry before it as that of any other. (R-REC-5, R-REC-6, I-7) */
function outOfItsTime(
  days: Days,
  state: Dossier,
  { things, policy }: Pick<Context, 'things' | 'policy'>,
): Objection {
  const before = issuedBy(state, things)?.validities.at(-2)?.expiry.date;
  if (before === undefined) return undefined;
  if (state.decision === 'renew') return tooLate(days, before, policy);
  return state.decision === 'restoreAfterExpiry' ? notRestorable(days, before, policy) : undefined;
}

/** The dates of a certificate that has come to its end are history, and so are those before its present cycle. (R-REC-7) */
function overSince(state: Dossier, things: readonly Thing[]): Objection {
  const issued = issuedBy(state, things);
  if (!issued) return undefined;
  if (issued.stage !== 'active')
    return refusal('certificate-expired', ['R-REC-7'], 'The certificate has expired; its dates stand.');
  return issued.dossier === state.id
    ? undefined
    : refusal('wrong-state', ['R-CAL-15'], 'A later decision rules the dates of the certificate now.');
}

/** What rests on the date of the decision moves with it: certificate, programme, and all that the cycle owes. (R-CAL-15) */
function datesMoved(state: Dossier, moved: Days, context: Context): readonly Event[] {
  const { policy, things } = context;
  const { programme, cycleMonths: months } = state;
  const issued = issuedBy(state, things);
  if (!issued?.expiry) return [];
  const { decidedOn } = moved;
  const expiry =
    issued.expiry.rule === 'R-CAL-5'
      ? expiryFromDecision({ from: decidedOn, months }, policy)
      : issued.expiry;
  const told = programme ? [programmeDatesCorrected(programme, { decidedOn, expiryDate: expiry.date })] : [];
  return [
    datesCorrected(issued, { ...moved, expiry }),
    ...told,
    ...cycleMoved(issued, { decidedOn, expiry: expiry.date }, context),
  ];
}
