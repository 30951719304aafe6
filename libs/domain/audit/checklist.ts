import type { Objection, Thing } from '../machine.js';
import { isInternal, isNonconformity, isOpen } from '../nonconformity/finding.js';
import { refusal } from '../refusal.js';
import { missing } from '../wording.js';
import type { Audit } from './life.js';

/** The eight points that every surveillance looks at. (R-SUR-3) */
const always = [
  ...(['internalAuditAndManagementReview', 'earlierNonconformities', 'complaints', 'effectiveness'] as const),
  ...(['improvement', 'operationalControl', 'changes', 'useOfMarks'] as const),
];

/** What a surveillance of an AI management system looks at besides. (R-SUR-3b, I-12) */
const ofAi = [...(['aiSystemChanges', 'riskAndImpactAssessments', 'incidents', 'newAiProjects'] as const)];

/** The points of a surveillance; a body may add to them, and leaves none out. */
export const checklistPoints = [...always, ...ofAi];

/** What was seen at each point, in words. */
export type Checklist = Partial<Readonly<Record<(typeof checklistPoints)[number], string>>>;

/** The findings of earlier audits whose verification was left to this one, and that nobody has looked at. (R-FND-5, R-FND-6) */
const leftOpen = (state: Audit, things: readonly Thing[]): readonly string[] =>
  things
    .filter(isNonconformity)
    .filter((one) => !isInternal(one) && one.programme === state.programme && one.about !== state.id)
    .filter((one) => one.deferred && isOpen(one))
    .map(({ id, number }) => number ?? id);

/** A surveillance answers every point, and every earlier finding that was left to it. (R-SUR-3, R-SUR-3b, R-FND-5) */
export function checklistIncomplete(checklist: Checklist, state: Audit, things: readonly Thing[]): Objection {
  const lacking = [
    ...missing(Object.fromEntries(checklistPoints.map((point) => [point, checklist[point]]))),
    ...leftOpen(state, things),
  ];
  return lacking.length === 0
    ? undefined
    : refusal(
        'surveillance-checklist-incomplete',
        ['R-SUR-3', 'R-SUR-3b', 'R-FND-5', 'R-FND-6', 'I-12'],
        'The surveillance has not looked at everything that it must.',
        {
          missing: lacking,
          wouldNeed: 'each point answered, and each earlier finding verified or found not closed',
        },
      );
}
