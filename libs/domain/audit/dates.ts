import { hardDate, hardSpan, softSpan, type ExplainedDate } from '../explanation.js';
import { daysBetween } from '../calendar.js';
import type { CivilDate } from '../instant.js';
import type { Policy } from '../policy.js';
import type { AuditType } from './life.js';

/** Until when the client may object to a member, from the day on which it was told the names. (R-TEAM-2) */
export const objectionWindow = (told: CivilDate, policy: Policy): ExplainedDate =>
  softSpan(
    {
      rule: 'R-TEAM-2',
      anchor: { name: 'team notice', date: told },
      key: 'team.objectionBusinessDays',
      unit: 'businessDays',
    },
    policy,
  );

/** By when the plan is with the client. Stage 1 needs no formal plan. (R-PLAN-1) */
export const planDue = (firstDay: CivilDate, policy: Policy): ExplainedDate =>
  softSpan(
    {
      rule: 'R-PLAN-1',
      anchor: { name: 'first audit day', date: firstDay },
      key: 'audit.planLeadBusinessDays',
      unit: 'businessDays',
      direction: 'before',
    },
    policy,
  );

/** By when the report is with the client, counted from the closing meeting. (R-RPT-5) */
export const reportDue = (auditType: AuditType, closingMeeting: CivilDate, policy: Policy): ExplainedDate =>
  softSpan(
    {
      rule: 'R-RPT-5',
      anchor: { name: 'closing meeting', date: closingMeeting },
      key: auditType === 'stage1' ? 'report.stage1BusinessDays' : 'report.businessDays',
      unit: 'businessDays',
    },
    policy,
  );

/** By when each area of concern is answered, counted back from the first day of Stage 2. (SM-2) */
export const concernsDue = (stage2Start: CivilDate, policy: Policy): ExplainedDate =>
  softSpan(
    {
      rule: 'SM-2',
      anchor: { name: 'first day of Stage 2', date: stage2Start },
      key: 'stage1.concernAnswerBusinessDays',
      unit: 'businessDays',
      direction: 'before',
    },
    policy,
  );

/** From when Stage 2 starts on this result only by a recorded judgement that it still holds. (R-S1-4) */
export const validityReview = (stage1LastDay: CivilDate, policy: Policy): ExplainedDate =>
  hardSpan(
    {
      rule: 'R-S1-4',
      anchor: { name: 'last day of Stage 1', date: stage1LastDay },
      key: 'stage1.validityReviewMonths',
      unit: 'months',
    },
    policy,
  );

/** The body's own limit to the age of a Stage 1 result; none by default. (R-S1-4) */
export function maximumAge(stage1LastDay: CivilDate, policy: Policy): ExplainedDate | undefined {
  if (policy.number('stage1.maxAgeMonths') === 0) return undefined;
  const anchor = { name: 'last day of Stage 1', date: stage1LastDay };
  return hardSpan({ rule: 'R-S1-4', anchor, key: 'stage1.maxAgeMonths', unit: 'months' }, policy);
}

/** The end that a member stated for a declaration. (R-IMP-4) */
export const declaredUntil = (declared: CivilDate, until: CivilDate): ExplainedDate =>
  hardDate({
    date: until,
    rule: 'R-IMP-4',
    anchor: { name: 'declaration', date: declared },
    operation: `plus ${String(daysBetween(declared, until))} days`,
  });
