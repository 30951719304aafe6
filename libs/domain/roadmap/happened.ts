import type { Id } from '../actor.js';
import { isAudit, type Audit, type AuditType } from '../audit/life.js';
import { addDays } from '../calendar.js';
import { isCertificate, type Certificate, type Validity } from '../certificate/life.js';
import type { CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';
import { isSurveillance } from '../surveillance/facts.js';

/** A fact of the programme itself, by its type and the day on which it counts. */
export interface Act {
  readonly type: string;
  readonly on: CivilDate;
}

/** Something on the way that is no obligation: it happened on its day, or is planned for it. */
export interface Mark {
  readonly status: 'happened' | 'planned';
  readonly date: CivilDate;
  readonly what: string;
  readonly thing: Id;
}

/** The facts of a programme that stand on its timeline, in words; the rest stands there by its things. */
export const milestones: Readonly<Record<string, string>> = {
  'programme.opened': 'programme opened',
  'application.submitted': 'application',
  'application.accepted': 'application accepted',
  'application.declined': 'application declined',
  'agreement.signed': 'agreement',
  'programme.continued': 'certification begun anew',
  'programme.ended': 'end of the programme',
};

/** What each audit is called. */
export const auditNames: Readonly<Record<AuditType, string>> = {
  ...{ stage1: 'Stage 1', stage2: 'Stage 2' },
  ...{ surveillance: 'surveillance', recertification: 'recertification audit' },
};

/** True for an audit that is not held, or was not held to its end. */
export const isGivenUp = ({ stage }: Audit): boolean => ['cancelled', 'aborted'].includes(stage);

/** An audit on its last day once it was held, else on the first day for which it is planned. */
function auditMark(audit: Audit, things: readonly Thing[]): readonly Mark[] {
  const { id, auditType, firstDay, lastDay, plannedFrom } = audit;
  if (isGivenUp(audit)) return [];
  const of = things.filter(isSurveillance).find((one) => one.audit === id);
  const what = of ? `surveillance ${of.ordinal} of cycle ${of.cycle}` : auditNames[auditType];
  const date = lastDay ?? firstDay ?? plannedFrom;
  const status = lastDay === undefined ? 'planned' : 'happened';
  return date === undefined ? [] : [{ status, date, what, thing: id }];
}

/** True when a validity goes on in the next one without a day between. (R-CAL-7) */
const goesOn = ({ expiry }: Validity, next: Validity | undefined): boolean =>
  next !== undefined && next.effectiveDate <= addDays(expiry.date, 1);

/** The grant, each renewal or restoration, and each last valid day that has passed with nothing behind it. (R-CAL-5, R-CAL-7) */
const certificateMarks = ({ id, validities }: Certificate, today: CivilDate): readonly Mark[] =>
  validities.flatMap((one, place) => {
    const [before, next] = [validities[place - 1], validities[place + 1]];
    const again = before && goesOn(before, one) ? 'renewal' : 'restoration after expiry';
    const begun = { date: one.decidedOn, what: before ? again : 'grant' };
    const over = one.expiry.date < today && !goesOn(one, next);
    const ended = over ? [{ date: one.expiry.date, what: 'expiry' }] : [];
    return [begun, ...ended].map((mark) => ({ status: 'happened' as const, thing: id, ...mark }));
  });

/** What has happened on the way of a programme, and what is planned, in no order. */
export const marksOf = (
  programme: Id,
  things: readonly Thing[],
  acts: readonly Act[],
  today: CivilDate,
): readonly Mark[] => [
  ...acts.flatMap(({ type, on }): readonly Mark[] => {
    const what = milestones[type];
    return what === undefined ? [] : [{ status: 'happened', date: on, what, thing: programme }];
  }),
  ...things.filter(isAudit).flatMap((audit) => auditMark(audit, things)),
  ...things.filter(isCertificate).flatMap((one) => certificateMarks(one, today)),
];
