import { isSameHuman, type Id } from '../actor.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Context,
  type Evolvers,
  type Machine,
  type Objection,
  type Thing,
} from '../machine.js';
import type { Policy } from '../policy.js';
import { programmeOf } from '../programme/parties.js';
import { refusal, type Warning } from '../refusal.js';
import {
  calculate,
  rawPercent,
  reaches,
  type Adjustment,
  type AuditTimeInputs,
  type Calculation,
  type Factor,
} from './calculation.js';
import { auditTimeTables } from './table.js';

/** How long the audits of a client take, and why. (R-TIM-1, SUP-5) */
export interface AuditTime extends Thing {
  readonly kind: 'audit-time';
  readonly inputs?: AuditTimeInputs;
  readonly calculation?: Calculation;
  readonly factors: readonly Factor[];
  /** The factors that have a justification. */
  readonly justified: readonly string[];
  /** The human who calculated it. */
  readonly calculatedBy?: Id;
  /** Days of auditors for Stage 1 and Stage 2 together. */
  readonly initialDays?: number;
}

/** A factor with its justification, if there is one already. */
export interface JustifiedFactor extends Factor {
  readonly justification?: string;
}

/** The factors of the calculation. */
export interface CalculateAuditTime {
  readonly factors: readonly JustifiedFactor[];
  readonly integrationPercent?: number;
}

/** Why a factor applies. */
export interface JustifyFactor {
  readonly factor: string;
  readonly justification: string;
}

interface AuditTimeEvents {
  'audit-time.inputs-entered': AuditTimeInputs;
  'audit-time.calculated': Calculation & {
    factors: readonly Factor[];
    justified: readonly string[];
    by: Id;
  };
  'audit-time.factor-justified': { factor: string };
  'audit-time.approved': { by: Id };
}

const auditTime = recorder<AuditTimeEvents>('audit-time');

const stageOf = (factors: readonly Factor[], justified: readonly string[]): string =>
  factors.every(({ factor }) => justified.includes(factor)) ? 'justified' : 'calculated';

const evolve: Evolvers<AuditTime, AuditTimeEvents> = {
  'audit-time.inputs-entered': ({ calculation: _, initialDays: __, ...state }, { data }) => ({
    ...state,
    inputs: data,
    factors: [],
    justified: [],
    stage: 'inputs',
  }),
  'audit-time.calculated': (state, { data: { by, factors, justified, ...calculation } }) => ({
    ...state,
    ...{ calculation, factors, justified, calculatedBy: by },
    initialDays: calculation.initialHalfDays / 2,
    stage: stageOf(factors, justified),
  }),
  'audit-time.factor-justified': (state, { data }) => {
    const justified = [...state.justified, data.factor];
    return { ...state, justified, stage: stageOf(state.factors, justified) };
  },
  'audit-time.approved': (state) => ({ ...state, stage: 'approved' }),
};

function tableMissing(inputs: AuditTimeInputs): Objection {
  const table = auditTimeTables[inputs.table];
  return table && reaches(table, inputs)
    ? undefined
    : refusal(
        'audit-time-table-missing',
        ['R-MD5-1', 'I-10'],
        'No loaded table covers this scheme and these numbers.',
        {
          wouldNeed: `one of ${Object.keys(auditTimeTables).join(', ')}`,
          whoCould: ['scheme-administrator'],
        },
      );
}

function siteReductions({ sites = [] }: AuditTimeInputs, policy: Policy): Objection {
  const most = policy.number('multisite.maxSiteReductionPercent');
  const over = sites.filter(({ reductionPercent }) => reductionPercent > most).map(({ key }) => key);
  return over.length === 0
    ? undefined
    : refusal(
        'site-reduction-too-large',
        ['R-MD1-5'],
        `A site's time is reduced by ${String(most)} % at most.`,
        {
          missing: over,
        },
      );
}

const enterAuditTimeInputs: CommandRule<AuditTime, AuditTimeInputs> = {
  does: 'Enter what the calculation of audit time starts from.',
  who: ['programme-manager'],
  from: ['none'],
  to: ['inputs'],
  inside: true,
  rules: ['R-TIM-1', 'R-MD5-1', 'R-MD1-5', 'I-10'],
  refuses: ['audit-time-table-missing', 'site-reduction-too-large'],
  guard: (inputs, _, { policy }) => [tableMissing(inputs), siteReductions(inputs, policy)],
  record: (inputs, { id }, { actor, under }) => {
    const programme = under && programmeOf(under);
    return [
      auditTime('audit-time.inputs-entered', id, inputs, {
        opens: {
          organisation: actor.organisation,
          visibility: 'both',
          ...(programme === undefined ? {} : { programme }),
        },
      }),
    ];
  },
};

/** Begins anew when headcount, roles or sites are others than they were. (R-TIM-1) */
const recalculateAuditTime: CommandRule<AuditTime, AuditTimeInputs> = {
  ...enterAuditTimeInputs,
  does: 'Begin the calculation anew with other inputs.',
  from: ['inputs', 'calculated', 'justified', 'approved'],
  needs: ['reason'],
  record: (inputs, { id }, { reason = '' }) => [
    auditTime('audit-time.inputs-entered', id, inputs, { texts: { reason } }),
  ],
};

/** A table that allows no reductions is followed. (R-MD5-1, I-10) */
function reductionNotAllowed({ factors }: Adjustment, { inputs }: AuditTime): Objection {
  const over = factors.filter(({ percent }) => percent < 0).map(({ factor }) => factor);
  return over.length === 0 || auditTimeTables[inputs?.table ?? '']?.allowReductions
    ? undefined
    : refusal('reduction-not-allowed', ['R-MD5-1', 'I-10'], 'The loaded table allows no reductions.', {
        missing: over,
      });
}

function integrationTooLarge({ integrationPercent = 0 }: Adjustment, { policy }: Context): Objection {
  const most = policy.number('integrated.maxReductionPercent');
  return integrationPercent <= most
    ? undefined
    : refusal(
        'integration-reduction-too-large',
        ['R-MD11-1'],
        `Integration reduces by ${String(most)} % at most.`,
      );
}

/** Factors are not heaped up so that the cap clips them; if they are, it is said and stays. (R-MD5-2) */
function beyondCap(adjustment: Adjustment, { policy }: Context): Warning | undefined {
  const most = policy.number('auditTime.maxNetReductionPercent');
  return rawPercent(adjustment) >= -most
    ? undefined
    : {
        code: 'raw-reduction-beyond-cap',
        rules: ['R-MD5-2'],
        message: `The factors reduce by ${String(-rawPercent(adjustment))} %, the cap is ${String(most)} %.`,
        acknowledge: true,
      };
}

const given = ({ justification }: JustifiedFactor): boolean => (justification ?? '').trim() !== '';

const calculateAuditTime: CommandRule<AuditTime, CalculateAuditTime> = {
  does: 'Calculate the audit time.',
  who: ['programme-manager'],
  from: ['inputs'],
  to: ['calculated', 'justified'],
  inside: true,
  rules: ['R-TIM-1', 'R-MD5-1', 'R-MD5-2', 'R-MD11-1', 'I-10'],
  refuses: ['reduction-not-allowed', 'integration-reduction-too-large'],
  guard: (input, state, context) => [reductionNotAllowed(input, state), integrationTooLarge(input, context)],
  warns: (input, _, context) => [beyondCap(input, context)],
  record: (input, { id, inputs }, { actor, policy }) => {
    const table = auditTimeTables[inputs?.table ?? ''];
    if (!inputs || !table) return [];
    const justified = input.factors.filter(given);
    const text = ({ factor, justification = '' }: JustifiedFactor): [string, string] => [
      `factor.${factor}`,
      justification,
    ];
    return [
      auditTime(
        'audit-time.calculated',
        id,
        {
          ...calculate(inputs, input, table, policy),
          factors: input.factors.map(({ factor, percent }) => ({ factor, percent })),
          justified: justified.map(({ factor }) => factor),
          by: actor.human,
        },
        { texts: Object.fromEntries(justified.map(text)) },
      ),
    ];
  },
};

const justifyFactor: CommandRule<AuditTime, JustifyFactor> = {
  does: 'Justify a factor.',
  who: ['programme-manager'],
  from: ['calculated'],
  to: ['justified'],
  inside: true,
  rules: ['R-TIM-1', 'R-MD5-1'],
  refuses: ['factor-unjustified'],
  guard: ({ factor, justification }, { factors }) => [
    factors.some((one) => one.factor === factor) && justification.trim() !== ''
      ? undefined
      : refusal(
          'factor-unjustified',
          ['R-TIM-1', 'R-MD5-1'],
          `There is no factor ${factor} with these words.`,
          {
            missing: [factor],
          },
        ),
  ],
  record: ({ factor, justification }, { id }) => [
    auditTime(
      'audit-time.factor-justified',
      id,
      { factor },
      { texts: { [`factor.${factor}`]: justification } },
    ),
  ],
};

function unjustified({ factors, justified }: AuditTime): Objection {
  const open = factors.map(({ factor }) => factor).filter((factor) => !justified.includes(factor));
  return open.length === 0
    ? undefined
    : refusal('factor-unjustified', ['R-TIM-1', 'R-MD5-1'], 'A factor has no justification.', {
        missing: open,
      });
}

/** A large reduction is approved by somebody other than who calculated it. (SUP-5) */
function sameApprover({ id, calculation, calculatedBy }: AuditTime, { actor, policy }: Context): Objection {
  const limit = policy.number('auditTime.secondApproverAbovePercent');
  const large = -(calculation?.cappedPercent ?? 0) > limit;
  return large && calculatedBy !== undefined && isSameHuman(actor, calculatedBy)
    ? refusal(
        'second-approver-required',
        ['SUP-5'],
        `Above ${String(limit)} % of reduction somebody else approves.`,
        { whoCould: ['programme-manager'], because: [{ thing: id, act: 'audit-time.calculated' }] },
      )
    : undefined;
}

const approveAuditTime: CommandRule<AuditTime> = {
  does: 'Approve the audit time.',
  who: ['programme-manager'],
  from: ['calculated', 'justified'],
  to: ['approved'],
  inside: true,
  person: true,
  rules: ['R-TIM-1', 'R-MD5-1', 'SUP-5'],
  refuses: ['factor-unjustified', 'second-approver-required'],
  may: (state, context) => [unjustified(state), sameApprover(state, context)],
  record: (_, { id }, { actor }) => [auditTime('audit-time.approved', id, { by: actor.id })],
};

/** The calculation of audit time: inputs, calculated with raw and capped value, justified, approved. (SUP-5) */
export const auditTimeMachine: Machine<AuditTime> = {
  kind: 'audit-time',
  prefix: 'tim',
  id: 'SUP-5',
  stages: ['inputs', 'calculated', 'justified', 'approved'],
  ends: [],
  initial: (id) => ({ ...nothingYet(id), kind: 'audit-time', factors: [], justified: [] }),
  is: (thing): thing is AuditTime => thing.kind === 'audit-time',
  evolve,
  commands: {
    ...{ enterAuditTimeInputs, calculateAuditTime, justifyFactor, approveAuditTime },
    recalculateAuditTime,
  },
};
