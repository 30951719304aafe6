import type { Role } from '../actor.js';
import type { Obligation } from '../obligation.js';
import { hardDateOf, programmeDateOf, type Surveillance } from './facts.js';

const ahead = ['forecast', 'windowOpen', 'scheduled', 'inProgress'];
const both: readonly Role[] = ['aims-manager', 'programme-manager'];

/** The audit itself: by a date of the programme, and by the hard date behind it. (R-SUR-1, R-SUR-2, R-SUR-2b) */
function audit(state: Surveillance): Obligation[] {
  const { stage, held, missedOn, deviatedOn } = state;
  if (!ahead.includes(stage) || held) return [];
  const [hard, soft] = [hardDateOf(state), programmeDateOf(state)];
  const terms = { ladder: 'L-LONG', escalation: 'X-CB', owedBy: both } as const;
  return [
    ...(soft && deviatedOn === undefined
      ? [
          {
            key: 'programme-date',
            what: 'surveillance by the date of the programme' as const,
            due: soft,
            ...terms,
          },
        ]
      : []),
    ...(hard && missedOn === undefined
      ? [{ key: 'surveillance', what: 'surveillance audit' as const, due: hard, ...terms }]
      : []),
  ];
}

/** What the client tells before the audit, from the day on which it is asked. */
function information({ stage, informed, informationDue }: Surveillance): Obligation[] {
  if (!informationDue || informed || !['windowOpen', 'scheduled'].includes(stage)) return [];
  return [
    {
      ...{ key: 'change-information', what: 'information on changes since the last audit' as const },
      ...{ due: informationDue, ladder: 'L-SHORT', escalation: 'X-CLIENT', owedBy: ['aims-manager'] },
    },
  ];
}

/** After a missed hard date, planned for later or not: the surveillance held late, or a decision on what follows. (R-CAL-10, I-18) */
function consequence({ stage, held, missedOn, consequenceDue }: Surveillance): Obligation[] {
  if (held || missedOn === undefined || !consequenceDue || ![...ahead, 'missed'].includes(stage)) return [];
  return [
    {
      ...{ key: 'consequence', what: 'what follows from a missed surveillance' as const },
      ...{ due: consequenceDue, ladder: 'L-TASK', escalation: 'X-CB', owedBy: ['programme-manager'] },
    },
  ];
}

/** Everything that a surveillance owes by a date. */
export const obligations = (state: Surveillance): readonly Obligation[] => [
  ...audit(state),
  ...information(state),
  ...consequence(state),
];
