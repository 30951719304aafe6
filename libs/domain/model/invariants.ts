import { addDays } from '../calendar.js';
import type { CivilDate } from '../instant.js';
import type { Event } from '../machine.js';
import { lastValidDay } from './decisions.js';

// What holds in every history, told from the facts alone.

/** A fact with the day on which it was recorded. */
export interface Told {
  readonly event: Event;
  readonly on: CivilDate;
}

interface Said {
  readonly by?: string | readonly string[];
  readonly on?: string;
  readonly owner?: string;
  readonly grade?: string;
  readonly to?: string;
  readonly effectiveDate?: string;
  readonly decidedOn?: string;
  readonly expiry?: { readonly date: CivilDate };
  readonly version?: number;
  readonly scopeVersion?: number;
  readonly soaVersion?: number;
}

const said = ({ event }: Told): Said => event.data;
const isOf = (told: Told, ...types: readonly string[]): boolean => types.includes(told.event.type);
const people = ({ by = [], owner }: Said): readonly string[] => [
  ...(typeof by === 'string' ? [by] : by),
  ...(owner === undefined ? [] : [owner]),
];
const overlap = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.includes(one));

/** INV-1, INV-2, INV-13: who decided, from when it counts, and when it was recorded. */
function brokenByDecisions(told: readonly Told[], team: readonly string[]): readonly string[] {
  return told
    .filter((one) => isOf(one, 'decision.made'))
    .flatMap((one) => {
      const { on = '', effectiveDate = '' } = said(one);
      return [
        ...(overlap(people(said(one)), team) ? ['INV-1'] : []),
        ...(effectiveDate < on ? ['INV-2'] : []),
        ...(on > one.on ? ['INV-13'] : []),
      ];
    });
}

/** INV-3: the grade that a finding was given last, and whether it was closed or taken back, before anything was granted. */
function brokenByGrant(told: readonly Told[], finding: string): readonly string[] {
  const grant = told.findIndex((one) => isOf(one, 'certificate.granted'));
  if (grant < 0) return [];
  const own = told.slice(0, grant).filter(({ event }) => event.stream === finding);
  const grade = own.map((one) => said(one).to ?? said(one).grade).findLast((word) => word !== undefined);
  const over = own.some((one) => isOf(one, 'nonconformity.closed', 'nonconformity.retracted'));
  return grade === 'major' && !over ? ['INV-3'] : [];
}

/** INV-4, INV-5, INV-9: one certificate, whose end follows from the decision, and nothing of it after its end. */
function brokenByCertificates(told: readonly Told[]): readonly string[] {
  const granted = told.filter((one) => isOf(one, 'certificate.granted'));
  const dated = told.filter((one) => isOf(one, 'certificate.granted', 'certificate.dates-corrected'));
  const end = told.findIndex((one) => isOf(one, 'certificate.expired'));
  const ofValid = ['certificate.granted', 'certificate.document-issued', 'certificate.dates-corrected'];
  const late = end >= 0 && told.slice(end).some((one) => isOf(one, ...ofValid));
  const papers = told.filter((one) => isOf(one, 'certificate.document-issued')).map(said);
  return [
    ...(granted.length > 1 ? ['two certificates were granted'] : []),
    ...(dated.some((one) => said(one).expiry?.date !== lastValidDay(said(one).decidedOn ?? ''))
      ? ['INV-5']
      : []),
    ...(late || expiredOnAnotherDay(told[end], dated.at(-1)) ? ['INV-4'] : []),
    ...(papers.some(({ version, scopeVersion, soaVersion }) => version !== 1 || !scopeVersion || !soaVersion)
      ? ['INV-9']
      : []),
  ];
}

/** It has expired on the day after the last valid one, and that is not recorded before. */
function expiredOnAnotherDay(expired: Told | undefined, dated: Told | undefined): boolean {
  const last = dated && said(dated).expiry?.date;
  if (!expired) return false;
  const { on = '' } = said(expired);
  return last === undefined || on !== addDays(last, 1) || expired.on < on;
}

/** INV-8: nobody accepts the plan that they submitted, nor verifies what they worked on. */
function brokenByHands(told: readonly Told[], finding: string): readonly string[] {
  let [planBy, hands]: [readonly string[], readonly string[]] = [[], []];
  const broken: string[] = [];
  for (const one of told.filter(({ event }) => event.stream === finding)) {
    const who = people(said(one));
    if (isOf(one, 'nonconformity.plan-submitted')) planBy = people({ by: said(one).by ?? [] });
    if (isOf(one, 'nonconformity.plan-submitted', 'nonconformity.evidence-submitted'))
      hands = [...hands, ...who];
    const judges = isOf(one, 'nonconformity.closed', 'nonconformity.found-effective');
    if (isOf(one, 'nonconformity.plan-accepted') && overlap(who, planBy)) broken.push('INV-8 plan');
    if (judges && overlap(who, hands)) broken.push('INV-8 verification');
  }
  return broken;
}

/** Every invariant that a history breaks. `team` are those who were in its audit; the first finding is the body's. */
export const broken = (
  told: readonly Told[],
  team: readonly string[],
  [body = '', ...own]: readonly string[],
): readonly string[] => [
  ...brokenByDecisions(told, team),
  ...brokenByGrant(told, body),
  ...brokenByCertificates(told),
  ...[body, ...own].flatMap((finding) => brokenByHands(told, finding)),
];
