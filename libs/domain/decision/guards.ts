import type { Id } from '../actor.js';
import { programmeIn } from '../audit/foundation.js';
import { heldSince, isAudit, lastStage2 } from '../audit/life.js';
import { later } from '../calendar.js';
import { incompleteContent } from '../certificate/content.js';
import { draftAmong, grantedAmong, statusOn } from '../certificate/life.js';
import type { CivilDate } from '../instant.js';
import type { Context, Objection, Thing } from '../machine.js';
import {
  isInternal,
  isNonconformity,
  minorsWithoutPlan,
  unverifiedMajors,
  type Nonconformity,
} from '../nonconformity/finding.js';
import { missedLimits } from '../nonconformity/limit.js';
import { isProgramme } from '../programme/facts.js';
import { refusal, type RuleId } from '../refusal.js';
import { matterOf, type Decide, type Dossier } from './dossier.js';
import { toRenew, toRestore, toRefuseRenewal } from './renewal.js';

/** The body's findings of the programme; the client's own bind no decision. */
export const findingsOf = (things: readonly Thing[]): readonly Nonconformity[] =>
  things.filter(isNonconformity).filter((one) => !isInternal(one));

const named = (findings: readonly Thing[]): readonly Id[] => findings.map(({ id, number }) => number ?? id);

/** True when the team of the last Stage 2 of the dossier recommended something; in a certification begun anew, of one held since. (I-38) */
export function isRecommended({ audits, programme }: Dossier, context: Context): boolean {
  const rests = context.things.filter(isAudit).filter(({ id }) => audits.includes(id));
  const stage2 = lastStage2(heldSince(rests, programmeIn(context, programme)?.continuedOn));
  return stage2?.recommendation !== undefined;
}

/** What the team of a body elsewhere recommended stands in its own papers. (R-S2-4) */
const recommendationMissing = (state: Dossier, context: Context): Objection =>
  context.mirrored || isRecommended(state, context)
    ? undefined
    : refusal('recommendation-missing', ['R-S2-4'], 'The audit team has not recommended anything.');

function majorsOpen({ things }: Context, rule: RuleId = 'R-DEC-2'): Objection {
  const open = unverifiedMajors(findingsOf(things));
  return open.length > 0
    ? refusal('major-not-verified', [rule, 'INV-3'], 'A major has not been verified as closed.', {
        missing: named(open),
        wouldNeed: 'each of them closed and verified',
      })
    : undefined;
}

function minorsOpen(things: readonly Thing[]): Objection {
  const open = minorsWithoutPlan(findingsOf(things));
  return open.length > 0
    ? refusal('minor-plan-not-accepted', ['R-DEC-2'], 'The plan for a minor has not been accepted.', {
        missing: named(open),
      })
    : undefined;
}

function sixMonthsOver({ audits }: Dossier, { things, today }: Context): Objection {
  const stage2 = lastStage2(things.filter(isAudit).filter(({ id }) => audits.includes(id)));
  const late = missedLimits(findingsOf(things), today, stage2?.lastDay);
  const repeat = stage2?.stage === 'repeatStage2Required' ? [stage2] : [];
  return late.length + repeat.length > 0
    ? refusal(
        'repeat-stage2-required',
        ['R-DEC-4'],
        'A major was not verified within six months of the last day of Stage 2; another Stage 2 comes first.',
        {
          missing: named([...late, ...repeat]),
          because: late.map(({ id }) => ({ thing: id, act: 'nonconformity.limit-set' })),
        },
      )
    : undefined;
}

/** A site with a major blocks the whole certificate, and leaving the site out is no way round it. (R-MD1-4) */
function sitesLeftOut({ things }: Context): Objection {
  const covered = draftAmong(things)?.sites ?? [];
  const agreed = things.filter(isProgramme).flatMap(({ agreedSites }) => agreedSites);
  const left = agreed.filter((site) => !covered.includes(site));
  return left.length > 0
    ? refusal('site-blocks-certificate', ['R-MD1-4'], 'The draft leaves out sites of the agreement.', {
        missing: left,
      })
    : undefined;
}

/** Accreditation is said as it is; an accredited body issues nothing without it. (R-CRT-8) */
function accreditation({ things }: Context): Objection {
  const flag = draftAmong(things)?.accredited;
  const accredited = things.filter(isProgramme).some((one) => one.accredited === true);
  if (flag === accredited) return undefined;
  return accredited && flag === false
    ? refusal(
        'non-accredited-certificate-forbidden',
        ['R-CRT-8'],
        'An accredited body issues no certificate without accreditation in this scheme.',
      )
    : refusal(
        'accreditation-flag-missing',
        ['R-CRT-8'],
        'The certificate does not say as it is whether it is issued under accreditation.',
      );
}

/** A first certification is granted or refused once, while its initial audits run. (SM-0) */
export function notInitial(programme: Id | undefined, context: Context): Objection {
  const stage = programmeIn(context, programme)?.stage ?? 'initial';
  return stage === 'initial'
    ? undefined
    : refusal('wrong-state', ['SM-0'], `The programme is ${stage}; its first certification is not open.`, {
        wouldNeed: 'initial audits that run',
      });
}

const toGrant = (state: Dossier, context: Context): readonly Objection[] => [
  recommendationMissing(state, context),
  majorsOpen(context),
  minorsOpen(context.things),
  sixMonthsOver(state, context),
  sitesLeftOut(context),
  incompleteContent(draftAmong(context.things)),
  accreditation(context),
];

/** After a surveillance: majors are under a deadline that has not passed, minors have their plan, the certificate lives. (R-SUR-4, R-SUR-5) */
function toMaintain({ things, effectiveOn, policy }: Context): readonly Objection[] {
  const certificate = grantedAmong(things);
  const overdue = unverifiedMajors(findingsOf(things))
    .filter(isNonconformity)
    .filter(({ verifyDue }) => !verifyDue || verifyDue.date < effectiveOn);
  return [
    certificate && statusOn(certificate, effectiveOn, policy) === 'active'
      ? undefined
      : refusal(
          'certificate-expired',
          ['R-REC-7'],
          'There is no certificate in force that could be maintained.',
        ),
    overdue.length > 0
      ? refusal(
          'major-not-verified',
          ['R-SUR-4', 'R-SUR-5'],
          'The time for verified corrective action of a major is over.',
          { missing: named(overdue) },
        )
      : undefined,
    minorsOpen(things),
  ];
}

/** Nothing is decided any more once the programme has ended; what led to it is closed with it. (SM-0) */
export const ended = (programme: Id | undefined, context: Context): Objection =>
  programmeIn(context, programme)?.stage === 'terminated'
    ? refusal('wrong-state', ['SM-0'], 'The programme has ended.')
    : undefined;

/** What stands against a decision of this kind besides independence and competence. (SM-5) */
export function guardsOf(input: Decide, state: Dossier, context: Context): readonly Objection[] {
  const { decision } = input;
  if (matterOf(decision) === 'initial')
    return [notInitial(state.programme, context), ...(decision === 'grant' ? toGrant(state, context) : [])];
  const over = ended(state.programme, context);
  if (decision === 'maintain') return [over, ...toMaintain(context)];
  if (decision === 'notRenew') return [over, ...toRefuseRenewal(context)];
  const gates = [over, majorsOpen(context, 'R-REC-3'), minorsOpen(context.things)];
  return decision === 'renew'
    ? [...toRenew(input, context), ...gates]
    : [...toRestore(input, context), ...gates];
}

const latest = (days: readonly (CivilDate | undefined)[]): CivilDate | undefined =>
  days
    .filter((day) => day !== undefined)
    .reduce<CivilDate | undefined>((a, b) => (a ? later(a, b) : b), undefined);

/** The last day of anything on which the decision rests: audits, plans, closures, and what was put into the dossier. (R-CAL-14) */
export function lastEvidenceOn(
  { audits, lastEvidenceOn: added }: Dossier,
  things: readonly Thing[],
): CivilDate | undefined {
  const held = things.filter(isAudit).filter(({ id }) => audits.includes(id));
  const findings = findingsOf(things);
  return latest([
    added,
    ...held.map(({ lastDay }) => lastDay),
    ...findings.flatMap(({ closedOn, planAcceptedOn }) => [closedOn, planAcceptedOn]),
  ]);
}

/** No decision is dated before the last evidence that it used. (R-CAL-14) */
export function beforeEvidence(day: CivilDate, state: Dossier, things: readonly Thing[]): Objection {
  const last = lastEvidenceOn(state, things);
  return last !== undefined && day < last
    ? refusal('date-before-evidence', ['R-CAL-14'], `The last evidence is of ${last}.`, {
        wouldNeed: `a date from ${last}`,
      })
    : undefined;
}
