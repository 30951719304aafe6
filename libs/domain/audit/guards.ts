import { isSameHuman } from '../actor.js';
import type { Context, Objection } from '../machine.js';
import { refusal } from '../refusal.js';
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

/** A command that only one type of audit knows. */
export const only =
  (auditType: AuditType) =>
  (state: Audit): Objection =>
    state.auditType === auditType
      ? undefined
      : refusal(
          'wrong-state',
          [auditType === 'stage1' ? 'SM-2' : 'SM-3'],
          `Only ${auditType === 'stage1' ? 'Stage 1' : 'Stage 2'} knows this step.`,
        );

/** The reason of the command, as a text to record. */
export const becauseOf = ({ reason }: Context): Readonly<Record<string, string>> =>
  reason === undefined ? {} : { reason };

/** Several texts as one, a line each, so that a report is one commitment. */
export const asOneText = (fields: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(fields)
    .filter(([, text]) => text !== undefined && text.trim() !== '')
    .map(([name, text = '']) => `${name}: ${text.trim()}`)
    .join('\n');
