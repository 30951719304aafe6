import { daysBetween } from '../calendar.js';
import type { Basis, ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { wasDecidedOn } from '../decision/dossier.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { nonconformity } from './events.js';
import { openStages, type Grade, type Nonconformity } from './finding.js';
import { datesOf, renewalOf } from './limit.js';
import { auditOf, handles } from './people.js';

const afterDecision = ({ about }: Nonconformity, { things }: Context): Objection =>
  wasDecidedOn(things, about)
    ? refusal(
        'regrade-after-decision',
        ['R-FND-1', 'R-DEC-2'],
        'The decision that rests on this finding has been made.',
      )
    : undefined;

/** The client does not agree; that stops no clock. (R-FND-2, I-25) */
export const disputeFinding: CommandRule<Nonconformity> = {
  does: 'Dispute the finding, with the reason.',
  who: ['aims-manager'],
  from: ['raised'],
  to: ['disputed'],
  rules: ['R-FND-2', 'R-FND-1', 'I-25', 'R-DEC-2'],
  refuses: ['regrade-after-decision'],
  needs: ['reason'],
  looks: ['audit', 'dossier'],
  may: (state, context) => [afterDecision(state, context)],
  record: (_, { id }, { reason }) => [
    nonconformity('nonconformity.disputed', id, {}, { texts: filled({ dispute: reason }) }),
  ],
};

/** The finding stands as it was raised; the disagreement stays on record. (R-FND-2) */
export const upholdFinding: CommandRule<Nonconformity> = {
  does: 'Uphold the disputed finding, with the reason.',
  who: ['lead-auditor', 'internal-auditor'],
  from: ['disputed'],
  to: ['raised'],
  person: true,
  rules: ['R-FND-2'],
  refuses: [],
  needs: ['reason'],
  looks: ['audit'],
  may: (state, context) => [handles(['lead-auditor'])(state, context)],
  record: (_, { id }, { reason }) => [
    nonconformity('nonconformity.upheld', id, {}, { texts: filled({ reason }) }),
  ],
};

/** Grades anew before the decision; both grades are kept, and the dates follow the new one. (R-FND-1, R-CAL-15) */
export const regradeFinding: CommandRule<Nonconformity, { readonly grade: Grade }> = {
  does: 'Change the grade, with the reason.',
  who: ['lead-auditor', 'internal-auditor'],
  from: [...openStages],
  to: [],
  person: true,
  rules: ['R-FND-1', 'R-DEC-2'],
  refuses: ['regrade-after-decision', 'grade-not-allowed'],
  needs: ['reason'],
  looks: ['audit', 'dossier', 'recertification'],
  may: (state, context) => [handles(['lead-auditor'])(state, context), afterDecision(state, context)],
  guard: ({ grade }, state) => [
    grade === state.grade
      ? refusal('grade-not-allowed', ['R-FND-1'], `It is graded ${grade} already.`)
      : undefined,
  ],
  record: ({ grade }, state, context) => {
    const [on, policy, about] = [
      state.raisedOn ?? context.effectiveOn,
      context.policy,
      auditOf(state, context),
    ];
    const dates = datesOf({ grade, on, about, policy, renewal: renewalOf(about, context.things) });
    const data = { from: state.grade ?? grade, to: grade, on: context.effectiveOn, ...dates };
    return [
      nonconformity('nonconformity.regraded', state.id, data, {
        texts: filled({ gradeReason: context.reason }),
      }),
    ];
  },
};

/** Takes the finding back before the decision; it stays on record as retracted. (R-FND-2) */
export const retractFinding: CommandRule<Nonconformity> = {
  does: 'Retract the finding, with the reason.',
  who: ['lead-auditor', 'internal-auditor'],
  from: ['raised', 'disputed'],
  to: ['retracted'],
  person: true,
  rules: ['R-FND-2', 'R-FND-1', 'R-DEC-2'],
  refuses: ['regrade-after-decision'],
  needs: ['reason'],
  looks: ['audit', 'dossier'],
  may: (state, context) => [handles(['lead-auditor'])(state, context), afterDecision(state, context)],
  record: (_, { id }, { reason }) => [
    nonconformity('nonconformity.retracted', id, {}, { texts: filled({ reason }) }),
  ],
};

/** More time for something soft. */
export interface ExtendPlanDue {
  readonly which: 'plan' | 'verification' | 'limit';
  readonly until: CivilDate;
}

const extended = ({ until }: ExtendPlanDue, from: CivilDate, rule: Basis['rule']): ExplainedDate => {
  const operation = `plus ${daysBetween(from, until)} days`;
  return {
    date: until,
    kind: 'soft',
    rule,
    basis: [{ date: until, rule, anchor: { name: 'extension', date: from }, operation }],
  };
};

const hardStays = ({ which, until }: ExtendPlanDue, { limit }: Nonconformity): Objection =>
  which === 'limit' || (limit !== undefined && until > limit.date)
    ? refusal(
        'hard-date-cannot-move',
        ['R-CAL-10', 'R-DEC-4'],
        'Six months from the last day of Stage 2 follow from that day; nobody moves them.',
      )
    : undefined;

/** Extends a soft date with a reason; hard dates never move. (R-CAL-10, I-25) */
export const extendPlanDue: CommandRule<Nonconformity, ExtendPlanDue> = {
  does: 'Extend the day for the plan or for the verification, with the reason.',
  who: ['lead-auditor', 'programme-manager', 'internal-auditor', 'aims-manager'],
  from: [...openStages],
  to: [],
  rules: ['R-CAL-10', 'R-FND-4', 'R-DEC-4', 'I-25'],
  refuses: ['hard-date-cannot-move'],
  needs: ['reason'],
  looks: ['audit'],
  may: (state, context) => [
    context.role === 'programme-manager' && state.source === 'audit'
      ? undefined
      : handles(['lead-auditor'])(state, context),
  ],
  guard: (input, state) => [hardStays(input, state)],
  record: (input, { id }, { effectiveOn, reason }) => {
    const which = input.which === 'verification' ? 'verification' : 'plan';
    const due = extended(input, effectiveOn, which === 'plan' ? 'R-FND-4' : 'R-FND-5');
    return [nonconformity('nonconformity.due-extended', id, { which, due }, { texts: filled({ reason }) })];
  },
};
