import { span } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection } from '../machine.js';
import { refusal, type Warning } from '../refusal.js';
import { decisionExpected } from './audit-programme.js';
import { everythingOver, whatEnds } from './ending.js';
import { programmeFact, type ChangeKind, type Consequence, type Programme } from './facts.js';

/** What the client tells of a change that affects its system. (R-CHG-1) */
export interface GiveChangeNotice {
  readonly change: ChangeKind;
  readonly tookEffectOn: CivilDate;
  readonly description: string;
}

/** What the body makes of a change. (R-CHG-1, R-S1-5) */
export interface DecideOnChangeNotice {
  /** The key of the notice: `change-1`. */
  readonly notice: string;
  readonly consequence: Consequence;
  /** Whether all or part of Stage 1 is repeated; answered while no Stage 2 has been closed on it. (R-S1-5) */
  readonly repeatStage1?: boolean;
}

/** Another governing zone. (R-CAL-18) */
export interface ChangeGoverningZone {
  readonly governingZone: string;
}

/** Why the programme is ended by hand. */
export interface EndProgramme {
  readonly cause: 'withdrawn' | 'voluntary' | 'expired';
}

const running = [
  ...['applied', 'reviewing', 'proposed', 'contracted', 'initial', 'certified', 'recertifying', 'lapsed'],
];
const beforeCertified = ['applied', 'reviewing', 'proposed', 'contracted', 'initial'];

/** Holds the programme at the client's request; no clock stops. (I-13) */
export const holdProgramme: CommandRule<Programme> = {
  does: "Hold the programme at the client's request; no clock stops.",
  who: ['programme-manager'],
  from: beforeCertified,
  to: ['onHold'],
  needs: ['reason'],
  rules: ['I-13'],
  refuses: [],
  record: (_, { id }, { reason = '' }) => [programmeFact('programme.held', id, {}, { texts: { reason } })],
};

/** Goes on where the programme was held. (I-13) */
export const resumeProgramme: CommandRule<Programme> = {
  does: 'Resume the programme.',
  who: ['programme-manager'],
  from: ['onHold'],
  to: beforeCertified,
  rules: ['I-13'],
  refuses: [],
  record: (_, { id }) => [programmeFact('programme.resumed', id, {})],
};

/** Tells the body of a change, without delay. (R-CHG-1) */
export const giveChangeNotice: CommandRule<Programme, GiveChangeNotice> = {
  does: 'Tell the body of a change.',
  who: ['aims-manager'],
  from: [...running, 'onHold'],
  to: [],
  rules: ['R-CHG-1', 'INV-13'],
  refuses: ['date-in-future'],
  guard: ({ tookEffectOn }, _, { today }) => [
    tookEffectOn > today
      ? refusal(
          'date-in-future',
          ['INV-13'],
          `${tookEffectOn} lies ahead; tell of the change when it has taken effect.`,
        )
      : undefined,
  ],
  warns: ({ tookEffectOn }, _, context) => [toldLate(tookEffectOn, context)],
  record: ({ change, tookEffectOn, description }, { id, changeNotices }) => [
    programmeFact(
      'change-notice.given',
      id,
      { key: `change-${String(changeNotices.length + 1)}`, change, tookEffectOn },
      { texts: { change: description } },
    ),
  ],
};

function toldLate(tookEffectOn: CivilDate, { policy, today }: Context): Warning | undefined {
  const anchor = { name: 'the change', date: tookEffectOn };
  const key = 'change.notifyCbBusinessDays';
  const { date: due } = span({ rule: 'R-CHG-1', anchor, key, unit: 'businessDays' }, policy);
  return today <= due
    ? undefined
    : {
        code: 'after-due-date',
        rules: ['R-CHG-1'],
        message: `The body was to be told by ${due}.`,
        acknowledge: false,
      };
}

/** Decides what follows from a change; while the initial audits run, also whether Stage 1 still stands. (R-CHG-1, R-S1-5) */
export const decideOnChangeNotice: CommandRule<Programme, DecideOnChangeNotice> = {
  does: 'Decide what follows from a change.',
  who: ['programme-manager'],
  from: [...running, 'onHold'],
  to: [],
  person: true,
  rules: ['R-CHG-1', 'R-S1-5'],
  refuses: ['wrong-state', 'stage1-repeat-required'],
  guard: ({ notice, repeatStage1 }, { stage, heldIn, changeNotices }, { mirrored }) => [
    changeNotices.some(({ key, consequence }) => key === notice && consequence === undefined)
      ? undefined
      : refusal('wrong-state', ['R-CHG-1'], `No change ${notice} waits for a decision.`),
    !mirrored && (stage === 'onHold' ? heldIn : stage) === 'initial' && repeatStage1 === undefined
      ? refusal('stage1-repeat-required', ['R-S1-5'], 'Say whether all or part of Stage 1 is repeated.', {
          missing: ['repeatStage1'],
        })
      : undefined,
  ],
  record: ({ notice, consequence, repeatStage1 }, { id }, { actor, effectiveOn, reason }) => [
    programmeFact(
      'change-notice.consequence-decided',
      id,
      {
        key: notice,
        consequence,
        by: actor.id,
        ...(repeatStage1 ? { repeatStage1From: effectiveOn } : {}),
      },
      reason === undefined ? {} : { texts: { reason } },
    ),
  ],
};

/** Reads the programme's dates in another zone from now on. (R-CAL-18) */
export const changeGoverningZone: CommandRule<Programme, ChangeGoverningZone> = {
  does: 'Change the governing zone.',
  who: ['scheme-administrator'],
  from: [...running, 'onHold'],
  to: [],
  needs: ['reason'],
  rules: ['R-CAL-18'],
  refuses: [],
  record: ({ governingZone }, { id }, { reason = '' }) => [
    programmeFact('programme.zone-changed', id, { governingZone }, { texts: { reason } }),
  ],
};

/** Whether a Stage 1 comes before the Stage 2, with the reason. (I-38) */
export interface ContinueWithStage2 {
  readonly stage1Needed: boolean;
}

/** Goes on after the restoration window, at the client's request: at least a Stage 2, then a grant with a new anchor. (R-REC-6, I-38) */
export const continueWithStage2: CommandRule<Programme, ContinueWithStage2> = {
  does: 'Go on with at least a Stage 2, when the certificate can no longer be restored.',
  who: ['programme-manager'],
  from: ['lapsed'],
  to: ['initial'],
  person: true,
  needs: ['reason'],
  rules: ['R-REC-6', 'I-38'],
  refuses: [],
  may: ({ restorableNoMore }) => [
    restorableNoMore
      ? undefined
      : refusal('wrong-state', ['R-REC-6'], 'The certificate can still be restored.', {
          wouldNeed: 'the end of the restoration window',
        }),
  ],
  record: ({ stage1Needed }, { id }, context) => {
    const { effectiveOn: on, reason = '' } = context;
    const decisionExpectedBy = decisionExpected('beginning anew', context);
    const data = { stage1Needed, on, decisionExpectedBy };
    return [programmeFact('programme.continued', id, data, { texts: { reason } })];
  },
};

const valid = ['active'];

const stillCertified = ({ things }: Context): Objection => {
  const certificate = things.find(({ kind, stage }) => kind === 'certificate' && valid.includes(stage));
  return certificate === undefined
    ? undefined
    : refusal(
        'certificate-still-valid',
        ['R-GEN-1'],
        'A certificate is valid; ending it is a decision of its own.',
        {
          whoCould: ['decision-maker'],
          because: [{ thing: certificate.id, act: 'certificate.granted' }],
        },
      );
};

/** Only what has lapsed ends because it has expired. (SM-0) */
const notExpired = ({ cause }: EndProgramme, { stage }: Programme): Objection =>
  cause === 'expired' && stage !== 'lapsed'
    ? refusal('wrong-state', ['SM-0'], `The programme is ${stage}; no certificate of it has expired.`)
    : undefined;

/** Ends the programme; a valid certificate needs its own decision first. (SM-0, R-GEN-1) */
export const endProgramme: CommandRule<Programme, EndProgramme> = {
  does: 'End the programme.',
  who: ['programme-manager'],
  from: ['draft', ...running, 'onHold'],
  to: ['terminated'],
  person: true,
  needs: ['reason'],
  rules: ['SM-0', 'R-GEN-1'],
  refuses: ['certificate-still-valid'],
  looks: whatEnds,
  may: (_, context) => [stillCertified(context)],
  guard: (input, state) => [notExpired(input, state)],
  record: ({ cause }, { id }, { reason = '', things }) => [
    programmeFact('programme.ended', id, { cause }, { texts: { reason } }),
    ...everythingOver(things),
  ],
};
