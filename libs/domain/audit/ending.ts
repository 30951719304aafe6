import type { Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { wasDecidedOn } from '../decision/dossier.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { checklistIncomplete, type Checklist } from './checklist.js';
import { reportDue } from './dates.js';
import { audit } from './events.js';
import { asOneText, byLead, only, planned } from './guards.js';
import { auditorsOf, type Audit } from './life.js';
import { heldFor, reportedFor, whatIsOwed } from './parent.js';
import { reportIncomplete, reportText, type Report } from './report.js';

/** How an audit on site ended: its days with their zone, and who agreed the conclusions. (R-CAL-19, R-S2-4) */
export interface EndAudit {
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
  readonly zone: string;
  /** The auditors who agreed; experts advise and are not asked. */
  readonly agreedBy?: readonly Id[];
  /** What was covered; a recertification covers every clause and applicable control, a surveillance a sample. (R-PRG-3) */
  readonly clauses?: readonly string[];
  readonly controls?: readonly string[];
}

/** The report, field by field, and for a surveillance its checklist. (R-RPT-2, R-SUR-3, R-SUR-3b) */
export interface IssueReport {
  readonly report?: Report;
  readonly checklist?: Checklist;
}

/** Clauses of the standard that every full audit covers. (R-S2-1, R-PRG-3) */
export const clauses = ['4', '5', '6', '7', '8', '9', '10'] as const;

/** A full audit covers every clause, and every control that its plan found applicable. (R-S2-1, R-PRG-3) */
export function uncovered(input: Pick<EndAudit, 'clauses' | 'controls'>, { controls }: Audit): Objection {
  const lacking = [
    ...clauses.filter((clause) => !input.clauses?.includes(clause)),
    ...controls.filter((control) => !input.controls?.includes(control)),
  ];
  return lacking.length > 0
    ? refusal(
        'coverage-incomplete',
        ['R-PRG-3', 'R-S2-1'],
        'A full audit covers every clause and applicable control.',
        { missing: lacking },
      )
    : undefined;
}

/** The conclusions belong to all auditors of the team, after the closing meeting; experts advise. (R-S2-4, SOD-9) */
export function conclusionsOpen(
  { agreedBy = [] }: Pick<EndAudit, 'agreedBy'>,
  { team, closingMeetingOn }: Audit,
): Objection {
  const asked = auditorsOf(team).map(({ person }) => person);
  const lacking = [
    ...(closingMeetingOn ? [] : ['closing meeting']),
    ...asked.filter((person) => !agreedBy.includes(person)),
  ];
  return lacking.length > 0
    ? refusal(
        'conclusions-not-agreed',
        ['R-S2-4'],
        'The team has not agreed its conclusions at a closing meeting.',
        {
          missing: lacking,
        },
      )
    : undefined;
}

/** The days on which it was held lie behind us, and in order. (R-CAL-19, INV-13) */
export function heldDays({ firstDay, lastDay }: EndAudit, { effectiveOn }: Context): Objection {
  if (lastDay > effectiveOn)
    return refusal('date-in-future', ['INV-13', 'R-CAL-19'], `${lastDay} lies ahead; the last day has been.`);
  return lastDay < firstDay
    ? refusal(
        'days-incomplete',
        ['R-CAL-19'],
        `The last day ${lastDay} comes before the first day ${firstDay}.`,
      )
    : undefined;
}

/** The held days with the day by which the report is due. */
export const heldOf = (
  { firstDay, lastDay, zone }: EndAudit,
  state: Audit,
  { policy, effectiveOn }: Context,
) => ({
  ...{ firstDay, lastDay, zone },
  reportDue: reportDue(state.auditType, state.closingMeetingOn ?? effectiveOn, policy),
});

const endAudit: CommandRule<Audit, EndAudit> = {
  does: 'End the audit on site, after the closing meeting.',
  who: ['lead-auditor'],
  from: ['inProgress'],
  to: ['reporting'],
  rules: [
    ...(['R-S2-4', 'R-CAL-19', 'R-RPT-5', 'R-TEAM-1', 'R-PRG-3', 'R-S2-1', 'R-REC-1'] as const),
    ...(['SM-2', 'SM-7', 'SM-8', 'R-CAL-8', 'I-1', 'I-2'] as const),
  ],
  refuses: ['conclusions-not-agreed', 'days-incomplete', 'date-in-future', 'coverage-incomplete'],
  looks: whatIsOwed,
  may: (state, context) => [only('stage1', 'surveillance', 'recertification')(state), byLead(state, context)],
  guard: (input, state, context) => [
    state.auditType === 'recertification' ? uncovered(input, state) : undefined,
    conclusionsOpen(input, state),
    heldDays(input, context),
  ],
  record: (input, state, context) => {
    const { clauses = [], controls = [] } = input;
    const covered =
      clauses.length + controls.length > 0
        ? [audit('coverage.recorded', state.id, { clauses, controls })]
        : [];
    return [
      ...covered,
      audit('audit.ended', state.id, heldOf(input, state, context)),
      ...heldFor(state, input, context),
    ];
  },
};

const issueReport: CommandRule<Audit, IssueReport> = {
  does: 'Issue the report of the audit.',
  who: ['lead-auditor'],
  from: ['reporting', 'findingsIssued'],
  to: ['reportIssued'],
  person: true,
  rules: [
    ...(['R-RPT-1', 'R-RPT-2', 'R-RPT-3', 'R-RPT-4', 'R-MD4-1', 'R-TEAM-1', 'I-12'] as const),
    ...(['SM-3', 'SM-7', 'SM-8', 'R-SUR-3', 'R-SUR-3b', 'R-FND-5', 'R-FND-6'] as const),
  ],
  refuses: ['report-incomplete', 'surveillance-checklist-incomplete'],
  looks: ['nonconformity', ...whatIsOwed],
  may: (state, context) => [only(...planned)(state), byLead(state, context)],
  guard: ({ report = {}, checklist = {} }, state, { things }) => [
    reportIncomplete(state.auditType, report),
    state.auditType === 'surveillance' ? checklistIncomplete(checklist, state, things) : undefined,
  ],
  record: ({ report = {}, checklist = {} }, state, { evidence, things }) => {
    const texts = { ...reportText(report), ...filled({ checklist: asOneText(checklist) }) };
    return [audit('audit-report.issued', state.id, {}, { texts, evidence }), ...reportedFor(state, things)];
  },
};

const stillNeeded = ({ auditType, reliedUponBy }: Audit): Objection =>
  auditType !== 'stage1' || reliedUponBy !== undefined
    ? undefined
    : refusal('wrong-state', ['R-S1-4', 'SM-2'], 'No Stage 2 has started on this result yet.', {
        wouldNeed: 'Stage 2 to start, or a repeat to be required',
      });

/** Stage 2 leads to a recommendation before it is closed. */
const notYetRecommended = ({ auditType, stage }: Audit): Objection =>
  auditType === 'stage2' && stage === 'reportIssued'
    ? refusal('wrong-state', ['SM-3'], 'Stage 2 is recommended and handed to the decision first.')
    : undefined;

/** Until the decision it can be sent back to the team. (R-DEC-6) */
const notYetDecided = ({ id, stage }: Audit, { things }: Context): Objection =>
  stage !== 'handedToDecision' || wasDecidedOn(things, id)
    ? undefined
    : refusal('wrong-state', ['SM-3', 'R-DEC-6'], 'Stage 2 is closed when it has been decided on.', {
        wouldNeed: 'the decision that rests on it',
        whoCould: ['decision-maker'],
      });

const closeAudit: CommandRule<Audit> = {
  does: 'Close the audit; its findings go on by themselves.',
  who: ['programme-manager'],
  from: ['concluded', 'reportIssued', 'handedToDecision'],
  to: ['closed'],
  person: true,
  rules: ['R-PRG-3', 'R-S1-4', 'R-DEC-6', 'SM-2', 'SM-3'],
  refuses: [],
  looks: ['dossier'],
  may: (state, context) => [stillNeeded(state), notYetRecommended(state), notYetDecided(state, context)],
  record: (_, { id }) => [audit('audit.closed', id, {})],
};

/** The commands by which an audit is ended, reported and closed. (F) */
export const endingCommands = { endAudit, issueReport, closeAudit };
