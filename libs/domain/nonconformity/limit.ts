import { hardDate, hardSpan, readAs, softDate, softSpan, span, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Event, Thing } from '../machine.js';
import type { Policy } from '../policy.js';
import { isRecertification, type Recertification } from '../recertification/facts.js';
import { refusal } from '../refusal.js';
import { isAudited } from './audited.js';
import { nonconformity, type Dates } from './events.js';
import { isNonconformity, openStages, type Grade, type Nonconformity } from './finding.js';

/** Six months from the last day of Stage 2, not from the report or the finding; it never rolls. (R-DEC-4, I-34, I-35) */
export const sixMonthLimit = (stage2LastDay: CivilDate, policy: Policy): ExplainedDate =>
  readAs(
    hardSpan(
      {
        rule: 'R-DEC-4',
        anchor: { name: 'last day of Stage 2', date: stage2LastDay },
        key: 'stage2.majorVerifyMonths',
        unit: 'months',
      },
      policy,
    ),
    'I-34',
    'I-35',
  );

/** The fact that a major is bound to the limit of its Stage 2; the audit records it when its findings are issued. (R-DEC-4) */
export const limitSet = (finding: Nonconformity, limit: ExplainedDate): Event =>
  nonconformity('nonconformity.limit-set', finding.id, { limit });

/** True when a major of Stage 2 was not verified by its limit, and no Stage 2 has ended since. (R-DEC-4, R-FND-8, I-34) */
const hasMissedLimit = (
  { stage, grade, limit, closedOn }: Nonconformity,
  today: CivilDate,
  lastStage2?: CivilDate,
): boolean =>
  stage !== 'retracted' &&
  grade === 'major' &&
  limit?.rule === 'R-DEC-4' &&
  (closedOn ?? today) > limit.date &&
  (lastStage2 === undefined || lastStage2 <= limit.date);

/**
 * The majors by which another Stage 2 has become necessary before any grant. `lastStage2` is the last day of the latest one:
 * when it lies after a limit that was missed, that other Stage 2 has been held. (R-DEC-4, I-34)
 */
export const missedLimits = (
  things: readonly Thing[],
  today: CivilDate,
  lastStage2?: CivilDate,
): readonly Nonconformity[] =>
  things.filter(isNonconformity).filter((one) => hasMissedLimit(one, today, lastStage2));

/** What the dates of a grade are computed from. */
export interface Anchors {
  readonly grade: Grade;
  readonly on: CivilDate;
  readonly about: Thing | undefined;
  readonly policy: Policy;
  /** The recertification for which the audit is held. (R-REC-3) */
  readonly renewal?: Recertification | undefined;
}

/** The recertification for which the audit of a finding is held. */
export const renewalOf = (audit: Thing | undefined, things: readonly Thing[]): Recertification | undefined =>
  things.filter(isRecertification).find(({ id }) => id === audit?.about);

/** By when a major is to be verified: by the body's own time, and where the certificate is renewed well before it expires. (R-FND-5, R-SUR-5, R-REC-3) */
function verification({ on, about, policy, renewal }: Anchors): ExplainedDate {
  const anchor = { name: 'raised', date: on };
  if (about && isAudited(about) && about.auditType === 'surveillance') {
    const key = 'surveillance.majorVerifyDays';
    return softSpan({ rule: 'R-SUR-5', anchor, key, unit: 'days' }, policy);
  }
  const own = span({ rule: 'R-FND-5', anchor, key: 'finding.major.verifyDays', unit: 'days' }, policy);
  const ofRenewal = renewal?.decisionDue?.basis.map((one) => ({ ...one, rule: 'R-REC-3' as const })) ?? [];
  return softDate(policy, own, ...ofRenewal);
}

/** The hard date for majors: six months after Stage 2, or the expiry before which the certificate is to be renewed. (R-DEC-4, R-REC-3) */
function hardLimit({ about, policy, renewal }: Anchors): ExplainedDate | undefined {
  if (renewal?.expiry) {
    const anchor = { name: 'expiry', date: renewal.expiry };
    return hardDate({ date: renewal.expiry, rule: 'R-REC-3', anchor, operation: 'plus 0 days' });
  }
  const stage2 = about && isAudited(about) && about.auditType === 'stage2' ? about.lastDay : undefined;
  return stage2 && sixMonthLimit(stage2, policy);
}

/** The dates that a grade brings: plan, verification of a major, and the limit when Stage 2 has had its last day. (R-FND-4, R-FND-5) */
export function datesOf(anchors: Anchors): Dates {
  const { grade, on, policy } = anchors;
  const anchor = { name: 'raised', date: on };
  const planDue = softSpan(
    { rule: 'R-FND-4', anchor, key: `finding.${grade}.planDays`, unit: 'days' },
    policy,
  );
  if (grade === 'minor') return { planDue };
  const limit = hardLimit(anchors);
  return { planDue, verifyDue: verification(anchors), ...(limit ? { limit } : {}) };
}

/** The command by which the engine puts on record that the six months are over; it changes nothing else. (R-DEC-4, R-FND-8) */
export const recordLimitPassed: CommandRule<Nonconformity> = {
  does: 'Record that a major was not verified by its hard date.',
  who: ['engine'],
  from: [...openStages],
  to: [],
  rules: ['R-DEC-4', 'R-REC-3', 'R-FND-8'],
  refuses: [],
  may: ({ limit, limitPassed }, { today }) => [
    limit && !limitPassed && today > limit.date
      ? undefined
      : refusal('wrong-state', ['R-DEC-4'], 'No limit of this finding has passed.'),
  ],
  record: ({}, { id }, { today }) => [nonconformity('nonconformity.limit-passed', id, { on: today })],
};
