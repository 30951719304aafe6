import { sampleTooSmall, type SiteSample } from '../audit/sample.js';
import { softSpan, type ExplainedDate } from '../explanation.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { programmeFact, type PlannedAudit, type Programme } from './facts.js';

/** The audits of a whole cycle, what was considered, and how sites are sampled. (R-PRG-1, R-PRG-3, R-MS-1) */
export interface AuditProgramme {
  readonly audits: readonly PlannedAudit[];
  /** Size, complexity, maturity, earlier results, complaints, shifts, sites. */
  readonly considered?: string;
  readonly sample?: SiteSample;
  readonly sampleRationale?: string;
}

const cycle = ['stage1', 'stage2', 'surveillance1', 'surveillance2', 'recertification'] as const;
const wholly = ['stage2', 'recertification'] as const;
const clauses = [4, 5, 6, 7, 8, 9, 10];

function auditsMissing({ audits }: AuditProgramme): Objection {
  const out = cycle.filter((name) => !audits.some(({ audit }) => audit === name));
  return out.length === 0
    ? undefined
    : refusal('audit-programme-missing', ['R-PRG-1'], 'The audit programme does not span the whole cycle.', {
        missing: out,
      });
}

/** Stage 2 and the recertification cover every clause and every applicable control. (R-PRG-3) */
function notCovered({ audits }: AuditProgramme): Objection {
  const out = wholly.flatMap((name) => {
    const planned = audits.find(({ audit }) => audit === name);
    if (!planned) return [];
    const left = clauses
      .filter((clause) => !planned.clauses.includes(clause))
      .map((clause) => `${name}.${String(clause)}`);
    return planned.controls === 'all' ? left : [...left, `${name}.controls`];
  });
  return out.length === 0
    ? undefined
    : refusal('coverage-incomplete', ['R-PRG-3'], 'Clauses or controls are left out of the cycle.', {
        missing: out,
      });
}

/** A sample of sites stands with its rationale. (R-MS-1) */
function sampleUnexplained({ sampleRationale }: AuditProgramme, { sites }: Programme): Objection {
  return sites.length > 1 && !sampleRationale?.trim()
    ? refusal('sample-too-small', ['R-MS-1'], 'A sampling programme needs its rationale.', {
        missing: ['sampleRationale'],
      })
    : undefined;
}

const objections = (input: AuditProgramme, state: Programme, { policy }: Context): readonly Objection[] => [
  auditsMissing(input),
  notCovered(input),
  sampleUnexplained(input, state),
  sampleTooSmall(input.sample, state.sites.length, policy),
];

/** The day on which a programme without a decision is looked at again. (SM-0) */
export const decisionExpected = (since: string, { policy, effectiveOn }: Context): ExplainedDate =>
  softSpan(
    {
      rule: 'SM-0',
      anchor: { name: since, date: effectiveOn },
      key: 'initial.staleReviewMonths',
      unit: 'months',
    },
    policy,
  );

const words = ({ considered, sampleRationale }: AuditProgramme) => ({
  texts: filled({ considered, sampleRationale }),
});

/** Approves the audit programme of the first cycle. (R-PRG-1, R-PRG-3, R-MS-1) */
export const approveAuditProgramme: CommandRule<Programme, AuditProgramme> = {
  does: 'Approve the audit programme.',
  who: ['programme-manager'],
  from: ['contracted'],
  to: ['initial'],
  person: true,
  rules: ['R-PRG-1', 'R-PRG-3', 'R-MS-1', 'R-MD1-2', 'R-MD1-3'],
  refuses: ['audit-programme-missing', 'coverage-incomplete', 'sample-too-small'],
  guard: objections,
  record: (input, { id }, context) => {
    const decisionExpectedBy = decisionExpected('approval of the audit programme', context);
    return [
      programmeFact(
        'audit-programme.approved',
        id,
        { audits: input.audits, by: context.actor.id, decisionExpectedBy },
        words(input),
      ),
    ];
  },
};

/** Changes the audit programme, with the reason. (R-PRG-1) */
export const reviseAuditProgramme: CommandRule<Programme, AuditProgramme> = {
  does: 'Change the audit programme.',
  who: ['programme-manager'],
  from: ['initial', 'certified', 'recertifying', 'lapsed'],
  to: [],
  person: true,
  needs: ['reason'],
  rules: ['R-PRG-1', 'R-PRG-3', 'R-MS-1', 'R-MD1-2', 'R-MD1-3'],
  refuses: ['audit-programme-missing', 'coverage-incomplete', 'sample-too-small'],
  guard: objections,
  record: (input, { id }, { actor, reason = '' }) => [
    programmeFact(
      'audit-programme.revised',
      id,
      { audits: input.audits, by: actor.id },
      { texts: { ...words(input).texts, reason } },
    ),
  ],
};
