import { bodyRoles, clientRoles, type Id } from '../actor.js';
import type { CivilDate } from '../instant.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Evolvers,
  type Machine,
  type Thing,
} from '../machine.js';
import { programmeOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';

/** What a file shows. The first six are what the audits ask for before they begin. (R-RDY-1, R-S1-3) */
export const evidenceKinds = [
  'policy',
  'treatmentPlan',
  'statementOfApplicability',
  'impactAssessment',
  'internalAuditReport',
  'managementReviewRecord',
  ...(['scopeStatement', 'contextRegister', 'aiSystemInventory', 'objectives', 'riskCriteria'] as const),
  ...(['riskAssessment', 'treatmentRecord', 'documentRegister', 'operatingRecord'] as const),
  ...(['indicatorReport', 'trainingRecord'] as const),
  'correctiveAction',
  'auditRecord',
  'agreement',
  'other',
] as const;

export type EvidenceKind = (typeof evidenceKinds)[number];

/** A file that something rests on, known by the hash of its bytes; never overwritten, only superseded. (R-EVD-1) */
export interface Evidence extends Thing {
  readonly kind: 'evidence';
  readonly sha256: string;
  readonly bytes: number;
  /** Its media type. */
  readonly type: string;
  readonly documentKind: EvidenceKind;
  readonly datedOn?: CivilDate;
  readonly approvedBy?: Id;
  readonly collectedBy?: Id;
  readonly supersededBy?: Id;
}

/** What is recorded of a file that was stored before. */
export interface RecordEvidence {
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  readonly documentKind: EvidenceKind;
  /** The file's name, and what it is. */
  readonly title?: string;
  readonly datedOn: CivilDate;
  readonly approvedBy?: Id;
}

/** The newer file in place of this one. */
export interface SupersedeEvidence {
  readonly by: Id;
}

interface EvidenceEvents {
  'evidence.recorded': Pick<Evidence, 'sha256' | 'bytes' | 'type' | 'documentKind'> & {
    datedOn: CivilDate;
    collectedBy: Id;
    approvedBy?: Id;
  };
  'evidence.superseded': { by: Id };
}

const evidence = recorder<EvidenceEvents>('evidence');

const evolve: Evolvers<Evidence, EvidenceEvents> = {
  'evidence.recorded': (state, { data }) => ({ ...state, ...data, stage: 'recorded' }),
  'evidence.superseded': (state, { data }) => ({ ...state, supersededBy: data.by, stage: 'superseded' }),
};

const recordEvidence: CommandRule<Evidence, RecordEvidence> = {
  does: 'Record a file as evidence.',
  who: [...clientRoles, ...bodyRoles],
  from: ['none'],
  to: ['recorded'],
  rules: ['R-EVD-1', 'INV-13'],
  refuses: ['date-in-future'],
  guard: ({ datedOn }, _, { today }) => [
    datedOn > today
      ? refusal('date-in-future', ['INV-13'], `The file is dated ${datedOn}; today is ${today}.`)
      : undefined,
  ],
  record: ({ title, sha256, bytes, type, ...rest }, { id }, { actor, under }) => {
    const programme = under && programmeOf(under);
    const about = under && under.kind !== 'organisation' ? { about: under.id } : {};
    return [
      evidence(
        'evidence.recorded',
        id,
        { sha256, bytes, type, ...rest, collectedBy: actor.id },
        {
          opens: {
            organisation: actor.organisation,
            ...(programme === undefined ? {} : { programme }),
            ...about,
            visibility: programme === undefined ? 'owner' : 'both',
          },
          texts: filled({ title }),
          evidence: [{ sha256, bytes, type }],
        },
      ),
    ];
  },
};

const supersedeEvidence: CommandRule<Evidence, SupersedeEvidence> = {
  does: 'Say which newer file stands in place of this one.',
  who: [...clientRoles, ...bodyRoles],
  from: ['recorded'],
  to: ['superseded'],
  rules: ['R-EVD-1'],
  refuses: ['not-permitted'],
  may: ({ collectedBy, organisation }, { actor, role }) => [
    collectedBy === actor.id || (role === 'aims-manager' && organisation === actor.organisation)
      ? undefined
      : refusal('not-permitted', ['R-EVD-1'], 'Whoever collected the file, or the AIMS manager, does this.', {
          whoCould: ['aims-manager'],
        }),
  ],
  record: ({ by }, { id }) => [evidence('evidence.superseded', id, { by })],
};

/** The files behind the facts. (R-EVD-1, SUP-0) */
export const evidenceMachine: Machine<Evidence> = {
  kind: 'evidence',
  prefix: 'evd',
  id: 'SUP-0',
  stages: ['recorded', 'superseded'],
  ends: ['superseded'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'evidence',
    sha256: '',
    bytes: 0,
    type: '',
    documentKind: 'other',
  }),
  is: (thing): thing is Evidence => thing.kind === 'evidence',
  evolve,
  commands: { recordEvidence, supersedeEvidence },
};

/** The files of a kind that are dated, approved and in force, in the order of their dates. (R-RDY-1) */
export const standing = (things: readonly Thing[], kind: EvidenceKind): readonly Evidence[] =>
  things
    .filter(evidenceMachine.is)
    .filter((one) => one.stage === 'recorded' && one.documentKind === kind && one.approvedBy !== undefined)
    .sort((a, b) => ((a.datedOn ?? '') < (b.datedOn ?? '') ? -1 : 1));

/** The kinds of evidence, among those asked for, of which no dated and approved file stands. (R-RDY-1) */
export const kindsWithout = (
  things: readonly Thing[],
  asked: readonly EvidenceKind[],
): readonly EvidenceKind[] => asked.filter((kind) => standing(things, kind).length === 0);
