import { isAudit, leadOf, type Audit } from '../audit/life.js';
import { addDays } from '../calendar.js';
import { isCertificate } from '../certificate/life.js';
import { isSameHuman } from '../actor.js';
import { dossierOpened } from '../decision/dossier.js';
import { softSpan } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import type { CommandRule, Context, Objection, Thing } from '../machine.js';
import { wasInTeam } from '../nonconformity/audited.js';
import {
  isInternal,
  isNonconformity,
  minorsWithoutPlan,
  type Nonconformity,
} from '../nonconformity/finding.js';
import { ownTie, tieRules } from '../person/interests.js';
import { partiesOf } from '../programme/parties.js';
import { refusal } from '../refusal.js';
import { filled } from '../wording.js';
import { hardDateOf, programmeDateOf, surveillance, type Surveillance } from './facts.js';

/** Whether the team's conclusion on the system is positive. (R-SUR-4) */
export interface ConfirmMaintenance {
  readonly conclusionPositive: boolean;
}

const auditFor = ({ audit }: Surveillance, things: readonly Thing[]): Audit | undefined =>
  things.filter(isAudit).find(({ id }) => id === audit);

const raisedIn = ({ audit }: Surveillance, things: readonly Thing[]): readonly Nonconformity[] =>
  things
    .filter(isNonconformity)
    .filter((one) => !isInternal(one) && one.about === audit && one.stage !== 'retracted');

const majorsRaised = (state: Surveillance, things: readonly Thing[]): readonly Nonconformity[] =>
  raisedIn(state, things).filter(({ grade }) => grade === 'major');

const named = (findings: readonly Thing[]): readonly string[] =>
  findings.map(({ id, number }) => number ?? id);

/** Whoever monitors a surveillance was not in its team. (SOD-2) */
function monitorsOwnWork(state: Surveillance, { things, actor }: Context): Objection {
  const audit = auditFor(state, things);
  return audit && wasInTeam(audit, actor)
    ? refusal('separation-of-duties', ['SOD-2', 'R-SUR-4'], 'You were in the team of this surveillance.', {
        whoCould: ['programme-manager', 'decision-maker'],
        because: [{ thing: audit.id, act: 'team.proposed' }],
      })
    : undefined;
}

function minorsOpen(state: Surveillance, { things }: Context): Objection {
  const open = minorsWithoutPlan(raisedIn(state, things));
  return open.length === 0
    ? undefined
    : refusal(
        'minor-plan-not-accepted',
        ['R-SUR-4', 'R-DEC-2'],
        'The plan for a minor has not been accepted.',
        {
          missing: named(open),
        },
      );
}

const reviewNeeded = (state: Surveillance, { things }: Context): Objection =>
  majorsRaised(state, things).length === 0
    ? undefined
    : refusal('review-required', ['R-SUR-4'], 'A surveillance with a major is reviewed and decided on.', {
        missing: named(majorsRaised(state, things)),
        whoCould: ['lead-auditor'],
      });

/** Without a major, and with a positive conclusion, a monitor confirms that certification is maintained. (R-SUR-4, SOD-2) */
export const confirmMaintenance: CommandRule<Surveillance, ConfirmMaintenance> = {
  does: 'Confirm that certification is maintained.',
  who: ['programme-manager', 'decision-maker'],
  from: ['reported'],
  to: ['maintained'],
  person: true,
  rules: ['R-SUR-4', 'R-DEC-2', 'SOD-2', ...tieRules],
  refuses: ['review-required', 'minor-plan-not-accepted', 'separation-of-duties', 'lookback-not-over'],
  looks: ['audit', 'nonconformity'],
  may: (state, context) => [
    monitorsOwnWork(state, context),
    ownTie(partiesOf(context.things, state.programme)?.client, context),
    reviewNeeded(state, context),
    minorsOpen(state, context),
  ],
  guard: ({ conclusionPositive }) => [
    conclusionPositive
      ? undefined
      : refusal('review-required', ['R-SUR-4'], 'A conclusion that is not positive is reviewed.', {
          whoCould: ['lead-auditor'],
        }),
  ],
  record: (_, { id }, { actor }) => [surveillance('certification.maintained', id, { by: actor.human })],
};

const notItsLead = (state: Surveillance, { things, actor }: Context): Objection => {
  const audit = auditFor(state, things);
  const lead = audit && leadOf(audit);
  return lead !== undefined && isSameHuman(actor, lead)
    ? undefined
    : refusal('not-permitted', ['R-SUR-4'], 'The leader of the team of this surveillance does this.', {
        whoCould: ['lead-auditor'],
      });
};

/** After a major, or whatever else may lead to a suspension, the leader has it reviewed by others. (R-SUR-4) */
export const triggerReview: CommandRule<Surveillance> = {
  does: 'Have the surveillance reviewed and decided on by people outside the team.',
  who: ['lead-auditor'],
  from: ['reported'],
  to: ['reviewRequired'],
  person: true,
  needs: ['reason'],
  rules: ['R-SUR-4', 'SM-5'],
  refuses: ['not-permitted'],
  looks: ['audit'],
  may: (state, context) => [notItsLead(state, context)],
  record: (_, { id, audit = '', programme, organisation }, { newId, reason }) => {
    const dossier = newId('dec', 0);
    const opens = {
      ...{ organisation, about: id, visibility: 'owner' as const },
      ...(programme === undefined ? {} : { programme }),
    };
    return [
      surveillance('surveillance.review-triggered', id, { dossier }, { texts: filled({ reason }) }),
      dossierOpened(dossier, { proposes: 'maintain', audits: [audit], opens }),
    ];
  },
};

const settled = ({ stage }: Surveillance): boolean => stage === 'maintained' || stage === 'decided';

/** The certificate has ended, or goes on in a later cycle. */
const cycleIsOver = ({ certificate: of, cycle }: Surveillance, things: readonly Thing[]): boolean => {
  const certificate = things.filter(isCertificate).find(({ id }) => id === of);
  return certificate?.stage !== 'active' || certificate.cycle > cycle;
};

/** Closes what was maintained or decided on, or what is owed no more because its cycle is over. (SM-7) */
export const closeSurveillance: CommandRule<Surveillance> = {
  does: 'Close the surveillance.',
  who: ['programme-manager'],
  from: ['*'],
  to: ['closed'],
  rules: ['SM-7', 'R-PRG-3'],
  refuses: [],
  looks: ['certificate'],
  may: (state, { things }) => [
    settled(state) || cycleIsOver(state, things)
      ? undefined
      : refusal('wrong-state', ['SM-7'], `It is ${state.stage}, and its cycle goes on.`, {
          wouldNeed: 'a confirmation, a decision, or the end of the cycle',
        }),
  ],
  record: (_, state) => {
    const because =
      state.stage === 'maintained' ? 'maintained' : state.stage === 'decided' ? 'decided' : 'cycleOver';
    return [surveillance('surveillance.closed', state.id, { because })];
  },
};

const notYetPassed = (date: CivilDate | undefined, already: unknown, today: CivilDate): Objection =>
  date !== undefined && already === undefined && today > date
    ? undefined
    : refusal('wrong-state', ['R-CAL-2'], 'No date of this surveillance has passed unmet.');

/** Puts on record that the hard date passed without a surveillance; what follows from it is for people. (R-SUR-1, R-SUR-2, R-CAL-10) */
export const recordSurveillanceMissed: CommandRule<Surveillance> = {
  does: 'Record that a surveillance was not held by its hard date.',
  who: ['engine'],
  from: ['forecast', 'windowOpen', 'scheduled', 'inProgress'],
  to: ['missed'],
  rules: ['R-SUR-1', 'R-SUR-2', 'R-CAL-2', 'R-CAL-10', 'R-GEN-1'],
  refuses: [],
  may: (state, { today }) => [notYetPassed(hardDateOf(state)?.date, state.missedOn ?? state.held, today)],
  record: (_, state, { today, policy }) => {
    const on = addDays(hardDateOf(state)?.date ?? today, 1);
    const anchor = { name: 'day after the hard date', date: on };
    const key = 'consequence.decisionBusinessDays';
    const consequenceDue = softSpan({ rule: 'R-CAL-10', anchor, key, unit: 'businessDays' }, policy);
    return [surveillance('surveillance.missed', state.id, { on, consequenceDue })];
  },
};

/** Puts on record that a date of the programme passed while the rule holds: a deviation, explained by a person. (R-SUR-2b, I-3, I-4) */
export const recordProgrammeDeviation: CommandRule<Surveillance> = {
  does: 'Record that a date of the audit programme has passed.',
  who: ['engine'],
  from: ['forecast', 'windowOpen', 'scheduled', 'inProgress'],
  to: [],
  rules: ['R-SUR-2b', 'R-CAL-2', 'I-3', 'I-4'],
  refuses: [],
  may: (state, { today }) => [
    notYetPassed(programmeDateOf(state)?.date, state.deviatedOn ?? state.held, today),
  ],
  record: (_, state, { today }) => {
    const on = addDays(programmeDateOf(state)?.date ?? today, 1);
    return [surveillance('surveillance.deviation-recorded', state.id, { on })];
  },
};

/** Says why the programme was departed from. (R-SUR-2b) */
export const explainDeviation: CommandRule<Surveillance> = {
  does: 'Explain the deviation from the audit programme.',
  who: ['programme-manager'],
  from: ['*'],
  to: [],
  person: true,
  needs: ['reason'],
  rules: ['R-SUR-2b', 'I-3'],
  refuses: [],
  may: ({ deviatedOn, deviationExplained }) => [
    deviatedOn !== undefined && !deviationExplained
      ? undefined
      : refusal('wrong-state', ['R-SUR-2b'], 'There is no deviation to be explained.'),
  ],
  record: (_, { id }, { reason }) => [
    surveillance('surveillance.deviation-explained', id, {}, { texts: filled({ reason }) }),
  ],
};
