import type { Role } from '../actor.js';
import type { Obligation } from '../obligation.js';
import { recertificationEnds, type Recertification } from './facts.js';

const both: readonly Role[] = ['aims-manager', 'programme-manager'];

/** What a recertification owes: its start, its audit, its decision. The expiry is owed by the certificate. (R-REC-1) */
export function obligations(state: Recertification): readonly Obligation[] {
  const { stage, startDue, auditDue, decisionDue, heldOn } = state;
  if (recertificationEnds.includes(stage) || stage === 'none') return [];
  const long = { ladder: 'L-LONG', owedBy: both } as const;
  return [
    ...(startDue && stage === 'forecast'
      ? [{ key: 'start', what: 'start of the recertification' as const, due: startDue, ...long }]
      : []),
    ...(auditDue && heldOn === undefined
      ? [
          {
            ...{ key: 'audit', what: 'recertification audit' as const, due: auditDue, ...long },
            ...{ owedBy: [...both, 'top-management' as const], escalation: 'X-CB' as const },
          },
        ]
      : []),
    ...(decisionDue
      ? [
          {
            ...{
              key: 'decision',
              what: 'decision on the recertification' as const,
              due: decisionDue,
              ...long,
            },
            ...{ owedBy: ['decision-maker', 'programme-manager'] as const, escalation: 'X-CB' as const },
          },
        ]
      : []),
  ];
}
