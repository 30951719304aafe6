import type { Id } from '../actor.js';
import type { CommandRule, Context, Event, Objection, Thing } from '../machine.js';
import { nonconformity } from '../nonconformity/events.js';
import { isInternal, isNonconformity } from '../nonconformity/finding.js';
import { conflictWith } from '../person/interests.js';
import { refusal } from '../refusal.js';
import { filled, isFilled } from '../wording.js';
import { audit } from './events.js';
import { usableStage1 } from './foundation.js';
import { becauseOf, byLead } from './guards.js';
import { givesNothing, isAudit, type Audit } from './life.js';
import { recertificationOf, startedFor, whatIsOwed } from './parent.js';
import { stage1NotUsable } from './stage1-result.js';
import { clientOf, notCompetent } from './team-check.js';
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

/** The Stage 1 on which an audit rests: the last one before a Stage 2, the one that was needed before a recertification. */
function reliedUpon(state: Audit, context: Context): Audit | undefined {
  const { things } = context;
  if (state.auditType === 'stage2') return usableStage1(context);
  const needed = recertificationOf(things, state)?.stage1;
  return things.filter(isAudit).find(({ id }) => id === needed);
}

/** Where a Stage 1 was found to be needed before a recertification, it comes first. (R-REC-2) */
function neededStage1Open(state: Audit, context: Context): Objection {
  const stage1 = reliedUpon(state, context);
  if (!stage1 || (stage1.result !== undefined && !givesNothing(stage1))) return undefined;
  const because = [{ thing: stage1.id, act: 'audit.opened' }];
  const wouldNeed = givesNothing(stage1) ? { wouldNeed: 'a new decision whether a Stage 1 is needed' } : {};
  const more = { because, ...wouldNeed, whoCould: ['programme-manager'] as const };
  if (stage1.result === undefined || stage1.stage === 'aborted')
    return refusal(
      'stage1-not-concluded',
      ['R-REC-2'],
      'The Stage 1 that this recertification needs has not been concluded.',
      more,
    );
  return stage1.result === 'notReady'
    ? refusal(
        'stage1-not-ready',
        ['R-REC-2'],
        'The Stage 1 that this recertification needs was concluded as not ready.',
        more,
      )
    : refusal(
        'stage1-repeat-required',
        ['R-REC-2', 'R-S1-4', 'R-S1-5'],
        'The Stage 1 that this recertification needs is to be held again.',
        more,
      );
}

/** With the next audit the effect of earlier corrective action is looked at. (R-FND-5, R-FND-6) */
function effectivenessLookedAt({ auditType, programme }: Audit, things: readonly Thing[]): readonly Event[] {
  if (auditType !== 'surveillance' && auditType !== 'recertification') return [];
  return things
    .filter(isNonconformity)
    .filter((one) => one.programme === programme && !isInternal(one) && one.stage === 'closedVerified')
    .map(({ id }) => nonconformity('nonconformity.effectiveness-due', id, {}));
}

const startAudit: CommandRule<Audit, StartAudit> = {
  does: 'Start the audit.',
  who: ['lead-auditor'],
  from: ['planAgreed', 'scheduled'],
  to: ['inProgress'],
  passesOver: ['planned', 'teamProposed', 'teamConfirmed', 'planSent'],
  person: true,
  rules: [
    ...(['R-TEAM-1', 'R-TEAM-2', 'R-CMP-1', 'R-IMP-3', 'R-IMP-4', 'SOD-5', 'R-PLAN-1', 'R-S2-2'] as const),
    ...(['R-S1-4', 'R-S1-5', 'R-S1-6', 'R-RDY-1', 'R-S2-3', 'R-IMP-2', 'I-24'] as const),
    ...(['R-FND-5', 'R-FND-6', 'R-REC-2'] as const),
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
  looks: ['audit', 'evidence', 'nonconformity', ...whatIsOwed],
  people: ({ present }, { team }) => [...new Set([...team.map(({ person }) => person), ...present])],
  may: (state, context) => [
    byLead(state, context),
    outsideDates(state, context),
    undeclared(state, context),
    ...(state.auditType === 'stage2' ? stage1NotUsable(state, context) : []),
    state.auditType === 'recertification' ? neededStage1Open(state, context) : undefined,
  ],
  guard: (input, state, context) => [notInTeam(input, state), ...unfitToday(input, state, context)],
  record: (_, state, context) => {
    const { effectiveOn, things } = context;
    const stage1 = reliedUpon(state, context);
    const used = stage1 ? [audit('stage1.relied-upon', stage1.id, { by: state.id })] : [];
    return [
      audit('audit.started', state.id, { on: effectiveOn }),
      ...used,
      ...startedFor(state, things),
      ...effectivenessLookedAt(state, things),
    ];
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

/** The commands by which an audit is begun and carried on. (F) */
export const conductCommands = { startAudit, recordMeeting, recordPlanDeviation };
