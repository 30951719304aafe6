import type { Id } from '../actor.js';
import type { ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Event, type Opening, type Thing } from '../machine.js';

/** What can be decided. (SM-5) */
export const decisionKinds = [
  ...(['grant', 'refuse', 'maintain', 'renew', 'notRenew', 'restoreAfterExpiry'] as const),
] as const;

export type DecisionKind = (typeof decisionKinds)[number];

/** What a dossier is about: a first certification, a surveillance with a major, or the next cycle. */
export type Matter = 'initial' | 'surveillance' | 'recertification';

const matters: Readonly<Record<DecisionKind, Matter>> = {
  ...({ grant: 'initial', refuse: 'initial', maintain: 'surveillance' } as const),
  ...({
    renew: 'recertification',
    notRenew: 'recertification',
    restoreAfterExpiry: 'recertification',
  } as const),
};

/** The matter in which a decision of this kind is taken. */
export const matterOf = (kind: DecisionKind): Matter => matters[kind];

/** What a dossier can be made of besides audits and findings. (R-DEC-3, R-DEC-5) */
export const dossierItems = [
  'auditReport',
  'nonconformityComments',
  'applicationConfirmed',
  'objectivesAchieved',
  'recommendation',
  'cycleReview',
  'complaints',
] as const;

export type DossierItem = (typeof dossierItems)[number];

/** The decision; it takes effect on its day or, said so, later. */
export interface Decide {
  readonly decision: DecisionKind;
  readonly effectiveDate?: CivilDate;
  /** Fewer months than a whole cycle. (R-CRT-4, R-SUR-2c) */
  readonly cycleMonths?: number;
  /** On what a new expiry rests, where it is not what the body's policy says. (R-CAL-6) */
  readonly expiryBasis?: 'keepAnniversary' | 'fromDecision';
  readonly expiryBasisReason?: string;
}

/** What a dossier must hold. (R-DEC-3, R-DEC-5, R-SUR-4) */
export const itemsNeeded: Readonly<Record<Matter, readonly DossierItem[]>> = {
  initial: [
    'auditReport',
    'nonconformityComments',
    'applicationConfirmed',
    'objectivesAchieved',
    'recommendation',
  ],
  surveillance: ['auditReport', 'nonconformityComments'],
  recertification: ['auditReport', 'nonconformityComments', 'cycleReview', 'complaints', 'recommendation'],
};

/** What a member of a committee is for. (I-30) */
export type Vote = DecisionKind | 'abstain';

/** What a decision rests on, and the decision itself. (SM-5) */
export interface Dossier extends Thing {
  readonly kind: 'dossier';
  /** What is proposed: a dossier ends in any decision of its matter, whichever was proposed. */
  readonly proposes: DecisionKind;
  /** The audits on which the decision rests. */
  readonly audits: readonly Id[];
  readonly items: readonly DossierItem[];
  /** The last day of anything that was put into it; no decision is dated before. (R-CAL-14) */
  readonly lastEvidenceOn?: CivilDate;
  /** By when it is decided, from the day on which the dossier was complete. (R-DEC-8) */
  readonly due?: ExplainedDate;
  /** Those who decide: one, or the members of a committee. */
  readonly makers: readonly Id[];
  readonly votes: readonly { readonly by: Id; readonly vote: Vote }[];
  /** Those who declared in the review that goes on that they are free of conflicts. (R-IMP-4) */
  readonly declared?: readonly Id[];
  /** How many votes for one decision make it, in the review that goes on; none where one decides alone. (I-30) */
  readonly quorum?: number;
  readonly decision?: DecisionKind;
  readonly decidedOn?: CivilDate;
  readonly effectiveDate?: CivilDate;
  /** The months of a cycle shorter than a whole one, as they were decided. (R-CRT-4) */
  readonly cycleMonths?: number;
  readonly certificate?: Id;
}

/** One decides alone where the policy says one; else more than half of those named, and at least two. (I-30) */
export const votesNeeded = (makers: readonly Id[], least: number): number | undefined =>
  least < 2 && makers.length < 2 ? undefined : Math.max(2, least, Math.floor(makers.length / 2) + 1);

/** How many votes for a decision have been cast. */
export const votesFor = (decision: Vote, { votes }: Pick<Dossier, 'votes'>): number =>
  votes.filter(({ vote }) => vote === decision).length;

/** True when one decision has the votes that make it. (I-30) */
export const isAgreed = (dossier: Pick<Dossier, 'votes' | 'quorum'>): boolean =>
  decisionKinds.some((kind) => votesFor(kind, dossier) >= (dossier.quorum ?? 0));

/** A dossier among other things. */
export const isDossier = (thing: Thing): thing is Dossier => thing.kind === 'dossier';

/** True for a dossier that waits for its decision. */
export const isUndecided = ({ stage }: Dossier): boolean =>
  ['dossierOpen', 'dossierComplete', 'underReview', 'informationAsked'].includes(stage);

/** True when a decision that rests on the audit has been made. (R-DEC-2) */
export const wasDecidedOn = (things: readonly Thing[], audit: Id | undefined): boolean =>
  things
    .filter(isDossier)
    .some(
      ({ stage, audits }) =>
        (stage === 'decided' || stage === 'notified') && audits.some((id) => id === audit),
    );

/** Where in a returned dossier the auditors are asked to look again. */
export type ReturnedFor = 'finding' | 'grade' | 'recommendation' | 'stage1Need';

/** What can be recorded on a dossier. Questions, answers, reasons and comments are texts and stand apart. */
export interface DossierEvents {
  'dossier.opened': { proposes: DecisionKind; audits: readonly Id[] };
  'dossier.item-added': { item: DossierItem; on: CivilDate };
  'dossier.completed': { on: CivilDate; due: ExplainedDate };
  'decision-maker.assigned': { person: Id };
  'decision.review-started': { by: Id; quorum?: number };
  'decision.information-asked': { by: Id };
  'decision.information-supplied': { by: Id; on: CivilDate };
  'decision.returned': { by: Id; for: ReturnedFor };
  'decision.vote-cast': { by: Id; vote: Vote; freeOfConflicts?: true };
  'decision.made': {
    decision: DecisionKind;
    by: readonly Id[];
    on: CivilDate;
    effectiveDate: CivilDate;
    cycleMonths?: number;
    certificate?: Id;
  };
  'decision.notified': { on: CivilDate };
  'decision.date-corrected': { from: CivilDate; to: CivilDate; effectiveDate: CivilDate };
  'dossier.closed': object;
}

/** Makes the facts of a dossier. */
export const dossier = recorder<DossierEvents>('dossier');

/** What a new dossier is opened with. */
export interface NewDossier {
  readonly proposes: DecisionKind;
  readonly audits: readonly Id[];
  readonly opens: Opening;
}

/** The first fact of a dossier; the audit that is handed to the decision records it on a new stream. (SM-5) */
export const dossierOpened = (id: Id, { proposes, audits, opens }: NewDossier): Event =>
  dossier('dossier.opened', id, { proposes, audits }, { opens });
