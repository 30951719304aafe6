import type { CommandRule, Context, Objection } from '../machine.js';
import { wasDecidedOn } from '../decision/dossier.js';
import { programmeOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { filled, isFilled, missing, proposesCauseOrSolution } from '../wording.js';
import { isAudited } from './audited.js';
import { nonconformity } from './events.js';
import type { Grade, Nonconformity, Source } from './finding.js';
import { datesOf, renewalOf } from './limit.js';
import { auditOf, handles } from './people.js';

/** What somebody noted during an audit or otherwise; it may be incomplete until it is raised. */
export interface DraftFinding {
  readonly source: Source;
  readonly requirement?: string;
  readonly statement?: string;
  readonly objectiveEvidence?: string;
}

/** The finding as it is raised: one requirement, a statement, the evidence, and the grade with its reason. (R-FND-2) */
export interface RaiseNonconformity {
  readonly grade: Grade;
  readonly requirement?: string;
  readonly statement?: string;
  readonly objectiveEvidence?: string;
  readonly gradeReason?: string;
  /** Filled only by mistake: cause and solution are the client's. (R-FND-2) */
  readonly cause?: string;
  readonly solution?: string;
}

const REQUIREMENT = /^(A\.)?\d{1,2}(\.\d{1,2}){0,4}( [a-z]\))?$/;
const notYet = [
  'planned',
  'teamProposed',
  'teamConfirmed',
  'planSent',
  'planAgreed',
  'scheduled',
  'postponed',
];
const over = ['cancelled', 'aborted', 'closed'];

const auditNotOpen = ({ under }: Context): Objection =>
  under && isAudited(under) && [...notYet, ...over].includes(under.stage)
    ? refusal(
        'wrong-state',
        ['R-FND-2'],
        `The audit is ${under.stage}; findings come from an audit in progress.`,
      )
    : undefined;

/** A programme that has ended finds nothing any more. (SM-0) */
const programmeOver = ({ things, under }: Context): Objection =>
  [...things, ...(under ? [under] : [])].some(
    ({ kind, stage }) => kind === 'programme' && stage === 'terminated',
  )
    ? refusal('wrong-state', ['SM-0'], 'The programme has ended.')
    : undefined;

const asDrafted = (state: Nonconformity, { source }: DraftFinding): Nonconformity => ({ ...state, source });

const misplaced = ({ source }: DraftFinding, { under }: Context): Objection =>
  (source === 'audit') === (under !== undefined && isAudited(under))
    ? undefined
    : refusal(
        'finding-incomplete',
        ['R-FND-2'],
        "A finding of the body stands under its audit, the client's own under the programme.",
        {
          missing: ['source'],
        },
      );

/** Notes what may become a finding. */
export const draftFinding: CommandRule<Nonconformity, DraftFinding> = {
  does: 'Draft a finding.',
  who: ['lead-auditor', 'auditor', 'internal-auditor', 'aims-manager'],
  from: ['none'],
  to: ['draft'],
  rules: ['R-FND-2', 'SOD-9', 'SM-0'],
  refuses: ['finding-incomplete'],
  series: 'N',
  guard: (input, state, context) => [
    misplaced(input, context),
    handles(['lead-auditor', 'auditor'])(asDrafted(state, input), context),
    auditNotOpen(context),
    programmeOver(context),
  ],
  record: ({ source, requirement, statement, objectiveEvidence }, { id }, { actor, under, newNumber }) => {
    const programme = under && programmeOf(under);
    return [
      nonconformity(
        'finding.drafted',
        id,
        { source, ...(requirement && isRequirement(requirement) ? { requirement } : {}) },
        {
          texts: filled({ statement, objectiveEvidence }),
          opens: {
            organisation: actor.organisation,
            ...(programme ? { programme } : {}),
            ...(under ? { about: under.id } : {}),
            visibility: source === 'audit' ? 'both' : 'owner',
            number: newNumber,
          },
        },
      ),
    ];
  },
};

const isRequirement = (text: string): boolean => REQUIREMENT.test(text.trim());

const requirementOf = (input: RaiseNonconformity, state: Nonconformity): string | undefined =>
  isFilled(input.requirement) ? input.requirement.trim() : state.requirement;

function incomplete(input: RaiseNonconformity, state: Nonconformity): Objection {
  const requirement = requirementOf(input, state);
  const lacking = missing({
    requirement,
    statement: input.statement ?? state.texts['statement'],
    objectiveEvidence: input.objectiveEvidence ?? state.texts['objectiveEvidence'],
    gradeReason: input.gradeReason,
  });
  if (lacking.length > 0)
    return refusal('finding-incomplete', ['R-FND-2', 'R-FND-1'], 'The finding is not complete.', {
      missing: lacking,
    });
  if (!requirement || isRequirement(requirement)) return undefined;
  return refusal('more-than-one-requirement', ['R-FND-2'], `"${requirement}" is not one clause or control.`, {
    wouldNeed: 'one clause such as 8.2 or one control such as A.6.2.4; raise one finding for each',
  });
}

const oversteps = (
  { cause, solution, statement }: RaiseNonconformity,
  { source }: Nonconformity,
): Objection =>
  source === 'audit' && (isFilled(cause) || isFilled(solution) || proposesCauseOrSolution(statement ?? ''))
    ? refusal(
        'cause-or-solution-proposed',
        ['R-FND-2'],
        'The body states what is not fulfilled; cause and solution are for the client.',
      )
    : undefined;

const noGradesInStage1 = (state: Nonconformity, context: Context): Objection =>
  auditOf(state, context)?.auditType === 'stage1'
    ? refusal(
        'grade-not-allowed',
        ['R-S1-2'],
        'Stage 1 knows areas of concern and no graded nonconformities.',
      )
    : undefined;

const afterDecision = (state: Nonconformity, { things }: Context): Objection =>
  wasDecidedOn(things, state.about)
    ? refusal('wrong-state', ['R-DEC-2'], 'The decision that rests on this audit has been made.')
    : undefined;

/** What a surveillance has reported is what is maintained: no finding comes up behind it, unless it stood in a report elsewhere. (R-SUR-4) */
function afterReport(state: Nonconformity, context: Context): Objection {
  const audit = context.mirrored ? undefined : auditOf(state, context);
  return audit?.auditType === 'surveillance' && !['inProgress', 'reporting'].includes(audit.stage)
    ? refusal('wrong-state', ['R-SUR-4'], `The surveillance is ${audit.stage}; its findings are reported.`)
    : undefined;
}

/** Makes a finding known to whoever must correct it, and starts its clocks. (R-FND-1, R-FND-2) */
export const raiseNonconformity: CommandRule<Nonconformity, RaiseNonconformity> = {
  does: 'Raise a nonconformity with its grade.',
  who: ['lead-auditor', 'internal-auditor', 'aims-manager'],
  from: ['draft'],
  to: ['raised'],
  person: true,
  rules: ['R-FND-1', 'R-FND-2', 'R-S1-2', 'R-DEC-2', 'R-SUR-4'],
  refuses: [
    'finding-incomplete',
    'more-than-one-requirement',
    'cause-or-solution-proposed',
    'grade-not-allowed',
  ],
  looks: ['audit', 'dossier', 'recertification'],
  may: (state, context) => [
    handles(['lead-auditor'])(state, context),
    noGradesInStage1(state, context),
    afterDecision(state, context),
    afterReport(state, context),
  ],
  guard: (input, state) => [incomplete(input, state), oversteps(input, state)],
  record: (input, state, context) => {
    const { grade, statement, objectiveEvidence, gradeReason } = input;
    const [on, policy, about] = [context.effectiveOn, context.policy, auditOf(state, context)];
    const renewal = renewalOf(about, context.things);
    return [
      nonconformity(
        'nonconformity.raised',
        state.id,
        {
          grade,
          requirement: requirementOf(input, state) ?? '',
          on,
          ...datesOf({ grade, on, about, policy, renewal }),
        },
        { texts: filled({ statement, objectiveEvidence, gradeReason }), evidence: context.evidence },
      ),
    ];
  },
};
