import { later } from '../calendar.js';
import { datesCorrected, isCertificate, type Validity } from '../certificate/life.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Event, Objection, Thing } from '../machine.js';
import { programmeDatesCorrected } from '../programme/moves.js';
import { cycleMoved } from '../recertification/cycle.js';
import { expiryFromDecision } from '../recertification/dates.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { dossier, type Dossier } from './dossier.js';
import { beforeEvidence } from './guards.js';

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
  rules: ['R-CAL-15', 'R-CAL-14', 'R-EVD-1', 'R-REC-7', 'INV-13'],
  refuses: [
    ...(['date-before-evidence', 'date-in-future', 'evidence-missing', 'four-eyes-required'] as const),
    'certificate-expired',
  ],
  needs: ['reason', 'evidence'],
  looks: ['audit', 'nonconformity', 'certificate', 'recertification', 'surveillance'],
  guard: ({ decidedOn }, state, { today, things }) => [
    decidedOn > today
      ? refusal('date-in-future', ['INV-13'], `${decidedOn} lies ahead; today is ${today}.`)
      : undefined,
    beforeEvidence(decidedOn, state, things),
    overSince(state, things),
  ],
  record: ({ decidedOn: to }, state, context) => {
    const { evidence, reason } = context;
    const from = state.decidedOn ?? to;
    const effectiveDate = later(to, state.effectiveDate ?? to);
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

/** The dates of a certificate that has come to its end are history, and so are those before its present cycle. (R-REC-7) */
function overSince({ certificate, id }: Dossier, things: readonly Thing[]): Objection {
  const issued = things.filter(isCertificate).find((one) => one.id === certificate);
  if (!issued) return undefined;
  if (issued.stage !== 'active')
    return refusal('certificate-expired', ['R-REC-7'], 'The certificate has expired; its dates stand.');
  return issued.dossier === id
    ? undefined
    : refusal('wrong-state', ['R-CAL-15'], 'A later decision rules the dates of the certificate now.');
}

/** What rests on the date of the decision moves with it: certificate, programme, and all that the cycle owes. (R-CAL-15) */
function datesMoved(
  { certificate, programme }: Dossier,
  moved: Pick<Validity, 'decidedOn' | 'effectiveDate'>,
  context: Context,
): readonly Event[] {
  const { things, policy } = context;
  const issued = things.filter(isCertificate).find(({ id }) => id === certificate);
  if (!issued?.expiry) return [];
  const { decidedOn } = moved;
  const expiry =
    issued.expiry.rule === 'R-CAL-5' ? expiryFromDecision({ from: decidedOn }, policy) : issued.expiry;
  const told = programme ? [programmeDatesCorrected(programme, { decidedOn, expiryDate: expiry.date })] : [];
  return [
    datesCorrected(issued, { ...moved, expiry }),
    ...told,
    ...cycleMoved(issued, { decidedOn, expiry: expiry.date }, context),
  ];
}
