import { isSameHuman } from '../actor.js';
import type { Context, Objection } from '../machine.js';
import { refusal, type RuleId } from '../refusal.js';
import { leadOf, type Audit, type AuditType } from './life.js';

/** The stages before the audit begins. */
export const beforeStart = [
  ...(['planned', 'teamProposed', 'teamConfirmed', 'planSent', 'planAgreed', 'scheduled'] as const),
];

/** The leader of this audit's team, not the leader of another one. (R-TEAM-1) */
export function byLead(state: Audit, { actor, role }: Context): Objection {
  const lead = leadOf(state);
  if (role !== 'lead-auditor' || (lead !== undefined && isSameHuman(actor, lead))) return undefined;
  return refusal('not-permitted', ['R-TEAM-1'], 'Only the leader of the team of this audit does this.', {
    whoCould: ['lead-auditor'],
  });
}

/** The types of audit by the words of people, and the machine behind each. */
const types: Readonly<Record<AuditType, { readonly name: string; readonly machine: RuleId }>> = {
  stage1: { name: 'Stage 1', machine: 'SM-2' },
  stage2: { name: 'Stage 2', machine: 'SM-3' },
  surveillance: { name: 'a surveillance', machine: 'SM-7' },
  recertification: { name: 'a recertification', machine: 'SM-8' },
};

const machinesOf = (known: readonly AuditType[]): readonly RuleId[] =>
  known.map((type) => types[type].machine);

/** A command that only some types of audit know. */
export const only =
  (...known: readonly AuditType[]) =>
  (state: Audit): Objection =>
    known.includes(state.auditType)
      ? undefined
      : refusal(
          'wrong-state',
          machinesOf(known),
          `Only ${known.map((type) => types[type].name).join(', ')} knows this step.`,
        );

/** The audits that have a formal plan: all but Stage 1. (R-PLAN-1) */
export const planned = ['stage2', 'surveillance', 'recertification'] as const;

/** The reason of the command, as a text to record. */
export const becauseOf = ({ reason }: Context): Readonly<Record<string, string>> =>
  reason === undefined ? {} : { reason };

/** Several texts as one, a line each, so that a report is one commitment. */
export const asOneText = (fields: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(fields)
    .filter(([, text]) => text !== undefined && text.trim() !== '')
    .map(([name, text = '']) => `${name}: ${text.trim()}`)
    .join('\n');
