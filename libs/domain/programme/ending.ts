import { audit } from '../audit/events.js';
import { isAudit, type Audit } from '../audit/life.js';
import { certificate, isCertificate } from '../certificate/life.js';
import { dossier, isDossier, isUndecided } from '../decision/dossier.js';
import type { Event, Thing } from '../machine.js';
import { nonconformity } from '../nonconformity/events.js';
import { isNonconformity, isReleasable } from '../nonconformity/finding.js';
import { stepsClosed } from '../readiness/moves.js';
import { isRecertification, recertification, recertificationEnds } from '../recertification/facts.js';
import { isSurveillance, surveillance } from '../surveillance/facts.js';

/** The kinds of things that end with the programme. */
export const whatEnds = [
  ...(['certificate', 'dossier', 'audit', 'nonconformity'] as const),
  ...(['surveillance', 'recertification', 'readiness-step'] as const),
];

/** The programme is over, and with it all that stands under it: nothing of it is decided, owed or reminded of any more. (SM-0) */
export const everythingOver = (things: readonly Thing[]): readonly Event[] => [
  ...things
    .filter(isDossier)
    .filter(isUndecided)
    .map(({ id }) => dossier('dossier.closed', id, {})),
  ...things.filter(isAudit).flatMap(auditOver),
  ...things
    .filter(isNonconformity)
    .filter(isReleasable)
    .map(({ id }) => nonconformity('nonconformity.released', id, {})),
  ...things
    .filter(isSurveillance)
    .filter(({ stage }) => stage !== 'closed')
    .map(({ id }) => surveillance('surveillance.closed', id, { because: 'programmeEnded' })),
  ...things
    .filter(isRecertification)
    .filter(({ stage }) => !recertificationEnds.includes(stage))
    .map(({ id }) => recertification('recertification.closed', id, {})),
  ...things
    .filter(isCertificate)
    .filter(
      ({ stage, marksDue }) => stage === 'expired' || (stage === 'expiredFinally' && marksDue !== undefined),
    )
    .map(({ id }) => certificate('certificate.closed', id, {})),
  ...stepsClosed(things),
];

const ends = ['closed', 'cancelled', 'aborted', 'repeatRequired', 'repeatStage2Required'];

/** What was held is closed, what is under way is broken off, and what was to come falls away. */
function auditOver({ id, stage, lastDay }: Audit): readonly Event[] {
  if (ends.includes(stage)) return [];
  if (stage === 'inProgress')
    return [audit('audit.aborted', id, { because: 'programmeEnded', action: 'auditEnded' })];
  return [audit(lastDay === undefined ? 'audit.cancelled' : 'audit.closed', id, {})];
}
