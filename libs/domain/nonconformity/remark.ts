import {
  nothingYet,
  recorder,
  type CommandRule,
  type Context,
  type Machine,
  type Objection,
  type Thing,
} from '../machine.js';
import { programmeOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { filled, isFilled, missing, statesNonconformity } from '../wording.js';
import { functionOf, isAudited } from './audited.js';

/** The lighter findings: what an auditor saw, and what could be better. Neither carries an obligation. (R-FND-3, R-FND-7) */
export type RemarkKind = 'observation' | 'opportunity';

/** An observation or an opportunity for improvement: raised, and considered by whoever it is for. (SM-4) */
export interface Remark extends Thing {
  readonly kind: RemarkKind;
  readonly outcome?: 'adopted' | 'declined';
}

/** What was seen; the requirement, if one is near, is fulfilled, or it would be a nonconformity. (R-FND-3) */
export interface RaiseRemark {
  readonly statement?: string;
  readonly requirementFulfilled?: boolean;
}

/** Adopted with its action, or declined with the reason. (R-FND-7) */
export interface ConsiderRemark {
  readonly outcome: 'adopted' | 'declined';
  readonly action?: string;
}

interface RemarkEvents {
  raised: object;
  considered: { outcome: 'adopted' | 'declined' };
}

const outsideTeam = ({ under, actor, role }: Context): Objection => {
  if (role === 'internal-auditor') return undefined;
  return under && isAudited(under) && functionOf(under, actor) === 'lead'
    ? undefined
    : refusal('not-permitted', ['R-GEN-1'], 'Only the leader of the audit raises this.', {
        whoCould: ['lead-auditor'],
      });
};

const hidden = ({ statement = '', requirementFulfilled }: RaiseRemark): Objection =>
  requirementFulfilled === false || statesNonconformity(statement)
    ? refusal(
        'nonconformity-as-opportunity',
        ['R-FND-3'],
        'A requirement that is not fulfilled is a nonconformity.',
        {
          wouldNeed: 'a nonconformity with its grade',
        },
      )
    : undefined;

const silent = ({ statement }: RaiseRemark): Objection =>
  isFilled(statement)
    ? undefined
    : refusal('finding-incomplete', ['R-FND-2'], 'Say what was seen.', { missing: missing({ statement }) });

function raise(kind: RemarkKind): CommandRule<Remark, RaiseRemark> {
  const fact = recorder<Record<`${RemarkKind}.raised`, RemarkEvents['raised']>>(kind);
  return {
    does: kind === 'observation' ? 'Raise an observation.' : 'Raise an opportunity for improvement.',
    who: ['lead-auditor', 'internal-auditor'],
    from: ['none'],
    to: ['raised'],
    person: true,
    rules: ['R-FND-2', 'R-FND-3'],
    refuses: ['nonconformity-as-opportunity', 'finding-incomplete'],
    series: 'N',
    guard: (input, _, context) => [outsideTeam(context), silent(input), hidden(input)],
    record: ({ statement }, { id }, { actor, role, under, newNumber }) => {
      const programme = under && programmeOf(under);
      const opens = {
        organisation: actor.organisation,
        ...(programme ? { programme } : {}),
        ...(under ? { about: under.id } : {}),
        visibility: role === 'internal-auditor' ? ('owner' as const) : ('both' as const),
        number: newNumber,
      };
      return [fact(`${kind}.raised`, id, {}, { texts: filled({ statement }), opens })];
    },
  };
}

const withoutAction = ({ outcome, action }: ConsiderRemark, { reason }: Context): Objection => {
  const said = outcome === 'adopted' ? action : reason;
  return isFilled(said)
    ? undefined
    : refusal('reason-missing', ['R-FND-7'], 'Adopt it with its action, or decline it with the reason.', {
        missing: [outcome === 'adopted' ? 'action' : 'reason'],
      });
};

function consider(kind: RemarkKind): CommandRule<Remark, ConsiderRemark> {
  const fact = recorder<Record<`${RemarkKind}.considered`, RemarkEvents['considered']>>(kind);
  return {
    does: 'Adopt it with its action, or decline it with the reason.',
    who: ['aims-manager', 'process-owner'],
    from: ['raised'],
    to: ['considered'],
    rules: ['R-FND-7'],
    refuses: ['reason-missing'],
    guard: (input, _, context) => [withoutAction(input, context)],
    record: ({ outcome, action }, { id }, { reason }) => [
      fact(`${kind}.considered`, id, { outcome }, { texts: filled({ action, reason }) }),
    ],
  };
}

const life = (kind: RemarkKind, prefix: string, commands: Machine<Remark>['commands']): Machine<Remark> => ({
  kind,
  prefix,
  id: 'SM-4',
  stages: ['raised', 'considered'],
  ends: ['considered'],
  initial: (id) => ({ ...nothingYet(id), kind }),
  is: (thing): thing is Remark => thing.kind === kind,
  evolve: {
    [`${kind}.raised`]: (state) => ({ ...state, stage: 'raised' }),
    [`${kind}.considered`]: (state, { data }) => ({ ...state, ...data, stage: 'considered' }),
  },
  commands,
});

/** Observations: what an auditor saw that is no nonconformity. (R-FND-3, R-FND-7) */
export const observationMachine = life('observation', 'obs', {
  raiseObservation: raise('observation'),
  considerObservation: consider('observation'),
});

/** Opportunities for improvement. (R-FND-3, R-FND-7) */
export const opportunityMachine = life('opportunity', 'ofi', {
  raiseOpportunity: raise('opportunity'),
  considerOpportunity: consider('opportunity'),
});
