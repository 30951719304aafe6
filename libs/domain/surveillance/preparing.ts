import { audit } from '../audit/events.js';
import { auditsIn, determinedDays } from '../audit/foundation.js';
import { backwards, daysOf } from '../audit/opening.js';
import { surveillanceWarnings } from '../audit/parent.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection, Opening, Thing } from '../machine.js';
import { isProgramme } from '../programme/facts.js';
import { refusal } from '../refusal.js';
import { queueOwner } from '../task/queue.js';
import { taskOpened } from '../task/task.js';
import { filled, isFilled } from '../wording.js';
import { surveillance, type Surveillance } from './facts.js';

/** The days on which the audit of a surveillance is planned. (R-PLAN-1) */
export interface ScheduleSurveillance {
  readonly firstDay: CivilDate;
  readonly lastDay: CivilDate;
}

/** What changed since the last audit. (R-CHG-1, R-SUR-3b) */
export interface SupplyChangeInformation {
  readonly changes?: string;
  readonly aiSystems?: string;
  readonly people?: number;
  readonly soaVersion?: number;
}

const notBefore = (day: CivilDate | undefined, today: CivilDate): Objection =>
  day !== undefined && today >= day
    ? undefined
    : refusal('wrong-state', ['R-CAL-9'], `It is too early; the day is ${day ?? 'not yet known'}.`);

/** Opens the planning window on its first day. (R-CAL-9, I-17) */
export const openSurveillanceWindow: CommandRule<Surveillance> = {
  does: 'Open the planning window.',
  who: ['engine'],
  from: ['forecast'],
  to: ['windowOpen'],
  rules: ['R-CAL-9', 'I-17'],
  refuses: [],
  may: ({ opens }, { today }) => [notBefore(opens?.date, today)],
  record: (_, { id }) => [surveillance('surveillance.window-opened', id, {})],
};

/** Asks the client what has changed, once, some time before the target. (SM-7) */
export const askForChangeInformation: CommandRule<Surveillance> = {
  does: 'Ask the client what has changed since the last audit.',
  who: ['engine'],
  from: ['windowOpen', 'scheduled', 'missed'],
  to: [],
  rules: ['SM-7', 'R-CAL-9'],
  refuses: [],
  looks: ['programme'],
  may: ({ asked, informed, informationAsked }, { today }) => [
    asked || informed
      ? refusal('wrong-state', ['SM-7'], 'The client was asked, or has told.')
      : notBefore(informationAsked?.date, today),
  ],
  record: (_, state, { things, newId }) => {
    const queue = 'aims-manager';
    const due = state.informationDue ? { due: state.informationDue.date } : {};
    const organisation = queueOwner(queue, state, things);
    const task = { queue, asks: 'supplyChangeInformation', about: state, organisation, ...due } as const;
    return [surveillance('surveillance.information-asked', state.id, {}), taskOpened(newId('tsk', 0), task)];
  },
};

/** The client tells what has changed, so that time and plan fit. (R-CHG-1, R-SUR-3b) */
export const supplyChangeInformation: CommandRule<Surveillance, SupplyChangeInformation> = {
  does: 'Tell what has changed since the last audit.',
  who: ['aims-manager'],
  from: ['windowOpen', 'scheduled', 'missed'],
  to: [],
  rules: ['SM-7', 'R-SUR-3b'],
  refuses: ['evidence-missing'],
  guard: ({ changes }) => [
    isFilled(changes)
      ? undefined
      : refusal('evidence-missing', ['SM-7'], 'Say what has changed, or that nothing has.', {
          missing: ['changes'],
        }),
  ],
  record: ({ changes, aiSystems, people, soaVersion }, { id }, { evidence }) => {
    const figures = filled({ people: numbered(people), soaVersion: numbered(soaVersion) });
    return [
      surveillance(
        'surveillance.information-supplied',
        id,
        {},
        { texts: filled({ changes, aiSystems, ...figures }), evidence },
      ),
    ];
  },
};

const numbered = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** Surveillance is of a certificate that lives, and its time was determined. (R-PRG-1, R-TIM-1) */
export function notCertified({ things }: Context): Objection[] {
  const stage = things.find(isProgramme)?.stage;
  return [
    stage === 'certified' || stage === 'recertifying'
      ? undefined
      : refusal('wrong-state', ['R-PRG-1'], `The programme is ${stage ?? 'unknown'}; no certificate lives.`, {
          wouldNeed: 'a certificate in force',
        }),
    determinedDays(things) === undefined
      ? refusal('audit-time-missing', ['R-TIM-1'], 'No calculation of audit time has been approved.')
      : undefined,
  ];
}

/** Both sides agree on the days; the audit is opened for them. (SM-7, R-CAL-9, R-CAL-8, I-18) */
export const scheduleSurveillance: CommandRule<Surveillance, ScheduleSurveillance> = {
  does: 'Agree on the days of the surveillance audit.',
  who: ['programme-manager'],
  and: ['aims-manager'],
  from: ['windowOpen', 'missed'],
  to: ['scheduled'],
  person: true,
  rules: [
    ...(['R-PLAN-1', 'R-PRG-1', 'R-TIM-1', 'R-CAL-9', 'R-CAL-8', 'R-SUR-1', 'R-SUR-2'] as const),
    ...(['I-17', 'I-18', 'SM-7'] as const),
  ],
  refuses: ['days-incomplete', 'audit-time-missing'],
  looks: ['programme', 'audit', 'audit-time', 'surveillance', 'recertification', 'certificate'],
  may: (_, context) => notCertified(context),
  guard: (input) => [backwards(input)],
  warns: (input, state, context) => surveillanceWarnings(state, input, context),
  record: (input, state, context) => {
    const id = context.newId('aud', 0);
    return [
      surveillance('surveillance.scheduled', state.id, { audit: id, plannedTo: input.lastDay }),
      audit(
        'audit.opened',
        id,
        { auditType: 'surveillance', ...daysOf('surveillance', input, context) },
        { opens: auditUnder(state, context) },
      ),
    ];
  },
};

/** Where an audit belongs that is held for something owed, under the number of that: `C-2027-0001-S1.1-A1`. */
export function auditUnder(owed: Thing, { things }: Context): Opening {
  const { id, organisation, programme, number = id } = owed;
  const before = auditsIn(things).filter(({ about }) => about === id).length;
  return {
    ...{ organisation, about: id, visibility: 'both', number: `${number}-A${String(before + 1)}` },
    ...(programme === undefined ? {} : { programme }),
  };
}

/** Something that the body asks between two audits. (R-SUR-6) */
export const openEnquiry: CommandRule<Surveillance, { readonly question: string }> = {
  does: 'Ask the client something between audits.',
  who: ['programme-manager'],
  from: ['forecast', 'windowOpen', 'scheduled', 'missed'],
  to: [],
  rules: ['R-SUR-6'],
  refuses: [],
  record: ({ question }, { id, enquiries }) => {
    const enquiry = `enquiry-${String(enquiries.length + 1)}`;
    return [surveillance('enquiry.opened', id, { enquiry }, { texts: { [enquiry]: question } })];
  },
};

/** The client's answer. (R-SUR-6) */
export const answerEnquiry: CommandRule<Surveillance, { readonly enquiry: string; readonly answer: string }> =
  {
    does: 'Answer an enquiry of the body.',
    who: ['aims-manager'],
    from: ['*'],
    to: [],
    rules: ['R-SUR-6'],
    refuses: [],
    guard: ({ enquiry }, { enquiries }) => [
      enquiries.some(({ key, answered }) => key === enquiry && !answered)
        ? undefined
        : refusal('wrong-state', ['R-SUR-6'], `There is no open enquiry ${enquiry}.`),
    ],
    record: ({ enquiry, answer }, { id }, { evidence }) => [
      surveillance(
        'enquiry.answered',
        id,
        { enquiry },
        { texts: { [`${enquiry}-answer`]: answer }, evidence },
      ),
    ],
  };
