import type { Id } from '../actor.js';
import type { AuditTime } from '../audit-time/audit-time.js';
import { kindsWithout, type EvidenceKind } from '../evidence/evidence.js';
import type { Context, Objection, Thing } from '../machine.js';
import { isProgramme, type Programme } from '../programme/facts.js';
import { refusal } from '../refusal.js';
import { heldSince, isAudit, lastStage1, type Audit, type AuditType } from './life.js';

/** The documents of the client that Stage 1 looks for and Stage 2 cannot do without. (R-RDY-1, R-S2-3) */
export const readinessEvidence = [
  ...(['policy', 'treatmentPlan', 'statementOfApplicability'] as const),
  ...(['impactAssessment', 'internalAuditReport', 'managementReviewRecord'] as const),
];

/** The kinds of evidence of which the programme has none that is dated, approved and in force. */
export const lackingEvidence = (things: readonly Thing[]): readonly EvidenceKind[] =>
  kindsWithout(things, readinessEvidence);

const isCalculation = (thing: Thing): thing is AuditTime =>
  thing.kind === 'audit-time' && thing.stage === 'approved';

/** The days of auditors that the approved calculation determined: for Stage 1 and Stage 2 together, or for a later audit. (R-TIM-1) */
export function determinedDays(
  things: readonly Thing[],
  auditType: AuditType = 'stage2',
): number | undefined {
  const approved = things.filter(isCalculation).at(-1);
  const calculation = approved?.calculation;
  if (!calculation || auditType === 'stage1' || auditType === 'stage2') return approved?.initialDays;
  const { surveillanceHalfDays, recertificationHalfDays } = calculation;
  return (auditType === 'surveillance' ? surveillanceHalfDays : recertificationHalfDays) / 2;
}

/** The programme among what was read. */
export const programmeIn = ({ things, under }: Context, id: Id | undefined): Programme | undefined =>
  [...things, ...(under ? [under] : [])].filter(isProgramme).find((one) => one.id === id);

/** How many sites the programme covers. */
export const siteCount = (context: Context, programme: Id | undefined): number =>
  programmeIn(context, programme)?.sites.length ?? 0;

/** The other audits of the programme. */
export const auditsIn = (things: readonly Thing[]): readonly Audit[] => things.filter(isAudit);

/** The Stage 1 on which a Stage 2 can rest: the one concluded last, in a certification begun anew since then. (R-S2-2, I-38) */
export const usableStage1 = ({ things, under }: Pick<Context, 'things' | 'under'>): Audit | undefined => {
  const programme = [...things, ...(under ? [under] : [])].find(isProgramme);
  return lastStage1(heldSince(auditsIn(things), programme?.continuedOn));
};

/** No audit before the agreement, the audit programme and the approved audit time. (R-AGR-1, R-PRG-1, R-TIM-1) */
export function notReadyForAudits(programme: Thing | undefined, things: readonly Thing[]): Objection[] {
  const stage = programme?.stage ?? 'none';
  const unsigned = ['none', 'draft', 'applied', 'reviewing', 'proposed'].includes(stage);
  const closed = !unsigned && stage !== 'contracted' && stage !== 'initial';
  return [
    unsigned
      ? refusal('agreement-missing', ['R-AGR-1'], 'There is no agreement covering all sites yet.')
      : undefined,
    unsigned || stage === 'contracted'
      ? refusal('audit-programme-missing', ['R-PRG-1'], 'There is no audit programme for the cycle yet.')
      : undefined,
    determinedDays(things) === undefined
      ? refusal('audit-time-missing', ['R-TIM-1'], 'No calculation of audit time has been approved.')
      : undefined,
    closed
      ? refusal(
          'wrong-state',
          ['R-PRG-1'],
          `The programme is ${stage}; initial audits belong before the certificate.`,
        )
      : undefined,
  ];
}
