import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';

/** Major: it puts the system's intended results in doubt. Minor: it does not. (R-FND-1) */
export type Grade = 'major' | 'minor';

/** Whose finding it is: of an audit of the body, or one of the client's own. (R-NCA-1) */
export type Source = 'audit' | 'internalAudit' | 'incident' | 'complaint' | 'monitoring' | 'managementReview';

/** How somebody saw that it is closed. (R-FND-5) */
export type VerificationMethod = 'document' | 'remote' | 'onSite' | 'nextAudit';

/** What the body needs to see before it can close: a full or a limited audit, or documents. (R-FND-5) */
export type VerificationWay = 'fullAudit' | 'limitedAudit' | 'documents';

/** A requirement that is not fulfilled, from the draft until its corrective action has proved effective. (SM-4) */
export interface Nonconformity extends Thing {
  readonly kind: 'nonconformity';
  readonly source: Source;
  readonly requirement?: string;
  readonly grade?: Grade;
  /** Every grade it ever had, the present one last. */
  readonly grades: readonly Grade[];
  readonly raisedOn?: CivilDate;
  /** How often a plan was asked for: on raising, after each rejection, on reopening. */
  readonly plansAsked: number;
  readonly planDue?: ExplainedDate;
  readonly submissions: number;
  readonly reviewDue?: ExplainedDate;
  /** The humans who submitted the plan that stands. */
  readonly planBy: readonly Id[];
  /** Every human who planned, owned or delivered the action; none of them verifies it. (SOD-7) */
  readonly workedBy: readonly Id[];
  readonly owner?: Id;
  readonly actionDue?: CivilDate;
  readonly planAcceptedOn?: CivilDate;
  readonly verifyDue?: ExplainedDate;
  /** The hard date by which a major of Stage 2 must be verified. (R-DEC-4) */
  readonly limit?: ExplainedDate;
  readonly limitPassed: boolean;
  readonly way?: VerificationWay;
  readonly deferred: boolean;
  readonly closedOn?: CivilDate;
  readonly reopened: number;
  readonly effectivenessDue?: ExplainedDate;
}

/** The finding among other things. */
export const isNonconformity = (thing: Thing): thing is Nonconformity => thing.kind === 'nonconformity';

/** True for the client's own findings, which its internal auditors handle. */
export const isInternal = ({ source }: Nonconformity): boolean => source !== 'audit';

/** The stages in which something is still owed. */
export const openStages = [
  ...['raised', 'disputed', 'planSubmitted', 'planRejected', 'planAccepted'],
  ...['implementing', 'evidenceSubmitted', 'evidenceRejected'],
] as const;

/** True from raising until closure. */
export const isOpen = ({ stage }: Nonconformity): boolean => openStages.some((one) => one === stage);

/** True while anything of it, be it a draft or the look at its effect, is still to come. */
export const isReleasable = ({ stage }: Nonconformity): boolean =>
  !['none', 'effective', 'retracted', 'released'].includes(stage);

const order: Readonly<Record<string, number>> = {
  ...{ none: 0, draft: 0, raised: 1, disputed: 1, ineffective: 1, planSubmitted: 2, planRejected: 2 },
  ...{ planAccepted: 3, implementing: 3, evidenceSubmitted: 3, evidenceRejected: 3 },
  ...{ closedVerified: 4, effectivenessDue: 4, effective: 4 },
};

/** True when the finding has come at least as far as a gate asks; a draft or a retracted one is no finding. (R-DEC-2) */
export function hasReached({ stage }: Nonconformity, least: 'planAccepted' | 'closedVerified'): boolean {
  if (stage === 'retracted' || stage === 'draft' || stage === 'none') return true;
  return (order[stage] ?? 0) >= (order[least] ?? 0);
}

/** Majors among findings that no one has verified as closed. (R-DEC-2, INV-3) */
export const unverifiedMajors = (things: readonly Thing[]): readonly Nonconformity[] =>
  things.filter(isNonconformity).filter((one) => one.grade === 'major' && !hasReached(one, 'closedVerified'));

/** Minors among findings whose plan has not been accepted. (R-DEC-2) */
export const minorsWithoutPlan = (things: readonly Thing[]): readonly Nonconformity[] =>
  things.filter(isNonconformity).filter((one) => one.grade === 'minor' && !hasReached(one, 'planAccepted'));
