import type { Objection } from '../machine.js';
import { refusal, type RuleId } from '../refusal.js';
import { filled, missing } from '../wording.js';
import { asOneText } from './guards.js';
import type { AuditType } from './life.js';

/** What every report says. (R-RPT-2) */
const everyReport = [
  ...(['certificationBody', 'client', 'auditType', 'criteria', 'objectives', 'scopeAndTime'] as const),
  ...(['deviations', 'significantIssues', 'team', 'datesAndPlaces', 'findings', 'changes'] as const),
  ...(['unresolvedIssues', 'combination', 'samplingDisclaimer', 'recommendation'] as const),
];

/** What the report of a full audit says besides: marks, earlier actions, conformity, scope, objectives. (R-RPT-2, R-RPT-3) */
const fullAudit = [
  ...(['useOfMarks', 'earlierCorrectiveActions', 'conformityAndEffectiveness'] as const),
  ...(['scopeAppropriate', 'objectivesFulfilled'] as const),
];

/** What the report on an AI management system says besides. (R-RPT-4, I-12) */
const aiAdditions = [
  ...(['statementOfApplicability', 'aiSystemsSampled', 'remoteMethods'] as const),
  ...(['impactAndRiskEvidence', 'traceToControls'] as const),
];

/** A field of a report. */
export type ReportField =
  (typeof everyReport)[number] | (typeof fullAudit)[number] | (typeof aiAdditions)[number];

/** A report, field by field; each is text. */
export type Report = Partial<Readonly<Record<ReportField, string>>>;

/** The fields that the report of an audit must have; a body may add some, never leave one out. (R-RPT-2 to R-RPT-4) */
export const reportFields = (auditType: AuditType): readonly ReportField[] =>
  auditType === 'stage1' ? everyReport : [...everyReport, ...fullAudit, ...aiAdditions];

const rulesOf = (auditType: AuditType): readonly RuleId[] =>
  auditType === 'stage1' ? ['R-RPT-2'] : ['R-RPT-2', 'R-RPT-3', 'R-RPT-4', 'I-12'];

/** The fields that a report leaves empty. */
export function reportIncomplete(auditType: AuditType, report: Report): Objection {
  const fields = reportFields(auditType);
  const lacking = missing(Object.fromEntries(fields.map((field) => [field, report[field]])));
  return lacking.length > 0
    ? refusal('report-incomplete', rulesOf(auditType), 'The report is not complete.', {
        missing: lacking,
      })
    : undefined;
}

/** The report as one text, under one commitment. */
export const reportText = (report: Report): Readonly<Record<string, string>> =>
  filled({ report: asOneText(report) });
