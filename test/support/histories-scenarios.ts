import {
  act,
  again,
  asItWas,
  making,
  story,
  until,
  without,
  said,
  sample,
  change,
  team,
  teamOfTwo,
  type More,
} from './histories-telling.js';
import { civilDate } from '#domain/instant.js';
import { lived, refused, restored, runOut } from './histories-lives.js';
import { mirrored } from './histories-mirrored.js';
import { usual, type Course } from './own-finding.js';
import type { Script } from '#rehearsal/play/script.js';

const application = story('application', '2027-05-01', [
  ...until('approveAuditTime'),
  act('2026-10-22', 'greta', 'askForInformation', 'programme', { with: said('Which languages?') }),
  act('2026-10-22', 'greta', 'askForInformation', 'programme', { with: said('Who updates it?') }),
  act('2026-10-23', 'ines', 'supplyInformation', 'programme', { with: said('Two') }),
  act('2026-10-26', 'greta', 'holdProgramme', 'programme', { because: 'The client asked for it' }),
  act('2026-11-02', 'greta', 'resumeProgramme', 'programme'),
  again('acceptApplication', 'programme', '2026-11-03'),
  act('2026-11-10', 'greta', 'holdProgramme', 'programme', { because: 'The client asked for it' }),
  act('2026-11-20', 'greta', 'resumeProgramme', 'programme'),
  act('2027-01-11', 'greta', 'reissueProposal', 'programme'),
  again('signAgreement', 'programme', '2027-01-12'),
  again('signAgreement', 'programme', '2027-01-13', { who: 'rolf' }),
  act('2027-01-14', 'greta', 'holdProgramme', 'programme', { because: 'The client asked for it' }),
  act('2027-01-18', 'greta', 'resumeProgramme', 'programme'),
  act('2027-01-19', 'ines', 'giveChangeNotice', 'programme', {
    with: { ...change, tookEffectOn: '2027-01-15' },
  }),
  again('approveAuditProgramme', 'programme', '2027-01-20'),
  act('2027-01-21', 'greta', 'decideOnChangeNotice', 'programme', {
    with: { notice: 'change-1', consequence: 'none', repeatStage1: false },
  }),
  act('2027-01-25', 'greta', 'holdProgramme', 'programme', { because: 'The client asked for it' }),
  act('2027-02-22', 'greta', 'resumeProgramme', 'programme'),
  act('2027-04-01', 'greta', 'endProgramme', 'programme', {
    with: { cause: 'voluntary' },
    because: 'The client has sold the service',
  }),
]);

/** The client gives up with findings open. */
const givenUp = story('given-up', '2027-06-15', [
  ...until('issueReport', 'stage2'),
  act('2027-06-01', 'greta', 'endProgramme', 'programme', {
    with: { cause: 'voluntary' },
    because: 'The client has sold the service',
  }),
]);

const declined = story('declined', '2026-12-01', [
  ...until('startApplicationReview'),
  act('2026-10-20', 'greta', 'declineApplication', 'programme', { because: 'Nobody here knows the field' }),
  act('2026-10-21', 'selma', 'declineApplication', 'programme', { because: 'Nobody here knows the field' }),
]);

const team1 = story('team', '2027-02-20', [
  ...until('declareConflicts', 'stage1'),
  act('2026-12-07', 'ines', 'objectToMember', 'stage1', {
    with: { member: '$yuki', grounds: 'She advised a rival' },
  }),
  act('2026-12-08', 'greta', 'resolveObjection', 'stage1', {
    with: { objection: 'objection-1', accepted: false, answer: 'That was four years ago' },
  }),
  act('2026-12-09', 'ines', 'objectToMember', 'stage1', {
    with: { member: '$omar', grounds: 'He wrote about the client' },
  }),
  act('2026-12-10', 'greta', 'resolveObjection', 'stage1', {
    with: { objection: 'objection-2', accepted: true, answer: 'Lena goes with Yuki', ...teamOfTwo },
  }),
  act('2026-12-21', 'greta', 'confirmTeam', 'stage1'),
  act('2026-12-21', 'greta', 'changeTeam', 'stage1', { with: team, because: 'Omar may come' }),
  act('2026-12-21', 'ines', 'acceptTeam', 'stage1'),
  act('2026-12-21', 'greta', 'confirmTeam', 'stage1'),
  again('agreeAuditDates', 'stage1', '2026-12-21'),
  act('2026-12-22', 'greta', 'postponeAudit', 'stage1', { because: 'The depot is moving' }),
  act('2027-01-04', 'greta', 'replanAudit', 'stage1', {
    with: { firstDay: '2027-03-09', lastDay: '2027-03-10' },
  }),
  act('2027-01-05', 'greta', 'proposeTeam', 'stage1', { with: team }),
  act('2027-01-11', 'greta', 'cancelAudit', 'stage1', { because: 'The client has sold the service' }),
]);

const aged = story('aged', '2027-10-20', [
  ...asItWas.slice(0, 1),
  making('2026-10-01', 'selma', 'draftPolicy', 'meridian', {
    makes: ['policy'],
    with: { values: { 'stage1.maxAgeMonths': 8 } },
  }),
  act('2026-10-01', 'saul', 'approvePolicy', 'policy'),
  ...without(until('concludeStage1').slice(1), 'unfair-refunds'),
  act('2027-08-12', 'greta', 'confirmStage1Validity', 'stage1', {
    with: { justification: 'Nothing changed' },
  }),
  act('2027-10-19', 'greta', 'requireStage1Repeat', 'stage1', { because: 'It is too old' }),
]);

const reachesTheCause = { with: { note: 'It reaches the cause' } };
const plan = (finding: string): More => ({ with: again('submitPlan', finding, '2027-06-07').with });

const sixMonths = story('six-months', '2027-11-20', [
  ...without(until('issueReport', 'stage2'), 'unfair-refunds'),
  act('2027-05-17', 'lena', 'extendPlanDue', 'major', {
    with: { which: 'plan', until: '2027-06-14' },
    because: 'The client asked for it',
  }),
  act('2027-05-20', 'lena', 'regradeFinding', 'minor', {
    with: { grade: 'major' },
    because: 'More of them were found',
  }),
  act('2027-06-07', 'pavel', 'submitPlan', 'major', plan('major')),
  act('2027-06-07', 'suri', 'submitPlan', 'minor', plan('minor')),
  act('2027-06-08', 'ines', 'submitPlan', 'major', plan('major')),
  act('2027-06-08', 'ines', 'submitPlan', 'minor', plan('minor')),
  act('2027-06-09', 'lena', 'acceptPlan', 'minor', reachesTheCause),
  act('2027-07-12', 'lena', 'acceptPlan', 'major', reachesTheCause),
  act('2027-07-13', 'lena', 'extendPlanDue', 'major', {
    with: { which: 'verification', until: '2027-09-15' },
    because: 'The release comes late',
  }),
  again('recommend', 'stage2', '2027-07-14', {
    with: {
      value: 'grantAfterVerification',
      openItems: ['$major', '$minor'],
      conditions: 'Both are verified before the grant',
    },
  }),
  again('handToDecision', 'stage2', '2027-07-15'),
  act('2027-07-19', 'greta', 'closeDossier', 'dossier', { because: 'The major is not verified' }),
  act('2027-10-04', 'lena', 'regradeFinding', 'minor', {
    with: { grade: 'minor' },
    because: 'They were single cases',
  }),
  act('2027-11-02', 'greta', 'requireStage2Repeat', 'stage2', { because: 'The major is not verified' }),
]);

const replanned = story('replanned', '2027-04-20', [
  ...without(until('sendAuditPlan', 'stage2'), 'unfair-refunds'),
  act('2027-04-02', 'ines', 'askForPlanChange', 'stage2', { because: 'The depot is closed that day' }),
  again('sendAuditPlan', 'stage2', '2027-04-05'),
  act('2027-04-06', 'ines', 'agreeAuditPlan', 'stage2'),
  act('2027-04-12', 'greta', 'declareAuditImpossible', 'stage2', {
    with: { withheld: 'The records of the model' },
    because: 'They are withheld',
  }),
]);

const readiness: Script = {
  ...story('readiness', '2026-12-08', [
    ...until('returnStep', 'gap-analysis'),
    act('2026-10-15', 'tobias', 'waiveStep', 'documentation', { because: 'Taken over from elsewhere' }),
    act('2026-10-16', 'ines', 'reopenStep', 'documentation', { because: 'It does not fit' }),
    act('2026-10-16', 'ines', 'planStep', 'documentation', { with: { due: '2026-11-06' } }),
    act('2026-10-16', 'ines', 'planStep', 'internal-review', { with: { due: '2026-12-04' } }),
    act('2026-10-19', 'ines', 'reopenStep', 'charter', { because: 'There are new owners' }),
    again('signCharter', 'charter', '2026-10-20'),
    act('2026-10-20', 'pavel', 'recordEvidence', 'programme', { evidence: ['first-record'] }),
    act('2026-10-20', 'pavel', 'startStep', 'operation'),
    act('2026-10-20', 'pavel', 'submitStep', 'operation', {
      with: { trainedPercent: 97 },
      evidence: ['first-record'],
    }),
    act('2026-10-21', 'ines', 'startStep', 'documentation'),
    again('recordProgressReview', 'charter', '2026-11-12'),
    act('2026-12-07', 'greta', 'endProgramme', 'programme', {
      with: { cause: 'withdrawn' },
      because: 'The client has sold the service',
    }),
  ]),
  evidence: {
    ...sample.evidence,
    'first-record': {
      ...{ kind: 'operatingRecord', datedOn: civilDate('2026-08-20'), approvedBy: 'ines' },
      says: 'Releases and complaints of a week in August',
    },
  },
};

/** Courses of a certification that lead through every stage that can be reached. */
export const stories: readonly Script[] = [
  ...[application, declined, givenUp, team1, aged, replanned, sixMonths, runOut, readiness],
  ...[lived, refused, restored, mirrored],
];

type Choice = Partial<Course>;
const each = (courses: readonly Course[], ...choices: readonly Choice[]): readonly Course[] =>
  courses.flatMap((course) => choices.map((choice) => ({ ...course, ...choice })));

const tempos = each([usual], {}, { planAfter: 45, evidenceAfter: 70 });
const rejected = each(tempos, {}, { plansRejected: 1 });
const twice = each(rejected, {}, { evidenceRejected: 1 });
const disputed = each(twice, {}, { disputed: true });
const others: readonly Course[] = [
  ...each([{ ...usual, ending: 'retracted' }], { planAfter: 5 }, { planAfter: 40 }),
  ...each(tempos, { ending: 'ineffective' }),
  ...each(rejected, { ending: 'open' }),
];

/** Courses of a client's own finding, in all their variety. */
export const courses: readonly Course[] = each(
  [...disputed, ...others],
  { grade: 'major' },
  { grade: 'minor' },
);
