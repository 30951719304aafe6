import { audit } from '../audit/events.js';
import { auditsIn } from '../audit/foundation.js';
import { givesNothing } from '../audit/life.js';
import { backwards, daysOf } from '../audit/opening.js';
import { recertificationMoved, recertificationWarnings } from '../audit/parent.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { programmeRecertifying } from '../programme/moves.js';
import { refusal } from '../refusal.js';
import { auditUnder } from '../surveillance/preparing.js';
import { filled, isFilled, missing } from '../wording.js';
import { recertification, type Recertification } from './facts.js';

/** What changed over the cycle. (R-REC-1) */
export interface SupplyCycleInformation {
  readonly changes?: string;
}

/** The review of the system over the cycle, point by point. (R-REC-1, R-DEC-5) */
export interface AttachCycleReview {
  readonly auditReports?: string;
  readonly nonconformityTrends?: string;
  readonly complaints?: string;
  readonly changes?: string;
}

/** Whether a Stage 1 comes first, and then on which days. (R-REC-2) */
export interface DecideStage1Need {
  readonly needed: boolean;
  readonly firstDay?: CivilDate;
  readonly lastDay?: CivilDate;
}

/** The days of the recertification audit. */
export interface ScheduleRecertification {
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
}

const tooEarlyForEngine = (
  day: CivilDate | undefined,
  { role, today }: { readonly role: string; readonly today: CivilDate },
): Objection =>
  role !== 'engine' || (day !== undefined && today >= day)
    ? undefined
    : refusal('wrong-state', ['R-REC-1'], `The recertification is started by ${day ?? 'a later day'}.`);

/** Starts the recertification: on its day by itself, earlier by the body. (R-REC-1) */
export const startRecertification: CommandRule<Recertification> = {
  does: 'Start the recertification.',
  who: ['engine', 'programme-manager'],
  from: ['forecast'],
  to: ['started'],
  rules: ['R-REC-1'],
  refuses: [],
  looks: ['programme'],
  may: ({ startDue }, context) => [tooEarlyForEngine(startDue?.date, context)],
  record: (_, { id, programme }) => [
    recertification('recertification.opened', id, {}),
    ...(programme ? [programmeRecertifying(programme)] : []),
  ],
};

/** The client tells what has changed over the cycle. (R-REC-1) */
export const supplyCycleInformation: CommandRule<Recertification, SupplyCycleInformation> = {
  does: 'Tell what has changed over the cycle.',
  who: ['aims-manager'],
  from: ['started'],
  to: [],
  rules: ['R-REC-1'],
  refuses: ['evidence-missing'],
  guard: ({ changes }) => [
    isFilled(changes)
      ? undefined
      : refusal('evidence-missing', ['R-REC-1'], 'Say what has changed, or that nothing has.', {
          missing: ['changes'],
        }),
  ],
  record: ({ changes }, { id }, { evidence }) => [
    recertification(
      'recertification.information-supplied',
      id,
      {},
      { texts: filled({ cycleChanges: changes }), evidence },
    ),
  ],
};

const points = ({ auditReports, nonconformityTrends, complaints, changes }: AttachCycleReview) => ({
  ...{ auditReports, nonconformityTrends, complaints, changes },
});

/** Attaches the review of the cycle: reports, trends, complaints, changes. (R-REC-1, R-DEC-5) */
export const attachCycleReview: CommandRule<Recertification, AttachCycleReview> = {
  does: 'Attach the review of the system over the cycle.',
  who: ['programme-manager'],
  from: ['started'],
  to: ['informationCollected'],
  inside: true,
  rules: ['R-REC-1', 'R-DEC-5'],
  refuses: ['cycle-review-incomplete'],
  guard: (input) => {
    const lacking = missing(points(input));
    return lacking.length === 0
      ? []
      : [
          refusal(
            'cycle-review-incomplete',
            ['R-REC-1', 'R-DEC-5'],
            'The review of the cycle is not complete.',
            { missing: lacking },
          ),
        ];
  },
  record: (input, { id }, { evidence }) => [
    recertification('cycle-review.attached', id, {}, { texts: filled(points(input)), evidence }),
  ],
};

const reviewMissing = ({ stage }: Recertification): Objection =>
  stage === 'started'
    ? refusal('cycle-review-missing', ['R-REC-1', 'R-DEC-5'], 'The review of the cycle comes first.', {
        whoCould: ['programme-manager'],
      })
    : undefined;

/** Once decided it stands, unless the Stage 1 that was needed gave nothing. (R-REC-2) */
function needDecided({ stage, stage1 }: Recertification, { things }: Context): Objection {
  if (stage !== 'stage1NeedDecided' && stage !== 'scheduled') return undefined;
  const needed = auditsIn(things).find(({ id }) => id === stage1);
  return needed && givesNothing(needed)
    ? undefined
    : refusal('wrong-state', ['R-REC-2'], 'It is decided whether a Stage 1 is needed.', {
        wouldNeed: 'a Stage 1 that was needed and gave nothing',
      });
}

function daysOfStage1({ needed, firstDay, lastDay }: DecideStage1Need): Objection {
  if (!needed) return undefined;
  if (firstDay === undefined || lastDay === undefined)
    return refusal('days-incomplete', ['R-REC-2', 'R-PLAN-1'], 'Say on which days Stage 1 is planned.', {
      missing: ['firstDay', 'lastDay'],
    });
  return backwards({ firstDay, lastDay });
}

/** Decides whether significant changes make a Stage 1 necessary, with the reason; yes opens it. Anew, where that one gave nothing. (R-REC-2) */
export const decideStage1Need: CommandRule<Recertification, DecideStage1Need> = {
  does: 'Decide whether a Stage 1 is needed, with the reason.',
  who: ['programme-manager'],
  from: ['started', 'informationCollected', 'stage1NeedDecided', 'scheduled'],
  to: ['stage1NeedDecided'],
  person: true,
  needs: ['reason'],
  rules: ['R-REC-2', 'R-REC-1', 'R-DEC-5', 'R-PLAN-1'],
  refuses: ['cycle-review-missing', 'days-incomplete'],
  looks: ['audit'],
  may: (state, context) => [reviewMissing(state), needDecided(state, context)],
  guard: (input) => [daysOfStage1(input)],
  record: ({ needed, firstDay, lastDay }, state, context) => {
    const texts = filled({ stage1Need: context.reason });
    if (!needed || firstDay === undefined || lastDay === undefined)
      return [recertification('stage1-need.decided', state.id, { needed: false }, { texts })];
    const id = context.newId('aud', 0);
    const days = daysOf('stage1', { firstDay, lastDay }, context);
    return [
      recertification('stage1-need.decided', state.id, { needed: true, audit: id }, { texts }),
      audit('audit.opened', id, { auditType: 'stage1', ...days }, { opens: auditUnder(state, context) }),
    ];
  },
};

const needUndecided = ({ stage }: Recertification): Objection =>
  stage === 'informationCollected'
    ? refusal('stage1-need-undecided', ['R-REC-2'], 'It is not decided whether a Stage 1 is needed.', {
        whoCould: ['programme-manager'],
      })
    : undefined;

/** Both sides agree on the days; what the surveillances owe follows from their year. (R-REC-1, R-CAL-8, I-18) */
export const scheduleRecertification: CommandRule<Recertification, ScheduleRecertification> = {
  does: 'Agree on the days of the recertification audit.',
  who: ['programme-manager'],
  and: ['aims-manager'],
  from: ['informationCollected', 'stage1NeedDecided'],
  to: ['scheduled'],
  passesOver: ['started'],
  person: true,
  rules: ['R-REC-1', 'R-REC-2', 'R-PLAN-1', 'R-SUR-2', 'R-CAL-8', 'R-CAL-15', 'I-18'],
  refuses: ['stage1-need-undecided', 'days-incomplete'],
  looks: ['audit', 'surveillance', 'recertification', 'certificate'],
  may: (state) => [needUndecided(state)],
  guard: (input) => [backwards(input)],
  warns: (input, state, context) => recertificationWarnings(state, input, context),
  record: (input, state, context) => {
    const id = context.newId('aud', 0);
    const days = daysOf('recertification', input, context);
    return [
      recertification('recertification.scheduled', state.id, { audit: id, plannedTo: input.lastDay }),
      audit(
        'audit.opened',
        id,
        { auditType: 'recertification', ...days },
        { opens: auditUnder(state, context) },
      ),
      ...recertificationMoved(state, input.lastDay, context),
    ];
  },
};
