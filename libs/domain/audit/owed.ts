import type { Obligation } from '../obligation.js';
import { roleOf, type Audit } from './life.js';

const beforeTheEnd = ['teamProposed', 'teamConfirmed', 'planSent', 'planAgreed', 'scheduled', 'inProgress'];

function teamAnswer({ stage, window, accepted, windowOver, entered }: Audit): Obligation[] {
  if (stage !== 'teamProposed' || !window || accepted || windowOver) return [];
  const key = `objection-window-${String(entered['teamProposed'] ?? 1)}`;
  return [
    {
      key,
      what: 'acceptance of the team, or an objection',
      due: window,
      ladder: 'L-TASK',
      owedBy: ['aims-manager'],
    },
  ];
}

function plan({ stage, planDue, entered }: Audit): Obligation[] {
  if (!planDue || !['planned', 'teamProposed', 'teamConfirmed'].includes(stage)) return [];
  const key = `plan-${String((entered['planSent'] ?? 0) + 1)}`;
  return [
    {
      key,
      what: 'audit plan to the client',
      due: planDue,
      ladder: 'L-TASK',
      escalation: 'X-CB',
      owedBy: ['lead-auditor'],
    },
  ];
}

function report({ stage, reportDue }: Audit): Obligation[] {
  if (!reportDue || !['reporting', 'findingsIssued'].includes(stage)) return [];
  const what = 'report of the audit to the client';
  return [
    { key: 'report', what, due: reportDue, ladder: 'L-TASK', escalation: 'X-CB', owedBy: ['lead-auditor'] },
  ];
}

/** The newest declaration of each member of the team; a long one begins to matter when its end is near the audit's. */
function declarations({ stage, team, declarations: declared }: Audit): Obligation[] {
  if (!beforeTheEnd.includes(stage)) return [];
  return team.flatMap((member): Obligation[] => {
    const own = declared.findLast(({ by }) => by === member.person);
    if (!own) return [];
    const what = 'a new declaration of conflicts of interest';
    return [
      {
        key: own.key,
        what,
        due: own.until,
        ladder: 'L-SHORT',
        owedBy: [roleOf(member), 'programme-manager'],
      },
    ];
  });
}

function concerns({ stage, concerns: raised, concernsDue }: Audit): Obligation[] {
  if (stage !== 'concluded' || !concernsDue || raised.every(({ answered }) => answered)) return [];
  const what = 'answers to the areas of concern';
  return [
    {
      key: 'concerns',
      what,
      due: concernsDue,
      ladder: 'L-MED',
      escalation: 'X-CLIENT',
      owedBy: ['aims-manager'],
    },
  ];
}

function validity({
  stage,
  validityReview,
  validityConfirmed,
  reliedUponBy,
  expiresOn,
}: Audit): Obligation[] {
  if (stage !== 'concluded' || reliedUponBy !== undefined) return [];
  const review: Obligation[] =
    validityReview && !validityConfirmed
      ? [
          {
            key: 'validity-review',
            what: 'judgement whether the result of Stage 1 still holds',
            due: validityReview,
            ladder: 'L-MED',
            escalation: 'X-CB',
            owedBy: ['programme-manager'],
          },
        ]
      : [];
  const age: Obligation[] = expiresOn
    ? [
        {
          key: 'maximum-age',
          what: 'Stage 2 on this result of Stage 1',
          due: expiresOn,
          ladder: 'L-MED',
          owedBy: ['aims-manager', 'programme-manager'],
        },
      ]
    : [];
  return [...review, ...age];
}

/** Everything that an audit owes by a date. The six months for its majors are owed by each of them. */
export const obligations = (state: Audit): readonly Obligation[] => [
  ...teamAnswer(state),
  ...plan(state),
  ...declarations(state),
  ...report(state),
  ...concerns(state),
  ...validity(state),
];
