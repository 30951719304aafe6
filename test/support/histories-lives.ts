import { addMonths } from '#domain/calendar.js';
import { civilDate, isCivilDate } from '#domain/instant.js';
import type { Members, ScriptAct } from '#rehearsal/play/script.js';
import { act, again, asItWas, story, until, change, type More } from './histories-telling.js';

/** The sample up to its first certificate. */
const certified: readonly ScriptAct[] = asItWas.filter(({ on }) => on < '2028-01-01');

/** What the sample says later of these things. */
const about = (...things: readonly string[]): readonly ScriptAct[] =>
  asItWas.slice(certified.length).filter(({ to = '' }) => things.includes(to));

/** Both surveillances are missed, the certificate expires, and it is restored no more. */
export const runOut = story('run-out', '2031-02-28', [
  ...until('verifyClosure', 'major'),
  act('2027-07-07', 'dario', 'askForInformation', 'dossier', { with: { question: 'Which releases?' } }),
  act('2027-07-08', 'greta', 'supplyInformation', 'dossier', { with: { answer: 'The last six' } }),
  act('2027-07-09', 'dario', 'returnToAuditor', 'dossier', {
    with: { for: 'recommendation' },
    because: 'It does not say why',
  }),
  again('recommend', 'stage2', '2027-07-12', { with: { value: 'grant' } }),
  act('2027-07-12', 'greta', 'handToDecision', 'stage2'),
  again('declareDossierComplete', 'dossier', '2027-07-13'),
  again('startReview', 'dossier', '2027-07-14'),
  ...certified.slice(until('verifyClosure', 'major').length),
  act('2027-08-02', 'greta', 'closeAudit', 'stage1'),
  act('2027-09-06', 'ines', 'giveChangeNotice', 'programme', {
    with: { ...change, tookEffectOn: '2027-09-01' },
  }),
  act('2027-09-10', 'greta', 'decideOnChangeNotice', 'programme', {
    with: { notice: 'change-1', consequence: 'none', repeatStage1: false },
  }),
  act('2030-07-22', 'ines', 'acknowledgeMarkInstructions', 'certificate'),
  act('2031-02-03', 'greta', 'endProgramme', 'programme', {
    with: { cause: 'voluntary' },
    because: 'The client does not go on',
  }),
]);

/** Two surveillances, a major that others decide on, and the renewal. */
export const lived = story('lived', '2030-09-02', asItWas);

const renewing = about('renewal', 'renewal-audit', 'renewal-dossier');
const sooner = (one: ScriptAct): ScriptAct => ({
  ...one,
  on: addMonths(one.on, -29),
  with: later(one.with, -29),
});

/** The days among the members of an input, so many months on. */
const later = (input: Members, months: number): Members =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === 'string' && isCivilDate(value) ? addMonths(value, months) : value,
    ]),
  );

/** What is said otherwise than in the sample, by the command. */
const instead =
  (changes: Readonly<Record<string, More>>) =>
  (one: ScriptAct): ScriptAct => ({
    ...one,
    ...changes[one.does],
  });

/** A recertification that is begun soon after the grant, and refused. */
export const refused = story('refused', '2028-02-01', [
  ...certified,
  act('2027-08-02', 'greta', 'startRecertification', 'renewal'),
  ...renewing.map(sooner).map(
    instead({
      recommendRenewal: { with: { value: 'notRenew' } },
      decide: { with: { decision: 'notRenew' }, makes: [] },
      notifyDecision: { with: { wayToAppeal: 'Within thirty days' } },
    }),
  ),
]);

const until2030 = (day: string): readonly ScriptAct[] => renewing.filter(({ on }) => on <= day);
const major = (does: string, on: string, more: More = {}): ScriptAct => again(does, 'log-gap', on, more);

/** A recertification with a major that is verified only after the expiry: restored within the window. */
export const restored = story('restored', '2030-12-02', [
  ...certified,
  ...about('lena-audits', 'omar-audits', 'yuki-advises', 'dario-decides'),
  ...until2030('2030-04-17'),
  major('draftFinding', '2030-04-17', { under: 'renewal-audit' }),
  major('raiseNonconformity', '2030-04-18'),
  ...renewing.filter(({ on }) => on > '2030-04-17' && on < '2030-05-01'),
  major('submitPlan', '2030-05-13'),
  major('submitPlan', '2030-05-14', { who: 'ines' }),
  major('acceptPlan', '2030-05-20'),
  major('startImplementation', '2030-05-21'),
  ...asItWas
    .filter(({ evidence, does }) => does === 'recordEvidence' && evidence.includes('log-alarm'))
    .map((one) => ({ ...one, on: civilDate('2030-08-12') })),
  major('submitEvidence', '2030-08-12'),
  major('submitEvidence', '2030-08-13', { who: 'ines' }),
  major('verifyClosure', '2030-08-20'),
  ...renewing
    .filter(({ on }) => on > '2030-05-01')
    .map((one) => ({ ...one, on: addMonths(one.on, 4) }))
    .map(instead({ decide: { with: { decision: 'restoreAfterExpiry' }, makes: ['next-renewal'] } })),
  act('2030-11-04', 'greta', 'closeRecertification', 'next-renewal', { because: 'The client will leave' }),
]);

/** What a cycle after the first is made of: the acts of the sample on the same days of later years, on things of their own. */
function cycle(n: number): readonly ScriptAct[] {
  const own = [
    ...['first-watch', 'first-audit', 'second-watch', 'second-audit', 'watch-dossier', 'log-gap'],
    ...['renewal', 'renewal-audit', 'renewal-dossier'],
  ];
  const named = (name: string): string => `${name}-${String(n)}`;
  const months = 36 * (n - 1);
  const opened = ['renewal', 'first-watch', 'second-watch'].map((name) => `${name}-${String(n + 1)}`);
  return asItWas
    .slice(certified.length)
    .filter(({ to = '', under = '' }) => own.includes(to) || own.includes(under))
    .map((one) => ({
      ...one,
      on: addMonths(one.on, months),
      with: later(one.with, months),
      makes: one.does === 'decide' && one.to === 'renewal-dossier' ? opened : one.makes.map(named),
      ...(one.to === undefined ? {} : { to: named(one.to) }),
      ...(one.under === undefined ? {} : { under: named(one.under) }),
    }));
}

const qualifying = about('lena-audits', 'omar-audits', 'yuki-advises', 'dario-decides');

/** Three cycles in a row. */
export const nineYears = story('nine-years', '2036-09-01', [
  ...asItWas.map((one) =>
    one.to === 'renewal-dossier' && one.does === 'decide'
      ? { ...one, makes: ['renewal-2', 'first-watch-2', 'second-watch-2'] }
      : one,
  ),
  ...cycle(2),
  ...qualifying.map((one) => ({ ...one, on: addMonths(one.on, 60), with: later(one.with, 120) })),
  ...cycle(3),
]);
