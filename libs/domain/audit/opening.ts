import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Event, Objection } from '../machine.js';
import { programmeOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { isFilled } from '../wording.js';
import { concernsDue, planDue } from './dates.js';
import { audit, type Days } from './events.js';
import { notReadyForAudits, usableStage1 } from './foundation.js';
import { becauseOf, beforeStart, byLead } from './guards.js';
import type { Audit, AuditType } from './life.js';
import { lostFor, movedFor, warningsFor, whatIsOwed } from './parent.js';

/** Which audit, and on which days it is planned. */
export interface OpenAudit {
  readonly auditType: 'stage1' | 'stage2';
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
}

/** The days on which a postponed audit is planned now. */
export type ReplanAudit = Pick<OpenAudit, 'firstDay' | 'lastDay'>;

/** What was done when the audit's objectives were out of reach. (R-S2-5) */
export interface AbortAudit {
  readonly action: 'planChanged' | 'scopeChanged' | 'auditEnded';
}

/** What the client withheld, so that the audit is not possible. (R-CNF-1) */
export interface DeclareAuditImpossible {
  readonly withheld: string;
}

/** The last day does not come before the first. */
export const backwards = ({ firstDay, lastDay }: ReplanAudit): Objection =>
  lastDay < firstDay
    ? refusal(
        'days-incomplete',
        ['R-PLAN-1'],
        `The last day ${lastDay} comes before the first day ${firstDay}.`,
      )
    : undefined;

/** The planned days, and the day by which the plan is due where there is one. */
export const daysOf = (
  auditType: AuditType,
  { firstDay, lastDay }: ReplanAudit,
  { policy }: Context,
): Days => ({
  plannedFrom: firstDay,
  plannedTo: lastDay,
  ...(auditType === 'stage1' ? {} : { planDue: planDue(firstDay, policy) }),
});

/** When the first day of the audit that relies on a Stage 1 is set or moves, so does the day by which areas of concern are answered. (SM-2) */
export function concernsDated(auditType: AuditType, firstDay: CivilDate, context: Context): Event[] {
  const relies = auditType === 'stage2' || auditType === 'recertification';
  const stage1 = relies ? usableStage1(context) : undefined;
  const open = stage1?.stage === 'concluded' && stage1.concerns.some(({ answered }) => !answered);
  const due = concernsDue(firstDay, context.policy);
  return stage1 && open && stage1.concernsDue?.date !== due.date
    ? [audit('area-of-concern.due-set', stage1.id, { due })]
    : [];
}

const openAudit: CommandRule<Audit, OpenAudit> = {
  does: 'Open an audit of the programme.',
  who: ['programme-manager', 'engine'],
  from: ['none'],
  to: ['planned'],
  rules: ['R-AGR-1', 'R-PRG-1', 'R-TIM-1', 'R-PLAN-1'],
  refuses: ['agreement-missing', 'audit-programme-missing', 'audit-time-missing', 'days-incomplete'],
  looks: ['audit-time', 'audit'],
  series: 'A',
  guard: (input, _, { under, things }) => [...notReadyForAudits(under, things), backwards(input)],
  record: (input, { id }, context) => {
    const { under, newNumber } = context;
    const programme = under && programmeOf(under);
    const opens = {
      organisation:
        context.actor.kind === 'engine' ? (under?.organisation ?? '') : context.actor.organisation,
      ...(programme ? { programme } : {}),
      visibility: 'both' as const,
      number: newNumber,
    };
    const days = daysOf(input.auditType, input, context);
    return [
      audit('audit.opened', id, { auditType: input.auditType, ...days }, { opens }),
      ...concernsDated(input.auditType, input.firstDay, context),
    ];
  },
};

const postponeAudit: CommandRule<Audit> = {
  does: 'Postpone the audit; no hard date moves.',
  who: ['programme-manager'],
  from: beforeStart,
  to: ['postponed'],
  needs: ['reason'],
  rules: ['R-CAL-10', 'R-PRG-1'],
  refuses: [],
  record: (_, { id }, context) => [audit('audit.postponed', id, {}, { texts: becauseOf(context) })],
};

const replanAudit: CommandRule<Audit, ReplanAudit> = {
  does: 'Plan a postponed audit for other days.',
  who: ['programme-manager'],
  from: ['postponed'],
  to: ['planned'],
  rules: ['R-PRG-1', 'R-PLAN-1', 'R-CAL-9', 'R-SUR-1', 'R-SUR-2', 'R-CAL-8', 'R-REC-1', 'I-17', 'I-18'],
  refuses: ['days-incomplete'],
  looks: ['audit', ...whatIsOwed],
  guard: (input) => [backwards(input)],
  warns: (input, state, context) => warningsFor(state, input, context),
  record: (input, state, context) => [
    audit('audit.replanned', state.id, daysOf(state.auditType, input, context)),
    ...concernsDated(state.auditType, input.firstDay, context),
    ...movedFor(state, input.lastDay, context),
  ],
};

const cancelAudit: CommandRule<Audit> = {
  does: 'Cancel the audit; what was owed by it stays owed.',
  who: ['programme-manager'],
  from: [...beforeStart, 'postponed'],
  to: ['cancelled'],
  needs: ['reason'],
  rules: ['R-PRG-1'],
  refuses: [],
  looks: whatIsOwed,
  record: (_, state, context) => [
    audit('audit.cancelled', state.id, {}, { texts: becauseOf(context) }),
    ...lostFor(state, context.things),
  ],
};

const abortAudit: CommandRule<Audit, AbortAudit> = {
  does: 'End an audit whose objectives are out of reach or that meets an immediate serious risk.',
  who: ['lead-auditor'],
  and: ['programme-manager'],
  from: ['inProgress'],
  to: ['aborted'],
  person: true,
  needs: ['reason'],
  rules: ['R-S2-5', 'R-TEAM-1'],
  refuses: [],
  looks: whatIsOwed,
  may: (state, context) => [byLead(state, context)],
  record: ({ action }, state, context) => [
    audit(
      'audit.aborted',
      state.id,
      { because: 'objectivesOutOfReach', action },
      { texts: becauseOf(context) },
    ),
    ...lostFor(state, context.things),
  ],
};

const declareAuditImpossible: CommandRule<Audit, DeclareAuditImpossible> = {
  does: 'Declare that the audit is not possible because records are withheld.',
  who: ['programme-manager'],
  from: ['*'],
  to: ['aborted'],
  person: true,
  needs: ['reason'],
  rules: ['R-CNF-1', 'I-22'],
  refuses: ['reason-missing'],
  looks: whatIsOwed,
  guard: ({ withheld }) => [
    isFilled(withheld) ? undefined : refusal('reason-missing', ['R-CNF-1', 'I-22'], 'Say what was withheld.'),
  ],
  record: ({ withheld }, state, context) => [
    audit(
      'audit.aborted',
      state.id,
      { because: 'recordsWithheld', action: 'auditEnded' },
      { texts: { withheld, ...becauseOf(context) } },
    ),
    ...lostFor(state, context.things),
  ],
};

/** The commands by which an audit is opened, moved in time, and given up. (F) */
export const openingCommands = {
  ...{ openAudit, postponeAudit, replanAudit, cancelAudit, abortAudit, declareAuditImpossible },
};
