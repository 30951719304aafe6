import type { Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { conflictWith } from '../person/interests.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { reportDue } from './dates.js';
import { audit } from './events.js';
import { becauseOf, byLead, only } from './guards.js';
import { auditorsOf, isAudit, lastStage1, type Audit } from './life.js';
import { reportIncomplete, reportText, type Report } from './report.js';
import { stage1NotUsable } from './stage1-result.js';
import { notCompetent, clientOf } from './team-check.js';
import { undeclared } from './team.js';

/** Who of the team is there when the audit begins. */
export interface StartAudit {
  readonly present: readonly Id[];
}

/** A meeting with the client, and who attended. */
export interface RecordMeeting {
  readonly meeting: 'opening' | 'daily' | 'closing';
  readonly attendance: string;
}

/** Where the audit departed from its plan. */
export interface RecordPlanDeviation {
  readonly deviation: string;
}

/** How an audit on site ended: its days with their zone, and who agreed the conclusions. (R-CAL-19, R-S2-4) */
export interface EndAudit {
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
  readonly zone: string;
  /** The auditors who agreed; experts advise and are not asked. */
  readonly agreedBy: readonly Id[];
}

/** The report, field by field. */
export interface IssueReport {
  readonly report: Report;
}

const notInTeam = ({ present }: StartAudit, { team }: Audit): Objection => {
  const strangers = present.filter((person) => !team.some((member) => member.person === person));
  return strangers.length > 0
    ? refusal('team-not-confirmed', ['R-TEAM-1', 'R-TEAM-2'], 'The client was not told this name.', {
        missing: strangers,
      })
    : undefined;
};

/** Competence and ties are looked at again when the work begins, of those who are there. (R-CMP-1, SOD-5) */
function unfitToday({ present }: StartAudit, { team, programme }: Audit, context: Context): Objection[] {
  const there = team.filter(({ person }) => present.includes(person));
  const client = clientOf(programme, context);
  const { things, policy, effectiveOn: on } = context;
  return [
    there.some((member) => member.function === 'lead')
      ? undefined
      : refusal('competence-missing', ['R-TEAM-1'], 'The leader of the team is not there.', {
          missing: ['lead'],
        }),
    ...notCompetent(there, things, on),
    ...there.map(({ person }) =>
      client === undefined ? undefined : conflictWith(things, { person, client, on }, policy),
    ),
  ];
}

const outsideDates = ({ plannedFrom, plannedTo }: Audit, { effectiveOn }: Context): Objection =>
  plannedFrom && plannedTo && plannedFrom <= effectiveOn && effectiveOn <= plannedTo
    ? undefined
    : refusal('dates-not-agreed', ['R-PLAN-1'], 'The client has agreed to other days.', {
        wouldNeed: `a day from ${plannedFrom ?? ''} to ${plannedTo ?? ''}, or a new agreement`,
      });

const startAudit: CommandRule<Audit, StartAudit> = {
  does: 'Start the audit.',
  who: ['lead-auditor'],
  from: ['planAgreed', 'scheduled'],
  to: ['inProgress'],
  person: true,
  rules: [
    ...(['R-TEAM-1', 'R-TEAM-2', 'R-CMP-1', 'R-IMP-3', 'R-IMP-4', 'SOD-5', 'R-PLAN-1', 'R-S2-2'] as const),
    ...(['R-S1-4', 'R-S1-5', 'R-S1-6', 'R-RDY-1', 'R-S2-3', 'R-IMP-2', 'I-24'] as const),
  ],
  refuses: [
    ...([
      'team-not-confirmed',
      'dates-not-agreed',
      'conflict-declaration-missing',
      'competence-missing',
    ] as const),
    ...([
      'lookback-not-over',
      'stage1-not-concluded',
      'stage1-not-ready',
      'stage1-validity-unconfirmed',
    ] as const),
    ...(['stage1-too-old', 'stage1-repeat-required', 'back-to-back-unjustified', 'step-gate-open'] as const),
  ],
  looks: ['audit', 'evidence'],
  people: ({ present }, { team }) => [...new Set([...team.map(({ person }) => person), ...present])],
  may: (state, context) => [
    byLead(state, context),
    outsideDates(state, context),
    undeclared(state, context),
    ...(state.auditType === 'stage2' ? stage1NotUsable(state, context) : []),
  ],
  guard: (input, state, context) => [notInTeam(input, state), ...unfitToday(input, state, context)],
  record: (_, { id, auditType }, { effectiveOn, things }) => {
    const stage1 = auditType === 'stage2' ? lastStage1(things.filter(isAudit)) : undefined;
    const used = stage1 ? [audit('stage1.relied-upon', stage1.id, { by: id })] : [];
    return [audit('audit.started', id, { on: effectiveOn }), ...used];
  },
};

const recordMeeting: CommandRule<Audit, RecordMeeting> = {
  does: 'Record a meeting with the client and who attended.',
  who: ['lead-auditor'],
  from: ['inProgress'],
  to: [],
  rules: ['R-PLAN-1', 'R-EVD-2', 'R-TEAM-1'],
  refuses: ['evidence-missing'],
  may: (state, context) => [byLead(state, context)],
  guard: ({ attendance }) => [
    isFilled(attendance) ? undefined : refusal('evidence-missing', ['R-EVD-2'], 'Say who attended.'),
  ],
  record: ({ meeting, attendance }, { id }, { effectiveOn }) => [
    audit(
      'audit.meeting-recorded',
      id,
      { meeting, on: effectiveOn },
      { texts: { [`${meeting}MeetingAttendance`]: attendance } },
    ),
  ],
};

const recordPlanDeviation: CommandRule<Audit, RecordPlanDeviation> = {
  does: 'Record where the audit departed from its plan, and why.',
  who: ['lead-auditor'],
  from: ['inProgress'],
  to: [],
  needs: ['reason'],
  rules: ['R-RPT-2', 'R-TEAM-1'],
  refuses: [],
  may: (state, context) => [byLead(state, context)],
  record: ({ deviation }, { id }, context) => [
    audit('audit-plan.departed-from', id, {}, { texts: { ...filled({ deviation }), ...becauseOf(context) } }),
  ],
};

/** The conclusions belong to all auditors of the team, after the closing meeting; experts advise. (R-S2-4, SOD-9) */
export function conclusionsOpen(
  { agreedBy }: Pick<EndAudit, 'agreedBy'>,
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
        'dates-not-agreed',
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
  does: 'End Stage 1 on site, after the closing meeting.',
  who: ['lead-auditor'],
  from: ['inProgress'],
  to: ['reporting'],
  rules: ['R-S2-4', 'R-CAL-19', 'R-RPT-5', 'R-TEAM-1', 'SM-2'],
  refuses: ['conclusions-not-agreed', 'dates-not-agreed', 'date-in-future'],
  may: (state, context) => [only('stage1')(state), byLead(state, context)],
  guard: (input, state, context) => [conclusionsOpen(input, state), heldDays(input, context)],
  record: (input, state, context) => [audit('audit.ended', state.id, heldOf(input, state, context))],
};

const issueReport: CommandRule<Audit, IssueReport> = {
  does: 'Issue the report of the audit.',
  who: ['lead-auditor'],
  from: ['findingsIssued'],
  to: ['reportIssued'],
  person: true,
  rules: ['R-RPT-1', 'R-RPT-2', 'R-RPT-3', 'R-RPT-4', 'R-MD4-1', 'R-TEAM-1', 'I-12'],
  refuses: ['report-incomplete'],
  may: (state, context) => [byLead(state, context)],
  guard: ({ report }, { auditType }) => [reportIncomplete(auditType, report)],
  record: ({ report }, { id }, { evidence }) => [
    audit('audit-report.issued', id, {}, { texts: reportText(report), evidence }),
  ],
};

const stillNeeded = ({ auditType, reliedUponBy }: Audit): Objection =>
  auditType === 'stage2' || reliedUponBy !== undefined
    ? undefined
    : refusal('wrong-state', ['R-S1-4', 'SM-2'], 'No Stage 2 has started on this result yet.', {
        wouldNeed: 'Stage 2 to start, or a repeat to be required',
      });

const closeAudit: CommandRule<Audit> = {
  does: 'Close the audit; its findings go on by themselves.',
  who: ['programme-manager'],
  from: ['concluded', 'handedToDecision'],
  to: ['closed'],
  person: true,
  rules: ['R-PRG-3', 'R-S1-4', 'SM-2'],
  refuses: [],
  may: (state) => [stillNeeded(state)],
  record: (_, { id }) => [audit('audit.closed', id, {})],
};

/** The commands by which an audit is held, reported and closed. (F) */
export const conductCommands = {
  ...{ startAudit, recordMeeting, recordPlanDeviation, endAudit, issueReport, closeAudit },
};
