import type { Id } from '../actor.js';
import { addDays, addMonths } from '../calendar.js';
import { hardDate, hardSpan, readAs, span, type ExplainedDate } from '../explanation.js';
import type { CivilDate } from '../instant.js';
import { recorder, type Event, type Evolvers, type Thing } from '../machine.js';
import type { Policy } from '../policy.js';
import type { AiRole } from '../programme/application.js';

/** What a certificate says, but for its texts, which stand apart. (R-CRT-1, R-CRT-3) */
export interface Content {
  /** Number and edition, `ISO/IEC 42001:2023`; an adoption is named as such. (R-GEN-7) */
  readonly standard?: string;
  /** Short names of the sites that it covers. */
  readonly sites: readonly string[];
  readonly scopeVersion?: number;
  readonly soaVersion?: number;
  readonly soaDate?: CivilDate;
  readonly aiRoles: readonly AiRole[];
  /** Whether it is issued under accreditation; it says so either way. (R-CRT-8) */
  readonly accredited?: boolean;
}

/** The signed document of a version, and what it rests on. (INV-9) */
export interface IssuedDocument {
  readonly version: number;
  readonly scopeVersion: number;
  readonly soaVersion: number;
}

/** The certificate of a management system in a scope, from its draft until it can be restored no more. (SM-6) */
export interface Certificate extends Thing, Content {
  readonly kind: 'certificate';
  readonly version: number;
  readonly dossier?: Id;
  readonly decidedOn?: CivilDate;
  readonly effectiveDate?: CivilDate;
  /** The last valid day, inclusive. (R-CAL-5) */
  readonly expiry?: ExplainedDate;
  readonly documents: readonly IssuedDocument[];
  /** The last day on which it can be restored after expiry. (R-REC-6, I-8) */
  readonly window?: ExplainedDate;
  readonly marksDue?: ExplainedDate;
  readonly marksAcknowledged: boolean;
}

/** A certificate among other things. */
export const isCertificate = (thing: Thing): thing is Certificate => thing.kind === 'certificate';

/** The draft among the things of a programme. */
export const draftAmong = (things: readonly Thing[]): Certificate | undefined =>
  things.filter(isCertificate).find(({ stage }) => stage === 'draft');

/** The certificate of a programme that was granted. */
export const grantedAmong = (things: readonly Thing[]): Certificate | undefined =>
  things.filter(isCertificate).find(({ stage }) => stage !== 'draft' && stage !== 'none');

/** How a mark was used. On products and test reports it would say something of a product. (R-CRT-7) */
export const markUses = ['letterhead', 'website', 'advertising', 'vehicle', 'product', 'testReport'] as const;

export type MarkUse = (typeof markUses)[number];

/** The dates that a grant gives to a certificate. */
export interface Validity {
  readonly decidedOn: CivilDate;
  readonly effectiveDate: CivilDate;
  readonly expiry: ExplainedDate;
}

/** What can be recorded on a certificate. Names, addresses and the scope are texts and stand apart. */
export interface CertificateEvents {
  /** What a change of the draft does not name stays as it was. */
  'certificate.drafted': Partial<Content>;
  'certificate.granted': Validity & { dossier: Id; version: number };
  /** Entered anew: the document says other dates now. */
  'certificate.dates-corrected': Validity & { reenters: true };
  'certificate.document-issued': IssuedDocument;
  'certificate.expired': { on: CivilDate; window: ExplainedDate; marksDue: ExplainedDate };
  'certificate.expired-finally': { on: CivilDate };
  'mark-instructions.acknowledged': { by: Id };
  'mark-use.recorded': { use: MarkUse };
  'mark-misuse.reported': { use: MarkUse };
}

/** Makes the facts of a certificate. */
export const certificate = recorder<CertificateEvents>('certificate');

/** How each fact moves a certificate. */
export const evolve: Evolvers<Certificate, CertificateEvents> = {
  'certificate.drafted': (state, { data }) => ({ ...state, ...data, stage: 'draft' }),
  'certificate.granted': (state, { data }) => ({ ...state, ...data, stage: 'active' }),
  'certificate.dates-corrected': (state, { data: { reenters: _, ...validity } }) => ({
    ...state,
    ...validity,
  }),
  'certificate.document-issued': (state, { data }) => ({ ...state, documents: [...state.documents, data] }),
  'certificate.expired': (state, { data: { window, marksDue } }) => ({
    ...state,
    ...{ window, marksDue },
    marksAcknowledged: false,
    stage: 'expired',
  }),
  'certificate.expired-finally': (state) => ({ ...state, stage: 'expiredFinally' }),
  'mark-instructions.acknowledged': (state) => ({ ...state, marksAcknowledged: true }),
  'mark-use.recorded': (state) => state,
  'mark-misuse.reported': (state) => state,
};

/** The last valid day of a first cycle: the anniversary of the DECISION less one day, whenever it takes effect. (R-CAL-5, R-CRT-4) */
export function initialExpiry(decidedOn: CivilDate, policy: Policy): ExplainedDate {
  const anchor = { name: 'decision', date: decidedOn };
  const anniversary = span({ rule: 'R-CAL-5', anchor, key: 'cycle.months', unit: 'months' }, policy);
  return hardDate({
    ...anniversary,
    date: addDays(anniversary.date, -1),
    operation: `${anniversary.operation} minus 1 day`,
  });
}

/** The last day of the restoration window, counted from the expiry day and inclusive. (R-REC-6, I-8) */
export const restorationWindow = (expiry: CivilDate, policy: Policy): ExplainedDate =>
  readAs(
    hardSpan(
      {
        rule: 'R-REC-6',
        anchor: { name: 'expiry', date: expiry },
        key: 'restore.monthsAfterExpiry',
        unit: 'months',
      },
      policy,
    ),
    'I-8',
  );

/** The fact that a draft became a certificate by a decision. */
export const certificateGranted = (draft: Certificate, dossier: Id, validity: Validity): Event =>
  certificate('certificate.granted', draft.id, { ...validity, dossier, version: draft.version + 1 });

/** The fact that the dates of a certificate follow from another decision date than was recorded. (R-CAL-15) */
export const datesCorrected = (of: Certificate, validity: Validity): Event =>
  certificate('certificate.dates-corrected', of.id, { ...validity, reenters: true });

/** What a certificate is worth on a day; `pending` is decided and not yet in effect. */
export type CertificateStatus = 'none' | 'pending' | 'active' | 'restorable' | 'final';

/** The status on any day, from the dates alone: a late process changes nothing. (R-GEN-5, R-CAL-17) */
export function statusOn(
  { decidedOn, effectiveDate, expiry }: Certificate,
  day: CivilDate,
  policy: Policy,
): CertificateStatus {
  if (!decidedOn || !effectiveDate || !expiry || day < decidedOn) return 'none';
  if (day < effectiveDate) return 'pending';
  if (day <= expiry.date) return 'active';
  return day <= addMonths(expiry.date, policy.number('restore.monthsAfterExpiry')) ? 'restorable' : 'final';
}
