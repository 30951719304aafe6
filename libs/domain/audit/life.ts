import type { Id, Role } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { Thing } from '../machine.js';

/** Which audit of the programme it is. */
export type AuditType = 'stage1' | 'stage2' | 'surveillance' | 'recertification';

/** What a member does in the team; a technical expert advises under an auditor and is none. (R-TEAM-1) */
export type TeamFunction = 'lead' | 'auditor' | 'technicalExpert';

/** A member of the team; an expert names the auditor under whom the work is done. (SOD-9) */
export interface Member {
  readonly person: Id;
  readonly function: TeamFunction;
  readonly under?: Id;
}

/** What a member declared for this assignment: free of conflicts or not, and until when that holds. (R-IMP-4) */
export interface Declaration {
  readonly key: string;
  readonly by: Id;
  readonly free: boolean;
  readonly until: ExplainedDate;
}

/** The client's objection to a member, open until it is resolved. (R-TEAM-2) */
export interface TeamObjection {
  readonly key: string;
  readonly member?: Id;
  readonly resolved?: 'accepted' | 'rejected';
}

/** Something that could become a nonconformity at Stage 2; it has no grade. (R-S1-2) */
export interface AreaOfConcern {
  readonly key: string;
  readonly requirement: string;
  readonly answered: boolean;
}

/** How Stage 1 was concluded. (R-S1-2) */
export type Stage1Result = 'ready' | 'readyWithConcerns' | 'notReady';

/** How much of Stage 1 is repeated after a significant change. (R-S1-5) */
export type Repeat = 'none' | 'part' | 'all';

/** What the team recommends; it never decides. (R-S2-4) */
export type Recommendation = 'grant' | 'grantAfterVerification' | 'refuse';

/** One audit of the certification body at one client: its team, its dates, and what came of it. (F, SM-2, SM-3, SM-7, SM-8) */
export interface Audit extends Thing {
  readonly kind: 'audit';
  readonly auditType: AuditType;
  readonly plannedFrom?: CivilDate;
  readonly plannedTo?: CivilDate;
  /** The days on which it was held; the last one is that of its last part. (R-CAL-19, I-35) */
  readonly firstDay?: CivilDate;
  readonly lastDay?: CivilDate;
  readonly planDue?: ExplainedDate;
  readonly team: readonly Member[];
  /** Everybody who was ever in the team, as account and as human: corrections never erase an act. (SOD-1) */
  readonly everInTeam: readonly Id[];
  readonly declarations: readonly Declaration[];
  readonly objections: readonly TeamObjection[];
  readonly window?: ExplainedDate;
  readonly accepted: boolean;
  readonly windowOver: boolean;
  /** Days of auditors on this audit as agreed; experts and observers do not count. (R-TIM-1) */
  readonly auditorDays: number;
  readonly remote: boolean;
  /** Controls of the statement of applicability that the audit must cover. (R-PRG-3) */
  readonly controls: readonly string[];
  readonly closingMeetingOn?: CivilDate;
  readonly reportDue?: ExplainedDate;
  readonly concerns: readonly AreaOfConcern[];
  readonly concernsDue?: ExplainedDate;
  readonly result?: Stage1Result;
  readonly validityReview?: ExplainedDate;
  readonly validityConfirmed: boolean;
  readonly expiresOn?: ExplainedDate;
  readonly repeat: Repeat;
  /** The Stage 2 that started on this result. */
  readonly reliedUponBy?: Id;
  readonly nonconformities: number;
  /** By when its majors must be verified; each of them owes it. (R-DEC-4) */
  readonly majorsVerifiedBy?: ExplainedDate;
  /** True once the six months were over for a major. (R-DEC-4) */
  readonly repeatProposed: boolean;
  readonly recommendation?: Recommendation;
  /** Findings that stood open when the grant was recommended, and that bind the decision. (R-DEC-2) */
  readonly openItems: readonly Id[];
  readonly dossier?: Id;
  /** True once the decision that rests on it has been made. */
  readonly decided: boolean;
}

/** An audit among other things. */
export const isAudit = (thing: Thing): thing is Audit => thing.kind === 'audit' && thing.stage !== 'none';

/** The leader of the team. */
export const leadOf = ({ team }: Audit): Id | undefined =>
  team.find((member) => member.function === 'lead')?.person;

/** The members who count as auditors: the leader and the auditors, never the experts. (R-TEAM-1, R-TIM-1) */
export const auditorsOf = (team: readonly Member[]): readonly Member[] =>
  team.filter((member) => member.function !== 'technicalExpert');

/** The role in which a member acts. */
export const roleOf = ({ function: does }: Member): Role =>
  (({ lead: 'lead-auditor', auditor: 'auditor', technicalExpert: 'technical-expert' }) as const)[does];

/** The declaration that a member made last. */
export const declarationOf = ({ declarations }: Audit, person: Id): Declaration | undefined =>
  declarations.findLast(({ by }) => by === person);

/** A Stage 1 on which no audit can rest any more: given up, not ready, or to be held again. (R-REC-2, R-S1-4, R-S1-5) */
export const givesNothing = ({ stage, result }: Audit): boolean =>
  result === 'notReady' || ['cancelled', 'aborted', 'resultExpired', 'repeatRequired'].includes(stage);

/** Of a certification that was begun anew only those that were held since; of any other one all. (R-REC-6, I-38) */
export const heldSince = (audits: readonly Audit[], begunAnew: CivilDate | undefined): readonly Audit[] =>
  audits.filter(({ firstDay = '' }) => begunAnew === undefined || firstDay >= begunAnew);

const lastHeld = (audits: readonly Audit[]): Audit | undefined =>
  audits.reduce<Audit | undefined>(
    (last, one) => ((last?.lastDay ?? '') > (one.lastDay ?? '') ? last : one),
    undefined,
  );

/** The Stage 1 that was concluded last; one that proved impossible afterwards concludes nothing. (R-S2-2, R-CNF-1) */
export const lastStage1 = (audits: readonly Audit[]): Audit | undefined =>
  lastHeld(
    audits.filter(
      ({ auditType, result, stage }) => auditType === 'stage1' && result !== undefined && stage !== 'aborted',
    ),
  );

/** Every initial audit that was held, also one that was repeated since: its team decides nothing. (SOD-1) */
export const initialAuditsHeld = (things: readonly Thing[]): readonly Id[] =>
  things
    .filter(isAudit)
    .filter(({ auditType, lastDay }) => lastDay !== undefined && auditType.startsWith('stage'))
    .map(({ id }) => id);

/** The Stage 2 that ended last. */
export const lastStage2 = (audits: readonly Audit[]): Audit | undefined =>
  lastHeld(audits.filter(({ auditType, lastDay }) => auditType === 'stage2' && lastDay !== undefined));
