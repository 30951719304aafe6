import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Event, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled, isFilled, missing } from '../wording.js';
import { audit } from './events.js';
import { auditsIn, determinedDays, siteCount } from './foundation.js';
import { asOneText, becauseOf, byLead, only, planned } from './guards.js';
import type { Audit } from './life.js';
import { backwards, concernsDated, daysOf } from './opening.js';
import { movedFor, warningsFor, whatIsOwed } from './parent.js';
import { sampleTooSmall, type SiteSample } from './sample.js';

/** What both sides settle before remote methods are used. (R-MD4-1) */
export interface RemoteConditions {
  readonly agreed: boolean;
  readonly security: string;
  readonly riskAssessment: string;
  readonly fallback: string;
}

/** The plan of an audit: why, against what, where, when, how long, by whom. (R-PLAN-1) */
export interface SendAuditPlan {
  readonly objectives?: string;
  readonly criteria?: string;
  readonly scope?: string;
  /** Units and processes that are audited. */
  readonly units?: string;
  /** Sites, temporary and remote ones too, with the expected durations. */
  readonly places?: string;
  /** Who of the team and of the companions does what. */
  readonly roles?: string;
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
  readonly zone: string;
  readonly auditorDays: number;
  /** The controls that are applicable by the statement of applicability. (R-PRG-3) */
  readonly controls: readonly string[];
  readonly sample?: SiteSample;
  readonly remote?: RemoteConditions;
  /** Why Stage 2 follows at once upon Stage 1, where it does. (R-S1-6) */
  readonly backToBackReason?: string;
}

/** The days of a Stage 1 and the auditors' days on it, as agreed with the client. */
export interface AgreeAuditDates {
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
  readonly auditorDays: number;
}

const wordsOf = ({ objectives, criteria, scope, units, places, roles }: SendAuditPlan) => ({
  ...{ objectives, criteria, scope, units, places, roles },
});

const incomplete = (input: SendAuditPlan): Objection => {
  const lacking = [...missing(wordsOf(input)), ...(input.controls.length > 0 ? [] : ['controls'])];
  return lacking.length > 0
    ? refusal('audit-plan-incomplete', ['R-PLAN-1'], 'The plan is not complete.', { missing: lacking })
    : undefined;
};

function remoteUnsettled({ remote }: SendAuditPlan): Objection {
  if (!remote) return undefined;
  const { agreed, ...words } = remote;
  const lacking = [...(agreed ? [] : ['agreed']), ...missing(words)];
  return lacking.length > 0
    ? refusal(
        'remote-conditions-missing',
        ['R-MD4-1'],
        'Remote methods are agreed, secured and assessed first.',
        {
          missing: lacking,
        },
      )
    : undefined;
}

function tooShort({ auditorDays }: SendAuditPlan, { auditType }: Audit, { things }: Context): Objection {
  const needed = determinedDays(things, auditType) ?? 0;
  const stage1 = auditsIn(things).filter(
    (one) => auditType === 'stage2' && one.auditType === 'stage1' && one.stage !== 'cancelled',
  );
  const atStage1 = Math.max(0, ...stage1.map((one) => one.auditorDays));
  const given = auditorDays + atStage1;
  const over = auditType === 'stage2' ? 'Stage 1 and Stage 2' : 'this audit';
  return given < needed
    ? refusal('audit-time-below-determined', ['R-TIM-1'], 'The plan gives less time than was determined.', {
        wouldNeed: `${String(needed)} days of auditors over ${over}; these are ${String(given)}`,
      })
    : undefined;
}

/** The plan as facts: what the audit must cover, its days, and the new date for answers to areas of concern. */
function planSent(input: SendAuditPlan, state: Audit, context: Context): readonly Event[] {
  const { id, auditType } = state;
  const { zone, auditorDays, remote, sample, controls, backToBackReason } = input;
  const sites = (sample?.visited ?? 0) + 1;
  const texts = filled({
    plan: asOneText(wordsOf(input)),
    backToBackReason,
    ...(remote ? { remote: asOneText({ ...remote, agreed: 'yes' }) } : {}),
  });
  const days = daysOf(auditType, input, context);
  return [
    audit('audit-scope.set', id, { controls }),
    audit(
      'audit-plan.sent',
      id,
      { ...days, zone, auditorHalfDays: auditorDays * 2, remote: remote !== undefined, sites },
      { texts },
    ),
    ...concernsDated(auditType, input.firstDay, context),
    ...movedFor(state, input.lastDay, context),
  ];
}

const sendAuditPlan: CommandRule<Audit, SendAuditPlan> = {
  does: 'Send the audit plan to the client.',
  who: ['lead-auditor'],
  from: ['teamConfirmed'],
  to: ['planSent'],
  passesOver: ['planned', 'teamProposed'],
  rules: [
    ...(['R-PLAN-1', 'R-MS-1', 'R-MD1-2', 'R-MD1-3', 'R-MD4-1', 'R-TIM-1', 'R-TEAM-1'] as const),
    ...(['SM-3', 'SM-7', 'SM-8', 'R-CAL-9', 'R-SUR-1', 'R-SUR-2', 'R-CAL-8', 'R-REC-1'] as const),
    ...(['I-17', 'I-18'] as const),
  ],
  refuses: [
    ...(['audit-plan-incomplete', 'sample-too-small', 'remote-conditions-missing'] as const),
    ...(['audit-time-below-determined', 'days-incomplete'] as const),
  ],
  looks: ['audit-time', 'audit', ...whatIsOwed],
  may: (state, context) => [only(...planned)(state), byLead(state, context)],
  guard: (input, state, context) => [
    incomplete(input),
    backwards(input),
    sampleTooSmall(input.sample, siteCount(context, state.programme), context.policy),
    remoteUnsettled(input),
    tooShort(input, state, context),
  ],
  warns: (input, state, context) => warningsFor(state, input, context),
  record: planSent,
};

const agreeAuditPlan: CommandRule<Audit> = {
  does: 'Agree to the plan and its dates.',
  who: ['aims-manager'],
  from: ['planSent'],
  to: ['planAgreed'],
  person: true,
  rules: ['R-PLAN-1'],
  refuses: [],
  record: (_, { id }) => [audit('audit-plan.agreed', id, {})],
};

const askForPlanChange: CommandRule<Audit> = {
  does: 'Ask for another plan.',
  who: ['aims-manager'],
  from: ['planSent'],
  to: ['teamConfirmed'],
  needs: ['reason'],
  rules: ['R-PLAN-1'],
  refuses: [],
  record: (_, { id }, context) => [audit('audit-plan.change-asked', id, {}, { texts: becauseOf(context) })],
};

const agreeAuditDates: CommandRule<Audit, AgreeAuditDates> = {
  does: 'Agree on the days of Stage 1.',
  who: ['aims-manager'],
  and: ['lead-auditor'],
  from: ['teamConfirmed'],
  to: ['scheduled'],
  passesOver: ['planned', 'teamProposed'],
  person: true,
  rules: ['R-PLAN-1', 'R-TIM-1', 'R-TEAM-1', 'SM-2'],
  refuses: ['days-incomplete', 'audit-plan-incomplete'],
  may: (state, context) => [only('stage1')(state), byLead(state, context)],
  guard: (input) => [
    backwards(input),
    input.auditorDays > 0
      ? undefined
      : refusal('audit-plan-incomplete', ['R-PLAN-1', 'R-TIM-1'], 'Say how many days of auditors it takes.', {
          missing: ['auditorDays'],
        }),
  ],
  record: (input, { id }, context) => [
    audit('audit.scheduled', id, {
      ...daysOf('stage1', input, context),
      auditorHalfDays: input.auditorDays * 2,
    }),
  ],
};

/** True when the reason for going from Stage 1 to Stage 2 at once is on record. (R-S1-6) */
export const justifiesBackToBack = ({ texts }: Audit): boolean => isFilled(texts['backToBackReason']);

/** The commands by which the days and the plan of an audit are settled with the client. (R-PLAN-1) */
export const planCommands = { sendAuditPlan, agreeAuditPlan, askForPlanChange, agreeAuditDates };
