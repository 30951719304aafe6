import { isSameHuman, type Role } from '../actor.js';
import { isCompetent } from '../competence/competence.js';
import type { Context, Objection, Thing } from '../machine.js';
import { ownTie } from '../person/interests.js';
import { partiesOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { functionOf, isAudited, type Audited } from './audited.js';
import { isInternal, type Nonconformity } from './finding.js';

/** The audit in which a finding was made, when it was read. */
export const auditOf = ({ about }: Thing, { things, under }: Context): Audited | undefined =>
  [...(under ? [under] : []), ...things].filter(isAudited).find(({ id }) => id === about || id === under?.id);

const others = (whoCould: readonly Role[], message: string): Objection =>
  refusal('not-permitted', ['R-GEN-1'], message, { whoCould });

/**
 * Who handles a finding on behalf of whoever raised it: the team of that audit for the body's, internal auditors for the
 * client's own, the AIMS manager too when it came from elsewhere than an internal audit. (R-GEN-6, R-NCA-1)
 */
export function handles(roles: readonly Role[]) {
  return (state: Nonconformity, context: Context): Objection => {
    if (isInternal(state)) return handlesInternally(state, context);
    if (!roles.some((role) => role === context.role)) return others(roles, 'This is a finding of the body.');
    const audit = auditOf(state, context);
    return audit && acts(roles, audit, context)
      ? undefined
      : others(roles, `Only ${roles.join(' or ')} of the audit in which it was raised does this.`);
  };
}

/** A lead auditor leads this very audit, and an auditor is one in it; whoever is in it as an expert is neither. (SOD-9) */
function acts(roles: readonly Role[], audit: Audited, { actor }: Context): boolean {
  const does = functionOf(audit, actor);
  return does === 'lead' || (does === 'auditor' && roles.includes('auditor'));
}

function handlesInternally({ source }: Nonconformity, { role }: Context): Objection {
  const may: readonly Role[] =
    source === 'internalAudit' ? ['internal-auditor'] : ['internal-auditor', 'aims-manager'];
  return may.some((one) => one === role)
    ? undefined
    : others(may, "This is one of the client's own findings.");
}

/**
 * A plan may also be accepted by somebody of the body who was not in the audit, is competent to review reports and not bound
 * to the client. (R-FND-5, R-CMP-1, SOD-5)
 */
export function reviews(state: Nonconformity, context: Context): Objection {
  const against = handles(['lead-auditor', 'auditor'])(state, context);
  const ofTheBody = context.role === 'lead-auditor' || context.role === 'auditor';
  if (!against || isInternal(state) || !ofTheBody) return against;
  const { things, actor, effectiveOn: on } = context;
  if (isCompetent(things, actor.id, { of: 'reportReview', on }))
    return ownTie(partiesOf(things, state.programme)?.client, context);
  return refusal(
    'competence-missing',
    ['R-CMP-1', 'R-FND-5'],
    'You are neither in the team of that audit nor a competent reviewer.',
    {
      wouldNeed: 'competence for reviewing reports, or a place in the team of that audit',
    },
  );
}

/** At the next audit it is its team that looks, and the team that raised the finding no longer. (R-FND-5, R-FND-6) */
export function looksAtNextAudit(state: Nonconformity, context: Context): Objection {
  if (isInternal(state)) return handlesInternally(state, context);
  const raisedOn = state.raisedOn ?? context.today;
  const next = context.things
    .filter(isAudited)
    .filter(
      ({ id, auditType, lastDay }) =>
        id !== state.about && auditType !== 'stage1' && (lastDay === undefined || lastDay > raisedOn),
    );
  return next.some((audit) => acts(['lead-auditor', 'auditor'], audit, context))
    ? undefined
    : others(['lead-auditor', 'auditor'], 'Only the team of the next audit does this.');
}

/** Nobody accepts the plan that they submitted. (SOD-7, INV-8) */
export const notOwnPlan = ({ id, planBy }: Nonconformity, { actor }: Context): Objection =>
  planBy.some((human) => isSameHuman(actor, human))
    ? refusal('separation-of-duties', ['SOD-7'], 'You submitted this plan; somebody else must accept it.', {
        because: [{ thing: id, act: 'nonconformity.plan-submitted' }],
      })
    : undefined;

/** Whoever planned, owned or delivered the corrective action does not verify it. (SOD-7, INV-8) */
export const notOwnWork = ({ id, workedBy }: Nonconformity, { actor }: Context): Objection =>
  workedBy.some((human) => isSameHuman(actor, human))
    ? refusal(
        'separation-of-duties',
        ['SOD-7'],
        'You worked on this corrective action; somebody else must verify it.',
        {
          because: [{ thing: id, act: 'nonconformity.plan-submitted' }],
        },
      )
    : undefined;

/** The person to whom the plan gives the action, or the AIMS manager who releases. (SM-4) */
export const ownsAction = ({ owner }: Nonconformity, { actor, role }: Context): Objection =>
  role === 'aims-manager' || (owner !== undefined && isSameHuman(actor, owner))
    ? undefined
    : others(['process-owner', 'ai-system-owner'], 'The plan names another person as owner of the action.');
